/* gzip: members, headers, checksums. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <zlib.h>

#include "lib/decoded.h"
#include "lib/pack.h"

/* One member with everything that a header can have. */
static void add_full_header(struct packed *packed, const void *bytes, size_t len)
{
	unsigned char extra[] = "extra field", name[] = "layer.tar", comment[] = "a comment";
	gz_header header = { .extra = extra,
			     .extra_len = sizeof(extra),
			     .name = name,
			     .comment = comment,
			     .hcrc = 1,
			     .time = 12345 };
	unsigned char out[4096];
	z_stream z = { 0 };

	assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
	deflateSetHeader(&z, &header);
	z.next_in = (unsigned char *)(uintptr_t)bytes;
	z.avail_in = (uInt)len;
	z.next_out = out;
	z.avail_out = sizeof(out);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	pack_append(packed, out, sizeof(out) - z.avail_out);
	deflateEnd(&z);
}

static void all_members_are_read(void **state)
{
	CLEANUP(pack_free) struct packed packed = { 0 };
	CLEANUP(pack_free) struct packed plain = { 0 };
	CLEANUP(freep) unsigned char *sample = pack_sample(3000);

	(void)state;
	for (size_t i = 0; i < 300; i++) {
		pack_add(&packed, "gzip", sample + i, i * 9);
		pack_append(&plain, sample + i, i * 9);
	}

	CLEANUP(decoded_done) struct decoded got = decode_all(packed.bytes, packed.len);

	assert_decoded(&got, plain.bytes, plain.len);
}

/* The end of a member at each place round the edge of the 256 KiB window. */
static void a_member_may_end_at_the_edge_of_the_window(void **state)
{
	CLEANUP(pack_free) struct packed tail = { 0 };

	(void)state;
	pack_add(&tail, "gzip", "tail", 4);
	for (size_t at = 262144 - 12; at < 262144 + 12; at++) {
		static const unsigned char STORED[] = { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255 };
		CLEANUP(pack_free) struct packed packed = { 0 };
		CLEANUP(freep) unsigned char *zeros = calloc(1, at);
		unsigned char trailer[8];
		size_t rest = at - sizeof(STORED) - sizeof(trailer), plain = 0;

		/* Stored blocks, so that the length is known. */
		pack_append(&packed, STORED, sizeof(STORED));
		while (rest > 0) {
			size_t room = rest - 5 < 60000 ? rest - 5 : 60000;
			unsigned char head[5] = { rest == room + 5, room & 255, room >> 8,
						  ~room & 255, (~room >> 8) & 255 };

			pack_append(&packed, head, 5);
			pack_append(&packed, zeros, room);
			rest -= room + 5;
			plain += room;
		}

		uint32_t crc = (uint32_t)crc32(0, zeros, (uInt)plain);

		for (int i = 0; i < 4; i++) {
			trailer[i] = (unsigned char)(crc >> 8 * i);
			trailer[4 + i] = (unsigned char)(plain >> 8 * i);
		}
		pack_append(&packed, trailer, sizeof(trailer));
		assert_int_equal(packed.len, at);
		pack_append(&packed, tail.bytes, tail.len);

		CLEANUP(decoded_done) struct decoded got = decode_all(packed.bytes, packed.len);

		assert_string_equal(got.err.text, "");
		assert_int_equal(got.len, plain + 4);
		assert_memory_equal(got.bytes + plain, "tail", 4);
	}
}

static void all_fields_of_a_header_are_passed_over(void **state)
{
	CLEANUP(pack_free) struct packed packed = { 0 };

	(void)state;
	add_full_header(&packed, "one", 3);
	add_full_header(&packed, "two", 3);

	CLEANUP(decoded_done) struct decoded got = decode_all(packed.bytes, packed.len);

	assert_decoded(&got, "onetwo", 6);
}

static void a_wrong_checksum_is_an_error_after_the_data(void **state)
{
	CLEANUP(pack_free) struct packed packed = { 0 };

	(void)state;
	pack_add(&packed, "gzip", "hello", 5);
	packed.bytes[packed.len - 8] ^= 1;

	CLEANUP(decoded_done) struct decoded got = decode_all(packed.bytes, packed.len);

	assert_int_equal(got.code, -ERR_FORMAT);
	assert_int_equal(got.len, 5);
	assert_non_null(strstr(got.err.text, "the checksum or the length does not fit the data"));
}

static void a_wrong_length_is_an_error(void **state)
{
	CLEANUP(pack_free) struct packed packed = { 0 };

	(void)state;
	pack_add(&packed, "gzip", "hello", 5);
	packed.bytes[packed.len - 1] ^= 1;

	CLEANUP(decoded_done) struct decoded got = decode_all(packed.bytes, packed.len);

	assert_int_equal(got.code, -ERR_FORMAT);
	assert_non_null(strstr(got.err.text, "the checksum or the length does not fit the data"));
}

static void every_cut_is_noticed_with_its_byte(void **state)
{
	CLEANUP(pack_free) struct packed packed = { 0 };

	(void)state;
	add_full_header(&packed, "hello, hello, hello", 19);
	for (size_t len = 3; len < packed.len; len++) {
		CLEANUP(decoded_done) struct decoded got = decode_all(packed.bytes, len);
		char expected[64];

		snprintf(expected, sizeof(expected), "gzip data ends early at byte %zu", len);
		assert_int_equal(got.code, -ERR_FORMAT);
		assert_string_equal(got.err.text, expected);
	}
}

static void an_unknown_method_in_a_later_member_is_trailing_data(void **state)
{
	CLEANUP(pack_free) struct packed packed = { 0 };

	(void)state;
	pack_add(&packed, "gzip", "hello", 5);
	pack_append(&packed, "\x1f\x8b\x07", 3);

	CLEANUP(decoded_done) struct decoded got = decode_all(packed.bytes, packed.len);

	assert_decoded(&got, "hello", 5);
	assert_int_equal(got.problems.all.count, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_members_are_read),
		cmocka_unit_test(a_member_may_end_at_the_edge_of_the_window),
		cmocka_unit_test(all_fields_of_a_header_are_passed_over),
		cmocka_unit_test(a_wrong_checksum_is_an_error_after_the_data),
		cmocka_unit_test(a_wrong_length_is_an_error),
		cmocka_unit_test(every_cut_is_noticed_with_its_byte),
		cmocka_unit_test(an_unknown_method_in_a_later_member_is_trailing_data),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
