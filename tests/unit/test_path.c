/* Paths as bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/path.h"

static void assert_normal(const char *path, const char *expected, unsigned oddity)
{
	char bytes[64];
	unsigned seen = 99;
	size_t len = strlen(path);

	memcpy(bytes, path, len);
	len = path_normalise(bytes, len, &seen);
	assert_int_equal(len, strlen(expected));
	assert_memory_equal(bytes, expected, len);
	assert_int_equal(seen, oddity);
}

static void a_normal_path_stays(void **state)
{
	(void)state;
	assert_normal("usr/bin/env", "usr/bin/env", 0);
	assert_normal("", "", 0);
	assert_normal("...", "...", 0);
	assert_normal(".a/..b/c..", ".a/..b/c..", 0);
}

static void dots_and_doubled_slashes_go(void **state)
{
	(void)state;
	assert_normal("./a//b/./c", "a/b/c", 0);
	assert_normal(".", "", 0);
	assert_normal("a/.", "a", 0);
}

static void slashes_at_the_ends_go_and_are_told(void **state)
{
	(void)state;
	assert_normal("/a", "a", PATH_WAS_ABSOLUTE);
	assert_normal("a/", "a", PATH_HAD_SLASH_END);
	assert_normal("//a//", "a", PATH_WAS_ABSOLUTE | PATH_HAD_SLASH_END);
	assert_normal("./", "", PATH_HAD_SLASH_END);
	assert_normal("/", "", PATH_WAS_ABSOLUTE);
}

static void dotdot_is_resolved_by_name(void **state)
{
	(void)state;
	assert_normal("./a//b/../c/", "a/c", PATH_HAD_DOTDOT | PATH_HAD_SLASH_END);
	assert_normal("a/..", "", PATH_HAD_DOTDOT);
	assert_normal("long/../x", "x", PATH_HAD_DOTDOT);
}

static void dotdot_above_the_root_stays_there(void **state)
{
	(void)state;
	assert_normal("../../etc/passwd", "etc/passwd", PATH_HAD_DOTDOT | PATH_LEFT_ROOT);
	assert_normal("a/../../b", "b", PATH_HAD_DOTDOT | PATH_LEFT_ROOT);
}

static void any_byte_may_be_in_a_name(void **state)
{
	char bytes[] = "a\0/\xff\n";
	size_t len = path_normalise(bytes, 5, NULL);

	(void)state;
	assert_int_equal(len, 5);
	assert_memory_equal(bytes, "a\0/\xff\n", 5);
}

static void the_parent_is_a_shorter_length(void **state)
{
	(void)state;
	assert_int_equal(path_parent_length("usr/bin/env", 11), 7);
	assert_int_equal(path_parent_length("usr/bin/env", 7), 3);
	assert_int_equal(path_parent_length("usr", 3), 0);
	assert_int_equal(path_parent_length("", 0), 0);
}

static void components_come_one_by_one(void **state)
{
	static const char *const names[] = { "a", "..", "bc" };
	const char *rest = "//a/..//bc/";
	const char *name;
	size_t len, count = 0;

	(void)state;
	while ((name = path_next(&rest, &len))) {
		assert_true(count < 3);
		assert_int_equal(len, strlen(names[count]));
		assert_memory_equal(name, names[count], len);
		count++;
	}
	assert_int_equal(count, 3);
	assert_null(path_next(&rest, &len));
}

static void the_base_is_the_last_component(void **state)
{
	(void)state;
	assert_string_equal(path_base("usr/bin/env"), "env");
	assert_string_equal(path_base("env"), "env");
	assert_string_equal(path_base(""), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_normal_path_stays),
		cmocka_unit_test(dots_and_doubled_slashes_go),
		cmocka_unit_test(slashes_at_the_ends_go_and_are_told),
		cmocka_unit_test(dotdot_is_resolved_by_name),
		cmocka_unit_test(dotdot_above_the_root_stays_there),
		cmocka_unit_test(any_byte_may_be_in_a_name),
		cmocka_unit_test(the_parent_is_a_shorter_length),
		cmocka_unit_test(components_come_one_by_one),
		cmocka_unit_test(the_base_is_the_last_component),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
