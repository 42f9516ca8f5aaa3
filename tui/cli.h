/*
 * The command line: one table of options, from which parsing, the check of
 * which command takes what, and --help are made.
 */
#ifndef TUI_CLI_H
#define TUI_CLI_H

#include <stdbool.h>

#include "environment.h"
#include "oci/platform.h"

enum cli_format { FORMAT_TEXT, FORMAT_JSON, FORMAT_HTML }; /* the last one for 'check' */

struct subcommand;

/* NULL-ended words, borrowed from argv. */
struct cli_words {
	const char **items;
	size_t count;
};

struct cli {
	const struct subcommand *subcommand;
	struct cli_words operands; /* without the command; CLI_DEMO stands for the demo image */
	size_t dashes;             /* operands before "--"; all of them without it */
	bool has_dashes;

	bool all_platforms; /* --platform all */
	bool all, dry_run, force, help, in_place, no_cache, no_verify, quiet, start, version;
	int format, fail_on, mode, emit, color; /* enums cli_format, severity, …, color_choice */
	int recompress;                         /* enum compression; -1: as it is */
	int to;                                 /* enum source_format; -1: as the input */
	unsigned long layer, at;                /* 0: not given */
	const char *output, *plan, *save_plan, *profile, *tag, *user, *platform_text,
		*folder, *image_ref, *request, *model_config;
	struct cli_words rules, settings;
	bool has_platform, has_profile, has_mode; /* given */
	struct platform platform;

	const struct environment *environment; /* borrowed; NULL until the caller sets it */
};

/* The operand that --demo leaves; compare the pointer. */
extern const char CLI_DEMO[];

/*
 * Parse argv. ERR_INVALID: one line for the user, and what to do is
 * '--help'. ERR_NOMEM. Free with cli_done(), also after an error.
 */
int cli_parse(struct cli *cli, int argc, char **argv, struct err *err);

void cli_done(struct cli *cli);

/* Help for one command, or for all of them where it is NULL. */
void cli_help(FILE *out, const struct subcommand *subcommand);

#endif
