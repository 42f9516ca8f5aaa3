/*
 * Decode bytes in memory to the end, for the tests of the decoders.
 * To be included after <cmocka.h>.
 */
#ifndef TESTS_LIB_DECODED_H
#define TESTS_LIB_DECODED_H

#include <stdlib.h>
#include <string.h>

#include "stream/stream_decode.h"
#include "stream/stream_file.h"

struct decoded {
	int code; /* of the opening, else of the reading */
	enum compression compression;
	unsigned char *bytes;
	size_t len;
	struct err err;
	struct problem_list problems;
};

/* Read in pieces of 'piece' bytes. What was read before a failure is kept. */
static inline struct decoded decode_pieces(const void *bytes, size_t len, size_t piece)
{
	struct decoded decoded = { .bytes = malloc(piece) };
	struct stream *memory, *stream;
	ssize_t count;

	assert_int_equal(stream_memory_open(bytes, len, &memory, NULL), 0);
	decoded.code = stream_decode_open(memory, &decoded.problems, &decoded.compression, &stream,
					  &decoded.err);
	if (decoded.code < 0)
		return decoded;
	while ((count = stream_read(stream, decoded.bytes + decoded.len, piece, &decoded.err)) >
	       0) {
		decoded.len += (size_t)count;
		decoded.bytes = realloc(decoded.bytes, decoded.len + piece);
		assert_non_null(decoded.bytes);
	}
	decoded.code = (int)count;
	if (count == 0) /* all stored bytes were read */
		assert_int_equal(memory->position, len);
	stream_close(stream);
	return decoded;
}

static inline struct decoded decode_all(const void *bytes, size_t len)
{
	return decode_pieces(bytes, len, 100000);
}

static inline void decoded_done(struct decoded *decoded)
{
	free(decoded->bytes);
	problem_list_done(&decoded->problems);
}

/* It was read to its end and gave exactly these bytes. */
static inline void assert_decoded(const struct decoded *decoded, const void *bytes, size_t len)
{
	assert_string_equal(decoded->err.text, "");
	assert_int_equal(decoded->code, 0);
	assert_int_equal(decoded->len, len);
	if (len > 0)
		assert_memory_equal(decoded->bytes, bytes, len);
}

#endif
