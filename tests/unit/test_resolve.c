/* Path look-up inside the image, as the kernel does it. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/trees.h"
#include "tree/resolve.h"

static void build(struct tf *tf)
{
	struct tb tar = { 0 };

	tb_file(&tar, "etc/passwd", 0644, 0, 0, "");
	tb_dir(&tar, "proc", 0755, 0, 0);
	tb_dir(&tar, "a/dev", 0755, 0, 0);
	tb_file(&tar, "a/b/file", 0644, 0, 0, "");
	tb_symlink(&tar, "a/up", "../etc");
	tb_symlink(&tar, "a/out", "../../../../etc/passwd");
	tb_symlink(&tar, "abs", "/a/b");
	tb_symlink(&tar, "abs-slash", "/a/b/");
	tb_symlink(&tar, "file-slash", "etc/passwd/");
	tb_symlink(&tar, "dangling", "nowhere");
	tb_symlink(&tar, "self", "self");
	tb_symlink(&tar, "x", "y");
	tb_symlink(&tar, "y", "x");
	tb_symlink(&tar, "fd", "/proc/self/fd/1");
	tb_symlink(&tar, "sys", "a");
	tb_symlink(&tar, "to-root", "/");
	tf_layer(tf, &tar);
	tf_build(tf);
}

static const struct resolve_case {
	const char *path;
	enum resolve_outcome outcome;
	const char *node; /* found; NULL: not compared */
	bool nofollow;
} CASES[] = {
	/* clang-format off */
	{ "/",                      RESOLVE_FOUND,         "/", false },
	{ "//",                     RESOLVE_FOUND,         "/", false },
	{ "/..",                    RESOLVE_FOUND,         "/", false },
	{ "/../../etc/passwd",      RESOLVE_FOUND,         "/etc/passwd", false },
	{ "etc/passwd",             RESOLVE_FOUND,         "/etc/passwd", false },
	{ "/etc/./passwd",          RESOLVE_FOUND,         "/etc/passwd", false },
	{ "/a/b/../../etc//passwd", RESOLVE_FOUND,         "/etc/passwd", false },
	{ "/a/up/passwd",           RESOLVE_FOUND,         "/etc/passwd", false },
	{ "/a/out",                 RESOLVE_FOUND,         "/etc/passwd", false },
	{ "/a/out",                 RESOLVE_FOUND,         "/a/out", true },
	{ "/abs/file",              RESOLVE_FOUND,         "/a/b/file", true },
	{ "/abs",                   RESOLVE_FOUND,         "/abs", true },
	{ "/abs/",                  RESOLVE_FOUND,         "/a/b", true },
	{ "/abs/.",                 RESOLVE_FOUND,         "/a/b", true },
	{ "/abs-slash",             RESOLVE_FOUND,         "/a/b", false },
	{ "/abs-slash/file",        RESOLVE_FOUND,         "/a/b/file", false },
	{ "/to-root/etc",           RESOLVE_FOUND,         "/etc", false },
	{ "",                       RESOLVE_NOT_FOUND,     NULL, false },
	{ "/nothing",               RESOLVE_NOT_FOUND,     "/", false },
	{ "/a/nothing/x",           RESOLVE_NOT_FOUND,     "/a", false },
	{ "/dangling",              RESOLVE_NOT_FOUND,     NULL, false },
	{ "/dangling",              RESOLVE_FOUND,         "/dangling", true },
	{ "/etc/passwd/",           RESOLVE_NOT_DIRECTORY, "/etc/passwd", false },
	{ "/etc/passwd/x",          RESOLVE_NOT_DIRECTORY, "/etc/passwd", false },
	{ "/etc/passwd/..",         RESOLVE_NOT_DIRECTORY, "/etc/passwd", false },
	{ "/etc/passwd/.",          RESOLVE_NOT_DIRECTORY, "/etc/passwd", false },
	{ "/file-slash",            RESOLVE_NOT_DIRECTORY, "/etc/passwd", false },
	{ "/self",                  RESOLVE_LOOP,          NULL, false },
	{ "/x/z",                   RESOLVE_LOOP,          NULL, false },
	{ "/self",                  RESOLVE_FOUND,         "/self", true },
	{ "/proc",                  RESOLVE_FOUND,         "/proc", false },
	{ "/proc/..",               RESOLVE_FOUND,         "/", false },
	{ "/proc/../etc",           RESOLVE_FOUND,         "/etc", false },
	{ "/proc/self",             RESOLVE_RUNTIME,       NULL, false },
	{ "/dev/null",              RESOLVE_RUNTIME,       NULL, false },
	{ "/dev",                   RESOLVE_RUNTIME,       NULL, false },
	{ "/sys/kernel",            RESOLVE_RUNTIME,       NULL, false },
	{ "/fd",                    RESOLVE_RUNTIME,       NULL, false },
	{ "/fd",                    RESOLVE_FOUND,         "/fd", true },
	{ "/a/dev",                 RESOLVE_FOUND,         "/a/dev", false },
	{ "/a/dev/x",               RESOLVE_NOT_FOUND,     "/a/dev", false },
	/* clang-format on */
};

static void paths_lead_where_the_kernel_goes(void **state)
{
	struct tf tf = { 0 };

	(void)state;
	build(&tf);
	for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
		const struct resolve_case *c = &CASES[i];
		struct resolve_result r =
			resolve_path(tf.tree, 1, NODE_ROOT, c->path, !c->nofollow, NULL);
		char *path = tree_path_new(tf.tree, r.node);

		if (r.outcome != c->outcome || (c->node && strcmp(path, c->node) != 0))
			fail_msg("'%s': outcome %d at '%s'", c->path, (int)r.outcome, path);
		free(path);
	}
	tf_done(&tf);
}

