/* Profiles made of others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/build.h"
#include "rule/profile.h"

#define RULE(id, severity)                                                                     \
	"{'id':'" id "','title':'t','source':'s','predicate':'user-exists',"                   \
	"'arguments':{'uid':'$uid'},"                                                          \
	"'cases':{'missing':{'severity':'" severity "','message':'m'}}}"

static const char BASE[] =
	"{'name':'base','title':'Base','library':true,"
	"'parameters':{'uid':{'type':'int','default':1000,'help':'h'}},"
	"'commands':[{'title':'t','source':'s','command':'base'}],"
	"'rules':[" RULE("B-1", "error") "," RULE("B-2", "error") "]}";

/* NAME.json with ' for ". */
static void put(const char *name, const char *text)
{
	char copy[4000];
	char file[100];

	snprintf(copy, sizeof(copy), "%s", text);
	for (char *c = copy; *c; c++)
		*c = *c == '\'' ? '"' : *c;
	snprintf(file, sizeof(file), "%s.json", name);
	test_write(test_path(file), copy, strlen(copy));
}

static int load(const char *name, struct profile **ret_profile, struct err *err)
{
	const char *folders[] = { test_dir(), NULL };

	put("base", BASE);
	return profile_load(name, folders, ret_profile, err);
}

static void own_rules_come_before_the_included_ones(void **state)
{
	struct profile *profile = NULL;
	struct err err = { 0 };

	(void)state;
	put("own", "{'name':'own','title':'Own','include':['base'],'rules':[" RULE(
			   "O-1", "info") "," RULE("O-2", "info") "]}");
	if (load("own", &profile, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(profile_rule_count(profile), 4);
	assert_string_equal(profile_rule(profile, 0)->id, "O-1");
	assert_string_equal(profile_rule(profile, 1)->id, "O-2");
	assert_string_equal(profile_rule(profile, 2)->id, "B-1");
	assert_int_equal(profile_uid(profile), 1000);
	assert_string_equal(profile_command(profile, 0)->command, "base");
	assert_string_equal(profile_title(profile), "Own");
	assert_false(profile_is_library(profile));
	profile_free(profile);
}

static void members_are_patched_and_rules_removed(void **state)
{
	struct profile *profile = NULL;
	struct err err = { 0 };

	(void)state;
	put("own", "{'name':'own','title':'Own','include':['base'],'remove':['B-2'],"
		   "'parameters':{'uid':{'default':7}},'commands':[],"
		   "'rules':[{'id':'B-1','title':'other',"
		   "'cases':{'missing':{'severity':'warning'}}}]}");
	if (load("own", &profile, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(profile_rule_count(profile), 1);
	assert_string_equal(profile_rule(profile, 0)->title, "other");
	assert_string_equal(profile_rule(profile, 0)->source, "s");
	assert_int_equal(profile_rule(profile, 0)->cases[0].severity, SEVERITY_WARNING);
	assert_string_equal(profile_rule(profile, 0)->cases[0].message, "m");
	assert_int_equal(profile_uid(profile), 7);
	assert_int_equal(profile_command_count(profile), 0);
	profile_free(profile);
}

static void named_rules_stand_in_front(void **state)
{
	static const char *const IDS[] = { "B-2", "O-1", "B-1" };
	struct profile *profile = NULL;
	struct err err = { 0 };

	(void)state;
	put("own", "{'name':'own','title':'Own','include':['base'],"
		   "'rules':[{'id':'B-2'}," RULE("O-1", "info") "]}");
	if (load("own", &profile, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(profile_rule_count(profile), 3);
	for (size_t i = 0; i < 3; i++)
		assert_string_equal(profile_rule(profile, i)->id, IDS[i]);
	profile_free(profile);
}

static void what_two_includes_share_is_there_once(void **state)
{
	struct profile *profile = NULL;
	struct err err = { 0 };

	(void)state;
	put("a", "{'name':'a','title':'A','include':['base'],'rules':[" RULE("A-1", "info") "]}");
	put("b", "{'name':'b','title':'B','include':['base'],'rules':[" RULE("C-1", "info") "]}");
	put("own", "{'name':'own','title':'Own','include':['a','b']}");
	if (load("own", &profile, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(profile_rule_count(profile), 4);
	profile_free(profile);
}

static void mistakes_are_named(void **state)
{
	/* clang-format off */
	static const struct {
		const char *text, *expected;
	} ROWS[] = {
		{ "{'name':'own','title':'T','include':'base','rules':[]}", "list of names" },
		{ "{'name':'own','title':'T','include':[1],'rules':[]}", "include[0]" },
		{ "{'name':'own','title':'T','include':['none'],'rules':[]}", "no profile 'none'" },
		{ "{'name':'own','title':'T','include':['own'],'rules':[]}", "in a circle" },
		{ "{'name':'own','title':'T','include':['base'],'remove':['X-1']}", "'X-1'" },
		{ "{'name':'own','title':'T','include':['base'],'parameters':[]}", "parameters" },
		{ "{'name':'own','title':'T','include':['base'],"
		  "'rules':[" RULE("O-1", "info") "," RULE("O-1", "info") "]}", "twice" },
		{ "{'name':'own','title':'T','include':['base'],"
		  "'rules':[{'id':'B-1','predicate':'nothing'}]}", "B-1.predicate" },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < sizeof(ROWS) / sizeof(*ROWS); i++) {
		struct profile *profile = NULL;
		struct err err = { 0 };

		put("own", ROWS[i].text);
		assert_true(load("own", &profile, &err) < 0);
		if (!strstr(err.text, ROWS[i].expected))
			fail_msg("'%s' does not say %s", err.text, ROWS[i].expected);
		assert_null(profile);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(own_rules_come_before_the_included_ones),
		cmocka_unit_test(members_are_patched_and_rules_removed),
		cmocka_unit_test(named_rules_stand_in_front),
		cmocka_unit_test(what_two_includes_share_is_there_once),
		cmocka_unit_test(mistakes_are_named),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
