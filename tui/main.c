/* The program: arguments to a command, and what is wrong with stdout at its end. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "image_run.h"
#include "interrupt.h"
#include "subcommand.h"

/* A stream forgets why an earlier write failed: one more byte is refused for the same reason. */
static int reason_of_failure(void)
{
	errno = 0;
	return write(STDOUT_FILENO, "\n", 1) < 0 && errno ? errno : EIO;
}

/* What could not be written makes every answer worthless. */
static int finish(enum text_charset charset, int code)
{
	int reason = 0;

	if (interrupt_signal())
		return EXIT_SIGNAL + interrupt_signal();
	if (ferror(stdout))
		reason = reason_of_failure();
	else if (fflush(stdout) != 0 || (close(STDOUT_FILENO) < 0 && errno != EBADF))
		reason = errno;
	if (!reason)
		return code;
	say(charset, "cannot write to standard output: %s", strerror(reason));
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
