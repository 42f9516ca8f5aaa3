/* JSON with limits in front, and bytes that are no UTF-8. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/json.h"

static int parse(const char *text, json_t **ret_json, struct problem_list *problems,
		 struct err *err)
{
	return json_parse(text, strlen(text), "manifest", NULL, problems, ret_json, err);
}

static json_t *parse_good(const char *text)
{
	json_t *json = NULL;

	assert_int_equal(parse(text, &json, NULL, NULL), 0);
	return json;
}

static void assert_refused(const char *text, enum err_code code, const char *part)
{
	struct err err = { 0 };
	json_t *json = NULL;

	assert_true(parse(text, &json, NULL, &err) < 0);
	assert_int_equal(err.code, code);
	assert_null(json);
	if (!strstr(err.text, part))
		fail_msg("'%s' is not in '%s'", part, err.text);
}

static void members_are_read_by_type(void **state)
{
	CLEANUP(json_decrefp)
	json_t *json = parse_good(
		"{\"s\": \"x\", \"i\": 7, \"b\": true, \"a\": [1], \"o\": {}, \"n\": null}");

	(void)state;
	assert_string_equal(json_get_string(json, "s"), "x");
	assert_int_equal(json_get_int(json, "i", 1), 7);
	assert_true(json_get_bool(json, "b", false));
	assert_int_equal(json_array_size(json_get_array(json, "a")), 1);
	assert_non_null(json_get_object(json, "o"));
}

static void another_type_or_null_is_as_absent(void **state)
{
	CLEANUP(json_decrefp) json_t *json = parse_good("{\"s\": 1, \"o\": [], \"n\": null}");

	(void)state;
	assert_null(json_get_string(json, "s"));
	assert_null(json_get_string(json, "n"));
	assert_null(json_get_object(json, "o"));
	assert_null(json_get_array(json, "s"));
	assert_true(json_get_bool(json, "n", true));
	assert_int_equal(json_get_int(json, "gone", 5), 5);
}

static void no_object_has_no_members(void **state)
{
	CLEANUP(json_decrefp) json_t *array = parse_good("[1]");

	(void)state;
	assert_null(json_get_string(NULL, "s"));
	assert_null(json_get_object(array, "s"));
	assert_int_equal(json_get_int(NULL, "s", 3), 3);
}

static void the_last_of_two_equal_keys_wins_and_is_told(void **state)
{
	struct problem_list problems = { 0 };
	CLEANUP(json_decrefp) json_t *json = NULL;

	(void)state;
	assert_int_equal(parse("{\"a\": 1, \"a\": 2}", &json, &problems, NULL), 0);
	assert_int_equal(json_get_int(json, "a", 0), 2);
	assert_int_equal(problems.all.count, 1);
	assert_int_equal(problems.all.items[0].kind, PROBLEM_DUPLICATE_KEY);
	assert_false(problems.damaged);
	problem_list_done(&problems);
}

static void a_mistake_is_named_with_line_and_column(void **state)
{
	(void)state;
	assert_refused("{\n  \"a\": ]\n}", ERR_FORMAT, "manifest: line 2, column 8: ");
	assert_refused("", ERR_FORMAT, "manifest: ");
	assert_refused("{} x", ERR_FORMAT, "manifest: ");
	assert_refused("{\"a\": \"\xff\"}", ERR_FORMAT, "unable to decode byte 0xff");
	assert_refused("{\"a\": 1, \"a\": 2, x}", ERR_FORMAT, "manifest: ");
}

static void a_number_that_is_too_big_says_so(void **state)
{
	(void)state;
	assert_refused("[99999999999999999999]", ERR_FORMAT, "too big integer");
	assert_refused("[1e400]", ERR_FORMAT, "real number overflow");
}

static void nesting_is_limited_before_anything_is_built(void **state)
{
	char deep[2 * 65 + 1];

	(void)state;
	memset(deep, '[', 65);
	memset(deep + 65, ']', 65);
	deep[130] = '\0';
	assert_refused(deep, ERR_LIMIT, "manifest: nesting of JSON: 65 ");
	memmove(deep, deep + 1, 128);
	deep[128] = '\0';
	json_decref(parse_good(deep));
}

static void brackets_in_strings_are_no_nesting(void **state)
{
	char text[400] = "[\"\\\"";

	(void)state;
	memset(text + 4, '[', 300);
	memcpy(text + 304, "\\\\\"]", 5);
	json_decref(parse_good(text));
}

static void many_short_arrays_are_no_nesting(void **state)
{
	char text[400] = "[[]";
	size_t len = 3;

	(void)state;
	for (; len < 300; len += 3)
		memcpy(text + len, ",[]", 3);
	memcpy(text + len, "]", 2);
	json_decref(parse_good(text));
}

static void size_is_limited(void **state)
{
	struct limits limits = *limits_default();
	struct err err = { 0 };
	json_t *json = NULL;

	(void)state;
	limits.json_bytes = 4;
	assert_int_equal(json_parse("[1,2]", 5, "config", &limits, NULL, &json, &err), -ERR_LIMIT);
	assert_string_equal(err.text, "config: bytes of JSON: 5 is above the limit of 4");
}

static void bad_bytes_become_the_replacement_character(void **state)
{
	CLEANUP(json_decrefp) json_t *good = json_from_bytes("caf\u00e9", 5);
	CLEANUP(json_decrefp) json_t *bad = json_from_bytes("c\xe9\u00e9\xf0\x9f", 6);

	(void)state;
	assert_string_equal(json_string_value(good), "caf\u00e9");
	assert_string_equal(json_string_value(bad), "c\ufffd\u00e9\ufffd\ufffd");
}

static void utf8_is_stored_plainly(void **state)
{
	CLEANUP(json_decrefp) json_t *json = json_object();

	(void)state;
	assert_int_equal(json_set_bytes(json, "path", "caf\u00e9", 5, NULL), 0);
	assert_string_equal(json_get_string(json, "path"), "caf\u00e9");
	assert_null(json_object_get(json, "path_base64"));
}

static void other_bytes_are_stored_as_base64(void **state)
{
	static const struct {
		const char *bytes, *base64;
		size_t len;
	} samples[] = {
		{ "\xff", "/w==", 1 },
		{ "a\xff", "Yf8=", 2 },
		{ "caf\xe9/x", "Y2Fm6S94", 6 },
		{ "a\0b", "YQBi", 3 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(*samples); i++) {
		CLEANUP(json_decrefp) json_t *json = json_object();
		CLEANUP(freep) char *bytes = NULL;
		size_t len;

		assert_int_equal(
			json_set_bytes(json, "path", samples[i].bytes, samples[i].len, NULL), 0);
		assert_string_equal(json_get_string(json, "path_base64"), samples[i].base64);
		assert_int_equal(json_get_bytes(json, "path", &bytes, &len, NULL), 0);
		assert_int_equal(len, samples[i].len);
		assert_memory_equal(bytes, samples[i].bytes, len + 1);
	}
}

static void all_bytes_and_lengths_come_back(void **state)
{
	char all[256];

	(void)state;
	for (int i = 0; i < 256; i++)
		all[i] = (char)(255 - i);
	for (size_t len = 0; len <= sizeof(all); len++) {
		CLEANUP(json_decrefp) json_t *json = json_object();
		CLEANUP(freep) char *bytes = NULL;
		size_t back;

		assert_int_equal(json_set_bytes(json, "body", all, len, NULL), 0);
		assert_int_equal(json_get_bytes(json, "body", &bytes, &back, NULL), 0);
		assert_int_equal(back, len);
		assert_memory_equal(bytes, all, len);
		assert_int_equal(bytes[len], '\0');
	}
}

static void damaged_base64_is_refused(void **state)
{
	static const char *const damaged[] = { "A",    "AAA",      "A===", "A=AA",
					       "AA=A", "AA==AAAA", "A-AA" };

	(void)state;
	for (size_t i = 0; i < sizeof(damaged) / sizeof(*damaged); i++) {
		CLEANUP(json_decrefp) json_t *json = json_pack("{s:s}", "path_base64", damaged[i]);
		char *bytes = NULL;
		size_t len;

		assert_int_equal(json_get_bytes(json, "path", &bytes, &len, NULL), -ERR_FORMAT);
		assert_null(bytes);
	}
}

static void absent_bytes_are_told(void **state)
{
	CLEANUP(json_decrefp) json_t *json = json_object();
	struct err err = { 0 };
	char *bytes;
	size_t len;

	(void)state;
	assert_int_equal(json_get_bytes(json, "path", &bytes, &len, &err), -ERR_FORMAT);
	assert_string_equal(err.text, "path: is not there");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_are_read_by_type),
		cmocka_unit_test(another_type_or_null_is_as_absent),
		cmocka_unit_test(no_object_has_no_members),
		cmocka_unit_test(the_last_of_two_equal_keys_wins_and_is_told),
		cmocka_unit_test(a_mistake_is_named_with_line_and_column),
		cmocka_unit_test(a_number_that_is_too_big_says_so),
		cmocka_unit_test(nesting_is_limited_before_anything_is_built),
		cmocka_unit_test(brackets_in_strings_are_no_nesting),
		cmocka_unit_test(many_short_arrays_are_no_nesting),
		cmocka_unit_test(size_is_limited),
		cmocka_unit_test(bad_bytes_become_the_replacement_character),
		cmocka_unit_test(utf8_is_stored_plainly),
		cmocka_unit_test(other_bytes_are_stored_as_base64),
		cmocka_unit_test(all_bytes_and_lengths_come_back),
		cmocka_unit_test(damaged_base64_is_refused),
		cmocka_unit_test(absent_bytes_are_told),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
