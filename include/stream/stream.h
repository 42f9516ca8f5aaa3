/*
 * Pull streams: bytes in order, in a chain. A stream that is built on another
 * one owns it and closes it.
 *
 *	stream_file → stream_hash → stream_decode → stream_hash → stream_limit
 */
#ifndef STREAM_STREAM_H
#define STREAM_STREAM_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

struct stream;

struct stream_ops {
	/* Up to len bytes; 0 at the end; -ERR_x. */
	ssize_t (*read)(struct stream *stream, void *buffer, size_t len, struct err *err);
	/* Pass over len bytes without looking at them; NULL: they are read and dropped. */
	int (*skip)(struct stream *stream, uint64_t len, struct err *err);
	void (*close)(struct stream *stream);
};

/* The first member of every kind of stream, zeroed but for 'ops'. */
struct stream {
	const struct stream_ops *ops;
	uint64_t position; /* bytes delivered or skipped; kept by stream_read() and stream_skip() */
	struct err failed; /* the first failure; every later call fails with it */
};

/*
 * Fill the buffer; fewer bytes only at the end, or before a failure: what came
 * before it is delivered, and the next call fails. The count, or -ERR_IO,
 * -ERR_FORMAT (damaged compression, with the byte), -ERR_LIMIT, -ERR_NOMEM,
 * -ERR_CANCELLED.
 */
ssize_t stream_read(struct stream *stream, void *buffer, size_t len, struct err *err);

/* Pass over len bytes. ERR_FORMAT "ends early" if there are fewer; else as stream_read(). */
int stream_skip(struct stream *stream, uint64_t len, struct err *err);

/* Read to the end, so that every byte has been hashed. *ret_bytes (may be NULL): how many there were. */
int stream_drain(struct stream *stream, uint64_t *ret_bytes, struct err *err);

/* NULL is fine. */
void stream_close(struct stream *stream);
void stream_closep(struct stream **stream);

#endif
