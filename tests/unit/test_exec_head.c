/* "#!" lines as fs/binfmt_script.c reads them, and the loader of an ELF program. */
#include <elf.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/access/access_priv.h"

static void check(const void *bytes, size_t len, const char *interpreter, const char *argument,
		  const char *loader)
{
	struct arena arena = { 0 };
	struct exec_head head;
	struct err err = { 0 };

	assert_int_equal(access__exec_head(bytes, len, &arena, &head, &err), 0);
	assert_string_equal(head.interpreter ? head.interpreter : "-", interpreter);
	assert_string_equal(head.argument ? head.argument : "-", argument);
	assert_string_equal(head.loader ? head.loader : "-", loader);
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
		check(ROWS[i].text, strlen(ROWS[i].text), ROWS[i].interpreter, ROWS[i].argument,
		      "-");
}

static void a_name_that_does_not_end_in_the_window_is_none(void **state)
{
	char text[300];

	(void)state;
	memset(text, 'x', sizeof(text));
	memcpy(text, "#!/", 3);
	check(text, sizeof(text), "-", "-", "-");
	text[9] = ' ';
	text[10] = '\n';
	check(text, sizeof(text), "/xxxxxx", "-", "-");
}

static size_t make_elf(char *bytes, const char *loader)
{
	const Elf64_Ehdr header = {
		.e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB },
		.e_phoff = sizeof(Elf64_Ehdr),
		.e_phentsize = sizeof(Elf64_Phdr),
		.e_phnum = 2,
	};
	const Elf64_Phdr table[] = {
		{ .p_type = PT_LOAD },
		{ .p_type = PT_INTERP, .p_offset = 200, .p_filesz = strlen(loader) + 1 },
	};

	memset(bytes, 0, 256);
	memcpy(bytes, &header, sizeof(header));
	memcpy(bytes + sizeof(header), table, sizeof(table));
	memcpy(bytes + 200, loader, strlen(loader));
	return 200 + strlen(loader) + 1;
}

static void an_elf_program_names_its_loader(void **state)
{
	char bytes[256];
	size_t len = make_elf(bytes, "/lib64/ld.so");

	(void)state;
	check(bytes, len, "-", "-", "/lib64/ld.so");
}

static void an_elf_program_may_end_anywhere(void **state)
{
	char bytes[256];
	size_t len = make_elf(bytes, "/lib64/ld.so");

	(void)state;
	for (size_t i = 0; i < len; i++)
		check(bytes, i, "-", "-", "-");
	memset(bytes + 32, 0xff, 8); /* the program headers lie nowhere */
	check(bytes, len, "-", "-", "-");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_script_names_its_interpreter_and_one_argument),
		cmocka_unit_test(a_name_that_does_not_end_in_the_window_is_none),
		cmocka_unit_test(an_elf_program_names_its_loader),
		cmocka_unit_test(an_elf_program_may_end_anywhere),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
