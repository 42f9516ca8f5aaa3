/* Which profiles are offered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "rule/builtin.h"
#include "rule/profile.h"
#include "tui/profile_choice.h"

static void all_but_libraries_are_offered(void **state)
{
	struct profile_choice choices[PROFILE_CHOICES];
	size_t count = profile_choices("modelarts-training", choices, PROFILE_CHOICES), at = 0;

	(void)state;
	for (size_t i = 0; builtin_profiles[i].name; i++) {
		struct profile *profile;

		assert_int_equal(profile_load(builtin_profiles[i].name, NULL, &profile, NULL), 0);
		if (!profile_is_library(profile)) {
			assert_true(at < count);
			assert_string_equal(choices[at].name, builtin_profiles[i].name);
			assert_string_equal(choices[at].title, profile_title(profile));
			assert_int_equal(choices[at].is_present,
					 !strcmp(choices[at].name, "modelarts-training"));
			at++;
		}
		profile_free(profile);
	}
	assert_int_equal(at, count);
}

static void a_file_of_the_users_comes_first(void **state)
{
	struct profile_choice choices[PROFILE_CHOICES];
	size_t count = profile_choices("./my.json", choices, PROFILE_CHOICES);

	(void)state;
	assert_true(count > 1);
	assert_string_equal(choices[0].name, "./my.json");
	assert_true(choices[0].is_present);
	assert_false(choices[1].is_present);
}

static void no_more_than_there_is_room_for(void **state)
{
	struct profile_choice choices[1];

	(void)state;
	assert_int_equal(profile_choices("./my.json", choices, 1), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_but_libraries_are_offered),
		cmocka_unit_test(a_file_of_the_users_comes_first),
		cmocka_unit_test(no_more_than_there_is_room_for),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
