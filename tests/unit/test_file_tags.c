/* Tags of paths: what is tagged, and what of it another tree keeps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "lib/trees.h"
#include "tree/tree_over.h"
#include "tui/file_tags.h"

static void open_tree(struct tf *tf)
{
	struct tb base = { 0 };

	tb_dir(&base, "a", 0755, 0, 0);
	tb_file(&base, "a/one.py", 0644, 0, 0, "1");
	tb_file(&base, "a/two", 0644, 0, 0, "2");
	tf_layer(tf, &base);
	tf_build(tf);
}

static void tags_are_set_and_taken_back(void **state)
{
	struct file_tags tags = { 0 };
	const node_id node = { 7 };
	node_id *list;

	(void)state;
	assert_false(file_tags_has(&tags, node));
	assert_int_equal(file_tags_set(&tags, node, true), 0);
	assert_int_equal(file_tags_set(&tags, node, true), 0);
	assert_int_equal(file_tags_set(&tags, NODE_ROOT, true), 0);
	assert_int_equal(tags.count, 2);
	list = file_tags_list(&tags);
	assert_int_equal(list[0].v, 0);
	assert_int_equal(list[1].v, 7);
	free(list);
	assert_int_equal(file_tags_set(&tags, node, false), 0);
	assert_int_equal(tags.count, 1);
	file_tags_clear(&tags);
	assert_int_equal(tags.count, 0);
	assert_false(file_tags_has(&tags, NODE_ROOT));
	file_tags_done(&tags);
}

static void all_that_the_filter_looks_for_is_tagged(void **state)
{
	struct tf tf = { 0 };
	struct files files = { 0 };
	struct file_tags tags = { 0 };
	struct pattern *pattern;

	(void)state;
	open_tree(&tf);
	assert_int_equal(pattern_new("\\.py$", PATTERN_REGEX, 0, &pattern, NULL), 0);
	assert_int_equal(files_set(&files, tf.tree, 1, NULL, NULL), 0);
	files_set_pattern(&files, pattern);
	while (files_census(&files, 1))
		;
	assert_int_equal(file_tags_set_matches(&tags, &files), 0);
	/* Not the directory that leads there. */
	assert_int_equal(tags.count, 1);
	assert_true(file_tags_has(&tags, tree_find(tf.tree, "a/one.py")));
	pattern_free(pattern);
	file_tags_done(&tags);
	files_done(&files);
	tf_done(&tf);
}

static void what_a_plan_has_made_loses_its_tag(void **state)
{
	static const struct tree_want NEW = { .path = "b", .create = true, .type = TAR_DIR };
	struct tf tf = { 0 };
	struct file_tags tags = { 0 };
	struct tree *preview;

	(void)state;
	open_tree(&tf);
	assert_int_equal(tree_over(tf.tree, &NEW, 1, &preview, NULL), 0);
	file_tags_follow(&tags, preview);
	file_tags_set(&tags, tree_find(preview, "a"), true);
	file_tags_set(&tags, tree_find(preview, "b"), true);
	file_tags_follow(&tags, preview);
	assert_int_equal(tags.count, 2);
	file_tags_follow(&tags, tf.tree);
	assert_int_equal(tags.count, 1);
	assert_true(file_tags_has(&tags, tree_find(preview, "a")));
	assert_false(file_tags_has(&tags, tree_find(preview, "b")));
	tree_free(preview);
	file_tags_done(&tags);
	tf_done(&tf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tags_are_set_and_taken_back),
		cmocka_unit_test(all_that_the_filter_looks_for_is_tagged),
		cmocka_unit_test(what_a_plan_has_made_loses_its_tag),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
