/* Parameters of a profile and "name=value". */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rule/profile.h"

static struct profile *load(void)
{
	struct profile *profile = NULL;
	struct err err = { 0 };

	if (profile_load("modelarts-training", NULL, &profile, &err) < 0)
		fail_msg("%s", err.text);
	return profile;
}

static void defaults_are_there(void **state)
{
	struct profile *profile = load();

	(void)state;
	assert_int_equal(profile_int(profile, "uid", 1), 1000);
	assert_true(profile_bool(profile, "strict", false));
	assert_string_equal(profile_string(profile, "home", ""), "/home/ma-user");
	assert_string_equal(profile_list(profile, "scope")[0], "/app");
	profile_free(profile);
}

static void what_is_not_there_or_of_another_type_is_the_default_of_the_caller(void **state)
{
	struct profile *profile = load();

	(void)state;
	assert_int_equal(profile_int(profile, "none", 7), 7);
	assert_int_equal(profile_int(profile, "home", 7), 7);
	assert_string_equal(profile_string(profile, "uid", "x"), "x");
	assert_null(profile_list(profile, "uid")[0]);
	profile_free(profile);
}

static void values_are_set_by_their_type(void **state)
{
	struct profile *profile = load();

	(void)state;
	assert_int_equal(profile_set(profile, "gid=200", NULL), 0);
	assert_int_equal(profile_gid(profile), 200);
	assert_int_equal(profile_set(profile, "strict=false", NULL), 0);
	assert_false(profile_bool(profile, "strict", true));
	assert_int_equal(profile_set(profile, "home=/home/me=x", NULL), 0);
	assert_string_equal(profile_string(profile, "home", ""), "/home/me=x");
	assert_int_equal(profile_set(profile, "scope=/a,/b", NULL), 0);
	assert_string_equal(profile_list(profile, "scope")[1], "/b");
	assert_null(profile_list(profile, "scope")[2]);
	assert_int_equal(profile_set(profile, "scope=", NULL), 0);
	assert_null(profile_list(profile, "scope")[0]);
	profile_free(profile);
}

static void what_does_not_fit_is_refused_and_changes_nothing(void **state)
{
	static const char *const WRONG[] = {
		"gid",      "gid=",         "gid=x",
		"gid=-1",   "gid=1x",       "gid=99999999999999999999",
		"strict=2", "nothing=here", "=value",
		"",         "home=\xff",
	};
	struct profile *profile = load();

	(void)state;
	for (size_t i = 0; i < sizeof(WRONG) / sizeof(*WRONG); i++) {
		struct err err = { 0 };

		assert_int_equal(profile_set(profile, WRONG[i], &err), -ERR_INVALID);
		assert_true(strlen(err.text) > 0);
	}
	assert_int_equal(profile_gid(profile), 100);
	profile_free(profile);
}

static void an_argument_follows_the_override(void **state)
{
	struct profile *profile = load();
	json_t *arguments = json_pack("{s:s, s:i}", "gid", "$gid", "mode", 7);

	(void)state;
	assert_int_equal(profile_set(profile, "gid=300", NULL), 0);
	assert_int_equal(json_integer_value(profile_argument(profile, arguments, "gid")), 300);
	assert_int_equal(json_integer_value(profile_argument(profile, arguments, "mode")), 7);
	assert_null(profile_argument(profile, arguments, "none"));
	assert_null(profile_argument(profile, NULL, "gid"));
	json_decref(arguments);
	profile_free(profile);
}

static void parameters_are_told_with_their_values(void **state)
{
	struct profile *profile = load();
	struct profile_parameter parameter;
	bool seen = false;
	size_t i = 0;

	(void)state;
	assert_int_equal(profile_set(profile, "scope=/a,/b", NULL), 0);
	for (; profile_parameter(profile, i, &parameter); i++) {
		if (strcmp(parameter.name, "scope") != 0)
			continue;
		assert_string_equal(parameter.type, "list");
		assert_string_equal(parameter.value, "/a, /b");
		assert_non_null(strstr(parameter.help, "folders"));
		seen = true;
	}
	assert_true(seen);
	assert_false(profile_parameter(profile, i, &parameter));
	profile_free(profile);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults_are_there),
		cmocka_unit_test(what_is_not_there_or_of_another_type_is_the_default_of_the_caller),
		cmocka_unit_test(values_are_set_by_their_type),
		cmocka_unit_test(what_does_not_fit_is_refused_and_changes_nothing),
		cmocka_unit_test(an_argument_follows_the_override),
		cmocka_unit_test(parameters_are_told_with_their_values),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
