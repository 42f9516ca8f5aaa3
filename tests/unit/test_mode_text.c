/* Modes as text, with chmod(1) of this machine as the judge. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/build.h"
#include "plan/mode_text.h"

static const char *const TEXTS[] = {
	"0755",        "644",     "02755", "00755",   "4711",    "1777",
	"0",           "u+rwX",   "g=rX",  "o-w",     "a+r",     "u+rwX,g=rX,o-w",
	"go=",         "a=",      "u=rwx", "g=u",     "o=g-w",   "g+s",
	"u+s",         "g-s",     "+t",    "o+t",     "u-s,g-s", "a=rX",
	"u=rwX,go=rX", "ug+rw-x", "=",     "+x",      "+w",      "-w",
	"=rw",         "=rX",     "o=u",   "u+x,g+X", "a-x+X",   "g=rws",
	"o=t",         "ugo+rws",
};
static const mode_t BEFORE[] = { 0600, 0755, 0640, 04755, 02755, 07777, 0, 01777, 0111, 0444 };

/* chmod(1) with the umask of a build. */
static uint32_t chmod_says(const char *text, mode_t before, bool is_directory)
{
	const char *path = test_path(is_directory ? "mode.d" : "mode.f");
	char command[256];
	struct stat now;

	if (is_directory)
		assert_true(mkdir(path, 0700) == 0 || access(path, F_OK) == 0);
	else
		test_write(path, "", 0);
	assert_int_equal(chmod(path, before), 0);
	/* That "-w" spared a bit is no failure here. */
	snprintf(command, sizeof(command), "umask 022; chmod -- '%s' '%s' 2>/dev/null", text, path);
	(void)!system(command);
	assert_int_equal(stat(path, &now), 0);
	chmod(path, 0700);
	return now.st_mode & 07777;
}

static void compare(const char *text, mode_t before, bool is_directory)
{
	struct mode_text mode;
	uint32_t theirs = chmod_says(text, before, is_directory), ours;

	assert_int_equal(mode_text_read(text, &mode, NULL), 0);
	ours = mode_text_apply(&mode, before, is_directory);
	if (theirs != ours)
		fail_msg("%s on %s %04o: %04o, chmod says %04o", text,
			 is_directory ? "a directory" : "a file", (unsigned)before, ours, theirs);
}

static bool has_gnu_chmod(void)
{
	return system("chmod --version 2>/dev/null | grep -q GNU") == 0;
}

static void modes_are_what_chmod_makes_of_them(void **state)
{
	(void)state;
	if (!has_gnu_chmod()) {
		print_message("# the chmod of this machine is not GNU's\n");
		skip();
	}
	for (size_t i = 0; i < sizeof(TEXTS) / sizeof(*TEXTS); i++) {
		for (size_t b = 0; b < sizeof(BEFORE) / sizeof(*BEFORE); b++) {
			compare(TEXTS[i], BEFORE[b], false);
			compare(TEXTS[i], BEFORE[b], true);
		}
	}
}

/* As POSIX has it, whatever chmod is there. */
static void large_x_is_for_directories_and_programs(void **state)
{
	struct mode_text mode;

	(void)state;
	assert_int_equal(mode_text_read("u+rwX,g=rX,o-w", &mode, NULL), 0);
	assert_int_equal(mode_text_apply(&mode, 0602, false), 0640);
	assert_int_equal(mode_text_apply(&mode, 0100, false), 0750);
	assert_int_equal(mode_text_apply(&mode, 0, true), 0750);
}

static void what_is_no_mode_is_refused(void **state)
{
	static const char *const BAD[] = { "",     "8",      "0758",  "77777", "u",
					   "u+rq", "q+r",    "u+r,",  ",u+r",  "u+r g",
					   "rwx",  "u++r w", "0755 ", "u+7" };
	struct mode_text mode;
	struct err err = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(BAD) / sizeof(*BAD); i++) {
		if (mode_text_read(BAD[i], &mode, NULL) != -ERR_INVALID)
			fail_msg("'%s' was taken", BAD[i]);
	}
	mode_text_read("rwx", &mode, &err);
	assert_string_equal(err.text, "'rwx' is no mode: write it as 0755 or as u+rwX,g=rX,o-w");
}

static void many_clauses_are_no_overflow(void **state)
{
	char text[1024] = "";
	struct mode_text mode;

	(void)state;
	for (unsigned i = 0; i < MODE_CHANGES; i++)
		snprintf(text + 4 * i, sizeof(text) - 4 * i, "u+x%s",
			 i + 1 < MODE_CHANGES ? "," : "");
	assert_int_equal(mode_text_read(text, &mode, NULL), 0);
	snprintf(text + 4 * MODE_CHANGES - 1, 16, ",u+x");
	assert_int_equal(mode_text_read(text, &mode, NULL), -ERR_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(modes_are_what_chmod_makes_of_them),
		cmocka_unit_test(large_x_is_for_directories_and_programs),
		cmocka_unit_test(what_is_no_mode_is_refused),
		cmocka_unit_test(many_clauses_are_no_overflow),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
