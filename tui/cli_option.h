/* The table of options: what there is, for which commands, and where its value goes. */
#ifndef TUI_CLI_OPTION_H
#define TUI_CLI_OPTION_H

#include "cli.h"
#include "subcommand.h"

enum cli_option_kind { KIND_FLAG, KIND_WORD, KIND_WORDS, KIND_CHOICE, KIND_NUMBER, KIND_DEMO };

/* Sets of commands. */
enum {
	C_ALL = COMMAND_ALL,
	C_IMAGE = COMMAND_ALL & ~IN_COMMAND(COMMAND_PROFILES),
	C_SCREEN = IN_COMMAND(COMMAND_SCREEN),
	C_CHECK = IN_COMMAND(COMMAND_CHECK),
	C_FIX = IN_COMMAND(COMMAND_FIX),
	C_GUIDE = IN_COMMAND(COMMAND_GUIDE),
	C_LS = IN_COMMAND(COMMAND_LS),
	C_WHY = IN_COMMAND(COMMAND_WHY),
	C_REQUEST = IN_COMMAND(COMMAND_REQUEST),
};

struct cli_option {
	const char *name;
	char letter; /* 0: none */
	enum cli_option_kind kind;
	size_t offset; /* of the member of struct cli */
	unsigned commands;
	const char *metavar;
	const char *const *choices;
	const char *help;
};

/* Ends with a row without a name. */
extern const struct cli_option cli_options[];

/* "a|b|c"; free(). NULL: out of memory. */
char *cli_option_choices(const struct cli_option *option);

#endif
