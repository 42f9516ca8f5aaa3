/* The walk over a tree: order, layers, skipping, starting below the root. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "lib/trees.h"
#include "tree/tree_iter.h"

static void build(struct tf *tf)
{
	struct tb tar = { 0 };

	tb_file(&tar, "b/y", 0644, 0, 0, "");
	tb_file(&tar, "b/x/deep", 0644, 0, 0, "");
	tb_file(&tar, "a", 0644, 0, 0, "");
	tb_file(&tar, "c", 0644, 0, 0, "");
	tf_layer(tf, &tar);
	tb_whiteout(&tar, "b/x");
	tb_file(&tar, "b/z", 0644, 0, 0, "");
	tf_layer(tf, &tar);
	tf_build(tf);
}

/* The names in the order of the walk; the children of 'skip' are left out. */
static void walk(const struct tree *tree, const char *top, unsigned at, const char *skip,
		 const char *expected)
{
	char names[100] = "";
	struct tree_iter it;
	node_id node;

	tree_iter_init(&it, tree, tree_find(tree, top), at);
	while (tree_iter_next(&it, &node)) {
		const char *name = tree_name(tree, node);

		strncat(names, *name ? name : "/", sizeof(names) - strlen(names) - 1);
		strncat(names, " ", sizeof(names) - strlen(names) - 1);
		if (strcmp(name, skip) == 0)
			tree_iter_skip(&it);
	}
	assert_false(tree_iter_next(&it, &node));
	assert_string_equal(names, expected);
}

static void parents_come_first_and_children_by_name(void **state)
{
	struct tf tf = { 0 };

	(void)state;
	build(&tf);
	walk(tf.tree, "", 1, "-", "/ a b x deep y c ");
	walk(tf.tree, "", 2, "-", "/ a b y z c ");
	tf_done(&tf);
}

static void skip_leaves_out_the_children(void **state)
{
	struct tf tf = { 0 };

	(void)state;
	build(&tf);
	walk(tf.tree, "", 1, "b", "/ a b c ");
	walk(tf.tree, "", 1, "x", "/ a b x y c ");
	walk(tf.tree, "", 1, "", "/ ");
	tf_done(&tf);
}

static void a_walk_stays_below_its_top(void **state)
{
	struct tf tf = { 0 };

	(void)state;
	build(&tf);
	walk(tf.tree, "b", 1, "-", "b x deep y ");
	walk(tf.tree, "a", 1, "-", "a ");
	walk(tf.tree, "b/x", 2, "-", "");
	walk(tf.tree, "nothing", 2, "-", "");
	walk(tf.tree, "", 0, "-", "");
	tf_done(&tf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parents_come_first_and_children_by_name),
		cmocka_unit_test(skip_leaves_out_the_children),
		cmocka_unit_test(a_walk_stays_below_its_top),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
