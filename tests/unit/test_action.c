/* The table of actions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rule/action.h"

static void every_action_is_found_by_its_name(void **state)
{
	(void)state;
	for (enum action i = 0; i < ACTIONS; i++) {
		enum action found = ACTIONS;

		assert_non_null(action_name(i));
		assert_true(action_find(action_name(i), &found));
		assert_int_equal(found, i);
	}
}

static void every_action_has_help_and_an_ended_argument_list(void **state)
{
	(void)state;
	for (enum action i = 0; i < ACTIONS; i++) {
		const char *const *arguments = action_arguments(i);
		size_t count = 0;

		assert_true(strlen(action_help(i)) > 5);
		while (arguments[count])
			assert_true(++count < 6);
	}
}

static void an_unknown_name_is_not_found(void **state)
{
	enum action action;

	(void)state;
	assert_false(action_find("make-it-so", &action));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_action_is_found_by_its_name),
		cmocka_unit_test(every_action_has_help_and_an_ended_argument_list),
		cmocka_unit_test(an_unknown_name_is_not_found),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
