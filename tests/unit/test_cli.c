/* The command line: what is taken, where it may stand, what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rule/profile.h"
#include "session/session.h"
#include "tui/cli_option.h"
#include "tui/subcommand.h"

enum { WORDS_MOST = 16 };

/* Words separated by spaces, as main() would get them. */
static int parse(struct cli *cli, const char *line, struct err *err)
{
	static char text[256];
	char *argv[WORDS_MOST + 2] = { text };
	int argc = 0;

	snprintf(text, sizeof(text), "imgtui %s", line);
	for (char *rest = text; rest && argc <= WORDS_MOST;) {
		argv[argc++] = rest;
		rest = strchr(rest, ' ');
		if (rest)
			*rest++ = '\0';
	}
	return cli_parse(cli, argc, argv, err);
}

static void good(struct cli *cli, const char *line)
{
	struct err err = { 0 };

	if (parse(cli, line, &err) < 0)
		fail_msg("%s: %s", line, err.text);
}

static void bad(const char *line, const char *text)
{
	struct cli cli;
	struct err err = { 0 };

	if (parse(&cli, line, &err) == 0)
		fail_msg("%s: was taken", line);
	assert_int_equal(err.code, ERR_INVALID);
	if (!strstr(err.text, text))
		fail_msg("%s: %s", line, err.text);
	cli_done(&cli);
}

static void a_word_alone_is_an_image(void **state)
{
	struct cli cli;

	(void)state;
	good(&cli, "image.tar");
	assert_int_equal(subcommand_id(cli.subcommand), COMMAND_SCREEN);
	assert_string_equal(cli.operands.items[0], "image.tar");
	cli_done(&cli);
}

static void options_may_stand_anywhere(void **state)
{
	static const char *const LINES[] = {
		"--format json check a.tar b.tar",
		"check --format json a.tar b.tar",
		"check a.tar --format=json b.tar",
		"check a.tar b.tar --format json",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(LINES) / sizeof(*LINES); i++) {
		struct cli cli;

		good(&cli, LINES[i]);
		assert_int_equal(subcommand_id(cli.subcommand), COMMAND_CHECK);
		assert_int_equal(cli.format, FORMAT_JSON);
		assert_int_equal(cli.operands.count, 2);
		assert_string_equal(cli.operands.items[0], "a.tar");
		assert_string_equal(cli.operands.items[1], "b.tar");
		cli_done(&cli);
	}
}

static void defaults_are_those_of_the_contract(void **state)
{
	struct cli cli;

	(void)state;
	good(&cli, "fix a.tar");
	assert_string_equal(cli.profile, "modelarts-training");
	assert_int_equal(cli.fail_on, SEVERITY_ERROR);
	assert_int_equal(cli.mode, EMIT_REWRITE);
	assert_int_equal(cli.emit, WRITE_IMAGE);
	assert_int_equal(cli.to, -1);
	assert_int_equal(cli.color, COLOR_AUTO);
	assert_null(cli.user);
	cli_done(&cli);
}

static void choices_are_in_the_order_of_their_enums(void **state)
{
	struct cli cli;

	(void)state;
	good(&cli,
	     "fix a --mode append --emit dockerfile --to oci --fail-on warning --color never");
	assert_int_equal(cli.mode, EMIT_APPEND);
	assert_int_equal(cli.emit, WRITE_DOCKERFILE);
	assert_int_equal(cli.to, SOURCE_OCI_LAYOUT);
	assert_int_equal(cli.fail_on, SEVERITY_WARNING);
	assert_int_equal(cli.color, COLOR_NEVER);
	cli_done(&cli);
}

static void some_options_may_be_repeated(void **state)
{
	struct cli cli;

	(void)state;
	good(&cli, "fix a --rule ONE --set x=1 --rule TWO --set y=2");
	assert_int_equal(cli.rules.count, 2);
	assert_string_equal(cli.rules.items[1], "TWO");
	assert_null(cli.rules.items[2]);
	assert_int_equal(cli.settings.count, 2);
	assert_string_equal(cli.settings.items[0], "x=1");
	cli_done(&cli);
}

static void the_demo_image_stands_where_an_image_stands(void **state)
{
	struct cli cli;

	(void)state;
	good(&cli, "--demo");
	assert_ptr_equal(cli.operands.items[0], CLI_DEMO);
	cli_done(&cli);
	good(&cli, "why /etc/passwd --demo");
	assert_ptr_equal(cli.operands.items[0], CLI_DEMO);
	assert_string_equal(cli.operands.items[1], "/etc/passwd");
	cli_done(&cli);
	good(&cli, "check a.tar --demo b.tar");
	assert_ptr_equal(cli.operands.items[1], CLI_DEMO);
	cli_done(&cli);
}

