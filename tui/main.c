/* The program: arguments to a command, and what is wrong with stdout at its end. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "image_run.h"
#include "interrupt.h"
#include "subcommand.h"

/*
 * What could not be written makes every answer worthless. A stream forgets the
 * reason of an earlier failure, so that it is asked for again.
 */
static int finish(enum text_charset charset, int code)
{
	bool failed;

	if (interrupt_signal())
		return EXIT_SIGNAL + interrupt_signal();
	failed = ferror(stdout) && (clearerr(stdout), putchar('\n') != EOF);
	errno = 0;
	if (fflush(stdout) == 0 && !failed && (close(STDOUT_FILENO) == 0 || errno == EBADF))
		return code;
	say(charset, "cannot write to standard output: %s", strerror(errno ? errno : EIO));
	return EXIT_UNREADABLE;
}

static int run(struct cli *cli)
{
	if (cli->version) {
		puts(PACKAGE_NAME " " PACKAGE_VERSION);
		return EXIT_CLEAN;
	}
	if (cli->help) {
		cli_help(stdout, cli->subcommand);
		return EXIT_CLEAN;
	}
	/* The screen has its own way with signals. */
	if (subcommand_id(cli->subcommand) != COMMAND_SCREEN)
		interrupt_catch();
	return cli->subcommand->run(cli);
}

static int usage(const struct cli *cli, enum text_charset charset, const struct err *err)
{
	const char *name = cli->subcommand->name;

	say(charset, "%s", err->text);
	say(charset, "'imgtui %s%s--help' says more", name, *name ? " " : "");
	return exit_code_of(err);
}

int main(int argc, char **argv)
{
	struct environment environment;
	struct cli cli;
	struct err err = { 0 };
	int code;

	if (environment_read(&environment, &err) < 0) {
		say(environment.charset, "%s", err.text);
		code = exit_code_of(&err);
	} else if (cli_parse(&cli, argc, argv, &err) < 0) {
		code = usage(&cli, environment.charset, &err);
		cli_done(&cli);
	} else {
		cli.environment = &environment;
		code = finish(environment.charset, run(&cli));
		cli_done(&cli);
	}
	environment_done(&environment);
	return code;
}
