/* Hard links: whose inode they share, and whose header counts. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "lib/trees.h"

#define ROOT "d 0755 0:0 / implied\n"

static void a_hard_link_to_nothing_is_a_problem_and_no_node(void **state)
{
	struct tf tf = { 0 };
	struct tb tar = { 0 };

	(void)state;
	tb_file(&tar, "dir/a", 0644, 0, 0, "");
	tb_hardlink(&tar, "self", "self");
	tb_hardlink(&tar, "to-dir", "dir");
	tb_hardlink(&tar, "dir", "dir/a"); /* would remove its own target */
	tf_layer(&tf, &tar);
	tf_build(&tf);
	tf_assert(tf.tree, 1, ROOT "d 0755 0:0 /dir implied\n- 0644 0:0 /dir/a\n");
	const struct problem_list *problems = tree_problems(tf.tree);
	size_t dangling = 0;

	for (size_t i = 0; i < problems->all.count; i++)
		dangling += problems->all.items[i].kind == PROBLEM_DANGLING_HARDLINK;
	assert_int_equal(dangling, 3);
	tf_done(&tf);
}

static void hard_links_share_an_inode_and_the_last_header_counts(void **state)
{
	struct tf tf = { 0 };
	struct tb tar = { 0 };

	(void)state;
	tb_file(&tar, "a", 0600, 1, 1, "text");
	tb_add(&tar,
	       &(struct tb_entry){
		       .path = "b", .type = '1', .link = "./a", .mode = 0644, .uid = 7, .gid = 8 });
	tb_hardlink(&tar, "c", "b");
	tf_layer(&tf, &tar);
	tb_whiteout(&tar, "b");
	tf_layer(&tf, &tar);
	tb_add(&tar, &(struct tb_entry){ .path = "late",
					 .type = '1',
					 .link = "a",
					 .mode = 0640,
					 .uid = 9,
					 .gid = 9 });
	tf_layer(&tf, &tar);
	tb_file(&tar, "a", 0600, 0, 0, "other");
	tf_layer(&tf, &tar);
	tf_build(&tf);

	struct tree_stat a, c;

	assert_true(tree_stat(tf.tree, tree_find(tf.tree, "a"), 1, &a));
	assert_true(tree_stat(tf.tree, tree_find(tf.tree, "c"), 1, &c));
	assert_int_equal(a.inode.v, c.inode.v);
	assert_int_equal(a.links, 3);
	assert_int_equal(a.size, 4);
	assert_int_equal(c.body_entry, 0);
	assert_int_equal(c.head_entry, 2);

	tf_assert(tf.tree, 2, ROOT "- 0644 0:0 /a x2 !\n- 0644 0:0 /c x2 !\n");
	tf_assert(tf.tree, 3, ROOT "- 0640 9:9 /a x3 !\n- 0640 9:9 /c x3 !\n"
		       "- 0640 9:9 /late x3 !\n");
	tf_assert(tf.tree, 4, ROOT "- 0600 0:0 /a\n- 0640 9:9 /c x2 !\n- 0640 9:9 /late x2 !\n");
	assert_int_equal(tree_change(tf.tree, tree_find(tf.tree, "c"), 3), CHANGE_OWNER);
	assert_int_equal(tree_change(tf.tree, tree_find(tf.tree, "c"), 4), CHANGE_NONE);
	tf_done(&tf);
}

static void two_links_into_aufs_metadata_share_an_inode(void **state)
{
	struct tf tf = { 0 };
	struct tb tar = { 0 };

	(void)state;
	tb_dir(&tar, ".wh..wh.plnk", 0700, 0, 0);
	tb_file(&tar, ".wh..wh.plnk/1.2", 0644, 0, 0, "body");
	tb_file(&tar, ".wh..wh.aufs", 0644, 0, 0, "");
	tb_add(&tar, &(struct tb_entry){
			     .path = "x", .type = '1', .link = ".wh..wh.plnk/1.2", .mode = 0644 });
	tb_add(&tar, &(struct tb_entry){
			     .path = "y", .type = '1', .link = ".wh..wh.plnk/1.2", .mode = 0600 });
	tf_layer(&tf, &tar);
	tf_build(&tf);
	tf_assert(tf.tree, 1, ROOT "- 0600 0:0 /x x2 !\n- 0600 0:0 /y x2 !\n");

	struct tree_stat stat;

	assert_true(tree_stat(tf.tree, tree_find(tf.tree, "y"), 1, &stat));
	assert_int_equal(stat.size, 4);
	assert_int_equal(stat.body_entry, 1);
	tf_done(&tf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_hard_link_to_nothing_is_a_problem_and_no_node),
		cmocka_unit_test(hard_links_share_an_inode_and_the_last_header_counts),
		cmocka_unit_test(two_links_into_aufs_metadata_share_an_inode),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