static void a_relative_path_starts_where_it_is_told(void **state)
{
	struct tf tf = { 0 };

	(void)state;
	build(&tf);

	node_id b = tree_find(tf.tree, "a/b");
	struct resolve_result r = resolve_path(tf.tree, 1, b, "../up/passwd", true, NULL);

	assert_int_equal(r.outcome, RESOLVE_FOUND);
	assert_int_equal(r.node.v, tree_find(tf.tree, "etc/passwd").v);
	assert_int_equal(r.links, 1);
	tf_done(&tf);
}

static void forty_links_are_followed_and_no_more(void **state)
{
	struct tf tf = { 0 };
	struct tb tar = { 0 };
	char name[16], target[16];

	(void)state;
	tb_file(&tar, "l0", 0644, 0, 0, "");
	for (int i = 1; i <= 41; i++) {
		snprintf(name, sizeof(name), "l%d", i);
		snprintf(target, sizeof(target), "l%d", i - 1);
		tb_symlink(&tar, name, target);
	}
	tf_layer(&tf, &tar);
	tf_build(&tf);

	struct resolve_result r = resolve_path(tf.tree, 1, NODE_ROOT, "/l40", true, NULL);

	assert_int_equal(r.outcome, RESOLVE_FOUND);
	assert_int_equal(r.links, 40);
	r = resolve_path(tf.tree, 1, NODE_ROOT, "/l41", true, NULL);
	assert_int_equal(r.outcome, RESOLVE_LOOP);
	tf_done(&tf);
}

static void long_names_and_paths_are_refused(void **state)
{
	struct tf tf = { 0 };
	char path[5000];

	(void)state;
	build(&tf);
	memset(path, 'n', 256);
	path[256] = '\0';
	assert_int_equal(resolve_path(tf.tree, 1, NODE_ROOT, path, true, NULL).outcome,
			 RESOLVE_TOO_LONG);
	path[255] = '\0';
	assert_int_equal(resolve_path(tf.tree, 1, NODE_ROOT, path, true, NULL).outcome,
			 RESOLVE_NOT_FOUND);
	memset(path, '/', 4096);
	path[4096] = '\0';
	assert_int_equal(resolve_path(tf.tree, 1, NODE_ROOT, path, true, NULL).outcome,
			 RESOLVE_TOO_LONG);
	path[4095] = '\0';
	assert_int_equal(resolve_path(tf.tree, 1, NODE_ROOT, path, true, NULL).outcome,
			 RESOLVE_FOUND);
	tf_done(&tf);
}

struct seen {
	const struct tree *tree;
	char text[200];
	const char *stop;
};

static bool see(void *context, node_id node, const struct tree_stat *stat)
{
	struct seen *seen = context;
	char *path = tree_path_new(seen->tree, node);
	size_t len = strlen(seen->text);

	snprintf(seen->text + len, sizeof(seen->text) - len, "%s%s ", path,
		 stat->type == TAR_SYMLINK ? "@" : "");

	bool go_on = !seen->stop || strcmp(path, seen->stop) != 0;

	free(path);
	return go_on;
}

static void a_visitor_sees_directories_and_links_in_order(void **state)
{
	struct tf tf = { 0 };

	(void)state;
	build(&tf);

	struct seen seen = { .tree = tf.tree };
	const struct resolve_visitor visitor = { .visit = see, .context = &seen };

	resolve_path(tf.tree, 1, NODE_ROOT, "/./abs/file", true, &visitor);
	assert_string_equal(seen.text, "/ /abs@ / /a /a/b ");

	seen = (struct seen){ .tree = tf.tree, .stop = "/a" };

	struct resolve_result r = resolve_path(tf.tree, 1, NODE_ROOT, "/abs/file", true, &visitor);

	assert_int_equal(r.outcome, RESOLVE_FOUND);
	assert_int_equal(r.node.v, tree_find(tf.tree, "a").v);
	assert_string_equal(seen.text, "/ /abs@ / /a ");
	tf_done(&tf);
}

static bool never(void *context, node_id link, const struct tree_stat *stat)
{
	(void)context, (void)link, (void)stat;
	return false;
}

static void a_visitor_may_forbid_to_follow_the_last_link_only(void **state)
{
	struct tf tf = { 0 };

	(void)state;
	build(&tf);

	struct seen seen = { .tree = tf.tree };
	const struct resolve_visitor visitor = {
		.visit = see,
		.context = &seen,
		.may_follow_last = never,
	};
	struct resolve_result r = resolve_path(tf.tree, 1, NODE_ROOT, "/abs/file", true, &visitor);

	assert_int_equal(r.node.v, tree_find(tf.tree, "a/b/file").v);
	r = resolve_path(tf.tree, 1, NODE_ROOT, "/abs", true, &visitor);
	assert_int_equal(r.outcome, RESOLVE_FOUND);
	assert_int_equal(r.node.v, tree_find(tf.tree, "abs").v);
	tf_done(&tf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_lead_where_the_kernel_goes),
		cmocka_unit_test(a_relative_path_starts_where_it_is_told),
		cmocka_unit_test(forty_links_are_followed_and_no_more),
		cmocka_unit_test(long_names_and_paths_are_refused),
		cmocka_unit_test(a_visitor_sees_directories_and_links_in_order),
		cmocka_unit_test(a_visitor_may_forbid_to_follow_the_last_link_only),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
