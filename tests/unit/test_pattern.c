/* Patterns over path bytes, with limits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/pattern.h"

struct sample {
	const char *pattern, *bytes;
	bool matches;
};

static bool matches(const char *text, enum pattern_kind kind, unsigned flags, const char *bytes)
{
	CLEANUP(pattern_freep) struct pattern *pattern = NULL;
	bool too_costly = true;
	bool found;

	assert_int_equal(pattern_new(text, kind, flags, &pattern, NULL), 0);
	found = pattern_match(pattern, bytes, strlen(bytes), &too_costly);
	assert_false(too_costly);
	return found;
}

static void assert_samples(enum pattern_kind kind, const struct sample *samples, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (matches(samples[i].pattern, kind, 0, samples[i].bytes) != samples[i].matches)
			fail_msg("'%s' against '%s'", samples[i].pattern, samples[i].bytes);
}

#define ASSERT_SAMPLES(kind, samples)                                                              \
	assert_samples(kind, samples, sizeof(samples) / sizeof(*(samples)))

static void one_star_stays_within_a_component(void **state)
{
	static const struct sample samples[] = {
		{ "usr/*.so", "usr/a.so", true }, { "usr/*.so", "usr/lib/a.so", false },
		{ "usr/?", "usr/x", true },       { "usr/?", "usr/\u00e9", true },
		{ "usr/[a-c]", "usr/b", true },   { "usr/[!a-c]", "usr/b", false },
		{ "usr/*", "usr/.hidden", true }, { "usr/*", "usr/a\nb", true },
	};

	(void)state;
	ASSERT_SAMPLES(PATTERN_GLOB, samples);
}

static void two_stars_cross(void **state)
{
	static const struct sample samples[] = {
		{ "usr/**", "usr/lib/a.so", true },
		{ "**/a.so", "usr/lib/a.so", true },
		{ "**/a.so", "a.so", true },
		{ "usr/**/a.so", "usr/a.so", true },
		{ "usr/**/a.so", "usr/x/y/a.so", true },
		{ "usr/**", "etc/passwd", false },
	};

	(void)state;
	ASSERT_SAMPLES(PATTERN_GLOB, samples);
}

static void a_glob_is_about_the_whole_path(void **state)
{
	static const struct sample samples[] = {
		{ "usr/a", "usr/ab", false },
		{ "usr/a", "x/usr/a", false },
		{ "usr/a", "usr/a\n", false },
	};

	(void)state;
	ASSERT_SAMPLES(PATTERN_GLOB, samples);
}

static void a_bad_byte_does_not_hide_a_path_from_a_glob(void **state)
{
	static const struct sample samples[] = {
		{ "usr/*", "usr/\xff", true },         { "usr/*.so", "usr/caf\xe9.so", true },
		{ "usr/**/x", "usr/caf\xe9/x", true }, { "usr/?", "usr/\xff", true },
		{ "usr/*", "usr/\xff/x", false },
	};

	(void)state;
	ASSERT_SAMPLES(PATTERN_GLOB, samples);
}

static void a_regex_is_found_anywhere(void **state)
{
	static const struct sample samples[] = {
		{ "\\.so(\\.[0-9]+)*$", "usr/lib/libc.so.6", true },
		{ "^lib", "usr/lib", false },
		{ "\\.sh$", "caf\xe9.sh", true },
		{ "^caf.$", "caf\u00e9", true },
	};

	(void)state;
	ASSERT_SAMPLES(PATTERN_REGEX, samples);
}

static void text_is_literal(void **state)
{
	static const struct sample samples[] = {
		{ "a.b", "xa.bx", true },
		{ "a.b", "axb", false },
		{ "(", "f(x)", true },
		{ "b",
		  "\xff"
		  "b",
		  true },
	};

	(void)state;
	ASSERT_SAMPLES(PATTERN_TEXT, samples);
}

static void case_is_ignored_on_request(void **state)
{
	(void)state;
	assert_false(matches("readme", PATTERN_TEXT, 0, "README"));
	assert_true(matches("readme", PATTERN_TEXT, PATTERN_IGNORE_CASE, "README"));
	assert_true(matches("\u00e9", PATTERN_REGEX, PATTERN_IGNORE_CASE, "\u00c9"));
	assert_true(matches("read*", PATTERN_GLOB, PATTERN_IGNORE_CASE, "README"));
}

static void a_mistake_is_named_with_its_place(void **state)
{
	struct pattern *pattern = NULL;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(pattern_new("a(b", PATTERN_REGEX, 0, &pattern, &err), -ERR_INVALID);
	assert_string_equal(err.text, "pattern 'a(b', at 3: missing closing parenthesis");
	err_clear(&err);
	assert_int_equal(pattern_new("usr/[", PATTERN_GLOB, 0, &pattern, &err), -ERR_INVALID);
	assert_non_null(strstr(err.text, "at 5"));
	assert_int_equal(pattern_new("\\C", PATTERN_REGEX, 0, &pattern, NULL), -ERR_INVALID);
	assert_null(pattern);
}

static void what_costs_too_much_is_not_a_silent_no(void **state)
{
	static const char hard[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab";
	CLEANUP(pattern_freep) struct pattern *pattern = NULL;
	bool too_costly = false;

	(void)state;
	assert_int_equal(pattern_new("^(a+)+$", PATTERN_REGEX, 0, &pattern, NULL), 0);
	assert_false(pattern_match(pattern, hard, sizeof(hard) - 1, &too_costly));
	assert_true(too_costly);
	assert_true(pattern_match(pattern, "aaa", 3, &too_costly));
	assert_false(too_costly);
}

static void nothing_is_free_to_free(void **state)
{
	(void)state;
	pattern_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_star_stays_within_a_component),
		cmocka_unit_test(two_stars_cross),
		cmocka_unit_test(a_glob_is_about_the_whole_path),
		cmocka_unit_test(a_bad_byte_does_not_hide_a_path_from_a_glob),
		cmocka_unit_test(a_regex_is_found_anywhere),
		cmocka_unit_test(text_is_literal),
		cmocka_unit_test(case_is_ignored_on_request),
		cmocka_unit_test(a_mistake_is_named_with_its_place),
		cmocka_unit_test(what_costs_too_much_is_not_a_silent_no),
		cmocka_unit_test(nothing_is_free_to_free),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
