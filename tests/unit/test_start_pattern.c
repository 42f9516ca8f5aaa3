/* Regular expressions over lines of the start chain, and values of the profile in them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/rule/start_pattern.h"
#include "lib/judged.h"

static struct rule_run run_of(const struct judged *judged, const struct rule *rule)
{
	return (struct rule_run){ .judgement = judged->judgement,
				  .rule = rule,
				  .tree = judged->tree,
				  .at = judgement_at(judged->judgement),
				  .profile = judged->profile };
}

static void values_of_the_profile_stand_for_themselves(void **state)
{
	static const struct {
		const char *pattern, *expected;
	} ROWS[] = {
		{ "port {port}|{port}", "port 8080|8080" },
		{ "{batch}", "true" },
		{ "^{run-script}$", "^\\/home\\/run\\.sh$" },
		{ "a{3}|b{1,2}|{none}|{", "a{3}|b{1,2}|{none}|{" },
		{ "\\{port}\\", "\\{port}\\" },
		{ "{scope}", "{scope}" }, /* a list */
		{ "", "" },
	};
	struct judged judged;

	(void)state;
	judged_open(&judged, &(struct judged_input){ .profile = "modelarts-inference" });
	const struct rule_run run = run_of(&judged, NULL);
	for (size_t i = 0; i < sizeof(ROWS) / sizeof(*ROWS); i++) {
		char *text = rule__start_pattern_text(&run, ROWS[i].pattern);

		assert_string_equal(text, ROWS[i].expected);
		free(text);
	}
	judged_done(&judged);
}

static struct start_line line_of(const struct start_file *file)
{
	struct start_line line = { .file = file };

	assert_true(rule__start_line_next(&line));
	return line;
}

static bool matches(const struct rule_run *run, enum start_file_kind kind, const char *text)
{
	const struct start_file file = { .bytes = text, .len = strlen(text), .kind = kind };
	const struct start_line line = line_of(&file);
	struct start_patterns patterns;

	assert_int_equal(rule__start_patterns_init(&patterns, run, "bad", NULL), 0);
	bool found = rule__start_patterns_match(&patterns, &line);
	rule__start_patterns_done(&patterns);
	return found;
}

static void a_list_is_for_all_files_or_for_one_kind(void **state)
{
	json_t *arguments =
		json_pack("{s:[s], s:[s,s]}", "bad", "^all", "bad-shell", "^ln ", "^rm ");
	const struct rule rule = { .arguments = arguments };
	struct judged judged;

	(void)state;
	judged_open(&judged, &(struct judged_input){ 0 });
	const struct rule_run run = run_of(&judged, &rule);
	assert_true(matches(&run, START_FILE_PYTHON, "  all"));
	assert_true(matches(&run, START_FILE_SHELL, "all"));
	assert_true(matches(&run, START_FILE_SHELL, "rm x"));
	assert_false(matches(&run, START_FILE_PYTHON, "rm x"));
	json_decref(arguments);
	judged_done(&judged);
}

static void what_is_no_expression_is_an_error(void **state)
{
	json_t *arguments = json_pack("{s:[s,s]}", "bad-node", "good", "(");
	const struct rule rule = { .arguments = arguments };
	struct start_patterns patterns;
	struct judged judged;
	struct err err = { 0 };

	(void)state;
	judged_open(&judged, &(struct judged_input){ 0 });
	const struct rule_run run = run_of(&judged, &rule);
	assert_int_equal(rule__start_patterns_init(&patterns, &run, "bad", &err),
			 -(int)ERR_INVALID);
	rule__start_patterns_done(&patterns);
	json_decref(arguments);
	judged_done(&judged);
}

static void a_line_is_shown_with_its_place(void **state)
{
	static const char LONG[] =
		"\n\n  0123456789012345678901234567890123456789012345678901234567890123456789"
		"0123456789012345678901234567890123456789012345678901234567890123456789\n";
	struct start_file file = { .node = NODE_NONE, .bytes = "a \\\n b\n", .len = 7 };
	struct judged judged;

	(void)state;
	judged_open(&judged, &(struct judged_input){ .files = "644 0:0 home/x = y\n" });
	struct rule_run run = run_of(&judged, NULL);
	struct start_line line = line_of(&file);
	assert_string_equal(rule__start_line_text(&run, &line), "the start command: a \\");
	file = (struct start_file){ .node = tree_find(judged.tree, "home/x"),
				    .bytes = LONG,
				    .len = sizeof(LONG) - 1 };
	line = line_of(&file);
	const char *text = rule__start_line_text(&run, &line);
	assert_memory_equal(text, "line 3 of /home/x: 0123", 23);
	assert_string_equal(text + strlen(text) - strlen("89 …"), "89 …");
	judged_done(&judged);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_of_the_profile_stand_for_themselves),
		cmocka_unit_test(a_list_is_for_all_files_or_for_one_kind),
		cmocka_unit_test(what_is_no_expression_is_an_error),
		cmocka_unit_test(a_line_is_shown_with_its_place),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
