/* Globs over names. */
#include <fnmatch.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/glob.h"

static const char *const GLOBS[] = {
	"",      "*",     "?",      "a",        "a*",    "*a",   "a*b",      "*.pem", "id_*",
	"[a-c]", "[!a]*", "[]a]",   "[a",       "\\*",   "a\\*", "*a*b*c*",  "??",    "[a-]x",
	"**",    "*?*",   "[^b]*b", "[\\]x]*y", "a[b*",  "*\\",  "[!]]",
};
static const char *const NAMES[] = {
	"",    "a",   "b",    "ab",  "ba", "aab", "x.pem", ".pem", "id_rsa", "[a", "*", "a*",
	"xaxbxcx", "abc", "-x", "]",  "]zy", "bb", "\377a", "a[bc",
};

static void it_matches_as_fnmatch_in_the_c_locale(void **state)
{
	(void)state;
	for (size_t g = 0; g < sizeof(GLOBS) / sizeof(*GLOBS); g++) {
		for (size_t n = 0; n < sizeof(NAMES) / sizeof(*NAMES); n++) {
			bool expected = fnmatch(GLOBS[g], NAMES[n], 0) == 0;

			if (strcmp(GLOBS[g], "*\\") == 0)
				continue; /* a lone backslash: POSIX leaves it open */
			if (glob_match(GLOBS[g], strlen(GLOBS[g]), NAMES[n]) != expected)
				fail_msg("'%s' and '%s'", GLOBS[g], NAMES[n]);
		}
	}
}

static void only_so_many_bytes_of_the_glob_count(void **state)
{
	(void)state;
	assert_true(glob_match("a*/b", 2, "abc"));
	assert_false(glob_match("a*/b", 1, "abc"));
	assert_true(glob_match("x", 0, ""));
}

static void many_stars_end_soon(void **state)
{
	char glob[200], name[2001];

	(void)state;
	for (size_t i = 0; i + 1 < sizeof(glob); i += 2)
		memcpy(glob + i, "*a", 2);
	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_true(glob_match(glob, sizeof(glob), name));
	name[sizeof(name) - 2] = 'b';
	assert_false(glob_match(glob, sizeof(glob), name));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_matches_as_fnmatch_in_the_c_locale),
		cmocka_unit_test(only_so_many_bytes_of_the_glob_count),
		cmocka_unit_test(many_stars_end_soon),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
