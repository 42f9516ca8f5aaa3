/* What is wrong with a profile is said with its member and what is allowed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "core/rule/rule_priv.h"

/* A profile in which the text of 'old' is replaced. */
static const char GOOD[] =
	"{'name':'p','title':'t','parameters':{'uid':{'type':'int','default':1000}},"
	"'rules':[{'id':'R-1','title':'t','source':'s','predicate':'ask'}]}";

static int parse(const char *old, const char *new, struct profile **ret_profile, struct err *err)
{
	char text[2000];
	const char *at = strstr(GOOD, old);

	assert_non_null(at);
	snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - GOOD), GOOD, new, at + strlen(old));
	for (char *c = text; *c; c++)
		*c = *c == '\'' ? '"' : *c;
	json_t *json = json_loads(text, 0, NULL);
	assert_non_null(json);
	return rule__profile_parse(json, "p.json", ret_profile, err);
}

static void a_sound_profile_is_read(void **state)
{
	struct profile *profile = NULL;
	struct err err = { 0 };

	(void)state;
	if (parse("'p'", "'p'", &profile, &err) < 0)
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
	static const struct {
		const char *old, *new, *member, *allowed;
	} ROWS[] = {
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
	for (size_t i = 0; i < sizeof(ROWS) / sizeof(*ROWS); i++) {
		struct profile *profile = NULL;
		struct err err = { 0 };

		assert_int_equal(parse(ROWS[i].old, ROWS[i].new, &profile, &err), -ERR_FORMAT);
		if (!strstr(err.text, ROWS[i].member) || !strstr(err.text, ROWS[i].allowed))
			fail_msg("'%s' does not name %s and %s", err.text, ROWS[i].member,
				 ROWS[i].allowed);
		assert_non_null(strstr(err.text, "p.json"));
		assert_null(profile);
	}
}

static void what_tests_a_result_is_kept(void **state)
{
	struct profile *profile = NULL;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(parse("'p'", "'p'", &profile, &err), 0);
	assert_int_equal(profile_command_count(profile), 0);
	profile_free(profile);
	assert_int_equal(parse("'rules':",
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
