/* Where profiles come from. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/build.h"
#include "rule/builtin.h"
#include "rule/profile.h"

static const char SMALL[] =
	"{\"name\":\"small\",\"title\":\"Small\",\"rules\":[{\"id\":\"R-1\",\"title\":\"t\","
	"\"source\":\"s\",\"predicate\":\"user-exists\",\"cases\":{\"missing\":"
	"{\"severity\":\"error\",\"message\":\"m\"}}}]}";

static void severities_have_names(void **state)
{
	enum severity severity;

	(void)state;
	assert_string_equal(severity_name(SEVERITY_WARNING), "warning");
	assert_true(severity_find("error", &severity));
	assert_int_equal(severity, SEVERITY_ERROR);
	assert_false(severity_find("fatal", &severity));
	assert_string_equal(certainty_name(CERTAINTY_HEURISTIC), "heuristic");
}

static void every_built_in_profile_loads(void **state)
{
	(void)state;
	assert_non_null(builtin_profiles[0].name);
	for (size_t i = 0; builtin_profiles[i].name; i++) {
		struct profile *profile = NULL;
		struct err err = { 0 };

		if (profile_load(builtin_profiles[i].name, NULL, &profile, &err) < 0)
			fail_msg("%s", err.text);
		assert_string_equal(profile_name(profile), builtin_profiles[i].name);
		assert_true(profile_rule_count(profile) > 0);
		profile_free(profile);
	}
}

static void the_training_profile_asks_for_accounts_first(void **state)
{
	struct profile *profile = NULL;

	(void)state;
	assert_int_equal(profile_load("modelarts-training", NULL, &profile, NULL), 0);
	assert_string_equal(profile_rule(profile, 0)->id, "MAT-GRP-001");
	assert_null(profile_rule(profile, profile_rule_count(profile)));
	assert_int_equal(profile_uid(profile), 1000);
	assert_int_equal(profile_gid(profile), 100);
	profile_free(profile);
}

static void a_path_is_a_file(void **state)
{
	struct profile *profile = NULL;
	struct err err = { 0 };
	const char *path = test_path("own.json");

	(void)state;
	test_write(path, SMALL, strlen(SMALL));
	assert_int_equal(profile_load(path, NULL, &profile, &err), 0);
	assert_string_equal(profile_title(profile), "Small");
	profile_free(profile);
	assert_int_equal(profile_load("./none.json", NULL, &profile, &err), -ERR_NOT_FOUND);
}

static void folders_come_before_what_is_built_in(void **state)
{
	const char *folders[] = { "/nonexistent", test_dir(), NULL };
	struct profile *profile = NULL;

	(void)state;
	test_write(test_path("modelarts-training.json"), SMALL, strlen(SMALL));
	assert_int_equal(profile_load("modelarts-training", folders, &profile, NULL), 0);
	assert_string_equal(profile_title(profile), "Small");
	profile_free(profile);
}

static void an_unknown_name_lists_what_there_is(void **state)
{
	struct profile *profile = NULL;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(profile_load("modelart", NULL, &profile, &err), -ERR_NOT_FOUND);
	assert_non_null(strstr(err.text, "modelarts-training"));
	assert_null(profile);
}

static void broken_json_names_file_line_and_column(void **state)
{
	static const char TEXT[] = "{\n  \"name\": \"x\",,\n}\n";
	struct profile *profile = NULL;
	struct err err = { 0 };
	const char *path = test_path("broken.json");

	(void)state;
	test_write(path, TEXT, strlen(TEXT));
	assert_int_equal(profile_load(path, NULL, &profile, &err), -ERR_FORMAT);
	assert_non_null(strstr(err.text, "broken.json"));
	assert_non_null(strstr(err.text, "line 2"));
	assert_non_null(strstr(err.text, "column"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(severities_have_names),
		cmocka_unit_test(every_built_in_profile_loads),
		cmocka_unit_test(the_training_profile_asks_for_accounts_first),
		cmocka_unit_test(a_path_is_a_file),
		cmocka_unit_test(folders_come_before_what_is_built_in),
		cmocka_unit_test(an_unknown_name_lists_what_there_is),
		cmocka_unit_test(broken_json_names_file_line_and_column),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
