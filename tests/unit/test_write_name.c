/* Names for what is written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tui/write_name.h"

static const char *name(const char *from, const char *ending)
{
	static char out[256];

	write_name(from, ending, out, sizeof(out));
	return out;
}

static void endings_of_archives_are_dropped(void **state)
{
	(void)state;
	assert_string_equal(name("/data/x.tar", "-fixed.tar"), "x-fixed.tar");
	assert_string_equal(name("x.tar.gz", "-fixed.tar"), "x-fixed.tar");
	assert_string_equal(name("x.tgz", "-fixed.tar"), "x-fixed.tar");
	assert_string_equal(name("x.layout", "-fixed"), "x.layout-fixed");
}

static void tags_and_control_bytes_are_dropped(void **state)
{
	(void)state;
	assert_string_equal(name("registry/team/app:v1", "-fix.sh"), "app-fix.sh");
	assert_string_equal(name("a\033b.tar", "-fix.sh"), "a_b-fix.sh");
}

static void folders_with_a_slash_keep_their_name(void **state)
{
	(void)state;
	assert_string_equal(name("/data/layout/", "-fixed"), "layout-fixed");
}

static void no_name_begins_with_a_dash(void **state)
{
	(void)state;
	assert_string_equal(name("--demo", "-fixed.tar"), "demo-fixed.tar");
	assert_string_equal(name("-", "-fixed.tar"), "image-fixed.tar");
	assert_string_equal(name("-/", "-fixed"), "image-fixed");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(endings_of_archives_are_dropped),
		cmocka_unit_test(tags_and_control_bytes_are_dropped),
		cmocka_unit_test(folders_with_a_slash_keep_their_name),
		cmocka_unit_test(no_name_begins_with_a_dash),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
