/* The hash of what passes through a stream. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "stream/stream_file.h"
#include "stream/stream_hash.h"

/* SHA-256 of "abc". */
static const unsigned char ABC[32] = {
	0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40,
	0xde, 0x5d, 0xae, 0x22, 0x23, 0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17,
	0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad,
};

static struct stream *hash_of(const char *text)
{
	struct stream *memory, *stream;

	assert_int_equal(stream_memory_open(text, strlen(text), &memory, NULL), 0);
	assert_int_equal(stream_hash_open(memory, HASH_SHA256, &stream, NULL), 0);
	return stream;
}

static void hashes_what_is_read(void **state)
{
	CLEANUP(stream_closep) struct stream *stream = hash_of("abc");
	unsigned char value[HASH_MAX_BYTES];
	char buffer[8];

	(void)state;
	assert_int_equal(stream_read(stream, buffer, sizeof(buffer), NULL), 3);
	assert_memory_equal(buffer, "abc", 3);
	stream_hash_value(stream, value);
	assert_memory_equal(value, ABC, 32);
}

static void skipped_bytes_are_hashed_too(void **state)
{
	CLEANUP(stream_closep) struct stream *stream = hash_of("abc");
	unsigned char value[HASH_MAX_BYTES];

	(void)state;
	assert_int_equal(stream_skip(stream, 2, NULL), 0);
	assert_int_equal(stream_drain(stream, NULL, NULL), 0);
	stream_hash_value(stream, value);
	assert_memory_equal(value, ABC, 32);
}

static void the_value_is_of_the_bytes_so_far(void **state)
{
	CLEANUP(stream_closep) struct stream *stream = hash_of("abcdef");
	unsigned char value[HASH_MAX_BYTES];

	(void)state;
	assert_int_equal(stream_skip(stream, 3, NULL), 0);
	stream_hash_value(stream, value);
	assert_memory_equal(value, ABC, 32);
}

static void failures_pass_through(void **state)
{
	const struct stream_span span = { .fd = -1, .offset = 0, .length = 1 };
	CLEANUP(stream_closep) struct stream *stream = NULL;
	struct stream *file;
	char byte;

	(void)state;
	assert_int_equal(stream_file_open(&span, NULL, NULL, &file, NULL), 0);
	assert_int_equal(stream_hash_open(file, HASH_SHA256, &stream, NULL), 0);
	assert_int_equal(stream_read(stream, &byte, 1, NULL), -ERR_IO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hashes_what_is_read),
		cmocka_unit_test(skipped_bytes_are_hashed_too),
		cmocka_unit_test(the_value_is_of_the_bytes_so_far),
		cmocka_unit_test(failures_pass_through),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
