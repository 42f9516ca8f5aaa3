/* Rows of a tree that is partly open. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/judged.h"
#include "lib/trees.h"
#include "tui/files.h"

static void add_layers(struct tf *tf)
{
	struct tb base = { 0 }, top = { 0 };

	tb_dir(&base, "a", 0755, 0, 0);
	tb_dir(&base, "a/b", 0755, 0, 0);
	tb_file(&base, "a/b/small", 0644, 0, 0, "1");
	tb_file(&base, "a/b/tall", 0644, 0, 0, "1234567890");
	tb_file(&base, "z", 0644, 0, 0, "x");
	tf_layer(tf, &base);
	tb_file(&top, "a/b/small", 0644, 5, 5, "1");
	tb_dir(&top, "new", 0755, 0, 0);
	tb_file(&top, "new/one", 0644, 0, 0, "1");
	tb_whiteout(&top, "z");
	tf_layer(tf, &top);
	tf_build(tf);
}

static void open_tree(struct tf *tf, struct files *files, unsigned at)
{
	add_layers(tf);
	assert_int_equal(files_set(files, tf->tree, at, NULL, NULL), 0);
}

static void assert_rows(const struct files *files, const char *expected)
{
	char text[512] = "";
	size_t len = 0;

	for (size_t i = 0; i < files->rows.count; i++) {
		char path[128];

		tree_path(files->tree, files->rows.items[i], path, sizeof(path));
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s ", path);
	}
	assert_string_equal(text, expected);
}

static node_id find(const struct files *files, const char *path)
{
	node_id node = tree_find(files->tree, path);

	assert_false(node_is_none(node));
	return node;
}

static void count_all(struct files *files)
{
	while (files_census(files, 2))
		;
}

static void end(struct tf *tf, struct files *files)
{
	files_done(files);
	tf_done(tf);
}

static void root_is_open_at_first(void **state)
{
	struct tf tf = { 0 };
	struct files files = { 0 };

	(void)state;
	open_tree(&tf, &files, 2);
	assert_rows(&files, "/ /a /new ");
	end(&tf, &files);
}

static void rows_are_those_of_the_layer(void **state)
{
	struct tf tf = { 0 };
	struct files files = { 0 };

	(void)state;
	open_tree(&tf, &files, 1);
	assert_rows(&files, "/ /a /z ");
	assert_int_equal(files_set(&files, tf.tree, 2, NULL, NULL), 0);
	assert_rows(&files, "/ /a /new ");
	end(&tf, &files);
}

static void directories_open_and_fold(void **state)
{
	struct tf tf = { 0 };
	struct files files = { 0 };

	(void)state;
	open_tree(&tf, &files, 2);
	files_open(&files, find(&files, "a"), true);
	assert_rows(&files, "/ /a /a/b /new ");
	files_open(&files, NODE_ROOT, false);
	assert_rows(&files, "/ ");
	files_open(&files, NODE_ROOT, true);
	assert_rows(&files, "/ /a /a/b /new ");
	end(&tf, &files);
}

static void revealing_opens_what_is_above(void **state)
{
	struct tf tf = { 0 };
	struct files files = { 0 };

	(void)state;
	open_tree(&tf, &files, 2);
	files_reveal(&files, find(&files, "a/b/tall"));
	assert_rows(&files, "/ /a /a/b /a/b/small /a/b/tall /new ");
	assert_int_equal(files_row(&files, find(&files, "a/b/tall")), 4);
	end(&tf, &files);
}

static void row_of_a_hidden_node_is_its_nearest_directory(void **state)
{
	struct tf tf = { 0 };
	struct files files = { 0 };

	(void)state;
	open_tree(&tf, &files, 2);
	assert_int_equal(files_row(&files, find(&files, "a/b/tall")), 1);
	end(&tf, &files);
}

static void largest_come_first_by_size(void **state)
{
	struct tf tf = { 0 };
	struct files files = { 0 };

	(void)state;
	open_tree(&tf, &files, 2);
	files_reveal(&files, find(&files, "a/b/tall"));
	files_set_order(&files, FILES_BY_SIZE);
	assert_rows(&files, "/ /a /a/b /a/b/tall /a/b/small /new ");
	end(&tf, &files);
}

static void changes_are_those_of_the_layer(void **state)
{
	struct tf tf = { 0 };
	struct files files = { 0 };

	(void)state;
	open_tree(&tf, &files, 2);
	files_set_filter(&files, FILES_CHANGES);
	assert_rows(&files, "");
	count_all(&files);
	assert_int_equal(files.matches[FILES_CHANGES], 4);
	assert_rows(&files, "/ /a /a/b /a/b/small /new /z ");
	files_set_filter(&files, FILES_ALL);
	assert_rows(&files, "/ /a /new ");
	end(&tf, &files);
}

static void successor_goes_round_in_order_of_names(void **state)
{
	struct tf tf = { 0 };
	struct files files = { 0 };
	char text[256] = "";
	size_t len = 0;
	node_id node = NODE_ROOT;

	(void)state;
	open_tree(&tf, &files, 2);
	do {
		node = files_successor(&files, node);
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s ",
					tree_name(tf.tree, node));
	} while (node.v);
	assert_string_equal(text, "a b small tall new one  ");
	end(&tf, &files);
}

/* ---- with a judgement ---- */

