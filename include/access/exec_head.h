/* What execve(2) makes of the first bytes of a file: a program, a script, or neither. */
#ifndef ACCESS_EXEC_HEAD_H
#define ACCESS_EXEC_HEAD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

enum exec_format { EXEC_NONE, EXEC_SCRIPT, EXEC_ELF };

struct exec_head {
	enum exec_format format;
	const char *interpreter; /* of a script; NULL: "#!" is followed by none that could be used */
	const char *argument;    /* all that follows it, or NULL */
	bool is_text;            /* no NUL byte: a shell takes it for a script */
};

/* The strings are in the arena. ERR_NOMEM. */
int exec_head_read(const char *bytes, size_t len, struct arena *arena, struct exec_head *ret_head,
		   struct err *err);

#endif
