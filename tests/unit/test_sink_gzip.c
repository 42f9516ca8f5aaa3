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
		cmocka_unit_test(it_is_smaller_than_what_went_in),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
