/*
 * "Would it start": the start command followed as execve(2) would for the
 * identity: PATH look-up, shell forms, "#!" chains, scripts as arguments of
 * interpreters. Every step has its verdict; the first obstacle is what the
 * user reads as "Permission denied".
 */
#ifndef ACCESS_START_H
#define ACCESS_START_H

#include "access/access.h"
#include "content/content.h"
#include "oci/config.h"

enum start_obstacle {
	START_OK,
	START_NO_COMMAND, /* neither Entrypoint nor Cmd */
	START_NOT_FOUND,
	START_DENIED,
	START_NOT_EXECUTABLE_TYPE, /* a directory, …: EACCES */
	START_BAD_INTERPRETER,     /* "#!" names what is not there, CRLF included */
	START_RUNTIME,             /* only the runtime knows */
	START_UNKNOWN,             /* a shell line too involved to follow; no verdict */
};

struct start_step {
	const char *what; /* "command", "interpreter", "script", … */
	const char *path; /* as it is looked up */
	struct access_verdict verdict;
};

struct start {
	enum start_obstacle obstacle;
	struct start_step *steps; /* the last one is the obstacle, if there is one */
	size_t step_count;
	struct arena arena;
};

struct start_input {
	const struct content *content;
	const struct config *config;
	const struct identity *identity;
	const char *const *command; /* NULL: Entrypoint and Cmd of the config */
};

/* ERR_CANCELLED, ERR_IO, ERR_NOMEM. Free with start_free(). */
int start_follow(const struct start_input *input, struct start **ret_start, struct err *err);
void start_free(struct start *start);
void start_freep(struct start **start);

/* One sentence for an obstacle, as "is not there". */
const char *start_obstacle_text(enum start_obstacle obstacle);

#endif
