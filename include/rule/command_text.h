/* The words of commands that test, push or decide: placeholders filled in, each value one shell word. */
#ifndef RULE_COMMAND_TEXT_H
#define RULE_COMMAND_TEXT_H

#include "rule/judge.h"

/*
 * 'pattern' is a rule's or a profile's command. 'reference' is what the image
 * is called where the command runs; NULL: its own name, else "IMAGE". The
 * result is raw (names of the image). NULL: out of memory. Free with free().
 */
char *command_text(const struct judgement *judgement, const char *pattern, const char *reference);

/* The "{names}" that commands may hold besides parameters; NULL-ended. */
const char *const *command_placeholders(void);

/* The length of the name in a "{name}" that begins here; 0: the brace is the shell's. */
size_t command_placeholder(const char *open);

/* The boot command as one line of shell: the parameter, else Entrypoint and Cmd. NULL: out of memory. free(). */
char *command_boot_line(const struct judgement *judgement);

#endif
