/* The report of findings as "imgtui.check/1". */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/judged.h"
#include "lib/reported.h"

static void members_are_those_of_the_schema(void **state)
{
	static const char *const MEMBERS[] = { "schema",  "image", "profile",  "user",
					       "summary", "rules", "findings", "problems" };
	struct judged judged;

	(void)state;
	judged_open(&judged, &(struct judged_input){ 0 });
	json_t *json = REPORTED_JSON(PLAINLY, report_check_json, judged.judgement);
	assert_int_equal(json_object_size(json), sizeof(MEMBERS) / sizeof(*MEMBERS));
	for (size_t i = 0; i < sizeof(MEMBERS) / sizeof(*MEMBERS); i++)
		assert_non_null(json_object_get(json, MEMBERS[i]));
	assert_string_equal(member(json, "schema"), "imgtui.check/1");
	assert_string_equal(member(json, "profile"), "modelarts-training");
	assert_string_equal(member(json, "user"), "1000:100");
	assert_int_equal(json_array_size(json_object_get(json, "findings")), 0);
	assert_int_equal(json_array_size(json_object_get(json, "rules")),
			 profile_rule_count(judged.profile));
	json_decref(json);
	judged_done(&judged);
}

static void a_finding_has_all_its_members(void **state)
{
	struct judged judged;

	(void)state;
	judged_open(&judged,
		    &(struct judged_input){ .files = "755 1000:100 app/\n600 0:0 app/x = y\n" });
	json_t *json = REPORTED_JSON(PLAINLY, report_check_json, judged.judgement);
	json_t *finding = json_array_get(json_object_get(json, "findings"), 0);
	assert_string_equal(member(finding, "rule"), "ACC-004");
	assert_string_equal(member(finding, "severity"), "error");
	assert_string_equal(member(finding, "certainty"), "exact");
	assert_string_equal(member(finding, "path"), "/app/x");
	assert_int_equal(json_integer_value(json_object_get(finding, "layer")), 2);
	assert_non_null(member(finding, "message"));
	assert_non_null(member(finding, "source"));
	assert_true(json_array_size(json_object_get(finding, "why")) > 1);
	json_t *fix = json_array_get(json_object_get(finding, "fixes"), 0);
	assert_non_null(member(fix, "id"));
	assert_non_null(member(fix, "title"));
	assert_int_equal(json_integer_value(json_object_get(fix, "bytes")), 1024);
	assert_int_equal(
		json_integer_value(json_object_get(json_object_get(json, "summary"), "error")), 1);
	json_decref(json);
	judged_done(&judged);
}

static void a_finding_without_path_has_null(void **state)
{
	struct judged judged;

	(void)state;
	judged_open(&judged, &(struct judged_input){ .config = "{'User':null}" });
	json_t *json = REPORTED_JSON(PLAINLY, report_check_json, judged.judgement);
	json_t *finding = json_array_get(json_object_get(json, "findings"), 0);
	assert_string_equal(member(finding, "rule"), "MAT-CFG-001");
	assert_true(json_is_null(json_object_get(finding, "path")));
	json_decref(json);
	judged_done(&judged);
}

static void problems_say_kind_and_place(void **state)
{
	struct problem_list list = { 0 };
	const struct problem_list *lists[] = { &list, NULL };
	struct judged judged;

	(void)state;
	problem_add(&list, PROBLEM_TRUNCATED, 512, "ends \x1b early");
	judged_open(&judged, &(struct judged_input){ 0 });
	json_t *json = REPORTED_JSON(((struct report_options){ .problems = lists }),
				     report_check_json, judged.judgement);
	json_t *problem = json_array_get(json_object_get(json, "problems"), 0);
	assert_string_equal(member(problem, "kind"), "truncated");
	assert_string_equal(member(problem, "text"), "ends \x1b early");
	assert_true(json_is_true(json_object_get(problem, "damage")));
	assert_int_equal(json_integer_value(json_object_get(problem, "offset")), 512);
	json_decref(json);
	judged_done(&judged);
	problem_list_done(&list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_are_those_of_the_schema),
		cmocka_unit_test(a_finding_has_all_its_members),
		cmocka_unit_test(a_finding_without_path_has_null),
		cmocka_unit_test(problems_say_kind_and_place),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
