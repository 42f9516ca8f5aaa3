/* Package managers: each has what a line needs, and names cannot break out of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "rule/packages.h"

static void each_is_found_by_its_name(void **state)
{
	static const char *const NAMES[] = { "apt", "apk", "dnf", "zypper", "pacman" };

	(void)state;
	for (size_t i = 0; i < sizeof(NAMES) / sizeof(*NAMES); i++) {
		const struct package_manager *manager = package_manager_find(NAMES[i]);

		assert_non_null(manager);
		assert_string_equal(manager->name, NAMES[i]);
		assert_non_null(manager->ids[0]);
		assert_int_equal(manager->before[strlen(manager->before) - 1], ' ');
	}
	assert_null(package_manager_find("pip"));
	assert_null(package_manager_find(""));
}

static void a_name_has_nothing_for_a_shell(void **state)
{
	static const char *const GOOD[] = { "python3", "g++", "libstdc++6",
					    "java-17-openjdk-headless" };
	static const char *const BAD[] = { "",     "-y",   ".x",     "a b",    "a;b", "a\nb",
					   "$(x)", "a\\b", "../deb", "http:x", "a'b" };

	(void)state;
	for (size_t i = 0; i < sizeof(GOOD) / sizeof(*GOOD); i++)
		assert_true(package_name_is_plain(GOOD[i]));
	for (size_t i = 0; i < sizeof(BAD) / sizeof(*BAD); i++)
		assert_false(package_name_is_plain(BAD[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_is_found_by_its_name),
		cmocka_unit_test(a_name_has_nothing_for_a_shell),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
