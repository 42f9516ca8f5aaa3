/* Which command starts, and what interpreters and wrappers start in their turn. */
#include "lib/started.h"

static int open_image(void **state)
{
	static struct started started;
	struct tb tar = { 0 };

	started_program(&tar, "bin/sh", 0755);
	started_program(&tar, "usr/bin/python3", 0755);
	started_program(&tar, "usr/bin/node", 0755);
	started_program(&tar, "usr/bin/java", 0755);
	started_program(&tar, "usr/bin/env", 0755);
	started_program(&tar, "sbin/tini", 0755);
	tb_file(&tar, "app/run.py", 0644, 0, 0, "");
	tb_file(&tar, "app/shut.py", 0711, 0, 0, "");
	tb_file(&tar, "app/a.jar", 0600, 0, 0, "");
	started_open(&started, &tar);
	*state = &started;
	return 0;
}

static int close_image(void **state)
{
	started_done(*state);
	return 0;
}

static void an_image_without_a_command_says_so(void **state)
{
	started_check(*state, NULL, "no-command");
}

static void entrypoint_and_command_are_one(void **state)
{
	struct started *started = *state;

	started->config.entrypoint = (const char *[]){ "python3", NULL };
	started->config.cmd = (const char *[]){ "/app/shut.py", NULL };
	started_check(started, NULL, "command /usr/bin/python3\nscript /app/shut.py\ndenied");
	started->config.entrypoint = started->config.cmd = NULL;
}

static void relative_paths_begin_in_the_working_directory(void **state)
{
	struct started *started = *state;

	started->config.working_dir = "/app";
	STARTED(started, "command /usr/bin/python3\nscript /app/run.py\nok", "python3", "run.py");
	STARTED(started, "command /app/./none\nnot-found", "./none");
	started->config.working_dir = "";
}

static void options_of_interpreters_are_passed_over(void **state)
{
	STARTED(*state, "command /usr/bin/python3\nscript /app/shut.py\ndenied", "python3", "-u",
		"-W", "ignore", "/app/shut.py", "x");
	STARTED(*state, "command /usr/bin/python3\nok", "python3", "-um", "none");
	STARTED(*state, "command /usr/bin/python3\nok", "python3", "-c", "import none", "none");
	STARTED(*state, "command /usr/bin/python3\nok", "python3", "-");
	STARTED(*state, "command /usr/bin/python3\nok", "python3");
	STARTED(*state, "command /usr/bin/node\nok", "node", "--require", "x", "none.js");
	STARTED(*state, "command /usr/bin/node\nscript /none.js\nnot-found", "node", "--a=b",
		"none.js");
	STARTED(*state, "command /bin/sh\nscript /app/shut.py\ndenied", "sh", "-eo", "pipefail",
		"/app/shut.py");
}

static void a_jar_must_be_readable(void **state)
{
	STARTED(*state, "command /usr/bin/java\nscript /app/a.jar\ndenied", "java", "-Xmx1g", "-cp",
		"x", "-jar", "/app/a.jar");
	STARTED(*state, "command /usr/bin/java\nok", "java", "Main");
}

static void wrappers_start_the_rest_of_their_words(void **state)
{
	STARTED(*state, "command /sbin/tini\ncommand /usr/bin/python3\nscript /app/shut.py\ndenied",
		"tini", "-g", "-p", "SIGTERM", "--", "python3", "/app/shut.py");
	STARTED(*state, "command /usr/bin/env\ncommand none\nnot-found", "env", "-u", "X", "A=b",
		"none");
	STARTED(*state, "command /usr/bin/env\ncommand sh\nnot-found", "env", "PATH=/x", "sh");
	STARTED(*state, "command /sbin/tini\nok", "tini");
}

static void a_command_that_starts_itself_ends(void **state)
{
	const char *command[40];

	for (size_t i = 0; i < 39; i++)
		command[i] = "/usr/bin/env";
	command[39] = NULL;

	const struct started *started = *state;
	static const struct identity USER = { .uid = 1000, .gid = 100 };
	const struct start_input input = { &started->kept.content, &started->config, &USER,
					   command };
	struct err err = { 0 };
	struct start *start;

	assert_int_equal(start_follow(&input, &start, &err), 0);
	assert_int_equal(start->obstacle, START_UNKNOWN);
	start_free(start);
}

static void what_a_missing_layer_may_hold_has_no_verdict(void **state)
{
	struct started *started = *state;
	const struct tree *tree = started->kept.tree;
	const struct layer_index *layers[] = { started->kept.layer, NULL };
	struct tree *cut;

	assert_int_equal(tree_build(layers, 2, NULL, &cut, NULL), 0);
	started->kept.content.tree = cut;
	started->kept.content.at = 2;
	STARTED(started, "command none\nunknown", "none");
	STARTED(started, "command /bin/sh\nok", "sh");
	started->kept.content.tree = tree;
	started->kept.content.at = 1;
	tree_free(cut);
}

static void every_obstacle_has_its_text(void **state)
{
	(void)state;
	for (enum start_obstacle i = START_OK; i <= START_UNKNOWN; i++)
		assert_true(start_obstacle_text(i)[0] != '\0');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_image_without_a_command_says_so),
		cmocka_unit_test(entrypoint_and_command_are_one),
		cmocka_unit_test(relative_paths_begin_in_the_working_directory),
		cmocka_unit_test(options_of_interpreters_are_passed_over),
		cmocka_unit_test(a_jar_must_be_readable),
		cmocka_unit_test(wrappers_start_the_rest_of_their_words),
		cmocka_unit_test(a_command_that_starts_itself_ends),
		cmocka_unit_test(what_a_missing_layer_may_hold_has_no_verdict),
		cmocka_unit_test(every_obstacle_has_its_text),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, open_image, close_image);
}
