/* References: the grammar, and what a user's short form matches. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "oci/reference.h"

#define HEX64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void parts_are_told_apart(void **state)
{
	static const struct {
		const char *text, *name, *tag, *digest;
	} CASES[] = {
		{ "busybox", "busybox", "", "" },
		{ "busybox:1.36", "busybox", "1.36", "" },
		{ "localhost:5000/a/b", "localhost:5000/a/b", "", "" },
		{ "localhost:5000/a/b:v1", "localhost:5000/a/b", "v1", "" },
		{ "[::1]:5000/a:v1", "[::1]:5000/a", "v1", "" },
		{ "Host.example/a__b/c-d--e.f_g", "Host.example/a__b/c-d--e.f_g", "", "" },
		{ "a@sha256:" HEX64, "a", "", "sha256:" HEX64 },
		{ "a:t@sha256:" HEX64, "a", "t", "sha256:" HEX64 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct reference reference;

		assert_int_equal(reference_parse(CASES[i].text, &reference, NULL), 0);
		assert_string_equal(reference.name, CASES[i].name);
		assert_string_equal(reference.tag, CASES[i].tag);
		assert_string_equal(reference.digest, CASES[i].digest);
	}
}

static void what_is_no_reference_is_refused(void **state)
{
	static const char *const BAD[] = {
		"",         ":tag",    "Busybox",     "a//b",       "a/",
		"/a",       "a..b",    "a___b",       "a._b",       "-a",
		"a-",       "a:",      "a:.b",        "a:-b",       "a:b c",
		"a\n",      "a@",      "a@sha256:00", HEX64,        "ex_ample.com/a",
		"-h.com/a", "h.:80/a", "h.com:/a",    "h.com:8x/a", "[::1/a",
		"a b",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++) {
		struct reference reference;
		struct err err = { 0 };

		assert_int_equal(reference_parse(BAD[i], &reference, &err), -ERR_INVALID);
		assert_true(err.text[0] != '\0');
	}
}

static void long_parts_are_refused(void **state)
{
	char text[400];
	struct reference reference;

	(void)state;
	memset(text, 'a', 256);
	text[256] = '\0';
	assert_int_equal(reference_parse(text, &reference, NULL), -ERR_INVALID);
	text[255] = '\0';
	assert_int_equal(reference_parse(text, &reference, NULL), 0);
	memset(text, 'a', 131);
	text[1] = ':';
	text[130] = '\0';
	assert_int_equal(reference_parse(text, &reference, NULL), 0);
	text[130] = 'a';
	text[131] = '\0';
	assert_int_equal(reference_parse(text, &reference, NULL), -ERR_INVALID);
}

static void defaults_are_filled_in_before_comparing(void **state)
{
	(void)state;
	assert_true(reference_matches("busybox:latest", "busybox"));
	assert_true(reference_matches("docker.io/library/busybox:latest", "busybox"));
	assert_true(reference_matches("busybox:latest", "index.docker.io/library/busybox"));
	assert_true(reference_matches("docker.io/a/b:1", "a/b:1"));
	assert_false(reference_matches("docker.i/a:1", "docker.io/a:1"));
	assert_false(reference_matches("busybox:1", "busybox"));
	assert_false(reference_matches("quay.io/busybox:latest", "busybox"));
}

static void a_tag_alone_matches(void **state)
{
	(void)state;
	assert_true(reference_matches("quay.io/a/b:1.0", "1.0"));
	assert_true(reference_matches("latest", "latest"));
	assert_true(reference_matches("what ever", "what ever"));
	assert_false(reference_matches("quay.io/a/b:1.0", "1"));
	assert_false(reference_matches("a@sha256:" HEX64, "a"));
}

static void a_tag_alone_is_no_whole_name(void **state)
{
	(void)state;
	assert_true(reference_is_tag_alone("v1"));
	assert_true(reference_is_tag_alone(""));
	assert_false(reference_is_tag_alone("a:v1"));
	assert_false(reference_is_tag_alone("host/a"));
}

static void expect_parts(const char *text, const char *host, const char *path)
{
	struct reference reference;
	char own[256];

	assert_int_equal(reference_parse(text, &reference, NULL), 0);
	assert_string_equal(reference_host(&reference, own), host);
	assert_string_equal(reference_path(&reference), path);
}

static void a_host_is_told_from_a_path(void **state)
{
	(void)state;
	expect_parts("r.example.com:5000/a/b:1", "r.example.com:5000", "a/b");
	expect_parts("localhost/a", "localhost", "a");
	expect_parts("a/b:1", "", "a/b");
	expect_parts("a", "", "a");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_host_is_told_from_a_path),
		cmocka_unit_test(parts_are_told_apart),
		cmocka_unit_test(what_is_no_reference_is_refused),
		cmocka_unit_test(long_parts_are_refused),
		cmocka_unit_test(defaults_are_filled_in_before_comparing),
		cmocka_unit_test(a_tag_alone_matches),
		cmocka_unit_test(a_tag_alone_is_no_whole_name),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
