/*
 * Push streams, for what is written: bytes go in, a chain of sinks hashes,
 * compresses and stores them. A sink that is built on another one owns it.
 */
#ifndef STREAM_SINK_H
#define STREAM_SINK_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/hash.h"
#include "base/compression.h"

struct sink;

struct sink_ops {
	int (*write)(struct sink *sink, const void *bytes, size_t len, struct err *err);
	/* All bytes are in: write what is held back, here and below. Called once. */
	int (*finish)(struct sink *sink, struct err *err);
	void (*close)(struct sink *sink);
};

struct sink {
	const struct sink_ops *ops;
	uint64_t written; /* bytes taken; kept by sink_write() */
};

/* 0, or -ERR_IO (with the reason), -ERR_NOMEM. */
int sink_write(struct sink *sink, const void *bytes, size_t len, struct err *err);
int sink_finish(struct sink *sink, struct err *err);

/* Without sink_finish() the output is incomplete. NULL is fine. */
void sink_close(struct sink *sink);
void sink_closep(struct sink **sink);

/* To 'fd' (borrowed) from 'offset' on, by pwrite(). ERR_NOMEM. */
int sink_file_open(int fd, uint64_t offset, struct sink **ret_sink, struct err *err);

/* Into memory that grows. sink_memory_bytes() is borrowed until the next write or close. */
int sink_memory_open(struct sink **ret_sink, struct err *err);
const void *sink_memory_bytes(const struct sink *sink, size_t *ret_len);

/* Nowhere: to learn a size or a digest. */
int sink_null_open(struct sink **ret_sink, struct err *err);

/*
 * Hashes what passes on to 'below' (taken, also on failure), on a thread of its
 * own where it is much. The value is known after sink_finish().
 */
int sink_hash_open(struct sink *below, enum hash_algorithm algorithm, struct sink **ret_sink,
		   struct err *err);
void sink_hash_value(const struct sink *sink, unsigned char *ret_value);

/*
 * Compresses onto 'below' (taken, also on failure). Reproducible: no time, no
 * name, fixed level. ERR_UNSUPPORTED where this build cannot write the format
 * (bzip2 and lz4 are only read). For COMPRESSION_NONE it is 'below' itself.
 */
int sink_encode_open(struct sink *below, enum compression compression, struct sink **ret_sink,
		     struct err *err);

#endif
