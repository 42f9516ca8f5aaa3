/* What the last pass over a tree leaves: sorted children, names of inodes. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "lib/trees.h"

static void whiteout_at(struct tf *tf, const char *path)
{
	struct tb tar = { 0 };

	tb_whiteout(&tar, path);
	tf_layer(tf, &tar);
}

static void children_come_in_byte_order(void **state)
{
	struct tf tf = { 0 };
	struct tb tar = { 0 };
	static const char *const NAMES[] = { "b",  "a",        "\xc3\xa9",  "B",      "a.b",
					     "ab", "12345678", "123456789", "1234567" };

	(void)state;
	for (size_t i = 0; i < sizeof(NAMES) / sizeof(*NAMES); i++)
		tb_file(&tar, NAMES[i], 0644, 0, 0, "");
	tf_layer(&tf, &tar);
	tf_build(&tf);

	const char *last = "";

	for (node_id node = tree_first_child(tf.tree, NODE_ROOT); !node_is_none(node);
	     node = tree_next_sibling(tf.tree, node)) {
		assert_true(strcmp(last, tree_name(tf.tree, node)) < 0);
		last = tree_name(tf.tree, node);
	}
	assert_string_equal(last, "\xc3\xa9");
	tf_done(&tf);
}

static void names_of_an_inode_are_those_at_the_layer(void **state)
{
	struct tf tf = { 0 };
	struct tb tar = { 0 };
	node_id names[4];
	struct tree_stat stat;

	(void)state;
	tb_file(&tar, "z", 0644, 0, 0, "");
	tb_hardlink(&tar, "a", "z");
	tb_file(&tar, "single", 0644, 0, 0, "");
	tf_layer(&tf, &tar);
	whiteout_at(&tf, "z");
	tf_build(&tf);

	node_id z = tree_find(tf.tree, "z"), a = tree_find(tf.tree, "a");

	assert_true(tree_stat(tf.tree, a, 1, &stat));
	assert_int_equal(tree_names(tf.tree, stat.inode, 1, names, 4), 2);
	assert_int_equal(names[0].v, z.v);
	assert_int_equal(names[1].v, a.v);
	assert_int_equal(tree_names(tf.tree, stat.inode, 2, names, 4), 1);
	assert_int_equal(names[0].v, a.v);
	assert_int_equal(tree_names(tf.tree, stat.inode, 0, names, 4), 0);

	assert_true(tree_stat(tf.tree, tree_find(tf.tree, "single"), 2, &stat));
	assert_int_equal(tree_names(tf.tree, stat.inode, 2, names, 4), 1);
	assert_int_equal(names[0].v, tree_find(tf.tree, "single").v);
	tf_done(&tf);
}

static void a_link_that_comes_back_is_counted_once(void **state)
{
	struct tf tf = { 0 };
	struct tb tar = { 0 };
	struct tree_stat stat;
	node_id names[4];

	(void)state;
	tb_file(&tar, "f", 0644, 0, 0, "");
	tb_hardlink(&tar, "g", "f");
	tf_layer(&tf, &tar);
	whiteout_at(&tf, "g");
	tb_hardlink(&tar, "g", "f");
	tf_layer(&tf, &tar);
	tf_build(&tf);
	for (unsigned at = 1; at <= 3; at++) {
		assert_true(tree_stat(tf.tree, tree_find(tf.tree, "f"), at, &stat));
		assert_int_equal(stat.links, at == 2 ? 1 : 2);
		assert_int_equal(tree_names(tf.tree, stat.inode, at, names, 4), stat.links);
	}
	tf_done(&tf);
}

static void a_wide_directory_in_any_order_is_sorted(void **state)
{
	enum { COUNT = 3000 };
	struct tf tf = { 0 };
	struct tb tar = { 0 };
	char name[32];
	size_t count = 0;

	(void)state;
	for (unsigned i = 0; i < COUNT; i++) {
		snprintf(name, sizeof(name), "same-beginning-%u", i * 7919 % COUNT);
		tb_file(&tar, name, 0644, 0, 0, "");
	}
	tf_layer(&tf, &tar);
	tf_build(&tf);

	const char *last = "";

	for (node_id node = tree_first_child(tf.tree, NODE_ROOT); !node_is_none(node);
	     node = tree_next_sibling(tf.tree, node), count++) {
		assert_true(strcmp(last, tree_name(tf.tree, node)) < 0);
		last = tree_name(tf.tree, node);
	}
	assert_int_equal(count, COUNT);
	tf_done(&tf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(children_come_in_byte_order),
		cmocka_unit_test(names_of_an_inode_are_those_at_the_layer),
		cmocka_unit_test(a_link_that_comes_back_is_counted_once),
		cmocka_unit_test(a_wide_directory_in_any_order_is_sorted),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
