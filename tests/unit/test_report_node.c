/* One path of a listing, as a line and as an object. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/judged.h"
#include "lib/reported.h"

static node_id find(const struct judged *judged, const char *path)
{
	node_id node = tree_find(judged->tree, path);

	assert_false(node_is_none(node));
	return node;
}

static void check_line(const char *files, const char *path, const char *expected)
{
	struct judged judged;

	judged_open(&judged, &(struct judged_input){ .files = files });
	char *text = REPORTED(PLAINLY, report_node_text, judged.judgement, find(&judged, path),
			      judgement_at(judged.judgement));
	assert_string_equal(text, expected);
	free(text);
	judged_done(&judged);
}

static void a_file_has_access_mode_owner_size_and_path(void **state)
{
	(void)state;
	check_line("640 0:100 x = 123456\n", "x", "r-- -rw-r----- root:ma-group          6 B /x\n");
}

static void a_directory_has_no_size(void **state)
{
	(void)state;
	check_line("700 7:8 d/\n", "d", "--- drwx------ 7:8                        /d\n");
}

static void a_link_shows_its_target(void **state)
{
	(void)state;
	check_line("l here -> /no\nl x -> here\n", "x",
		   "--- lrwxrwxrwx root:root                  /x -> here\n");
}

static void what_the_runtime_knows_is_not_guessed(void **state)
{
	struct judged judged;

	(void)state;
	judged_open(&judged,
		    &(struct judged_input){ .files = "755 0:0 proc/\n644 0:0 proc/x = y\n" });
	json_t *json = REPORTED_JSON(PLAINLY, report_node_json, judged.judgement,
				     find(&judged, "proc/x"), judgement_at(judged.judgement));
	assert_true(json_is_null(json_object_get(json, "access")));
	json_decref(json);
	judged_done(&judged);
}

static void an_object_has_what_is_known(void **state)
{
	struct judged judged;

	(void)state;
	judged_open(&judged,
		    &(struct judged_input){ .files = "700 0:0 d/\n4755 0:4711 d/x = abc\n" });
	json_t *json = REPORTED_JSON(PLAINLY, report_node_json, judged.judgement,
				     find(&judged, "d/x"), judgement_at(judged.judgement));
	assert_string_equal(member(json, "path"), "/d/x");
	assert_string_equal(member(json, "type"), "file");
	assert_string_equal(member(json, "mode"), "4755");
	assert_string_equal(member(json, "user"), "root");
	assert_null(json_object_get(json, "group"));
	assert_string_equal(member(json, "access"), "---");
	assert_string_equal(member(json, "blocked_by"), "/d");
	assert_int_equal(json_integer_value(json_object_get(json, "size")), 3);
	assert_int_equal(json_integer_value(json_object_get(json, "links")), 1);
	assert_int_equal(json_integer_value(json_object_get(json, "layer")), 2);
	json_decref(json);
	judged_done(&judged);
}

static void a_link_is_blocked_by_what_hides_its_target(void **state)
{
	struct judged judged;

	(void)state;
	judged_open(&judged, &(struct judged_input){
				     .files = "700 0:0 d/\n644 0:0 d/x = abc\nl l -> d/x\n" });
	json_t *json = REPORTED_JSON(PLAINLY, report_node_json, judged.judgement,
				     find(&judged, "l"), judgement_at(judged.judgement));
	assert_string_equal(member(json, "target"), "d/x");
	assert_string_equal(member(json, "blocked_by"), "/d");
	json_decref(json);
	judged_done(&judged);
}

static void a_name_that_is_no_utf8_is_base64(void **state)
{
	struct judged judged;

	(void)state;
	judged_open(&judged, &(struct judged_input){ .files = "644 0:0 a\xff = y\n" });
	json_t *json = REPORTED_JSON(PLAINLY, report_node_json, judged.judgement,
				     find(&judged, "a\xff"), judgement_at(judged.judgement));
	assert_null(json_object_get(json, "path"));
	assert_string_equal(member(json, "path_base64"), "L2H/");
	json_decref(json);
	judged_done(&judged);
}

static void what_a_layer_did_is_said_where_it_is_asked(void **state)
{
	const struct report_options options = { .change = "added" };
	struct judged judged;

	(void)state;
	judged_open(&judged, &(struct judged_input){ .files = "644 0:0 a = y\n" });
	char *text = REPORTED(options, report_node_text, judged.judgement, find(&judged, "a"), 2);
	assert_int_equal(strncmp(text, "added    r-- ", 13), 0);
	free(text);
	json_t *json =
		REPORTED_JSON(options, report_node_json, judged.judgement, find(&judged, "a"), 2);
	assert_string_equal(member(json, "change"), "added");
	json_decref(json);
	judged_done(&judged);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_has_access_mode_owner_size_and_path),
		cmocka_unit_test(a_directory_has_no_size),
		cmocka_unit_test(a_link_shows_its_target),
		cmocka_unit_test(what_the_runtime_knows_is_not_guessed),
		cmocka_unit_test(an_object_has_what_is_known),
		cmocka_unit_test(a_link_is_blocked_by_what_hides_its_target),
		cmocka_unit_test(a_name_that_is_no_utf8_is_base64),
		cmocka_unit_test(what_a_layer_did_is_said_where_it_is_asked),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
