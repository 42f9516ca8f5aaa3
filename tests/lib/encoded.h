/*
 * Compress bytes through a sink into memory, for the tests of the encoders.
 * To be included after <cmocka.h>.
 */
#ifndef TESTS_LIB_ENCODED_H
#define TESTS_LIB_ENCODED_H

#include <stdlib.h>
#include <string.h>

#include "core/stream/sink_priv.h"

struct encoded {
	unsigned char *bytes;
	size_t len;
};

/* What went through 'sink' into 'memory'; closes both. */
static inline struct encoded encoded_take(struct sink *sink, struct sink *memory)
{
	struct encoded encoded;
	const void *made = sink_memory_bytes(memory, &encoded.len);

	encoded.bytes = malloc(encoded.len + 1);
	assert_non_null(encoded.bytes);
	if (encoded.len > 0)
		memcpy(encoded.bytes, made, encoded.len);
	sink_close(sink);
	return encoded;
}

/* In writes of 'piece' bytes. */
static inline void encode_into(struct sink *sink, const void *bytes, size_t len, size_t piece)
{
	for (size_t at = 0; at < len; at += piece)
		assert_int_equal(sink_write(sink, (const char *)bytes + at,
					    piece < len - at ? piece : len - at, NULL),
				 0);
	assert_int_equal(sink_finish(sink, NULL), 0);
	assert_int_equal(sink->written, len);
}

static inline struct encoded encode_pieces(enum compression compression, const void *bytes,
					   size_t len, size_t piece)
{
	struct sink *memory, *sink;

	assert_int_equal(sink_memory_open(&memory, NULL), 0);
	assert_int_equal(sink_encode_open(memory, compression, &sink, NULL), 0);
	encode_into(sink, bytes, len, piece);
	return encoded_take(sink, memory);
}

/* On so many threads. */
static inline struct encoded encode_threads(int (*open)(struct sink *, size_t, struct sink **,
							struct err *),
					    size_t threads, const void *bytes, size_t len)
{
	struct sink *memory, *sink;

	assert_int_equal(sink_memory_open(&memory, NULL), 0);
	assert_int_equal(open(memory, threads, &sink, NULL), 0);
	encode_into(sink, bytes, len, ENCODE_BLOCK_BYTES);
	return encoded_take(sink, memory);
}

static inline struct encoded encode_all(enum compression compression, const void *bytes, size_t len)
{
	return encode_pieces(compression, bytes, len, 100000);
}

static inline void encoded_done(struct encoded *encoded)
{
	free(encoded->bytes);
}

#endif
