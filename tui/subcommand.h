/* The commands of the command line, in one table. */
#ifndef TUI_SUBCOMMAND_H
#define TUI_SUBCOMMAND_H

#include "cli.h"

enum exit_code {
	EXIT_CLEAN = 0,
	EXIT_FINDINGS = 1,
	EXIT_USAGE = 2,
	EXIT_UNREADABLE = 3,
	EXIT_SIGNAL = 128, /* and its number */
};

enum subcommand_id {
	COMMAND_SCREEN,
	COMMAND_CHECK,
	COMMAND_FIX,
	COMMAND_GUIDE,
	COMMAND_LS,
	COMMAND_WHY,
	COMMAND_CAT,
	COMMAND_INSPECT,
	COMMAND_REQUEST,
	COMMAND_PROFILES,
	COMMANDS
};

#define IN_COMMAND(id) (1u << (id))

enum { COMMAND_ALL = (1 << COMMANDS) - 1 };

struct subcommand {
	const char *name; /* "" for the screen */
	const char *usage, *summary;
	size_t operands_least, operands_most; /* the demo image counts */
	int (*run)(const struct cli *cli);    /* the exit code */
};

/* By enum subcommand_id. */
extern const struct subcommand subcommands[COMMANDS];

/* NULL: there is none of that name. */
const struct subcommand *subcommand_find(const char *name);
enum subcommand_id subcommand_id(const struct subcommand *subcommand);

int subcommand_screen(const struct cli *cli);
int subcommand_check(const struct cli *cli);
int subcommand_fix(const struct cli *cli);
int subcommand_guide(const struct cli *cli);
int subcommand_ls(const struct cli *cli);
int subcommand_why(const struct cli *cli);
int subcommand_cat(const struct cli *cli);
int subcommand_inspect(const struct cli *cli);
int subcommand_request(const struct cli *cli);
int subcommand_profiles(const struct cli *cli);

#endif
