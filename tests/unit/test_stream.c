/* What all pull streams share: full reads, skips, sticky failures. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "stream/stream.h"

/* Gives 'len' letters, three at a time, and then fails with 'end' (0: simply ends). */
struct letters {
	struct stream base;
	size_t len;
	enum err_code end;
	unsigned failures;
};

static ssize_t letters_read(struct stream *stream, void *buffer, size_t len, struct err *err)
{
	struct letters *letters = (struct letters *)stream;
	size_t rest = letters->len - (size_t)stream->position;

	if (rest == 0 && letters->end != ERR_NONE) {
		letters->failures++;
		return err_set(err, letters->end, "failure %u", letters->failures);
	}
	len = len < 3 ? len : 3;
	len = len < rest ? len : rest;
	for (size_t i = 0; i < len; i++)
		((char *)buffer)[i] = (char)('a' + (stream->position + i) % 26);
	return (ssize_t)len;
}

static void letters_close(struct stream *stream)
{
	((struct letters *)stream)->len = 0;
}

static const struct stream_ops LETTERS_OPS = { .read = letters_read, .close = letters_close };

static void read_fills_the_buffer_over_short_reads(void **state)
{
	struct letters letters = { .base.ops = &LETTERS_OPS, .len = 26 };
	char buffer[10];

	(void)state;
	assert_int_equal(stream_read(&letters.base, buffer, 10, NULL), 10);
	assert_memory_equal(buffer, "abcdefghij", 10);
	assert_int_equal(letters.base.position, 10);
}

static void read_is_short_only_at_the_end(void **state)
{
	struct letters letters = { .base.ops = &LETTERS_OPS, .len = 7 };
	char buffer[10];

	(void)state;
	assert_int_equal(stream_read(&letters.base, buffer, 10, NULL), 7);
	assert_int_equal(stream_read(&letters.base, buffer, 10, NULL), 0);
}

static void bytes_before_a_failure_are_delivered(void **state)
{
	struct letters letters = { .base.ops = &LETTERS_OPS, .len = 4, .end = ERR_FORMAT };
	struct err err = { 0 };
	char buffer[10];

	(void)state;
	assert_int_equal(stream_read(&letters.base, buffer, 10, &err), 4);
	assert_int_equal(err.code, ERR_NONE);
	assert_int_equal(stream_read(&letters.base, buffer, 10, &err), -ERR_FORMAT);
	assert_string_equal(err.text, "failure 1");
}

static void a_failure_stays_and_is_not_tried_again(void **state)
{
	struct letters letters = { .base.ops = &LETTERS_OPS, .end = ERR_IO };
	struct err err = { 0 };
	char byte;

	(void)state;
	assert_int_equal(stream_read(&letters.base, &byte, 1, NULL), -ERR_IO);
	assert_int_equal(stream_read(&letters.base, &byte, 1, &err), -ERR_IO);
	assert_string_equal(err.text, "failure 1");
	assert_int_equal(stream_skip(&letters.base, 1, NULL), -ERR_IO);
	assert_int_equal(stream_drain(&letters.base, NULL, NULL), -ERR_IO);
	assert_int_equal(letters.failures, 1);
}

static void skip_reads_where_the_stream_cannot_skip(void **state)
{
	struct letters letters = { .base.ops = &LETTERS_OPS, .len = 26 };
	char byte;

	(void)state;
	assert_int_equal(stream_skip(&letters.base, 25, NULL), 0);
	assert_int_equal(stream_read(&letters.base, &byte, 1, NULL), 1);
	assert_int_equal(byte, 'z');
}

static void skip_beyond_the_end_says_where_it_is(void **state)
{
	struct letters letters = { .base.ops = &LETTERS_OPS, .len = 20 };
	struct err err = { 0 };

	(void)state;
	assert_int_equal(stream_skip(&letters.base, 50, &err), -ERR_FORMAT);
	assert_string_equal(err.text, "data ends early at byte 20: 30 more are needed");
}

static void drain_counts_what_was_left(void **state)
{
	struct letters letters = { .base.ops = &LETTERS_OPS, .len = 100000 };
	uint64_t bytes = 0;

	(void)state;
	assert_int_equal(stream_skip(&letters.base, 1, NULL), 0);
	assert_int_equal(stream_drain(&letters.base, &bytes, NULL), 0);
	assert_int_equal(bytes, 99999);
}

static void close_takes_null(void **state)
{
	(void)state;
	stream_close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(read_fills_the_buffer_over_short_reads),
		cmocka_unit_test(read_is_short_only_at_the_end),
		cmocka_unit_test(bytes_before_a_failure_are_delivered),
		cmocka_unit_test(a_failure_stays_and_is_not_tried_again),
		cmocka_unit_test(skip_reads_where_the_stream_cannot_skip),
		cmocka_unit_test(skip_beyond_the_end_says_where_it_is),
		cmocka_unit_test(drain_counts_what_was_left),
		cmocka_unit_test(close_takes_null),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
