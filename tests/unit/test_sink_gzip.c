/* The gzip that is written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <zlib.h>

#include "lib/encoded.h"
#include "lib/pack.h"

static void the_header_has_no_time_no_name_and_no_system(void **state)
{
	CLEANUP(encoded_done) struct encoded made = encode_all(COMPRESSION_GZIP, "hello", 5);

	(void)state;
	assert_memory_equal(made.bytes, "\x1f\x8b\x08\x00\x00\x00\x00\x00", 8);
	assert_int_equal(made.bytes[9], 255);
}

static void zlib_reads_it_as_one_member(void **state)
{
	enum { LEN = 1000000 };
	CLEANUP(freep) unsigned char *sample = pack_sample(LEN);
	CLEANUP(freep) unsigned char *back = malloc(LEN + 1);
	CLEANUP(encoded_done) struct encoded made = encode_all(COMPRESSION_GZIP, sample, LEN);
	z_stream z = { .next_in = made.bytes,
		       .avail_in = (uInt)made.len,
		       .next_out = back,
		       .avail_out = LEN + 1 };

	(void)state;
	assert_int_equal(inflateInit2(&z, 31), Z_OK);
	assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
	assert_int_equal(z.avail_in, 0);
	assert_int_equal(z.total_out, LEN);
	assert_memory_equal(back, sample, LEN);
	inflateEnd(&z);
}

/* Some that wait for a thread, and a last one that is no whole block. */
enum { MANY_BLOCKS = 20 * ENCODE_BLOCK_BYTES + 4321 };

static void the_bytes_are_the_same_on_any_number_of_threads(void **state)
{
	CLEANUP(freep) unsigned char *sample = pack_sample(MANY_BLOCKS);
	CLEANUP(encoded_done)
	struct encoded one = encode_threads(sink__gzip_open, 1, sample, MANY_BLOCKS);

	(void)state;
	for (size_t threads = 0; threads <= 40; threads += 5) {
		CLEANUP(encoded_done)
		struct encoded more =
			encode_threads(sink__gzip_open, threads, sample, MANY_BLOCKS);

		assert_int_equal(one.len, more.len);
		assert_memory_equal(one.bytes, more.bytes, one.len);
	}
}

static void blocks_refer_to_the_one_before(void **state)
{
	enum { BLOCKS = 4, LEN = BLOCKS * ENCODE_BLOCK_BYTES, AROUND = 20 };
	CLEANUP(freep) unsigned char *sample = pack_sample(LEN);
	CLEANUP(encoded_done) struct encoded made = encode_threads(sink__gzip_open, 2, sample, LEN);
	size_t apart = 0;

	(void)state;
	for (size_t i = 0; i < BLOCKS; i++) {
		CLEANUP(encoded_done)
		struct encoded block =
			encode_threads(sink__gzip_open, 1, sample + i * ENCODE_BLOCK_BYTES,
				       ENCODE_BLOCK_BYTES);

		apart += block.len - AROUND;
	}
	assert_in_range(made.len - AROUND, 1, apart - 1);
}

static void noise_grows_by_little(void **state)
{
	CLEANUP(freep) unsigned char *noise = malloc(MANY_BLOCKS);
	uint32_t next = 7;

	(void)state;
	assert_non_null(noise);
	for (size_t i = 0; i < MANY_BLOCKS; i++, next = next * 1664525 + 1013904223)
		noise[i] = (unsigned char)(next >> 24);

	CLEANUP(encoded_done)
	struct encoded made = encode_threads(sink__gzip_open, 2, noise, MANY_BLOCKS);

	assert_in_range(made.len, MANY_BLOCKS / 2, MANY_BLOCKS + MANY_BLOCKS / 100);
}

static void closing_does_not_lose_what_threads_work_on(void **state)
{
	CLEANUP(freep) unsigned char *sample = pack_sample(MANY_BLOCKS);
	struct sink *memory, *sink;

	(void)state;
	assert_int_equal(sink_memory_open(&memory, NULL), 0);
	assert_int_equal(sink__gzip_open(memory, 3, &sink, NULL), 0);
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(sink_write(sink, sample, ENCODE_BLOCK_BYTES, NULL), 0);
	sink_close(sink);
}

static void it_is_smaller_than_what_went_in(void **state)
{
	CLEANUP(freep) char *zeros = calloc(1, 1000000);
	CLEANUP(encoded_done) struct encoded made = encode_all(COMPRESSION_GZIP, zeros, 1000000);

	(void)state;
	assert_in_range(made.len, 20, 20000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_header_has_no_time_no_name_and_no_system),
		cmocka_unit_test(zlib_reads_it_as_one_member),
		cmocka_unit_test(the_bytes_are_the_same_on_any_number_of_threads),
		cmocka_unit_test(blocks_refer_to_the_one_before),
		cmocka_unit_test(noise_grows_by_little),
		cmocka_unit_test(closing_does_not_lose_what_threads_work_on),
		cmocka_unit_test(it_is_smaller_than_what_went_in),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
