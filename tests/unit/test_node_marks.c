/* Marks on nodes by patterns. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/rule/rule_priv.h"
#include "lib/trees.h"

static void build(struct tf *tf)
{
	struct tb tar = { 0 };

	tb_dir(&tar, "etc", 0755, 0, 0);
	tb_dir(&tar, "etc/ssh", 0755, 0, 0);
	tb_file(&tar, "etc/ssh/host_rsa_key", 0600, 0, 0, "k");
	tb_file(&tar, "etc/ssh/host_rsa_key.pub", 0644, 0, 0, "p");
	tb_file(&tar, "etc/shadow", 0600, 0, 0, "s");
	tb_file(&tar, "etc/shadow-", 0600, 0, 0, "s");
	tf_layer(tf, &tar);
	tf_build(tf);
}

static void a_glob_marks_what_it_names(void **state)
{
	struct node_marks marks;
	struct tf tf = { 0 };

	(void)state;
	build(&tf);
	assert_int_equal(rule__marks_init(&marks, tf.tree, 1, NULL), 0);
	assert_int_equal(rule__marks_glob(&marks, "/etc/shadow*", 1, NULL), 0);
	assert_int_equal(rule__marks_glob(&marks, "/etc/ssh/*key", 2, NULL), 0);
	assert_true(rule__marks_has(&marks, tree_find(tf.tree, "etc/shadow"), 1));
	assert_true(rule__marks_has(&marks, tree_find(tf.tree, "etc/shadow-"), 1));
	assert_true(rule__marks_has(&marks, tree_find(tf.tree, "etc/ssh/host_rsa_key"), 2));
	assert_false(rule__marks_has(&marks, tree_find(tf.tree, "etc/ssh/host_rsa_key.pub"), 3));
	rule__marks_done(&marks);
	tf_done(&tf);
}

static void a_marked_directory_covers_what_is_below(void **state)
{
	struct node_marks marks;
	struct tf tf = { 0 };

	(void)state;
	build(&tf);
	assert_int_equal(rule__marks_init(&marks, tf.tree, 1, NULL), 0);
	assert_int_equal(rule__marks_glob(&marks, "/etc/ssh", 1, NULL), 0);
	assert_true(rule__marks_covered(&marks, tree_find(tf.tree, "etc/ssh/host_rsa_key"), 1));
	assert_false(rule__marks_covered(&marks, tree_find(tf.tree, "etc/shadow"), 1));
	rule__marks_done(&marks);
	tf_done(&tf);
}

static void a_pattern_that_names_nothing_marks_nothing(void **state)
{
	struct node_marks marks;
	struct tf tf = { 0 };

	(void)state;
	build(&tf);
	assert_int_equal(rule__marks_init(&marks, tf.tree, 1, NULL), 0);
	assert_int_equal(rule__marks_glob(&marks, "/var/*/x", 1, NULL), 0);
	for (uint32_t i = 0; i < tree_node_count(tf.tree); i++)
		assert_false(rule__marks_has(&marks, (node_id){ i }, 0xff));
	rule__marks_done(&marks);
	tf_done(&tf);
}

static void each_pattern_of_a_list_marks(void **state)
{
	json_t *arguments = json_pack("{s:[s,s]}", "paths", "/etc/shadow", "/etc/ssh/*.pub");
	const struct rule rule = { .arguments = arguments };
	const struct profile profile = { 0 };
	const struct rule_run run = { .rule = &rule, .profile = &profile };
	struct node_marks marks;
	struct tf tf = { 0 };

	(void)state;
	build(&tf);
	assert_int_equal(rule__marks_init(&marks, tf.tree, 1, NULL), 0);
	assert_int_equal(rule__marks_list(&marks, &run, "paths", 1, NULL), 0);
	assert_int_equal(rule__marks_list(&marks, &run, "none", 2, NULL), 0);
	assert_true(rule__marks_has(&marks, tree_find(tf.tree, "etc/shadow"), 1));
	assert_true(rule__marks_has(&marks, tree_find(tf.tree, "etc/ssh/host_rsa_key.pub"), 1));
	assert_false(rule__marks_has(&marks, tree_find(tf.tree, "etc/shadow-"), 3));
	rule__marks_done(&marks);
	json_decref(arguments);
	tf_done(&tf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_glob_marks_what_it_names),
		cmocka_unit_test(a_marked_directory_covers_what_is_below),
		cmocka_unit_test(a_pattern_that_names_nothing_marks_nothing),
		cmocka_unit_test(each_pattern_of_a_list_marks),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
