/* Bombs stop at the limit, and honest data does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stream/stream_file.h"
#include "stream/stream_limit.h"

static const char TEXT[] = "0123456789";

/* Ten bytes behind limits of 'layer_bytes', and of twice 'stored' after 'free_bytes'. */
static struct stream *limited(uint64_t layer_bytes, uint64_t stored, uint64_t free_bytes)
{
	const struct limits limits = {
		.layer_bytes = layer_bytes,
		.expansion = 2,
		.expansion_free = free_bytes,
	};
	struct stream *memory, *stream;

	assert_int_equal(stream_memory_open(TEXT, 10, &memory, NULL), 0);
	assert_int_equal(stream_limit_open(memory, stored, &limits, &stream, NULL), 0);
	return stream;
}

static void data_of_exactly_the_limit_passes(void **state)
{
	CLEANUP(stream_closep) struct stream *stream = limited(10, 1000, 0);
	char buffer[16];

	(void)state;
	assert_int_equal(stream_read(stream, buffer, sizeof(buffer), NULL), 10);
	assert_int_equal(stream_read(stream, buffer, sizeof(buffer), NULL), 0);
}

static void one_byte_more_is_an_error(void **state)
{
	CLEANUP(stream_closep) struct stream *stream = limited(9, 1000, 0);
	struct err err = { 0 };
	char buffer[16];

	(void)state;
	assert_int_equal(stream_read(stream, buffer, sizeof(buffer), &err), 9);
	assert_int_equal(stream_read(stream, buffer, sizeof(buffer), &err), -ERR_LIMIT);
	assert_string_equal(err.text, "decoded data is above the limit of 9 bytes");
}

static void expansion_is_counted_against_what_is_stored(void **state)
{
	CLEANUP(stream_closep) struct stream *stream = limited(1000, 3, 1);
	struct err err = { 0 };

	(void)state;
	assert_int_equal(stream_drain(stream, NULL, &err), -ERR_LIMIT);
	assert_string_equal(err.text,
			    "decoded data is above the limit of 6 bytes, 2 times what is stored");
}

static void small_data_may_expand_as_it_likes(void **state)
{
	CLEANUP(stream_closep) struct stream *stream = limited(1000, 1, 10);

	(void)state;
	assert_int_equal(stream_drain(stream, NULL, NULL), 0);
}

static void a_huge_stored_size_does_not_wrap(void **state)
{
	CLEANUP(stream_closep) struct stream *stream = limited(1000, UINT64_MAX, 0);

	(void)state;
	assert_int_equal(stream_drain(stream, NULL, NULL), 0);
}

static void skips_are_counted(void **state)
{
	CLEANUP(stream_closep) struct stream *stream = limited(8, 1000, 0);

	(void)state;
	assert_int_equal(stream_skip(stream, 8, NULL), 0);
	assert_int_equal(stream_skip(stream, 1, NULL), -ERR_LIMIT);
}

static void a_skip_beyond_the_end_is_no_limit(void **state)
{
	CLEANUP(stream_closep) struct stream *stream = limited(1000, 1000, 0);

	(void)state;
	assert_int_equal(stream_skip(stream, 5000, NULL), -ERR_FORMAT);
}

static void no_limits_are_the_default_ones(void **state)
{
	CLEANUP(stream_closep) struct stream *stream = NULL;
	struct stream *memory;

	(void)state;
	assert_int_equal(stream_memory_open(TEXT, 10, &memory, NULL), 0);
	assert_int_equal(stream_limit_open(memory, 0, NULL, &stream, NULL), 0);
	assert_int_equal(stream_drain(stream, NULL, NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(data_of_exactly_the_limit_passes),
		cmocka_unit_test(one_byte_more_is_an_error),
		cmocka_unit_test(expansion_is_counted_against_what_is_stored),
		cmocka_unit_test(small_data_may_expand_as_it_likes),
		cmocka_unit_test(a_huge_stored_size_does_not_wrap),
		cmocka_unit_test(skips_are_counted),
		cmocka_unit_test(a_skip_beyond_the_end_is_no_limit),
		cmocka_unit_test(no_limits_are_the_default_ones),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
