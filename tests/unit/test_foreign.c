/* What is no tar is named by its first bytes. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/source/source_priv.h"
#include "tests/lib/build.h"

static const char *name_of(const char *bytes, size_t len)
{
	const char *path = test_path("foreign");

	test_write(path, bytes, len);
	CLEANUP(closep) int fd = open(path, O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	return foreign__name(fd);
}

static void known_kinds_are_named(void **state)
{
	(void)state;
	assert_string_equal(name_of("PK\x03\x04zip", 7), "a zip file");
	assert_string_equal(name_of("\x1f\x9d\x90", 3), "compressed by 'compress'");
}

static void other_bytes_have_no_name(void **state)
{
	(void)state;
	assert_null(name_of("", 0));
	assert_null(name_of("P", 1));
	assert_null(name_of("hello, world", 12));
	assert_null(foreign__name(-1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_kinds_are_named),
		cmocka_unit_test(other_bytes_have_no_name),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
