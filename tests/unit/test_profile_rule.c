/* What is wrong with a rule is said with its member and what is allowed. */
#include "lib/profiles.h"

static void a_sound_rule_is_read(void **state)
{
	struct profile *profile = NULL;
	struct err err = { 0 };

	(void)state;
	if (profile_changed("'p'", "'p'", &profile, &err) < 0)
		fail_msg("%s", err.text);
	const struct rule *rule = profile_rule(profile, 0);
	assert_string_equal(rule->id, "R-1");
	assert_int_equal(rule->certainty, CERTAINTY_EXACT);
	assert_int_equal(rule->case_count, 1);
	assert_int_equal(rule->cases[0].severity, SEVERITY_ERROR);
	assert_int_equal(rule->fix_count, 1);
	assert_string_equal(rule->fixes[0].when, "missing");
	assert_int_equal(json_integer_value(profile_argument(profile, rule->arguments, "uid")),
			 1000);
	profile_free(profile);
}

static void mistakes_are_named(void **state)
{
	/* clang-format off */
	static const struct profile_mistake ROWS[] = {
		{ "'id':'R-1',", "", "rules[0].id", "text" },
		{ "'user-exists'", "'user-exist'", "R-1.predicate", "user-exists" },
		{ "'missing':", "'absent':", "R-1.cases.absent", "missing" },
		{ "'error'", "'fatal'", "R-1.cases.missing.severity", "info, warning, error" },
		{ "{path}", "{paht}", "R-1.cases.missing.message", "path, blocker" },
		{ "{path}", "{path", "R-1.cases.missing.message", "'}'" },
		{ "'add-user'", "'add-users'", "R-1.fixes[0].action", "add-user" },
		{ "'when':['missing']", "'when':'other'", "R-1.fixes.f.when", "other" },
		{ "'when':['missing']", "'when':[1]", "R-1.fixes.f.when", "list of cases" },
		{ "'uid':'$uid'}}]", "'uid':'$gid'}}]", "R-1.fixes.f.arguments.uid", "gid" },
		{ "'uid':'$uid'}}]", "'id':'$uid'}}]", "R-1.fixes.f.arguments.id", "name, uid" },
		{ "'arguments':{'uid'", "'arguments':{'x'", "R-1.arguments.x", "uid" },
		{ "'source':'s'", "'source':'s','certainty':'sure'", "R-1.certainty", "exact" },
		{ "'source':'s'", "'source':'s','subject':'job'", "R-1.subject", "registry" },
		{ "'source':'s'", "'source':'s','certainty':'heuristic'",
		  "R-1.cases.missing.severity", "warning" },
		{ "'source':'s'", "'source':'s','command':'x {imgae} y'", "R-1.command", "image" },
		{ "'source':'s'", "'source':'s','at-most':'low'", "R-1.at-most", "warning" },
	};
	/* clang-format on */

	(void)state;
	profile_mistakes(ROWS, sizeof(ROWS) / sizeof(*ROWS));
}

static void what_decides_a_rule_is_kept(void **state)
{
	struct profile *profile = NULL;
	struct err err = { 0 };

	(void)state;
	if (profile_changed("'source':'s'",
			    "'source':'s','subject':'registry','command':'curl {uid} ${HOME} {'",
			    &profile, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(profile_rule(profile, 0)->subject, SUBJECT_REGISTRY);
	assert_string_equal(profile_rule(profile, 0)->command, "curl {uid} ${HOME} {");
	profile_free(profile);
}

static void severities_are_capped(void **state)
{
	struct profile *profile = NULL;

	(void)state;
	assert_int_equal(
		profile_changed("'source':'s'", "'source':'s','at-most':'warning'", &profile, NULL),
		0);
	assert_int_equal(profile_rule(profile, 0)->cases[0].severity, SEVERITY_WARNING);
	profile_free(profile);
}

static void a_rule_id_is_there_once(void **state)
{
	struct profile *profile = NULL;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(
		profile_changed(
			"'rules':[",
			"'rules':[{'id':'R-1','title':'t','source':'s','predicate':"
			"'user-exists','cases':{'missing':{'severity':'info','message':'m'}}},",
			&profile, &err),
		-ERR_FORMAT);
	assert_non_null(strstr(err.text, "twice"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sound_rule_is_read),
		cmocka_unit_test(mistakes_are_named),
		cmocka_unit_test(what_decides_a_rule_is_kept),
		cmocka_unit_test(severities_are_capped),
		cmocka_unit_test(a_rule_id_is_there_once),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
