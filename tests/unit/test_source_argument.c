/* What a user writes for an image, split. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/source/source_priv.h"
#include "tests/lib/build.h"

/* The folder of the test holds "a.tar" and "b:c.tar", and is where we stand. */
static int stand_in_folder(void **state)
{
	(void)state;
	test_write(test_path("a.tar"), "x", 1);
	test_write(test_path("b:c.tar"), "x", 1);
	test_write(test_path("d@1"), "x", 1);
	return chdir(test_dir());
}

static void path_transport_and_choice_are_told_apart(void **state)
{
	static const struct {
		const char *text, *path, *wanted;
		size_t index;
		int format; /* -1: none */
	} CASES[] = {
		{ "a.tar", "a.tar", NULL, SIZE_MAX, -1 },
		{ "a.tar:", "a.tar", NULL, SIZE_MAX, -1 },
		{ "a.tar:latest", "a.tar", "latest", SIZE_MAX, -1 },
		{ "a.tar:host:5000/x/y:1", "a.tar", "host:5000/x/y:1", SIZE_MAX, -1 },
		{ "a.tar@2", "a.tar", NULL, 2, -1 },
		{ "a.tar:@0", "a.tar", NULL, 0, -1 },
		{ "b:c.tar", "b:c.tar", NULL, SIZE_MAX, -1 },
		{ "b:c.tar:t", "b:c.tar", "t", SIZE_MAX, -1 },
		{ "d@1", "d@1", NULL, SIZE_MAX, -1 },
		{ "d@1@3", "d@1", NULL, 3, -1 },
		{ "docker-archive:a.tar:x:1", "a.tar", "x:1", SIZE_MAX, SOURCE_DOCKER_ARCHIVE },
		{ "oci-archive:a.tar@1", "a.tar", NULL, 1, SOURCE_OCI_ARCHIVE },
		{ "oci:.:latest", ".", "latest", SIZE_MAX, SOURCE_OCI_LAYOUT },
		{ "-", "-", NULL, SIZE_MAX, -1 },
		{ "docker-archive:-", "-", NULL, SIZE_MAX, SOURCE_DOCKER_ARCHIVE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		CLEANUP(source_argument__done) struct source_argument split = { 0 };

		assert_int_equal(source_argument__split(CASES[i].text, &split, NULL), 0);
		assert_string_equal(split.path, CASES[i].path);
		if (CASES[i].wanted)
			assert_string_equal(split.wanted, CASES[i].wanted);
		else
			assert_null(split.wanted);
		assert_true(split.index == CASES[i].index);
		assert_int_equal(split.has_format ? (int)split.format : -1, CASES[i].format);
	}
}

static void what_is_not_there_is_not_found(void **state)
{
	static const char *const MISSING[] = {
		"",
		"nothing.tar",
		"nothing.tar:latest",
		"nothing.tar@1",
		"a.tar@x",
		"a.tar/x",
		"oci:nothing",
		":",
		"@",
		"a.tar@99999999999999999999",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(MISSING) / sizeof(MISSING[0]); i++) {
		struct source_argument split;
		struct err err = { 0 };

		assert_int_equal(source_argument__split(MISSING[i], &split, &err), -ERR_NOT_FOUND);
		assert_string_equal(err.text, "no such file or folder");
	}
}

static void transports_that_are_not_read_are_named(void **state)
{
	struct source_argument split;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(source_argument__split("docker://busybox", &split, &err),
			 -ERR_UNSUPPORTED);
	assert_non_null(strstr(err.text, "'docker:' is not read"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(path_transport_and_choice_are_told_apart),
		cmocka_unit_test(what_is_not_there_is_not_found),
		cmocka_unit_test(transports_that_are_not_read_are_named),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, stand_in_folder, NULL);
}
