/* The zstd that is written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/encoded.h"
#include "lib/pack.h"

#ifdef HAVE_ZSTD

static void the_frame_has_a_checksum(void **state)
{
	CLEANUP(encoded_done) struct encoded made = encode_all(COMPRESSION_ZSTD, "hello", 5);

	(void)state;
	assert_memory_equal(made.bytes, "\x28\xb5\x2f\xfd", 4);
	assert_true(made.bytes[4] & 4); /* Content_Checksum_flag of the frame header */
}

static void the_bytes_are_the_same_on_any_number_of_threads(void **state)
{
	enum { LEN = 9 << 20 };
	CLEANUP(freep) unsigned char *sample = pack_sample(LEN);
	CLEANUP(encoded_done) struct encoded one = encode_threads(sink__zstd_open, 1, sample, LEN);

	(void)state;
	for (size_t threads = 2; threads <= 20; threads += 6) {
		CLEANUP(encoded_done)
		struct encoded more = encode_threads(sink__zstd_open, threads, sample, LEN);

		assert_int_equal(one.len, more.len);
		assert_memory_equal(one.bytes, more.bytes, one.len);
	}
}

static void it_is_smaller_than_what_went_in(void **state)
{
	CLEANUP(freep) char *zeros = calloc(1, 1000000);
	CLEANUP(encoded_done) struct encoded made = encode_all(COMPRESSION_ZSTD, zeros, 1000000);

	(void)state;
	assert_in_range(made.len, 10, 2000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_frame_has_a_checksum),
		cmocka_unit_test(the_bytes_are_the_same_on_any_number_of_threads),
		cmocka_unit_test(it_is_smaller_than_what_went_in),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

static void zstd_is_refused_with_a_reason(void **state)
{
	struct sink *memory, *sink;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(sink_memory_open(&memory, NULL), 0);
	assert_int_equal(sink_encode_open(memory, COMPRESSION_ZSTD, &sink, &err), -ERR_UNSUPPORTED);
	assert_string_equal(err.text, "this build cannot write zstd");
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(zstd_is_refused_with_a_reason) };

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

#endif
