/*
 * The whiteout layouts as other tools wrote them, where IMGTUI_CORPUS names a
 * folder with crafted/whiteout-cases/: each opens, merges, and shows a tree
 * that is marked where container engines were seen to differ.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "image/image.h"
#include "lib/trees.h"

#define LOWER "/ /d /d/low /f /ln /real /real/in /sub /sub/x "

static const struct corpus_case {
	const char *name, *expected;
	const char *who; /* does what, where engines differ; NULL: they do not */
} CASES[] = {
	/* clang-format off */
	{ "child-of-file", "/ /d /d/low /f /f/child /ln /real /real/in /sub /sub/x ",
	  "umoci and podman vfs fail, podman overlay makes it one" },
	{ "dir-over-file", "/ /d /d/low /f /f/y /ln /real /real/in /sub /sub/x ", NULL },
	{ "dir-over-symlink", "/ /d /d/low /f /ln /ln/new /real /real/in /sub /sub/x ", NULL },
	{ "dot-slash", "/ /d /d/a /d/a/b /d/low /f /ln /real /real/in /sub /sub/x ", NULL },
	{ "dotdot-in", "/ /d /d/low /e /f /ln /real /real/in /sub /sub/x ", NULL },
	{ "dup-file", "/ /d /d/low /f /g /ln /real /real/in /sub /sub/x ",
	  "umoci takes the last, podman refuses" },
	{ "dup-file-dir", "/ /d /d/low /f /g /ln /real /real/in /sub /sub/x ",
	  "umoci takes the last, podman refuses" },
	{ "file-over-dir", "/ /d /d/low /f /ln /real /real/in /sub ", NULL },
	{ "hl-after-replaced", "/ /d /d/low /f /hl /ln /real /real/in /sub /sub/x ",
	  "umoci and podman vfs make it, podman overlay fails" },
	{ "hl-lower", "/ /d /d/low /f /hl /ln /real /real/in /sub /sub/x ",
	  "umoci and podman vfs make it, podman overlay fails" },
	{ "hl-missing", LOWER, NULL },
	{ "hl-self", LOWER, NULL },
	{ "hl-to-symlink", "/ /d /d/low /f /hl /ln /real /real/in /sub /sub/x ",
	  "umoci and podman vfs make it, podman overlay fails" },
	{ "opq-after", "/ /d /d/new /f /ln /real /real/in /sub /sub/x ", NULL },
	{ "opq-before", "/ /d /d/new /f /ln /real /real/in /sub /sub/x ", NULL },
	{ "opq-deep-noparent-after",
	  "/ /d /d/p /d/p/q /d/p/q/new /f /ln /real /real/in /sub /sub/x ",
	  "podman overlay makes it, as shown, podman vfs removes it" },
	{ "opq-noparent", "/ /d /d/new /f /ln /real /real/in /sub /sub/x ", NULL },
	{ "root-symlink", LOWER,
	  "umoci and podman vfs fail, podman overlay ignores it" },
	{ "through-symlink", "/ /d /d/low /f /ln /ln/new /real /real/in /sub /sub/x ",
	  "umoci and podman vfs follow it, podman overlay makes it a directory" },
	{ "wh-after-same", LOWER,
	  "umoci keeps it, as shown, podman vfs removes it or fails, podman overlay fails" },
	{ "wh-as-dir", "/ /.wh.d /.wh.d/z /f /ln /real /real/in /sub /sub/x ",
	  "umoci and podman take it" },
	{ "wh-before-same", LOWER, NULL },
	{ "wh-dot", LOWER, NULL },
	{ "wh-dotdot", LOWER,
	  "podman vfs removes the whole directory, umoci and podman overlay fail" },
	{ "wh-dotdotdot", LOWER, NULL },
	{ "wh-missing", LOWER, NULL },
	{ "wh-plnk", "/ /d /d/low /f /hl /ln /real /real/in /sub /sub/x ",
	  "podman vfs hides the metadata, umoci and podman overlay show it" },
	{ "wh-through-symlink", LOWER,
	  "umoci and podman vfs follow it, podman overlay makes it a directory" },
	{ "wh-wh", LOWER, NULL },
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

struct marks {
	const struct corpus_case *c;
	bool any, told;
};

static void look_for_marks(struct marks *marks, const struct problem_list *list)
{
	for (size_t i = 0; i < list->all.count; i++) {
		if (list->all.items[i].kind != PROBLEM_ENGINES_DISAGREE)
			continue;
		marks->any = true;
		marks->told |= marks->c->who && strstr(list->all.items[i].text, marks->c->who);
	}
}

static void check_marks(const struct corpus_case *c, const struct tf *tf)
{
	struct marks marks = { .c = c };

	look_for_marks(&marks, tree_problems(tf->tree));
	for (size_t i = 0; i < tf->count; i++)
		look_for_marks(&marks, layer_problems(tf->layers[i]));
	if (marks.any != (c->who != NULL))
		fail_msg("%s: should%s be marked", c->name, c->who ? "" : " not");
	if (c->who && !marks.told)
		fail_msg("%s: nothing says '%s'", c->name, c->who);
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
	if (strcmp(paths, c->expected) != 0)
		fail_msg("%s: %s", c->name, paths);
	check_marks(c, &tf);
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
