/* A line split as a POSIX shell does, as far as that is possible without running it. */
#ifndef ACCESS_SHELL_LINE_H
#define ACCESS_SHELL_LINE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/vec.h"

struct shell_word {
	const char *text;
	bool is_known; /* false: only the shell can say what it becomes */
};

struct shell_words {
	VEC(struct shell_word) all; /* VEC_DONE() by the caller */
};

enum shell_end {
	SHELL_END,   /* of the line */
	SHELL_THEN,  /* "&&", ";" or a new line: another command follows */
	SHELL_OTHER, /* "||", "|", "&", a redirection: what follows is no plain command */
};

/*
 * The next simple command of a line: its words, quotes removed, in the arena.
 * *rest is where the next one begins. ERR_NOMEM.
 */
int shell_line_next(const char **rest, struct arena *arena, struct shell_words *words,
		    enum shell_end *ret_end, struct err *err);

/* Whether a word is NAME=value. */
bool shell_line_is_assignment(const char *word);

/* The code of a command in shell form, ["/bin/sh", "-c", code]; NULL: another form, or no words. */
const char *shell_line_code(const char *const *words);

#endif
