/* One program as execve(2) takes it: PATH, interpreters, loaders. */
#include "lib/started.h"

/* A first line of ten million bytes: how it begins, and what it goes on with. */
static void add_long_script(struct tb *tar, const char *path, const char *start, char rest)
{
	enum { SIZE = 10000000 };
	char *line = malloc(SIZE + 1);

	assert_non_null(line);
	memset(line, rest, SIZE);
	memcpy(line, start, strlen(start));
	line[SIZE] = '\0';
	tb_file(tar, path, 0755, 0, 0, line);
	free(line);
}

static int open_image(void **state)
{
	static struct started started;
	struct tb tar = { 0 };

	started_program(&tar, "bin/sh", 0755);
	started_program(&tar, "usr/bin/env", 0755);
	started_program(&tar, "usr/bin/python3", 0755);
	started_program(&tar, "usr/bin/twice", 0644);
	started_program(&tar, "usr/local/bin/twice", 0700);
	started_program(&tar, "bin/twice", 0755);
	started_program(&tar, "usr/bin/shut", 0700);
	tb_dir(&tar, "usr/bin/folder", 0755, 0, 0);
	tb_dir(&tar, "root", 0700, 0, 0);
	tb_file(&tar, "root/hidden", 0755, 0, 0, "");
	tb_file(&tar, "run", 0755, 0, 0, "#!/bin/sh -e\n");
	tb_file(&tar, "crlf", 0755, 0, 0, "#!/bin/sh\r\n");
	tb_file(&tar, "env", 0755, 0, 0, "#!/usr/bin/env python3\n");
	tb_file(&tar, "env-s", 0755, 0, 0, "#!/usr/bin/env -S python3 -u\n");
	tb_file(&tar, "env-crlf", 0755, 0, 0, "#!/usr/bin/env python3\r\n");
	tb_file(&tar, "unreadable", 0711, 0, 0, "#!/bin/sh\n");
	tb_file(&tar, "s1", 0755, 0, 0, "#!/s2\n");
	tb_file(&tar, "s2", 0755, 0, 0, "#!/s3\n");
	tb_file(&tar, "s3", 0755, 0, 0, "#!/s4\n");
	tb_file(&tar, "s4", 0755, 0, 0, "#!/s5\n");
	tb_file(&tar, "s5", 0755, 0, 0, "#!/bin/sh\n");
	tb_file(&tar, "s0", 0755, 0, 0, "#!/s1\n");
	tb_symlink(&tar, "stdout", "/dev/stdout");
	tb_file(&tar, "lib/ld.so", 0755, 0, 0, "");
	tb_elf(&tar, "good", 0755, &(struct elf_spec){ .loader = "/lib/ld.so" });
	tb_elf(&tar, "musl", 0755, &(struct elf_spec){ .loader = "/lib/ld-musl.so.1" });
	tb_elf(&tar, "arm", 0755, &(struct elf_spec){ .machine = 183 });
	tb_file(&tar, "cut", 0755, 0, 0, "\177ELF\002\001");
	tb_file(&tar, "text", 0755, 0, 0, "echo\n");
	tb_file(&tar, "empty", 0755, 0, 0, "");
	tb_file(&tar, "nameless", 0755, 0, 0, "#! \n");
	add_long_script(&tar, "long", "#!/", 'x');
	add_long_script(&tar, "long-blank", "#!", ' ');
	add_long_script(&tar, "long-argument", "#!/bin/sh ", 'x');
	add_long_script(&tar, "long-env", "#!/usr/bin/env -S python3 ", 'x');
	started_open(&started, &tar);
	*state = &started;
	return 0;
}

static int close_image(void **state)
{
	started_done(*state);
	return 0;
}

static void the_first_that_may_be_executed_is_taken_from_path(void **state)
{
	STARTED(*state, "command /bin/twice\nok", "twice");
	STARTED(*state, "command /usr/bin/shut\ndenied", "shut");
	STARTED(*state, "command none\nnot-found", "none");
	STARTED(*state, "command folder\nnot-found", "folder");
}

static void a_name_is_not_looked_up_in_the_root(void **state)
{
	STARTED(*state, "command run\nnot-found", "run");
}

static void what_a_shut_folder_of_path_hides_is_denied_only_if_it_is_there(void **state)
{
	struct started *started = *state;
	const char **env = started->config.env;

	started->config.env = (const char *[]){ "PATH=/root:/bin", NULL };
	STARTED(started, "command /root/hidden\ndenied", "hidden");
	STARTED(started, "command none\nnot-found", "none");
	STARTED(started, "command /bin/sh\nok", "sh");
	started->config.env = env;
}

static void a_directory_is_not_executed(void **state)
{
	STARTED(*state, "command /usr/bin/folder\ntype", "/usr/bin/folder");
}

static void what_only_the_runtime_knows_has_no_verdict(void **state)
{
	STARTED(*state, "command /stdout\nruntime", "/stdout");
	STARTED(*state, "command /proc/self/exe\nruntime", "/proc/self/exe");
}

