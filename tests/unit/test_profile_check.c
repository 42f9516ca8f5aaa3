/* What is asked of the members of a profile, and how errors name them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/rule/profile_check.h"

static struct parameter PARAMETERS[] = { { .name = "uid", .type = PARAMETER_INT } };
static struct profile PROFILE = { .parameters = PARAMETERS, .parameter_count = 1 };
static const struct profile_check CHECK = { .file = "p.json", .profile = &PROFILE };

static void an_error_names_file_place_and_member(void **state)
{
	struct profile_check check = CHECK;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(rule__check_failed(&check, &err, "name", "must be %d", 1), -ERR_FORMAT);
	assert_string_equal(err.text, "profile 'p.json': name: must be 1");
	rule__check_enter(&check, "rules[%d]", 3);
	err = (struct err){ 0 };
	assert_int_equal(rule__check_failed(&check, &err, "name", "x"), -ERR_FORMAT);
	assert_string_equal(err.text, "profile 'p.json': rules[3].name: x");
}

static void members_and_texts_are_asked_for(void **state)
{
	static const char *const ALLOWED[] = { "a", "b", NULL };
	json_t *json = json_pack("{s:s, s:i}", "a", "text", "b", 1);
	const char *text = NULL;

	(void)state;
	assert_int_equal(rule__check_members(&CHECK, json, ALLOWED, NULL), 0);
	assert_int_equal(rule__check_members(&CHECK, json, ALLOWED + 1, NULL), -ERR_FORMAT);
	assert_int_equal(rule__check_members(&CHECK, NULL, ALLOWED, NULL), -ERR_FORMAT);
	assert_int_equal(rule__check_text(&CHECK, json, "a", &text, NULL), 0);
	assert_string_equal(text, "text");
	assert_int_equal(rule__check_text(&CHECK, json, "b", &text, NULL), -ERR_FORMAT);
	assert_int_equal(rule__check_text(&CHECK, json, "c", &text, NULL), -ERR_FORMAT);
	json_decref(json);
}

static void a_word_is_one_of_those_that_there_are(void **state)
{
	static const char *const WORDS[] = { "low", "high", NULL };
	json_t *json = json_pack("{s:s, s:s, s:i}", "a", "high", "b", "higher", "c", 1);
	size_t word = 7;

	(void)state;
	assert_int_equal(rule__check_word(&CHECK, json, "none", WORDS, &word, NULL), 0);
	assert_int_equal(word, 7);
	assert_int_equal(rule__check_word(&CHECK, json, "a", WORDS, &word, NULL), 0);
	assert_int_equal(word, 1);
	assert_int_equal(rule__check_word(&CHECK, json, "b", WORDS, &word, NULL), -ERR_FORMAT);
	assert_int_equal(rule__check_word(&CHECK, json, "c", WORDS, &word, NULL), -ERR_FORMAT);
	json_decref(json);
}

static void arguments_name_parameters(void **state)
{
	static const char *const ALLOWED[] = { "uid", NULL };
	json_t *good = json_pack("{s:s}", "uid", "$uid"), *bad = json_pack("{s:s}", "uid", "$gid");

	(void)state;
	assert_int_equal(rule__check_arguments(&CHECK, NULL, ALLOWED, NULL), 0);
	assert_int_equal(rule__check_arguments(&CHECK, good, ALLOWED, NULL), 0);
	assert_int_equal(rule__check_arguments(&CHECK, good, ALLOWED + 1, NULL), -ERR_FORMAT);
	assert_int_equal(rule__check_arguments(&CHECK, bad, ALLOWED, NULL), -ERR_FORMAT);
	json_decref(good);
	json_decref(bad);
}

static void placeholders_are_known(void **state)
{
	(void)state;
	assert_int_equal(rule__check_message(&CHECK, "{path} of {uid}", NULL), 0);
	assert_int_equal(rule__check_message(&CHECK, "{image}", NULL), -ERR_FORMAT);
	assert_int_equal(rule__check_message(&CHECK, "{path", NULL), -ERR_FORMAT);
	assert_int_equal(rule__check_command(&CHECK, "x {image} {uid} ${HOME} {", NULL), 0);
	assert_int_equal(rule__check_command(&CHECK, "x {path}", NULL), -ERR_FORMAT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_error_names_file_place_and_member),
		cmocka_unit_test(members_and_texts_are_asked_for),
		cmocka_unit_test(a_word_is_one_of_those_that_there_are),
		cmocka_unit_test(arguments_name_parameters),
		cmocka_unit_test(placeholders_are_known),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