static void two_dashes_end_the_options(void **state)
{
	struct cli cli;

	(void)state;
	good(&cli, "why a.tar --start -- python --user x");
	assert_true(cli.has_dashes);
	assert_int_equal(cli.dashes, 1);
	assert_int_equal(cli.operands.count, 4);
	assert_string_equal(cli.operands.items[cli.dashes], "python");
	assert_null(cli.operands.items[4]);
	assert_null(cli.user);
	cli_done(&cli);
	good(&cli, "-- check");
	assert_int_equal(subcommand_id(cli.subcommand), COMMAND_SCREEN);
	cli_done(&cli);
}

static void what_does_not_fit_is_refused_and_named(void **state)
{
	static const struct {
		const char *line, *text;
	} ROWS[] = {
		{ "check", "usage: imgtui check" },
		{ "ls a b c", "'c'" },
		{ "diff", "unknown command 'diff'" },
		{ "ls a --platform all", "'check' and 'fix'" },
		{ "extract a b", "unknown command 'extract'" },
		{ "check --nope a", "'--nope'" },
		{ "check -x a", "'-x'" },
		{ "check a --format", "'--format' needs a value" },
		{ "check a --quiet=1", "'--quiet' takes no value" },
		{ "ls a --format html", "html is for 'check'" },
		{ "check a --format yaml", "none of text|json|html" },
		{ "ls a --at x", "'x'" },
		{ "ls a --layer -1", "'-1'" },
		{ "check a --all", "not for 'check'" },
		{ "a --dry-run", "needs a command" },
		{ "ls a --platform linux", "--platform" },
		{ "fix a --tag UPPER:x", "--tag" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(ROWS) / sizeof(*ROWS); i++)
		bad(ROWS[i].line, ROWS[i].text);
}

static void help_and_version_need_no_image(void **state)
{
	struct cli cli;

	(void)state;
	good(&cli, "fix --help");
	assert_true(cli.help);
	cli_done(&cli);
	good(&cli, "--version");
	assert_true(cli.version);
	cli_done(&cli);
}

static char *help_of(const struct subcommand *subcommand)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	cli_help(out, subcommand);
	fclose(out);
	return text;
}

/* As a word of its own: "--mode" is not in "--model-config". */
static bool names_option(const char *help, const char *option)
{
	size_t len = strlen(option);

	for (const char *at = help; (at = strstr(at, option)); at += len) {
		if (strchr(" \n,", at[len]))
			return true;
	}
	return false;
}

static void every_option_is_in_the_help_of_its_commands(void **state)
{
	(void)state;
	for (size_t c = COMMAND_SCREEN + 1; c < COMMANDS; c++) {
		char *help = help_of(&subcommands[c]);

		for (const struct cli_option *row = cli_options; row->name; row++) {
			char option[64];
			bool taken = row->commands & IN_COMMAND(c);

			snprintf(option, sizeof(option), "--%s", row->name);
			if (names_option(help, option) != taken && strcmp(option, "--at") != 0)
				fail_msg("%s: %s", subcommands[c].name, option);
		}
		free(help);
	}
}

static void every_command_is_in_the_help(void **state)
{
	char *help = help_of(NULL);

	(void)state;
	for (size_t c = 0; c < COMMANDS; c++) {
		assert_non_null(subcommands[c].run);
		assert_non_null(strstr(help, subcommands[c].usage));
	}
	free(help);
}

static void names_of_options_are_unique(void **state)
{
	size_t i = 0;

	(void)state;
	for (; cli_options[i].name; i++) {
		assert_true(cli_options[i].commands != 0);
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(cli_options[i].name, cli_options[j].name);
	}
	assert_true(i < 64); /* a bit each */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_word_alone_is_an_image),
		cmocka_unit_test(options_may_stand_anywhere),
		cmocka_unit_test(defaults_are_those_of_the_contract),
		cmocka_unit_test(choices_are_in_the_order_of_their_enums),
		cmocka_unit_test(some_options_may_be_repeated),
		cmocka_unit_test(the_demo_image_stands_where_an_image_stands),
		cmocka_unit_test(two_dashes_end_the_options),
		cmocka_unit_test(what_does_not_fit_is_refused_and_named),
		cmocka_unit_test(help_and_version_need_no_image),
		cmocka_unit_test(every_option_is_in_the_help_of_its_commands),
		cmocka_unit_test(every_command_is_in_the_help),
		cmocka_unit_test(names_of_options_are_unique),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
