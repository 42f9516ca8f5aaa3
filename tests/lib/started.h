/*
 * Start commands in a tree that is kept in memory, as UID 1000 of group 100.
 * The expected result is text: one "what path" line a step, then the obstacle.
 */
#ifndef TESTS_LIB_STARTED_H
#define TESTS_LIB_STARTED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "access/start.h"
#include "lib/elf.h"
#include "lib/kept.h"

struct started {
	struct kept kept;
	struct config config; /* only what a start looks at is set */
};

static inline void started_open(struct started *started, struct tb *tar)
{
	static const char *no_words[] = { NULL };

	*started = (struct started){
		.config = { .user = "", .working_dir = "", .env = no_words },
	};
	kept_open(&started->kept, tar);
}

static inline void started_done(struct started *started)
{
	kept_done(&started->kept);
}

/* A program without a loader. */
static inline void started_program(struct tb *tar, const char *path, unsigned mode)
{
	tb_elf(tar, path, mode, &(struct elf_spec){ 0 });
}

static inline const char *started_obstacle(enum start_obstacle obstacle)
{
	static const char *const NAMES[] = {
		[START_OK] = "ok",
		[START_NO_COMMAND] = "no-command",
		[START_NOT_FOUND] = "not-found",
		[START_DENIED] = "denied",
		[START_NOT_EXECUTABLE_TYPE] = "type",
		[START_BAD_INTERPRETER] = "bad-interpreter",
		[START_BAD_FORMAT] = "format",
		[START_WRONG_ARCHITECTURE] = "architecture",
		[START_NO_LIBRARY] = "no-library",
		[START_RUNTIME] = "runtime",
		[START_UNKNOWN] = "unknown",
	};

	return NAMES[obstacle];
}

static inline void started_check(const struct started *started, const char *const *command,
				 const char *expected)
{
	static const struct identity USER = { .uid = 1000, .gid = 100 };
	const struct start_input input = {
		.content = &started->kept.content,
		.config = &started->config,
		.identity = &USER,
		.command = command,
	};
	char text[8192] = "";
	FILE *out = fmemopen(text, sizeof(text), "w");
	struct start *start;
	struct err err = { 0 };

	if (start_follow(&input, &start, &err) < 0)
		fail_msg("%s", err.text);
	for (size_t i = 0; i < start->step_count; i++)
		fprintf(out, "%s %s\n", start->steps[i].what, start->steps[i].path);
	fputs(started_obstacle(start->obstacle), out);
	fclose(out);
	start_free(start);
	assert_string_equal(text, expected);
}

/* A command as words, and what comes of it. */
#define STARTED(started, expected, ...)                                                            \
	started_check((started), (const char *const[]){ __VA_ARGS__, NULL }, (expected))

/* A line that /bin/sh -c runs; the step of the shell itself is expected by itself. */
#define STARTED_LINE(started, expected, line)                                                      \
	STARTED((started), "command /bin/sh\n" expected, "/bin/sh", "-c", (line))

#endif
