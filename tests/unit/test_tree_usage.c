/* What of each layer is still seen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "lib/trees.h"
#include "tree/tree_usage.h"

static void what_later_layers_replace_or_remove_is_hidden(void **state)
{
	struct tf tf = { 0 };
	struct tb tar = { 0 };
	struct tree_usage usage[3];

	(void)state;
	tb_file(&tar, "kept", 0644, 0, 0, "1");
	tb_file(&tar, "replaced", 0644, 0, 0, "22");
	tb_file(&tar, "removed", 0644, 0, 0, "4444");
	tf_layer(&tf, &tar);
	tb_file(&tar, "replaced", 0644, 0, 0, "88888888");
	tf_layer(&tf, &tar);
	tb_whiteout(&tar, "removed");
	tf_layer(&tf, &tar);
	tf_build(&tf);
	assert_int_equal(tree_usage(tf.tree, usage, NULL), 0);
	assert_int_equal(usage[0].written, 7);
	assert_int_equal(usage[0].hidden, 6);
	assert_int_equal(usage[1].written, 8);
	assert_int_equal(usage[1].hidden, 0);
	assert_int_equal(usage[2].written, 0);
	assert_int_equal(usage[2].hidden, 0);
	tf_done(&tf);
}

static void the_names_of_one_file_count_once(void **state)
{
	struct tf tf = { 0 };
	struct tb tar = { 0 };
	struct tree_usage usage[2];

	(void)state;
	tb_file(&tar, "a", 0644, 0, 0, "333");
	tb_hardlink(&tar, "b", "a");
	tf_layer(&tf, &tar);
	tb_hardlink(&tar, "c", "a");
	tb_whiteout(&tar, "b");
	tf_layer(&tf, &tar);
	tf_build(&tf);
	assert_int_equal(tree_usage(tf.tree, usage, NULL), 0);
	assert_int_equal(usage[0].written, 3);
	assert_int_equal(usage[0].hidden, 0);
	assert_int_equal(usage[1].written, 0);
	tf_done(&tf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_later_layers_replace_or_remove_is_hidden),
		cmocka_unit_test(the_names_of_one_file_count_once),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
