/* Attributes in words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/attributed.h"

static void assert_lines(const char *path, const char *const *expected)
{
	struct attributed attributed;
	struct tree_stat stat;

	attributed_open(&attributed);
	assert_true(tree_stat(attributed.tf.tree, tree_find(attributed.tf.tree, path), 1, &stat));

	char **lines = attributes_lines(&ATTRIBUTED_ACCOUNTS, attributed.tf.tree, &stat);

	assert_non_null(lines);
	for (size_t i = 0; expected[i] || lines[i]; i++) {
		assert_non_null(expected[i]);
		assert_non_null(lines[i]);
		assert_string_equal(lines[i], expected[i]);
	}
	attributes_lines_free(lines);
	attributed_done(&attributed);
}

static void acls_are_named_and_cut_by_the_mask(void **state)
{
	static const char *const EXPECTED[] = {
		"acl: user::rw-, user:ma-user:rwx (r-- by the mask), user:7:r--, group::r--, "
		"group:video:-w- (--- by the mask), mask::r--, other::---",
		"default acl: user::rwx, user:ma-user:rwx (rw- by the mask), user:7:r--, group::r--, "
		"group:video:-w-, mask::rw-, other::r-x",
		NULL,
	};

	(void)state;
	assert_lines("acl", EXPECTED);
}

static void an_acl_that_the_mode_hides_is_said_so(void **state)
{
	static const char *const EXPECTED[] = {
		"acl: user::rw-, user:ma-user:rwx (--- by the mask), user:7:r-- (--- by the mask), "
		"group::r-- (--- by the mask), group:video:-w- (--- by the mask), mask::---, "
		"other::r--; not read, as the mode gives the group nothing",
		NULL,
	};

	(void)state;
	assert_lines("hidden", EXPECTED);
}

static void what_else_a_file_has_is_a_line_each(void **state)
{
	static const char *const EXPECTED[] = {
		"setuid: runs as ma-user",
		"setgid: runs with group 9",
		"capabilities: cap_net_raw=ep",
		"selinux: system_u:object_r:bin_t:s0",
		"xattr: user.note, 5 bytes",
		"acl as text, which engines do not read: user::rwx",
		NULL,
	};

	(void)state;
	assert_lines("all", EXPECTED);
}

static void bits_of_a_directory_mean_something_else(void **state)
{
	static const char *const EXPECTED[] = {
		"setgid: what is made in it gets group video",
		"sticky: only owners take names out of it",
		NULL,
	};

	(void)state;
	assert_lines("dir", EXPECTED);
}

static void malformed_ones_are_told(void **state)
{
	static const char *const EXPECTED[] = {
		"system.posix_acl_access is malformed: it does not count",
		"security.capability is malformed: it does not count",
		NULL,
	};

	(void)state;
	assert_lines("bad", EXPECTED);
}

static void most_files_have_nothing(void **state)
{
	static const char *const EXPECTED[] = { NULL };

	(void)state;
	assert_lines("plain", EXPECTED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(acls_are_named_and_cut_by_the_mask),
		cmocka_unit_test(an_acl_that_the_mode_hides_is_said_so),
		cmocka_unit_test(what_else_a_file_has_is_a_line_each),
		cmocka_unit_test(bits_of_a_directory_mean_something_else),
		cmocka_unit_test(malformed_ones_are_told),
		cmocka_unit_test(most_files_have_nothing),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
