/* What to type next: load what was written, test it as the platform runs it, push it. */
#ifndef EMIT_RESULT_COMMANDS_H
#define EMIT_RESULT_COMMANDS_H

#include "rule/judge.h"
#include "source/source.h"

/* What was written. */
struct result_file {
	const char *path;
	enum source_format format;
	const char *tag; /* NULL: the image's own name */
};

struct result_command {
	char *title, *text; /* raw: names of the image are in it */
};

struct result_commands {
	struct result_command *items;
	size_t count;
};

/*
 * 'judgement' is of what was written, or of the preview that it equals. Free
 * with result_commands_done(). ERR_NOMEM.
 */
int result_commands_make(const struct judgement *judgement, const struct result_file *file,
			 struct result_commands *ret_commands, struct err *err);
void result_commands_done(struct result_commands *commands);

#endif