static void denied_paths_are_counted_and_folded(void **state)
{
	struct judged judged = { 0 };
	struct files files = { 0 };

	(void)state;
	judged_open(&judged,
		    &(struct judged_input){
			    .files = "755 0:0 data/\n700 0:0 data/deep/\n644 0:0 data/deep/x = y\n"
				     "600 0:0 data/secret = s\n" });
	assert_int_equal(files_set(&files, judged.tree, judgement_at(judged.judgement),
				   judged.judgement, NULL),
			 0);
	count_all(&files);
	files_set_filter(&files, FILES_UNREADABLE);
	assert_true(files.matches[FILES_UNREADABLE] >= 3);
	assert_true(files_is_open(&files, find(&files, "data")));
	assert_false(files_is_open(&files, find(&files, "data/deep")));
	assert_true(files_row(&files, find(&files, "data/deep/x")) ==
		    files_row(&files, find(&files, "data/deep")));
	files_done(&files);
	judged_done(&judged);
}

static void findings_are_marked_up_to_the_root(void **state)
{
	struct judged judged = { 0 };
	struct files files = { 0 };
	enum severity worst;

	(void)state;
	judged_open(&judged,
		    &(struct judged_input){
			    .files = "755 0:0 opt/\n755 0:0 opt/app/\n700 0:0 opt/app/models/\n"
				     "644 0:0 opt/app/models/x = y\n" });
	assert_int_equal(files_set(&files, judged.tree, judgement_at(judged.judgement),
				   judged.judgement, NULL),
			 0);
	assert_true(files_marks(&files, find(&files, "opt/app/models"), &worst) > 0);
	assert_true(files_marks(&files, find(&files, "opt"), &worst) > 0);
	assert_true(files_marks(&files, NODE_ROOT, &worst) >=
		    files_marks(&files, find(&files, "opt"), &worst));
	assert_int_equal(files_marks(&files, find(&files, "opt/app/models/x"), &worst), 0);
	files_done(&files);
	judged_done(&judged);
}

/* What stands beside an error's mark are errors, as in the title of Findings. */
static void marks_count_the_worst_alone(void **state)
{
	struct judged judged = { 0 };
	struct files files = { 0 };
	enum severity worst = SEVERITY_INFO;

	(void)state;
	judged_open(&judged, &(struct judged_input){
				     .files = "755 0:0 app/\n600 0:0 app/a = x\n"
					      "600 0:0 app/b = x\n644 0:0 home/ma-user/t = x\n" });
	assert_int_equal(judged.judgement->by_severity[SEVERITY_ERROR], 2);
	assert_true(judged.judgement->by_severity[SEVERITY_WARNING] > 0);
	assert_int_equal(files_set(&files, judged.tree, judgement_at(judged.judgement),
				   judged.judgement, NULL),
			 0);
	assert_int_equal(files_marks(&files, NODE_ROOT, &worst), 2);
	assert_int_equal(worst, SEVERITY_ERROR);
	assert_int_equal(files_marks(&files, find(&files, "home"), &worst), 1);
	assert_int_equal(worst, SEVERITY_WARNING);
	files_done(&files);
	judged_done(&judged);
}

static void look_for(struct files *files, const char *text, struct pattern **pattern)
{
	pattern_freep(pattern);
	assert_int_equal(pattern_new(text, PATTERN_REGEX, 0, pattern, NULL), 0);
	files_set_pattern(files, *pattern);
	count_all(files);
}

static void a_pattern_shows_what_matches_and_the_way(void **state)
{
	CLEANUP(pattern_freep) struct pattern *pattern = NULL;
	struct tf tf = { 0 };
	struct files files = { 0 };

	(void)state;
	open_tree(&tf, &files, 2);
	look_for(&files, "l$", &pattern);
	assert_rows(&files, "/ /a /a/b /a/b/small /a/b/tall ");
	assert_int_equal(files.matches[FILES_ALL], 2);
	assert_true(files_is_match(&files, find(&files, "a/b/tall")));
	assert_false(files_is_match(&files, find(&files, "a/b")));
	/* Of the whole path; what is gone is not there to match. */
	look_for(&files, "^/(z|new/)", &pattern);
	assert_rows(&files, "/ /new /new/one ");
	look_for(&files, "nowhere", &pattern);
	assert_rows(&files, "");
	files_set_pattern(&files, NULL);
	assert_rows(&files, "/ /a /new ");
	end(&tf, &files);
}

static void pattern_and_filter_go_together(void **state)
{
	CLEANUP(pattern_freep) struct pattern *pattern = NULL;
	struct tf tf = { 0 };
	struct files files = { 0 };

	(void)state;
	open_tree(&tf, &files, 2);
	files_set_filter(&files, FILES_CHANGES);
	look_for(&files, "[lz]$", &pattern);
	/* 'tall' is as it was, 'z' was removed by the layer. */
	assert_rows(&files, "/ /a /a/b /a/b/small /z ");
	assert_int_equal(files.matches[FILES_CHANGES], 2);
	files_set_filter(&files, FILES_ALL);
	assert_rows(&files, "/ /a /a/b /a/b/small /a/b/tall ");
	/* To show another path both are given up. */
	files_reveal(&files, find(&files, "new/one"));
	assert_null(files.pattern);
	assert_rows(&files, "/ /a /new /new/one ");
	end(&tf, &files);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(root_is_open_at_first),
		cmocka_unit_test(rows_are_those_of_the_layer),
		cmocka_unit_test(directories_open_and_fold),
		cmocka_unit_test(revealing_opens_what_is_above),
		cmocka_unit_test(row_of_a_hidden_node_is_its_nearest_directory),
		cmocka_unit_test(largest_come_first_by_size),
		cmocka_unit_test(changes_are_those_of_the_layer),
		cmocka_unit_test(successor_goes_round_in_order_of_names),
		cmocka_unit_test(denied_paths_are_counted_and_folded),
		cmocka_unit_test(findings_are_marked_up_to_the_root),
		cmocka_unit_test(marks_count_the_worst_alone),
		cmocka_unit_test(a_pattern_shows_what_matches_and_the_way),
		cmocka_unit_test(pattern_and_filter_go_together),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
