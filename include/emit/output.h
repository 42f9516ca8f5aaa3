/*
 * A file or folder that appears whole or not at all: written without a name
 * (or under a temporary one), synced, checked by the caller, then given its name.
 */
#ifndef EMIT_OUTPUT_H
#define EMIT_OUTPUT_H

#include <stdbool.h>
#include <stdint.h>

#include "source/source.h"

struct output;

struct output_options {
	bool folder;          /* an OCI layout */
	bool replace;         /* --force: what is there is replaced */
	const struct source *input; /* borrowed; see output_spares(); NULL: none */
	uint64_t expected;    /* bytes that will be needed; 0: not known */
};

/*
 * ERR_EXISTS ("… is there already; --force replaces it"), ERR_INVALID (the
 * output is the input or in its folder, a link, a folder), ERR_IO (with the path and reason;
 * "needs N, has M free").
 */
int output_open(const char *path, const struct output_options *options, struct output **ret_output,
		struct err *err);

/* The input is never written over, by any of its names, and nothing is put into its folder.
 * ERR_INVALID, ERR_IO. */
int output_spares(const struct output *output, const struct source *input, struct err *err);

/* To write to, and to read back from: a file, or a folder for openat(). */
int output_fd(const struct output *output);

/* A path under which the unpublished output can be opened again ("/proc/self/fd/N" or its temporary name). */
const char *output_reopen_path(const struct output *output);

/* Sync and give it its name. ERR_IO, ERR_EXISTS (somebody was faster). */
int output_publish(struct output *output, struct err *err);

/* Without output_publish() nothing is left behind. NULL is fine. */
void output_close(struct output *output);
void output_closep(struct output **output);

#endif
