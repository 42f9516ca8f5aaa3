/* Platforms: parsing, comparing, from JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "oci/platform.h"

static void text_and_parsed_platform_agree(void **state)
{
	static const char *const TEXTS[] = { "linux/amd64", "linux/arm/v7", "windows/amd64" };

	(void)state;
	for (size_t i = 0; i < sizeof(TEXTS) / sizeof(TEXTS[0]); i++) {
		struct platform platform;
		char text[100];

		assert_int_equal(platform_parse(TEXTS[i], &platform, NULL), 0);
		assert_string_equal(platform_text(&platform, text), TEXTS[i]);
	}
}

static void malformed_platforms_are_refused(void **state)
{
	static const char *const BAD[] = {
		"",
		"linux",
		"linux/",
		"/amd64",
		"linux/arm/",
		"linux/arm/v7/x",
		"linux//v7",
		"lin ux/amd64",
		"linux/amd64\n",
		"linux/an-architecture-that-is-much-too-long-for-us",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++) {
		struct platform platform;
		struct err err = { 0 };

		assert_int_equal(platform_parse(BAD[i], &platform, &err), -ERR_INVALID);
		assert_non_null(strstr(err.text, "is no platform"));
	}
}

static bool fits(const char *want, const char *have)
{
	struct platform a, b;

	assert_int_equal(platform_parse(want, &a, NULL), 0);
	assert_int_equal(platform_parse(have, &b, NULL), 0);
	return platform_fits(&a, &b);
}

static void an_asked_variant_must_be_there(void **state)
{
	(void)state;
	assert_true(fits("linux/arm", "linux/arm/v6"));
	assert_true(fits("linux/arm/v7", "linux/arm/v7"));
	assert_true(fits("linux/arm/v7", "linux/arm"));
	assert_false(fits("linux/arm/v7", "linux/arm/v6"));
	assert_true(fits("linux/arm64/v8", "linux/arm64"));
	assert_false(fits("linux/amd64", "linux/arm64"));
	assert_false(fits("linux/amd64", "windows/amd64"));
}

static void members_of_json_that_do_not_fit_are_unknown(void **state)
{
	CLEANUP(json_decrefp)
	json_t *json = json_pack("{s:s, s:s, s:i}", "os", "linux", "architecture",
				 "0123456789012345678901234567890123456789", "variant", 7);
	struct platform platform;

	(void)state;
	platform_from_json(json, &platform);
	assert_string_equal(platform.os, "linux");
	assert_string_equal(platform.architecture, "");
	assert_string_equal(platform.variant, "");
	platform_from_json(NULL, &platform);
	assert_string_equal(platform.os, "");
}

static void the_host_is_linux_with_an_architecture(void **state)
{
	struct platform host;

	(void)state;
	platform_host(&host);
	assert_string_equal(host.os, "linux");
	assert_true(host.architecture[0] != '\0');
	assert_true(platform_fits(&host, &host));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_and_parsed_platform_agree),
		cmocka_unit_test(malformed_platforms_are_refused),
		cmocka_unit_test(an_asked_variant_must_be_there),
		cmocka_unit_test(members_of_json_that_do_not_fit_are_unknown),
		cmocka_unit_test(the_host_is_linux_with_an_architecture),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
