/* Limits of what is believed of an input. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/limits.h"

static void the_limit_itself_is_allowed(void **state)
{
	struct err err = { 0 };

	(void)state;
	assert_int_equal(limits_check(64, 64, "depth", &err), 0);
	assert_int_equal(err.code, ERR_NONE);
}

static void what_is_above_is_named_with_both_numbers(void **state)
{
	struct err err = { 0 };

	(void)state;
	assert_int_equal(limits_check(UINT64_MAX, 64, "depth", &err), -ERR_LIMIT);
	assert_string_equal(err.text, "depth: 18446744073709551615 is above the limit of 64");
}

static void every_default_is_set(void **state)
{
	uint64_t values[sizeof(struct limits) / sizeof(uint64_t)];

	(void)state;
	memcpy(values, limits_default(), sizeof(values));
	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++)
		assert_true(values[i] > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_limit_itself_is_allowed),
		cmocka_unit_test(what_is_above_is_named_with_both_numbers),
		cmocka_unit_test(every_default_is_set),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