static void a_script_is_executed_and_read(void **state)
{
	STARTED(*state, "command /run\ninterpreter /bin/sh\nscript /run\nok", "/run");
	STARTED(*state, "command /unreadable\ninterpreter /bin/sh\nscript /unreadable\ndenied",
		"/unreadable");
}

static void env_looks_the_interpreter_up(void **state)
{
	STARTED(*state,
		"command /env\ninterpreter /usr/bin/env\n"
		"interpreter /usr/bin/python3\nscript /env\nok",
		"/env");
	STARTED(*state,
		"command /env-s\ninterpreter /usr/bin/env\n"
		"interpreter /usr/bin/python3\nscript /env-s\nok",
		"/env-s");
}

static void a_return_in_the_first_line_is_part_of_the_name(void **state)
{
	STARTED(*state, "command /crlf\ninterpreter /bin/sh\r\nbad-interpreter", "/crlf");
	STARTED(*state,
		"command /env-crlf\ninterpreter /usr/bin/env\n"
		"interpreter python3\r\nbad-interpreter",
		"/env-crlf");
}

static void five_interpreters_in_a_row_are_the_most(void **state)
{
	STARTED(*state,
		"command /s1\ninterpreter /s2\ninterpreter /s3\ninterpreter /s4\n"
		"interpreter /s5\ninterpreter /bin/sh\nscript /s5\nscript /s4\nscript /s3\n"
		"script /s2\nscript /s1\nok",
		"/s1");
	STARTED(*state,
		"command /s0\ninterpreter /s1\ninterpreter /s2\ninterpreter /s3\n"
		"interpreter /s4\ninterpreter /s5\nbad-interpreter",
		"/s0");
}

static void a_program_needs_its_loader(void **state)
{
	STARTED(*state, "command /good\nloader /lib/ld.so\nok", "/good");
	STARTED(*state, "command /musl\nloader /lib/ld-musl.so.1\nbad-interpreter", "/musl");
}

static void set_architecture(struct started *started, const char *name)
{
	snprintf(started->config.platform.architecture,
		 sizeof(started->config.platform.architecture), "%s", name);
}

static void what_has_no_format_is_not_executed(void **state)
{
	STARTED(*state, "command /cut\nformat", "/cut");
	STARTED(*state, "command /text\nformat", "/text");
	STARTED(*state, "command /empty\nformat", "/empty");
	STARTED(*state, "command /nameless\nformat", "/nameless");
	STARTED(*state, "command /long\nformat", "/long");
	STARTED(*state, "command /long-blank\nformat", "/long-blank");
}

static void an_argument_in_the_first_line_is_cut(void **state)
{
	STARTED(*state, "command /long-argument\ninterpreter /bin/sh\nscript /long-argument\nok",
		"/long-argument");
	STARTED(*state,
		"command /long-env\ninterpreter /usr/bin/env\n"
		"interpreter /usr/bin/python3\nscript /long-env\nok",
		"/long-env");
}

static void the_limit_of_the_first_line_is_named(void **state)
{
	static const struct identity USER = { .uid = 1000, .gid = 100 };
	const struct started *started = *state;
	const struct start_input input = {
		.content = &started->kept.content,
		.config = &started->config,
		.identity = &USER,
		.command = (const char *const[]){ "/long", NULL },
	};
	struct start *start;
	struct err err = { 0 };

	assert_int_equal(start_follow(&input, &start, &err), 0);
	assert_string_equal(start->detail, "its first line names no interpreter in 255 bytes");
	start_free(start);
}

static void the_machine_must_be_the_images(void **state)
{
	struct started *started = *state;

	STARTED(started, "command /arm\nok", "/arm");
	set_architecture(started, "amd64");
	STARTED(started, "command /arm\narchitecture", "/arm");
	set_architecture(started, "arm64");
	STARTED(started, "command /arm\nok", "/arm");
	set_architecture(started, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_that_may_be_executed_is_taken_from_path),
		cmocka_unit_test(a_name_is_not_looked_up_in_the_root),
		cmocka_unit_test(what_a_shut_folder_of_path_hides_is_denied_only_if_it_is_there),
		cmocka_unit_test(a_directory_is_not_executed),
		cmocka_unit_test(what_only_the_runtime_knows_has_no_verdict),
		cmocka_unit_test(a_script_is_executed_and_read),
		cmocka_unit_test(env_looks_the_interpreter_up),
		cmocka_unit_test(a_return_in_the_first_line_is_part_of_the_name),
		cmocka_unit_test(five_interpreters_in_a_row_are_the_most),
		cmocka_unit_test(a_program_needs_its_loader),
		cmocka_unit_test(what_has_no_format_is_not_executed),
		cmocka_unit_test(an_argument_in_the_first_line_is_cut),
		cmocka_unit_test(the_limit_of_the_first_line_is_named),
		cmocka_unit_test(the_machine_must_be_the_images),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, open_image, close_image);
}
