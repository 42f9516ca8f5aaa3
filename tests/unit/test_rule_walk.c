/* Walks of rules: what they bring, and that they stop when asked to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/rule/rule_walk.h"
#include "lib/trees.h"

static void build(struct tf *tf)
{
	struct tb first = { 0 }, second = { 0 };

	tb_dir(&first, "etc", 0755, 0, 0);
	tb_file(&first, "etc/passwd", 0644, 0, 0, "p");
	tb_file(&first, "gone", 0644, 0, 0, "g");
	tb_dir(&first, "opt", 0755, 1000, 100);
	tb_file(&first, "opt/x", 0600, 1000, 100, "xx");
	tf_layer(tf, &first);
	tb_file(&second, ".wh.gone", 0644, 0, 0, "");
	tf_layer(tf, &second);
	tf_build(tf);
}

static void a_walk_brings_nodes_with_what_they_are(void **state)
{
	struct tf tf = { 0 };
	struct rule_walk walk;
	size_t count = 0;

	(void)state;
	build(&tf);
	const struct rule_run run = { .tree = tf.tree, .at = 2 };
	rule__walk_init(&walk, &run, NODE_ROOT);
	while (rule__walk_next(&walk, NULL) > 0) {
		assert_true(strcmp(tree_name(tf.tree, walk.node), "gone") != 0);
		if (!strcmp(tree_name(tf.tree, walk.node), "x")) {
			assert_int_equal(walk.stat.uid, 1000);
			assert_int_equal(walk.stat.size, 2);
		}
		count++;
	}
	assert_int_equal(count, 5);
	tf_done(&tf);
}

static void what_is_skipped_has_nothing_below(void **state)
{
	struct tf tf = { 0 };
	struct rule_walk walk;

	(void)state;
	build(&tf);
	const struct rule_run run = { .tree = tf.tree, .at = 2 };
	rule__walk_init(&walk, &run, tree_find(tf.tree, "opt"));
	assert_int_equal(rule__walk_next(&walk, NULL), 1);
	tree_iter_skip(&walk.it);
	assert_int_equal(rule__walk_next(&walk, NULL), 0);
	tf_done(&tf);
}

static void a_walk_ends_when_it_is_cancelled(void **state)
{
	struct cancel cancel = { 0 };
	struct err err = { 0 };
	struct tf tf = { 0 };
	struct rule_walk walk;

	(void)state;
	build(&tf);
	const struct rule_run run = { .tree = tf.tree, .at = 2, .cancel = &cancel };
	cancel_request(&cancel);
	rule__walk_init(&walk, &run, NODE_ROOT);
	assert_int_equal(rule__walk_next(&walk, &err), -(int)ERR_CANCELLED);
	assert_int_equal(err.code, ERR_CANCELLED);
	tf_done(&tf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_walk_brings_nodes_with_what_they_are),
		cmocka_unit_test(what_is_skipped_has_nothing_below),
		cmocka_unit_test(a_walk_ends_when_it_is_cancelled),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
