/* One path explained, and the way of a start command. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/judged.h"
#include "lib/reported.h"

static const char FILES[] = "700 0:0 d/\n644 0:0 d/x = abc\n";

static void a_path_has_access_reasons_and_layer(void **state)
{
	struct judged judged;

	(void)state;
	judged_open(&judged, &(struct judged_input){ .files = FILES });
	char *text = REPORTED(PLAINLY, report_why_text, judged.judgement, "/d/x");
	assert_string_equal(text, "/d/x\n"
				  "  -rw-r--r-- root:root, 3 B\n"
				  "  1000:100 may do nothing with it\n"
				  "    /  drwxr-xr-x root:root  other has x\n"
				  "    /d  drwx------ root:root  other has no x: search denied\n"
				  "    layer 2, RUN step 2\n"
				  "  to read it: chmod o+x /d (+512 B as a layer, +0 B rewritten)\n"
				  "  i ACC-005 /d (drwx------ root:root) hides 1 file (3 B) from "
				  "1000:100\n");
	free(text);
	judged_done(&judged);
}

static void what_opening_costs_is_an_object(void **state)
{
	struct judged judged;

	(void)state;
	judged_open(&judged, &(struct judged_input){ .files = FILES });
	json_t *json = REPORTED_JSON(PLAINLY, report_why_json, judged.judgement, "/d/x");
	json_t *open = json_object_get(json, "open");
	json_t *change = json_array_get(json_object_get(open, "changes"), 0);
	assert_string_equal(member(json, "as"), "1000:100");
	assert_string_equal(member(json, "user"), "root");
	assert_string_equal(member(open, "access"), "r--");
	assert_int_equal(json_integer_value(json_object_get(open, "bytes")), 512);
	assert_string_equal(member(change, "path"), "/d");
	assert_string_equal(member(change, "class"), "other");
	assert_string_equal(member(change, "add"), "--x");
	assert_string_equal(member(change, "after"), "0701");
	json_decref(json);
	json = REPORTED_JSON(PLAINLY, report_why_json, judged.judgement, "/etc/passwd");
	assert_true(json_is_null(json_object_get(json, "open")));
	json_decref(json);
	judged_done(&judged);
}

static void what_must_stay_shut_is_said(void **state)
{
	struct judged judged;

	(void)state;
	judged_open(&judged, &(struct judged_input){ .files = "600 0:0 etc/shadow = abc\n" });
	char *text = REPORTED(PLAINLY, report_why_text, judged.judgement, "/etc/shadow");
	assert_non_null(strstr(text, "  to read it: no change: it must stay its owner's\n"));
	free(text);
	judged_done(&judged);
}

static void what_is_not_there_is_said(void **state)
{
	struct judged judged;

	(void)state;
	judged_open(&judged, &(struct judged_input){ 0 });
	char *text = REPORTED(PLAINLY, report_why_text, judged.judgement, "/nope");
	assert_non_null(strstr(text, "/nope  is not there\n"));
	free(text);
	json_t *json = REPORTED_JSON(PLAINLY, report_why_json, judged.judgement, "/nope");
	assert_true(json_is_false(json_object_get(json, "exists")));
	assert_null(json_object_get(json, "access"));
	json_decref(json);
	judged_done(&judged);
}

static void findings_about_the_path_are_named(void **state)
{
	struct judged judged;

	(void)state;
	judged_open(&judged,
		    &(struct judged_input){ .files = "755 1000:100 app/\n600 0:0 app/x = y\n" });
	char *text = REPORTED(PLAINLY, report_why_text, judged.judgement, "/app/x");
	assert_non_null(strstr(text, "  ✗ ACC-004 1000:100 may not read, write /app/x"));
	free(text);
	json_t *json = REPORTED_JSON(PLAINLY, report_why_json, judged.judgement, "/app/x");
	json_t *finding = json_array_get(json_object_get(json, "findings"), 0);
	assert_string_equal(member(finding, "rule"), "ACC-004");
	assert_string_equal(member(json, "access"), "---");
	json_decref(json);
	judged_done(&judged);
}

static void a_start_ends_at_its_obstacle(void **state)
{
	struct judged judged;

	(void)state;
	judged_open(&judged, &(struct judged_input){ .config = "{'Cmd':['/d/run']}",
						     .files = "700 0:0 d/\n755 0:0 d/run = x\n" });
	char *text =
		REPORTED(PLAINLY, report_start_text, judged.judgement, judged.judgement->start);
	assert_non_null(strstr(text, "  command      /d/run\n"
				     "  /d/run may not be used: permission denied\n"));
	assert_non_null(strstr(text, "other has no x: search denied"));
	free(text);
	json_t *json = REPORTED_JSON(PLAINLY, report_start_json, judged.judgement,
				     judged.judgement->start);
	assert_true(json_is_false(json_object_get(json, "starts")));
	json_decref(json);
	judged_done(&judged);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_path_has_access_reasons_and_layer),
		cmocka_unit_test(what_opening_costs_is_an_object),
		cmocka_unit_test(what_must_stay_shut_is_said),
		cmocka_unit_test(what_is_not_there_is_said),
		cmocka_unit_test(findings_about_the_path_are_named),
		cmocka_unit_test(a_start_ends_at_its_obstacle),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
