/* Members by their path. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/json_path.h"

static void what_is_on_the_way_is_made(void **state)
{
	json_t *json = json_object();
	char *text;

	(void)state;
	assert_int_equal(json_path_set_new(json, "a.b", json_integer(1), NULL), 0);
	assert_int_equal(json_path_set_new(json, "a.c.0.d", json_integer(2), NULL), 0);
	assert_int_equal(json_path_set_new(json, "a.c.1.d", json_integer(3), NULL), 0);
	assert_int_equal(json_path_set_new(json, "a.c.0.e", json_integer(4), NULL), 0);
	assert_int_equal(json_path_set_new(json, "a.b", json_integer(5), NULL), 0);
	text = json_dumps(json, JSON_COMPACT);
	assert_string_equal(text, "{\"a\":{\"b\":5,\"c\":[{\"d\":2,\"e\":4},{\"d\":3}]}}");
	free(text);
	json_decref(json);
}

static void a_member_is_found(void **state)
{
	json_t *json = json_pack("{s:{s:[s,s]}}", "a", "b", "x", "y");

	(void)state;
	assert_string_equal(json_path_string(json, "a.b.1"), "y");
	assert_null(json_path_get(json, "a.b.2"));
	assert_null(json_path_get(json, "a.c"));
	assert_null(json_path_get(json, ""));
	assert_null(json_path_get(NULL, "a"));
	assert_null(json_path_string(json, "a.b"));
	json_decref(json);
}

static void what_does_not_fit_is_refused(void **state)
{
	json_t *json = json_pack("{s:s, s:[]}", "text", "x", "list");
	struct err err = { 0 };

	(void)state;
	assert_int_equal(json_path_set_new(json, "text.a", json_null(), NULL), -ERR_INVALID);
	assert_int_equal(json_path_set_new(json, "list.1", json_null(), NULL), -ERR_INVALID);
	assert_int_equal(json_path_set_new(json, "list.a", json_null(), &err), -ERR_INVALID);
	assert_non_null(strstr(err.text, "list.a"));
	assert_int_equal(json_path_set_new(json, "a", NULL, NULL), -ERR_NOMEM);
	json_decref(json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_on_the_way_is_made),
		cmocka_unit_test(a_member_is_found),
		cmocka_unit_test(what_does_not_fit_is_refused),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
