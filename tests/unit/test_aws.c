/* What AWS calls things. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "rule/aws.h"

static void a_family_has_an_architecture(void **state)
{
	(void)state;
	assert_string_equal(aws_family_find("ml.m5.xlarge")->architecture, "amd64");
	assert_string_equal(aws_family_find("ml.m6g.large")->architecture, "arm64");
	assert_string_equal(aws_family_find("ml.p6-b200.48xlarge")->architecture, "amd64");
	assert_true(aws_family_find("ml.p4d.24xlarge")->has_disk);
	assert_false(aws_family_find("ml.m6g.large")->trains);
}

static void what_is_no_type_has_no_family(void **state)
{
	(void)state;
	assert_null(aws_family_find("m5.xlarge"));
	assert_null(aws_family_find("ml.m5"));
	assert_null(aws_family_find("ml.m5."));
	assert_null(aws_family_find("ml.m.xlarge"));
	assert_null(aws_family_find("ml.zz9.xlarge"));
	assert_null(aws_family_find(""));
}

static void families_are_in_order(void **state)
{
	(void)state;
	for (size_t i = 1; aws_family(i); i++)
		assert_true(strcmp(aws_family(i - 1)->name, aws_family(i)->name) < 0);
}

static void ecr_is_known_by_its_host(void **state)
{
	(void)state;
	assert_true(aws_is_ecr("123456789012.dkr.ecr.eu-central-1.amazonaws.com"));
	assert_true(aws_is_ecr("123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com"));
	assert_true(aws_is_ecr("123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn"));
	assert_false(aws_is_ecr("12345678901.dkr.ecr.eu-central-1.amazonaws.com"));
	assert_false(aws_is_ecr("123456789012.dkr.ecr..amazonaws.com"));
	assert_false(aws_is_ecr("123456789012.dkr.ecr.eu-central-1.amazonaws.com.evil.org"));
	assert_false(aws_is_ecr("registry.example.com"));
	assert_false(aws_is_ecr(""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_family_has_an_architecture),
		cmocka_unit_test(what_is_no_type_has_no_family),
		cmocka_unit_test(families_are_in_order),
		cmocka_unit_test(ecr_is_known_by_its_host),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
