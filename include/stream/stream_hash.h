/* Hashes the bytes that pass. Skipped bytes are read, so that nothing escapes the hash. */
#ifndef STREAM_STREAM_HASH_H
#define STREAM_STREAM_HASH_H

#include "base/hash.h"
#include "stream/stream.h"

/* Takes 'upstream', also on failure. ERR_NOMEM. */
int stream_hash_open(struct stream *upstream, enum hash_algorithm algorithm,
		     struct stream **ret_stream, struct err *err);

/* The value of the bytes that have passed so far; 'stream' is from stream_hash_open(). */
void stream_hash_value(const struct stream *stream, unsigned char *ret_value);

#endif
