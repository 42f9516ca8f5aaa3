/* The plain sinks: file, memory, nowhere, hash. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "stream/sink.h"

static void a_file_is_written_from_the_offset_on(void **state)
{
	CLEANUP(closep) int fd = memfd_create("out", MFD_CLOEXEC);
	CLEANUP(sink_closep) struct sink *sink = NULL;
	char buffer[16];

	(void)state;
	assert_int_equal(write(fd, "0123456789", 10), 10);
	assert_int_equal(sink_file_open(fd, 3, &sink, NULL), 0);
	assert_int_equal(sink_write(sink, "ab", 2, NULL), 0);
	assert_int_equal(sink_write(sink, "c", 1, NULL), 0);
	assert_int_equal(sink_finish(sink, NULL), 0);
	assert_int_equal(sink->written, 3);
	assert_int_equal(pread(fd, buffer, sizeof(buffer), 0), 10);
	assert_memory_equal(buffer, "012abc6789", 10);
}

static void writes_of_all_sizes_reach_the_file_in_order(void **state)
{
	static const size_t SIZES[] = { 1, 512, 262143, 1, 262144, 262145, 0, 600000, 7 };
	CLEANUP(closep) int fd = memfd_create("out", MFD_CLOEXEC);
	CLEANUP(sink_closep) struct sink *sink = NULL;
	CLEANUP(freep) unsigned char *bytes = malloc(2000000);
	CLEANUP(freep) unsigned char *back = malloc(2000000);
	size_t at = 0;

	(void)state;
	for (size_t i = 0; i < 2000000; i++)
		bytes[i] = (unsigned char)(i * 31 / 7);
	assert_int_equal(sink_file_open(fd, 0, &sink, NULL), 0);
	for (size_t i = 0; i < sizeof(SIZES) / sizeof(SIZES[0]); i++) {
		assert_int_equal(sink_write(sink, bytes + at, SIZES[i], NULL), 0);
		at += SIZES[i];
	}
	assert_int_equal(sink_finish(sink, NULL), 0);
	assert_int_equal(sink->written, at);
	assert_int_equal(pread(fd, back, 2000000, 0), at);
	assert_memory_equal(back, bytes, at);
}

static void a_file_that_cannot_be_written_is_an_io_error(void **state)
{
	CLEANUP(sink_closep) struct sink *sink = NULL;

	(void)state;
	assert_int_equal(sink_file_open(-1, 0, &sink, NULL), 0);
	assert_int_equal(sink_write(sink, "a", 1, NULL), 0);
	assert_int_equal(sink_finish(sink, NULL), -ERR_IO);
}

static void memory_holds_what_was_written(void **state)
{
	CLEANUP(sink_closep) struct sink *sink = NULL;
	size_t len = 1;

	(void)state;
	assert_int_equal(sink_memory_open(&sink, NULL), 0);
	sink_memory_bytes(sink, &len);
	assert_int_equal(len, 0);
	assert_int_equal(sink_write(sink, "one ", 4, NULL), 0);
	assert_int_equal(sink_write(sink, "two", 3, NULL), 0);
	assert_memory_equal(sink_memory_bytes(sink, &len), "one two", 7);
	assert_int_equal(len, 7);
}

static void nowhere_only_counts(void **state)
{
	CLEANUP(sink_closep) struct sink *sink = NULL;

	(void)state;
	assert_int_equal(sink_null_open(&sink, NULL), 0);
	assert_int_equal(sink_write(sink, "abc", 3, NULL), 0);
	assert_int_equal(sink_finish(sink, NULL), 0);
	assert_int_equal(sink->written, 3);
}

static void a_hash_sees_what_passes_on(void **state)
{
	/* The first bytes of the SHA-256 of "abc". */
	static const unsigned char ABC[] = { 0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea };
	CLEANUP(sink_closep) struct sink *sink = NULL;
	unsigned char value[HASH_MAX_BYTES];
	struct sink *memory;
	size_t len;

	(void)state;
	assert_int_equal(sink_memory_open(&memory, NULL), 0);
	assert_int_equal(sink_hash_open(memory, HASH_SHA256, &sink, NULL), 0);
	assert_int_equal(sink_write(sink, "ab", 2, NULL), 0);
	assert_int_equal(sink_write(sink, "c", 1, NULL), 0);
	assert_int_equal(sink_finish(sink, NULL), 0);
	sink_hash_value(sink, value);
	assert_memory_equal(value, ABC, sizeof(ABC));
	assert_memory_equal(sink_memory_bytes(memory, &len), "abc", 3);
}

static void finish_reaches_the_file_below(void **state)
{
	CLEANUP(closep) int fd = memfd_create("out", MFD_CLOEXEC);
	CLEANUP(sink_closep) struct sink *sink = NULL;
	struct sink *file;
	char buffer[4];

	(void)state;
	assert_int_equal(sink_file_open(fd, 0, &file, NULL), 0);
	assert_int_equal(sink_hash_open(file, HASH_SHA512, &sink, NULL), 0);
	assert_int_equal(sink_write(sink, "abc", 3, NULL), 0);
	assert_int_equal(sink_finish(sink, NULL), 0);
	assert_int_equal(pread(fd, buffer, sizeof(buffer), 0), 3);
}

static void close_takes_null(void **state)
{
	(void)state;
	sink_close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_is_written_from_the_offset_on),
		cmocka_unit_test(writes_of_all_sizes_reach_the_file_in_order),
		cmocka_unit_test(a_file_that_cannot_be_written_is_an_io_error),
		cmocka_unit_test(memory_holds_what_was_written),
		cmocka_unit_test(nowhere_only_counts),
		cmocka_unit_test(a_hash_sees_what_passes_on),
		cmocka_unit_test(finish_reaches_the_file_below),
		cmocka_unit_test(close_takes_null),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
