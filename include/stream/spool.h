/* A stream (stdin, a compressed archive) into an unlinked file that can be read anywhere. */
#ifndef STREAM_SPOOL_H
#define STREAM_SPOOL_H

#include "base/cancel.h"
#include "base/limits.h"
#include "base/progress.h"
#include "stream/stream.h"

/* A stream over a pipe, terminal or socket by read(); fd borrowed. ERR_NOMEM. */
int stream_pipe_open(int fd, const struct cancel *cancel, struct stream **ret_stream,
		     struct err *err);

struct spool_options {
	const char *folder;          /* NULL: /tmp */
	const struct limits *limits; /* NULL: limits_default() */
	const struct cancel *cancel; /* NULL: never */
	struct progress *progress;   /* NULL: nobody looks; counts bytes written */
};

/*
 * in      borrowed; read to its end.
 * ret_fd  the file, to be closed by the caller. ret_length: its bytes.
 * ERR_IO ("no space left in 'FOLDER' …"), ERR_LIMIT, ERR_CANCELLED, and what 'in' says.
 */
int spool_stream(struct stream *in, const struct spool_options *options, int *ret_fd,
		 uint64_t *ret_length, struct err *err);

#endif
