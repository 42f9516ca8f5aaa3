/* Previews: what a plan changes, adds, and leaves alone. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "lib/trees.h"
#include "tree/tree_over.h"

#define ROOT "d 0755 0:0 / implied\n"

static void build(struct tf *tf)
{
	struct tb tar = { 0 };

	tb_dir(&tar, "etc", 0700, 0, 0);
	tb_file(&tar, "etc/passwd", 0644, 0, 0, "root");
	tb_file(&tar, "bin", 0644, 0, 0, "");
	tb_hardlink(&tar, "link", "bin");
	tb_file(&tar, "old", 0644, 0, 0, "");
	tf_layer(tf, &tar);
	tb_whiteout(&tar, "old");
	tf_layer(tf, &tar);
	tf_build(tf);
}

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static struct tree *over(const struct tree *base, const struct tree_want *wants, size_t count)
{
	struct tree *tree = NULL;
	struct err err = { 0 };

	if (tree_over(base, wants, count, &tree, &err) < 0)
		fail_msg("%s", err.text);
	return tree;
}

static void no_wants_change_nothing(void **state)
{
	struct tf tf = { 0 };

	(void)state;
	build(&tf);

	struct tree *tree = over(tf.tree, NULL, 0);
	char *base = tf_text(tf.tree, 2);

	tf_assert(tree, 2, base);
	assert_ptr_equal(tree_base(tree), tf.tree);
	assert_null(tree_base(tf.tree));
	free(base);
	tree_free(tree);
	tf_done(&tf);
}

static void owner_and_mode_change_at_the_top_only(void **state)
{
	struct tf tf = { 0 };
	struct tree_stat stat;
	const struct tree_want wants[] = {
		{ .path = "etc", .set_mode = true, .mode = 0755 },
		{ .path = "etc/passwd", .set_uid = true, .uid = 1000 },
		{ .path = "etc/passwd", .set_gid = true, .gid = 100 },
		{ .path = "", .set_mode = true, .mode = 0755 },
	};

	(void)state;
	build(&tf);

	struct tree *tree = over(tf.tree, wants, COUNT(wants));

	tf_assert(tree, 2,
		  ROOT "- 0644 0:0 /bin x2\nd 0755 0:0 /etc\n"
		       "- 0644 1000:100 /etc/passwd\n- 0644 0:0 /link x2\n");
	tf_assert(tree, 1,
		  ROOT "- 0644 0:0 /bin x2\nd 0700 0:0 /etc\n"
		       "- 0644 0:0 /etc/passwd\n- 0644 0:0 /link x2\n- 0644 0:0 /old\n");
	assert_true(tree_stat(tree, tree_find(tree, "etc"), 2, &stat));
	assert_true(stat.flags & TREE_PLANNED);
	assert_int_equal(stat.layer, 1);
	assert_true(tree_stat(tree, NODE_ROOT, 2, &stat));
	assert_false(stat.flags & TREE_PLANNED); /* it was so before */
	tree_free(tree);
	tf_done(&tf);
}

static void what_is_removed_is_gone_at_the_top_only(void **state)
{
	struct tf tf = { 0 };
	struct err err = { 0 };
	struct tree *none = NULL;
	const struct tree_want wants[] = { { .path = "etc/passwd", .remove = true },
					   { .path = "old", .remove = true },
					   { .path = "nowhere", .remove = true } };
	const struct tree_want refused[] = { { .path = "etc", .remove = true },
					     { .path = "bin", .remove = true } };

	(void)state;
	build(&tf);

	struct tree *tree = over(tf.tree, wants, COUNT(wants));

	tf_assert(tree, 2, ROOT "- 0644 0:0 /bin x2\nd 0700 0:0 /etc\n- 0644 0:0 /link x2\n");
	tf_assert(tree, 1,
		  ROOT "- 0644 0:0 /bin x2\nd 0700 0:0 /etc\n"
		       "- 0644 0:0 /etc/passwd\n- 0644 0:0 /link x2\n- 0644 0:0 /old\n");
	for (size_t i = 0; i < COUNT(refused); i++)
		assert_int_equal(tree_over(tf.tree, &refused[i], 1, &none, &err), -ERR_INVALID);
	tree_free(tree);
	tf_done(&tf);
}

static void all_names_of_an_inode_change_together(void **state)
{
	struct tf tf = { 0 };
	struct tree_stat stat;
	const struct tree_want wants[] = {
		{ .path = "link", .set_mode = true, .mode = 0755, .body = "new!!", .body_len = 5 },
	};

	(void)state;
	build(&tf);

	struct tree *tree = over(tf.tree, wants, COUNT(wants));

	assert_true(tree_stat(tree, tree_find(tree, "bin"), 2, &stat));
	assert_int_equal(stat.mode, 0755);
	assert_int_equal(stat.size, 5);
	assert_ptr_equal(stat.body, wants[0].body);
	assert_int_equal(tree_names(tree, stat.inode, 2, NULL, 0), 2);
	tree_free(tree);
	tf_done(&tf);
}

