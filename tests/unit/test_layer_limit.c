/* The limit of a layer is what the profile's rule says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "rule/layer_limit.h"

static void it_is_the_rules_argument_with_its_parameter(void **state)
{
	CLEANUP(profile_freep) struct profile *profile = NULL;

	(void)state;
	assert_int_equal(profile_load("modelarts-training", NULL, &profile, NULL), 0);
	assert_int_equal(layer_limit(profile), UINT64_C(10) * 1000 * 1000 * 1000);
	assert_int_equal(profile_set(profile, "layer_error_gb=3", NULL), 0);
	assert_int_equal(layer_limit(profile), UINT64_C(3) * 1000 * 1000 * 1000);
}

static void without_such_a_rule_there_is_none(void **state)
{
	CLEANUP(profile_freep) struct profile *profile = NULL;

	(void)state;
	assert_int_equal(profile_load("nonroot", NULL, &profile, NULL), 0);
	assert_int_equal(layer_limit(profile), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_the_rules_argument_with_its_parameter),
		cmocka_unit_test(without_such_a_rule_there_is_none),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
