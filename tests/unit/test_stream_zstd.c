/* zstd: frames, skippable frames, checksums, windows; with whatever decoder is built in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "lib/decoded.h"
#include "lib/pack.h"

/* "hello" with a checksum: written by zstd --check. */
static const unsigned char CHECKED[] = {
	0x28, 0xb5, 0x2f, 0xfd, 0x04, 0x58, 0x29, 0x00, 0x00,
	'h',  'e',  'l',  'l',  'o',  0xa3, 0x6d, 0x9f, 0x88,
};

static void add_skippable(struct packed *packed, unsigned kind, size_t len)
{
	CLEANUP(freep) unsigned char *frame = calloc(1, len + 8);

	frame[0] = (unsigned char)(0x50 + kind);
	memcpy(frame + 1, "\x2a\x4d\x18", 3);
	for (int i = 0; i < 4; i++)
		frame[4 + i] = (unsigned char)(len >> 8 * i);
	pack_append(packed, frame, len + 8);
}

static void all_frames_are_read(void **state)
{
	CLEANUP(pack_free) struct packed packed = { 0 };

	(void)state;
	pack_add(&packed, "zstd", "one ", 4);
	pack_add(&packed, "zstd", "", 0);
	pack_add(&packed, "zstd", "two", 3);

	CLEANUP(decoded_done) struct decoded got = decode_all(packed.bytes, packed.len);

	assert_decoded(&got, "one two", 7);
}

static void skippable_frames_stand_anywhere(void **state)
{
	CLEANUP(pack_free) struct packed packed = { 0 };

	(void)state;
	add_skippable(&packed, 0, 0);
	add_skippable(&packed, 15, 300000);
	pack_add(&packed, "zstd", "one ", 4);
	add_skippable(&packed, 7, 10);
	pack_add(&packed, "zstd", "two", 3);
	add_skippable(&packed, 1, 20);

	CLEANUP(decoded_done) struct decoded got = decode_all(packed.bytes, packed.len);

	assert_decoded(&got, "one two", 7);
	assert_int_equal(got.problems.all.count, 0);
}

static void only_a_skippable_frame_is_nothing(void **state)
{
	CLEANUP(pack_free) struct packed packed = { 0 };

	(void)state;
	add_skippable(&packed, 3, 100);

	CLEANUP(decoded_done) struct decoded got = decode_all(packed.bytes, packed.len);

	assert_decoded(&got, "", 0);
	assert_int_equal(got.compression, COMPRESSION_ZSTD);
}

static void a_cut_skippable_frame_is_noticed(void **state)
{
	CLEANUP(pack_free) struct packed packed = { 0 };

	(void)state;
	add_skippable(&packed, 3, 100);

	CLEANUP(decoded_done) struct decoded got = decode_all(packed.bytes, 50);

	assert_int_equal(got.code, -ERR_FORMAT);
	assert_string_equal(got.err.text, "zstd data ends early at byte 50");
}

static void the_checksum_is_checked(void **state)
{
	unsigned char bytes[sizeof(CHECKED)];

	(void)state;
	memcpy(bytes, CHECKED, sizeof(bytes));

	CLEANUP(decoded_done) struct decoded good = decode_all(bytes, sizeof(bytes));

	assert_decoded(&good, "hello", 5);
	bytes[sizeof(bytes) - 1] ^= 1;

	CLEANUP(decoded_done) struct decoded bad = decode_all(bytes, sizeof(bytes));

	assert_int_equal(bad.code, -ERR_FORMAT);
}

static void every_cut_is_noticed_with_its_byte(void **state)
{
	(void)state;
	for (size_t len = 4; len < sizeof(CHECKED); len++) {
		CLEANUP(decoded_done) struct decoded got = decode_all(CHECKED, len);
		char expected[64];

		snprintf(expected, sizeof(expected), "zstd data ends early at byte %zu", len);
		assert_int_equal(got.code, -ERR_FORMAT);
		assert_string_equal(got.err.text, expected);
	}
}

static void a_window_that_is_too_large_is_told(void **state)
{
	/* A frame header that asks for 2 GiB, and an empty last block. */
	static const unsigned char FRAME[] = { 0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa8, 0x01, 0, 0 };
	CLEANUP(decoded_done) struct decoded got = decode_all(FRAME, sizeof(FRAME));

	(void)state;
	assert_true(got.code < 0);
#ifdef HAVE_ZSTD
	assert_int_equal(got.code, -ERR_LIMIT);
	assert_non_null(strstr(got.err.text, "needs a window above 128 MiB"));
#endif
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_frames_are_read),
		cmocka_unit_test(skippable_frames_stand_anywhere),
		cmocka_unit_test(only_a_skippable_frame_is_nothing),
		cmocka_unit_test(a_cut_skippable_frame_is_noticed),
		cmocka_unit_test(the_checksum_is_checked),
		cmocka_unit_test(every_cut_is_noticed_with_its_byte),
		cmocka_unit_test(a_window_that_is_too_large_is_told),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
