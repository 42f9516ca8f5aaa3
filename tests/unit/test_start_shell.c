/* Shell lines: builtins are passed, the first other command is followed. */
#include "lib/started.h"

static int open_image(void **state)
{
	static struct started started;
	struct tb tar = { 0 };

	started_program(&tar, "bin/sh", 0755);
	started_program(&tar, "bin/bash", 0755);
	started_program(&tar, "usr/bin/python3", 0755);
	tb_file(&tar, "app/run.sh", 0644, 0, 0, "");
	tb_file(&tar, "app/plain", 0755, 0, 0, "echo\n");
	tb_file(&tar, "app/blind", 0711, 0, 0, "echo\n");
	started_program(&tar, "app/tool", 0755);
	tb_file(&tar, "app/shut.py", 0600, 0, 0, "");
	tb_dir(&tar, "root", 0700, 0, 0);
	started_open(&started, &tar);
	*state = &started;
	return 0;
}

static int close_image(void **state)
{
	started_done(*state);
	return 0;
}

static void the_first_command_is_followed(void **state)
{
	STARTED_LINE(*state, "command /usr/bin/python3\nscript /app/shut.py\ndenied",
		     "A=b exec python3 -u /app/shut.py \"$@\" 2>&1 | tee log");
	STARTED_LINE(*state, "command /app/run.sh\ndenied", "/app/run.sh");
	STARTED_LINE(*state, "command none\nnot-found", "none; python3");
	STARTED_LINE(*state, "command /usr/bin/python3\nok", "python3 && none");
	STARTED_LINE(*state, "ok", "");
}

static void options_may_stand_beside_the_line(void **state)
{
	STARTED(*state, "command /bin/bash\ncommand /usr/bin/python3\nok", "bash", "--login", "-eo",
		"pipefail", "-c", "python3");
	STARTED(*state, "command /bin/bash\ncommand /usr/bin/python3\nok", "bash", "-lc",
		"python3");
}

static void cd_changes_where_relative_paths_begin(void **state)
{
	STARTED_LINE(*state,
		     "directory /app\ncommand /usr/bin/python3\nscript /app/shut.py\ndenied",
		     "cd /app && python3 shut.py");
	STARTED_LINE(*state, "directory /root\ndenied", "cd /root && python3");
	STARTED_LINE(*state, "directory /none\nnot-found", "cd /none; python3");
	STARTED_LINE(*state, "unknown", "cd $HOME && python3");
}

static void builtins_are_passed(void **state)
{
	STARTED_LINE(*state, "command /usr/bin/python3\nok",
		     "set -e; export A=b; echo hi && python3");
	STARTED_LINE(*state, "script /app/run.sh\ncommand /usr/bin/python3\nok",
		     ". /app/run.sh && python3");
	STARTED_LINE(*state, "script /app/shut.py\ndenied", "source /app/shut.py; python3");
	STARTED_LINE(*state, "ok", "A=b");
}

static void assignments_change_what_follows(void **state)
{
	STARTED_LINE(*state, "command /app/tool\nok", "PATH=/app tool");
	STARTED_LINE(*state, "command /app/tool\nok", "export PATH=/app:/bin && tool");
	STARTED_LINE(*state, "command tool\nnot-found", "A=b tool");
}

static void a_shell_reads_what_has_no_format(void **state)
{
	STARTED_LINE(*state, "command /app/plain\nscript /app/plain\nok", "/app/plain");
	STARTED_LINE(*state, "command /app/blind\nscript /app/blind\ndenied", "/app/blind");
	STARTED(*state, "command /app/plain\nformat", "/app/plain");
}

static void what_is_too_involved_is_unknown(void **state)
{
	static const char *const LINES[] = {
		"$CMD",
		"`x`",
		"for i in a; do b; done",
		"if a; then b; fi",
		"(a)",
		"exec",
		"exec -a x y",
		"PATH=/x:$PATH python3",
		"> log none",
		"eval none",
		"echo hi || none",
		"export PATH=$X; none",
		". activate",
		"cd",
		"* a",
		"'unended",
	};

	for (size_t i = 0; i < sizeof(LINES) / sizeof(*LINES); i++)
		STARTED_LINE(*state, "unknown", LINES[i]);
	STARTED_LINE(*state, "command /usr/bin/python3\nunknown", "python3 $SCRIPT");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_command_is_followed),
		cmocka_unit_test(options_may_stand_beside_the_line),
		cmocka_unit_test(cd_changes_where_relative_paths_begin),
		cmocka_unit_test(builtins_are_passed),
		cmocka_unit_test(assignments_change_what_follows),
		cmocka_unit_test(a_shell_reads_what_has_no_format),
		cmocka_unit_test(what_is_too_involved_is_unknown),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, open_image, close_image);
}
