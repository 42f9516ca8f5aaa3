/* "#!" lines as fs/binfmt_script.c reads them, and what other files are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "access/exec_head.h"

static void check(const void *bytes, size_t len, const char *interpreter, const char *argument)
{
	struct arena arena = { 0 };
	struct exec_head head;
	struct err err = { 0 };

	assert_int_equal(exec_head_read(bytes, len, &arena, &head, &err), 0);
	assert_string_equal(head.interpreter ? head.interpreter : "-", interpreter);
	assert_string_equal(head.argument ? head.argument : "-", argument);
	arena_done(&arena);
}

static void a_script_names_its_interpreter_and_one_argument(void **state)
{
	static const struct {
		const char *text, *interpreter, *argument;
	} ROWS[] = {
		{ "#!/bin/sh\n", "/bin/sh", "-" },
		{ "#!/bin/sh", "/bin/sh", "-" },
		{ "#! \t/bin/sh \t-e -x \necho", "/bin/sh", "-e -x" },
		{ "#!/bin/sh\r\n", "/bin/sh\r", "-" },
		{ "#!/usr/bin/env python\r\n", "/usr/bin/env", "python\r" },
		{ "#!\n", "-", "-" },
		{ "#!  \nx", "-", "-" },
		{ "#", "-", "-" },
		{ "echo", "-", "-" },
		{ "", "-", "-" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(ROWS) / sizeof(*ROWS); i++)
		check(ROWS[i].text, strlen(ROWS[i].text), ROWS[i].interpreter, ROWS[i].argument);
}

static void a_name_that_does_not_end_in_the_window_is_none(void **state)
{
	char text[300];

	(void)state;
	memset(text, 'x', sizeof(text));
	memcpy(text, "#!/", 3);
	check(text, sizeof(text), "-", "-");
	text[9] = ' ';
	text[10] = '\n';
	check(text, sizeof(text), "/xxxxxx", "-");
}

static void the_format_is_told_by_the_first_bytes(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		enum exec_format format;
		bool is_text;
	} ROWS[] = {
		{ "\177ELF\2\1\0", 7, EXEC_ELF, false },
		{ "\177ELF", 4, EXEC_ELF, true },
		{ "\177EL", 3, EXEC_NONE, true },
		{ "#!\n", 3, EXEC_SCRIPT, true },
		{ "#", 1, EXEC_NONE, true },
		{ "", 0, EXEC_NONE, true },
		{ "a\0b", 3, EXEC_NONE, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(ROWS) / sizeof(*ROWS); i++) {
		struct arena arena = { 0 };
		struct exec_head head;

		assert_int_equal(
			exec_head_read(ROWS[i].bytes, ROWS[i].len, &arena, &head, NULL), 0);
		assert_int_equal(head.format, ROWS[i].format);
		assert_int_equal(head.is_text, ROWS[i].is_text);
		arena_done(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_script_names_its_interpreter_and_one_argument),
		cmocka_unit_test(a_name_that_does_not_end_in_the_window_is_none),
		cmocka_unit_test(the_format_is_told_by_the_first_bytes),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
