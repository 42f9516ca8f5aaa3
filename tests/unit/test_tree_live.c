/* How long nodes live: what a layer kills stays what it was below that layer. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "lib/trees.h"

static void lower(struct tf *tf)
{
	struct tb tar = { 0 };

	tb_dir(&tar, "d", 0755, 0, 0);
	tb_dir(&tar, "d/sub", 0755, 0, 0);
	tb_file(&tar, "d/sub/x", 0644, 0, 0, "x");
	tb_file(&tar, "keep", 0644, 0, 0, "k");
	tf_layer(tf, &tar);
}

static bool is_there(const struct tf *tf, const char *path, unsigned at)
{
	return tree_exists(tf->tree, tree_find(tf->tree, path), at);
}

static void a_killed_directory_takes_its_subtree_along(void **state)
{
	struct tf tf = { 0 };
	struct tb tar = { 0 };

	(void)state;
	lower(&tf);
	tb_whiteout(&tar, "d");
	tf_layer(&tf, &tar);
	tf_build(&tf);
	assert_true(is_there(&tf, "d/sub/x", 1));
	assert_false(is_there(&tf, "d/sub/x", 2));
	assert_false(is_there(&tf, "d", 2));
	assert_true(is_there(&tf, "keep", 2));
	assert_int_equal(tree_change(tf.tree, tree_find(tf.tree, "d/sub/x"), 2), CHANGE_REMOVED);
	tf_done(&tf);
}

static void an_opaque_directory_loses_only_what_was_below(void **state)
{
	struct tf tf = { 0 };
	struct tb tar = { 0 };

	(void)state;
	lower(&tf);
	tb_dir(&tar, "d", 0755, 0, 0);
	tb_file(&tar, "d/new", 0644, 0, 0, "n");
	tb_opaque(&tar, "d");
	tf_layer(&tf, &tar);
	tf_build(&tf);
	assert_true(is_there(&tf, "d", 2));
	assert_true(is_there(&tf, "d/new", 2));
	assert_false(is_there(&tf, "d/sub", 2));
	tf_done(&tf);
}

static void what_was_killed_can_be_made_again(void **state)
{
	struct tf tf = { 0 };
	struct tb gone = { 0 }, back = { 0 };

	(void)state;
	lower(&tf);
	tb_whiteout(&gone, "d");
	tf_layer(&tf, &gone);
	tb_dir(&back, "d", 0700, 0, 0);
	tf_layer(&tf, &back);
	tf_build(&tf);
	assert_false(is_there(&tf, "d", 2));
	assert_true(is_there(&tf, "d", 3));
	assert_false(is_there(&tf, "d/sub", 3));
	tf_done(&tf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_killed_directory_takes_its_subtree_along),
		cmocka_unit_test(an_opaque_directory_loses_only_what_was_below),
		cmocka_unit_test(what_was_killed_can_be_made_again),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
