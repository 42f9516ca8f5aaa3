/* A range of a file, and bytes in memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "stream/stream_file.h"

/* A file with the bytes "0123456789". */
static int digits_open(void)
{
	int fd = memfd_create("digits", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, "0123456789", 10), 10);
	return fd;
}

static void reads_only_the_range(void **state)
{
	CLEANUP(closep) int fd = digits_open();
	CLEANUP(stream_closep) struct stream *stream = NULL;
	const struct stream_span span = { .fd = fd, .offset = 2, .length = 5 };
	char buffer[16];

	(void)state;
	assert_int_equal(stream_file_open(&span, NULL, NULL, &stream, NULL), 0);
	assert_int_equal(stream_read(stream, buffer, sizeof(buffer), NULL), 5);
	assert_memory_equal(buffer, "23456", 5);
	assert_int_equal(stream_read(stream, buffer, sizeof(buffer), NULL), 0);
}

static void streams_share_a_file(void **state)
{
	CLEANUP(closep) int fd = digits_open();
	CLEANUP(stream_closep) struct stream *one = NULL;
	CLEANUP(stream_closep) struct stream *two = NULL;
	const struct stream_span span = { .fd = fd, .offset = 0, .length = 10 };
	char a, b;

	(void)state;
	assert_int_equal(stream_file_open(&span, NULL, NULL, &one, NULL), 0);
	assert_int_equal(stream_file_open(&span, NULL, NULL, &two, NULL), 0);
	assert_int_equal(stream_skip(one, 4, NULL), 0);
	assert_int_equal(stream_read(two, &b, 1, NULL), 1);
	assert_int_equal(stream_read(one, &a, 1, NULL), 1);
	assert_int_equal(a, '4');
	assert_int_equal(b, '0');
}

static void a_file_that_is_too_short_is_told_with_the_byte(void **state)
{
	CLEANUP(closep) int fd = digits_open();
	CLEANUP(stream_closep) struct stream *stream = NULL;
	const struct stream_span span = { .fd = fd, .offset = 4, .length = 100 };
	struct err err = { 0 };
	char buffer[16];

	(void)state;
	assert_int_equal(stream_file_open(&span, NULL, NULL, &stream, NULL), 0);
	assert_int_equal(stream_read(stream, buffer, sizeof(buffer), &err), 6);
	assert_int_equal(stream_read(stream, buffer, sizeof(buffer), &err), -ERR_FORMAT);
	assert_string_equal(err.text, "file ends early at byte 10: 94 more are needed");
}

static void skip_beyond_the_range_fails(void **state)
{
	CLEANUP(closep) int fd = digits_open();
	CLEANUP(stream_closep) struct stream *stream = NULL;
	const struct stream_span span = { .fd = fd, .offset = 4, .length = 3 };

	(void)state;
	assert_int_equal(stream_file_open(&span, NULL, NULL, &stream, NULL), 0);
	assert_int_equal(stream_skip(stream, 4, NULL), -ERR_FORMAT);
}

static void progress_counts_read_and_skipped_bytes(void **state)
{
	CLEANUP(closep) int fd = digits_open();
	CLEANUP(stream_closep) struct stream *stream = NULL;
	const struct stream_span span = { .fd = fd, .offset = 0, .length = 10 };
	struct progress progress = { 0 };
	char buffer[3];

	(void)state;
	assert_int_equal(stream_file_open(&span, NULL, &progress, &stream, NULL), 0);
	assert_int_equal(stream_read(stream, buffer, 3, NULL), 3);
	assert_int_equal(stream_skip(stream, 4, NULL), 0);
	assert_int_equal(progress.done, 7);
}

static void cancel_stops_reads_and_skips(void **state)
{
	CLEANUP(closep) int fd = digits_open();
	CLEANUP(stream_closep) struct stream *one = NULL;
	CLEANUP(stream_closep) struct stream *two = NULL;
	const struct stream_span span = { .fd = fd, .offset = 0, .length = 10 };
	struct cancel cancel = { 0 };
	char byte;

	(void)state;
	assert_int_equal(stream_file_open(&span, &cancel, NULL, &one, NULL), 0);
	assert_int_equal(stream_file_open(&span, &cancel, NULL, &two, NULL), 0);
	assert_int_equal(stream_read(one, &byte, 1, NULL), 1);
	cancel_request(&cancel);
	assert_int_equal(stream_read(one, &byte, 1, NULL), -ERR_CANCELLED);
	assert_int_equal(stream_skip(two, 1, NULL), -ERR_CANCELLED);
}

static void a_descriptor_that_cannot_be_read_is_an_io_error(void **state)
{
	CLEANUP(stream_closep) struct stream *stream = NULL;
	const struct stream_span span = { .fd = -1, .offset = 0, .length = 10 };
	char byte;

	(void)state;
	assert_int_equal(stream_file_open(&span, NULL, NULL, &stream, NULL), 0);
	assert_int_equal(stream_read(stream, &byte, 1, NULL), -ERR_IO);
}

static void memory_is_read_and_skipped(void **state)
{
	CLEANUP(stream_closep) struct stream *stream = NULL;
	char buffer[8];

	(void)state;
	assert_int_equal(stream_memory_open("abcdef", 6, &stream, NULL), 0);
	assert_int_equal(stream_skip(stream, 2, NULL), 0);
	assert_int_equal(stream_read(stream, buffer, 8, NULL), 4);
	assert_memory_equal(buffer, "cdef", 4);
	assert_int_equal(stream_skip(stream, 1, NULL), -ERR_FORMAT);
}

static void empty_memory_is_at_its_end(void **state)
{
	CLEANUP(stream_closep) struct stream *stream = NULL;
	char byte;

	(void)state;
	assert_int_equal(stream_memory_open(NULL, 0, &stream, NULL), 0);
	assert_int_equal(stream_read(stream, &byte, 1, NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_only_the_range),
		cmocka_unit_test(streams_share_a_file),
		cmocka_unit_test(a_file_that_is_too_short_is_told_with_the_byte),
		cmocka_unit_test(skip_beyond_the_range_fails),
		cmocka_unit_test(progress_counts_read_and_skipped_bytes),
		cmocka_unit_test(cancel_stops_reads_and_skips),
		cmocka_unit_test(a_descriptor_that_cannot_be_read_is_an_io_error),
		cmocka_unit_test(memory_is_read_and_skipped),
		cmocka_unit_test(empty_memory_is_at_its_end),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
