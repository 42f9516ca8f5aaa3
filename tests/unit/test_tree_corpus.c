/*
 * The whiteout layouts as other tools wrote them, where IMGTUI_CORPUS names a
 * folder with crafted/whiteout-cases/: each opens, merges, and shows a tree
 * that is marked where container engines were seen to differ.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image/image.h"
#include "lib/trees.h"

#define LOWER "/ /d /d/low /f /ln /real /real/in /sub /sub/x "

static const struct corpus_case {
	const char *name, *expected;
	bool marked;
} CASES[] = {
	/* clang-format off */
	{ "child-of-file", "/ /d /d/low /f /f/child /ln /real /real/in /sub /sub/x ", true },
	{ "dir-over-file", "/ /d /d/low /f /f/y /ln /real /real/in /sub /sub/x ", false },
	{ "dir-over-symlink", "/ /d /d/low /f /ln /ln/new /real /real/in /sub /sub/x ", false },
	{ "dot-slash", "/ /d /d/a /d/a/b /d/low /f /ln /real /real/in /sub /sub/x ", false },
	{ "dotdot-in", "/ /d /d/low /e /f /ln /real /real/in /sub /sub/x ", false },
	{ "dup-file", "/ /d /d/low /f /g /ln /real /real/in /sub /sub/x ", true },
	{ "dup-file-dir", "/ /d /d/low /f /g /ln /real /real/in /sub /sub/x ", true },
	{ "file-over-dir", "/ /d /d/low /f /ln /real /real/in /sub ", false },
	{ "hl-after-replaced", "/ /d /d/low /f /hl /ln /real /real/in /sub /sub/x ", true },
	{ "hl-lower", "/ /d /d/low /f /hl /ln /real /real/in /sub /sub/x ", true },
	{ "hl-missing", LOWER, false },
	{ "hl-self", LOWER, false },
	{ "hl-to-symlink", "/ /d /d/low /f /hl /ln /real /real/in /sub /sub/x ", true },
	{ "opq-after", "/ /d /d/new /f /ln /real /real/in /sub /sub/x ", false },
	{ "opq-before", "/ /d /d/new /f /ln /real /real/in /sub /sub/x ", false },
	{ "opq-deep-noparent-after",
	  "/ /d /d/p /d/p/q /d/p/q/new /f /ln /real /real/in /sub /sub/x ", true },
	{ "opq-noparent", "/ /d /d/new /f /ln /real /real/in /sub /sub/x ", false },
	{ "root-symlink", LOWER, true },
	{ "through-symlink", "/ /d /d/low /f /ln /ln/new /real /real/in /sub /sub/x ", true },
	{ "wh-after-same", LOWER, true },
	{ "wh-as-dir", "/ /.wh.d /.wh.d/z /f /ln /real /real/in /sub /sub/x ", true },
	{ "wh-before-same", LOWER, false },
	{ "wh-dot", LOWER, false },
	{ "wh-dotdot", LOWER, false },
	{ "wh-dotdotdot", LOWER, false },
	{ "wh-missing", LOWER, false },
	{ "wh-plnk", "/ /d /d/low /f /hl /ln /real /real/in /sub /sub/x ", true },
	{ "wh-through-symlink", LOWER, true },
	{ "wh-wh", LOWER, false },
	/* clang-format on */
};

static void print_paths(const struct tree *tree, unsigned at, char *out, size_t room)
{
	CLEANUP(freep) char *text = tf_text(tree, at);
	char *rest = text;
	size_t len = 0;

	/* "type mode owner path …": the fourth word of each line */
	for (char *line; (line = strsep(&rest, "\n")) && *line;) {
		char *path = strchr(line, '/');

		path[strcspn(path, " ")] = '\0';
		len += (size_t)snprintf(out + len, room - len, "%s ", path);
	}
}

static void check_case(const char *corpus, const struct corpus_case *c)
{
	static const struct source_options DEFAULTS;
	CLEANUP(freep) char *name = NULL;
	CLEANUP(source_closep) struct source *source = NULL;
	CLEANUP(image_closep) struct image *image = NULL;
	struct tf tf = { 0 };
	struct err err = { 0 };
	char paths[500] = "";
	bool marked = false;

	assert_true(asprintf(&name, "oci:%s/crafted/whiteout-cases/%s", corpus, c->name) > 0);
	if (source_open(name, &DEFAULTS, &source, &err) < 0 ||
	    image_open(source, 0, NULL, &image, &err) < 0)
		fail_msg("%s", err.text);
	tf.count = image_layer_count(image);
	for (size_t i = 0; i < tf.count; i++) {
		tf.fds[i] = -1;
		if (layer_index_build(&image_layer(image, i)->blob.span, NULL, &tf.layers[i],
				      &err) < 0)
			fail_msg("%s: %s", c->name, err.text);
	}
	tf_build(&tf);
	print_paths(tf.tree, (unsigned)tf.count, paths, sizeof(paths));
	for (size_t i = 0; i < tree_problems(tf.tree)->all.count; i++)
		marked |= tree_problems(tf.tree)->all.items[i].kind == PROBLEM_ENGINES_DISAGREE;
	if (strcmp(paths, c->expected) != 0)
		fail_msg("%s: %s", c->name, paths);
	if (marked != c->marked)
		fail_msg("%s: should%s be marked", c->name, c->marked ? "" : " not");
	tf_done(&tf);
}

static void layouts_of_other_tools_merge_as_ours(void **state)
{
	const char *corpus = getenv("IMGTUI_CORPUS");

	(void)state;
	if (!corpus)
		return;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++)
		check_case(corpus, &CASES[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(layouts_of_other_tools_merge_as_ours),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