static void new_paths_lie_between_the_old_ones_by_name(void **state)
{
	struct tf tf = { 0 };
	const struct tree_want wants[] = {
		{ .path = "z",
		  .create = true,
		  .type = TAR_FILE,
		  .mode = 0644,
		  .body = "zz",
		  .body_len = 2 },
		{ .path = "home",
		  .create = true,
		  .type = TAR_DIR,
		  .mode = 0750,
		  .uid = 1000,
		  .gid = 100 },
		{ .path = "home/u", .create = true, .type = TAR_DIR, .mode = 0700 },
		{ .path = "home/a", .create = true, .type = TAR_SYMLINK, .target = "u" },
		{ .path = "etc/group", .create = true, .type = TAR_FILE, .mode = 0644 },
		{ .path = "a", .create = true, .type = TAR_DIR, .mode = 0755 },
		{ .path = "home/u", .set_uid = true, .uid = 7 },
	};

	(void)state;
	build(&tf);

	struct tree *tree = over(tf.tree, wants, COUNT(wants));

	tf_assert(tree, 2,
		  ROOT "d 0755 0:0 /a\n- 0644 0:0 /bin x2\nd 0700 0:0 /etc\n- 0644 0:0 /etc/group\n"
		       "- 0644 0:0 /etc/passwd\nd 0750 1000:100 /home\nl 0777 0:0 /home/a -> u\n"
		       "d 0700 7:0 /home/u\n- 0644 0:0 /link x2\n- 0644 0:0 /z\n");

	node_id u = tree_find(tree, "home/u");
	struct tree_stat stat;
	node_id name;

	assert_true(u.v >= tree_node_count(tf.tree) && u.v < tree_node_count(tree));
	assert_false(tree_exists(tree, u, 1));
	assert_true(tree_stat(tree, u, 2, &stat));
	assert_true(stat.flags & TREE_PLANNED);
	assert_int_equal(stat.layer, 0);
	assert_true(stat.inode.v < tree_inode_count(tree));
	assert_int_equal(tree_names(tree, stat.inode, 2, &name, 1), 1);
	assert_int_equal(name.v, u.v);
	assert_int_equal(tree_depth(tree, u), 2);
	assert_null(tree_extra(tree, &stat));
	assert_true(node_is_none(tree_child(tree, u, "x", 1)));
	tree_free(tree);
	tf_done(&tf);
}

static void what_a_layer_removed_can_be_made_again(void **state)
{
	struct tf tf = { 0 };
	const struct tree_want wants[] = {
		{ .path = "old", .create = true, .type = TAR_DIR, .mode = 0711 },
		{ .path = "old/x", .create = true, .type = TAR_FILE, .mode = 0600 },
	};

	(void)state;
	build(&tf);

	struct tree *tree = over(tf.tree, wants, COUNT(wants));

	assert_int_equal(tree_find(tree, "old").v, tree_find(tf.tree, "old").v);
	tf_assert(tree, 2,
		  ROOT "- 0644 0:0 /bin x2\nd 0700 0:0 /etc\n- 0644 0:0 /etc/passwd\n"
		       "- 0644 0:0 /link x2\nd 0711 0:0 /old\n- 0600 0:0 /old/x\n");
	tree_free(tree);
	tf_done(&tf);
}

static void a_preview_may_lie_on_a_preview(void **state)
{
	struct tf tf = { 0 };
	const struct tree_want first[] = {
		{ .path = "new", .create = true, .type = TAR_DIR, .mode = 0700 },
	};
	const struct tree_want second[] = {
		{ .path = "new", .set_mode = true, .mode = 0755 },
		{ .path = "new/f", .create = true, .type = TAR_FILE, .mode = 0644 },
	};

	(void)state;
	build(&tf);

	struct tree *below = over(tf.tree, first, COUNT(first));
	struct tree *tree = over(below, second, COUNT(second));

	tf_assert(tree, 2,
		  ROOT "- 0644 0:0 /bin x2\nd 0700 0:0 /etc\n- 0644 0:0 /etc/passwd\n"
		       "- 0644 0:0 /link x2\nd 0755 0:0 /new\n- 0644 0:0 /new/f\n");
	tree_free(tree);
	tree_free(below);
	tf_done(&tf);
}

static void impossible_wants_are_refused(void **state)
{
	static const struct {
		struct tree_want want;
		enum err_code code;
	} cases[] = {
		{ { .path = "nothing", .set_mode = true }, ERR_NOT_FOUND },
		{ { .path = "old", .set_mode = true }, ERR_NOT_FOUND },
		{ { .path = "no/dir", .create = true, .type = TAR_FILE }, ERR_NOT_FOUND },
		{ { .path = "bin/x", .create = true, .type = TAR_FILE }, ERR_NOT_FOUND },
		{ { .path = "old/x", .create = true, .type = TAR_FILE }, ERR_NOT_FOUND },
		{ { .path = "bin", .create = true, .type = TAR_DIR }, ERR_INVALID },
		{ { .path = "etc", .body = "x", .body_len = 1 }, ERR_INVALID },
	};
	struct tf tf = { 0 };

	(void)state;
	build(&tf);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct tree *tree = NULL;
		struct err err = { 0 };

		assert_int_equal(tree_over(tf.tree, &cases[i].want, 1, &tree, &err),
				 -(int)cases[i].code);
		assert_null(tree);
	}
	tf_done(&tf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_wants_change_nothing),
		cmocka_unit_test(owner_and_mode_change_at_the_top_only),
		cmocka_unit_test(what_is_removed_is_gone_at_the_top_only),
		cmocka_unit_test(all_names_of_an_inode_change_together),
		cmocka_unit_test(new_paths_lie_between_the_old_ones_by_name),
		cmocka_unit_test(what_a_layer_removed_can_be_made_again),
		cmocka_unit_test(a_preview_may_lie_on_a_preview),
		cmocka_unit_test(impossible_wants_are_refused),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
