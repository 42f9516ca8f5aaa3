/* What is wrong with a profile is said with its member and what is allowed. */
#include "lib/profiles.h"

static void a_sound_profile_is_read(void **state)
{
	struct profile *profile = NULL;
	struct err err = { 0 };

	(void)state;
	if (profile_changed("'p'", "'p'", &profile, &err) < 0)
		fail_msg("%s", err.text);
	assert_string_equal(profile->name, "p");
	assert_string_equal(profile->title, "t");
	assert_int_equal(profile->parameter_count, 1);
	assert_int_equal(profile_int(profile, "uid", 0), 1000);
	assert_string_equal(profile_rule(profile, 0)->id, "R-1");
	assert_null(profile_rule(profile, 1));
	profile_free(profile);
}

static void mistakes_are_named(void **state)
{
	/* clang-format off */
	static const struct profile_mistake ROWS[] = {
		{ "'name':'p',", "", "name", "text" },
		{ "'name':'p'", "'name':'p','nmae':1", "nmae", "commands, rules" },
		{ "'int'", "'number'", "parameters.uid.type", "int, bool, string, list" },
		{ "1000", "'x'", "parameters.uid.default", "whole number" },
		{ "1000", "-1", "parameters.uid.default", "whole number" },
		{ "'rules':", "'commands':[{'title':'t','source':'s'}],'rules':",
		  "commands[0].command", "text" },
		{ "'rules':", "'commands':1,'rules':", "commands", "array" },
	};
	/* clang-format on */

	(void)state;
	profile_mistakes(ROWS, sizeof(ROWS) / sizeof(*ROWS));
}

static void what_tests_a_result_is_kept(void **state)
{
	struct profile *profile = NULL;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(profile_changed("'p'", "'p'", &profile, &err), 0);
	assert_int_equal(profile_command_count(profile), 0);
	profile_free(profile);
	assert_int_equal(
		profile_changed("'rules':",
				"'commands':[{'title':'t','source':'s','command':'c {image}'}],"
				"'library':true,'rules':",
				&profile, &err),
		0);
	assert_int_equal(profile_command_count(profile), 1);
	assert_string_equal(profile_command(profile, 0)->command, "c {image}");
	assert_true(profile_is_library(profile));
	profile_free(profile);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sound_profile_is_read),
		cmocka_unit_test(mistakes_are_named),
		cmocka_unit_test(what_tests_a_result_is_kept),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
