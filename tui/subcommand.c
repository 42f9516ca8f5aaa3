/* The table of commands; see tui/subcommand.h. */
#include "subcommand.h"

#include <stdint.h>
#include <string.h>

const struct subcommand subcommands[COMMANDS] = {
	/* clang-format off */
	[COMMAND_SCREEN]   = { "",         "IMAGE",                "the screen", 1, 1, subcommand_screen },
	[COMMAND_CHECK]    = { "check",    "check IMAGE...",       "what the user may not do, and which rules are broken", 1, SIZE_MAX, subcommand_check },
	[COMMAND_FIX]      = { "fix",      "fix IMAGE -o OUT",     "mend findings and write the result", 1, 1, subcommand_fix },
	[COMMAND_GUIDE]    = { "guide",    "guide IMAGE",          "mend it one question at a time, also without a screen", 1, 1, subcommand_guide },
	[COMMAND_LS]       = { "ls",       "ls IMAGE [PATH]",      "the tree with owners, modes and access", 1, 2, subcommand_ls },
	[COMMAND_WHY]      = { "why",      "why IMAGE PATH...",    "explain paths; --start: the start command", 1, SIZE_MAX, subcommand_why },
	[COMMAND_CAT]      = { "cat",      "cat IMAGE PATH",       "the bytes of one file", 2, 2, subcommand_cat },
	[COMMAND_INSPECT]  = { "inspect",  "inspect IMAGE",        "manifest, config and layers as JSON", 1, 1, subcommand_inspect },
	[COMMAND_REQUEST]  = { "request",  "request KIND IMAGE -C DIR", "the files that start a job with it", 2, 2, subcommand_request },
	[COMMAND_PROFILES] = { "profiles", "profiles [NAME]",      "the profiles, or the rules of one", 0, 1, subcommand_profiles },
	/* clang-format on */
};

const struct subcommand *subcommand_find(const char *name)
{
	for (size_t i = COMMAND_SCREEN + 1; i < COMMANDS; i++) {
		if (strcmp(subcommands[i].name, name) == 0)
			return &subcommands[i];
	}
	return NULL;
}

enum subcommand_id subcommand_id(const struct subcommand *subcommand)
{
	return (enum subcommand_id)(subcommand - subcommands);
}
