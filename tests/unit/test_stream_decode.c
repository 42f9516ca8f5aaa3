/* Decoding of what the bytes say they are, and what lies behind it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/decoded.h"
#include "lib/pack.h"
#include "stream/stream_hash.h"

enum { SAMPLE = 540000 };

static const char *const FILTERS[] = { "gzip", "zstd", "xz", "bzip2", "lz4" };
enum { FILTER_COUNT = sizeof(FILTERS) / sizeof(FILTERS[0]) };

/* liblzma, and libarchive's zstd, take bytes behind the data for damage. */
static bool tells_data_from_trailing(const char *filter)
{
#ifndef HAVE_ZSTD
	if (strcmp(filter, "zstd") == 0)
		return false;
#endif
	return strcmp(filter, "xz") != 0;
}

static void each_compression_is_recognised_and_decoded(void **state)
{
	CLEANUP(freep) unsigned char *sample = pack_sample(SAMPLE);

	(void)state;
	for (size_t i = 0; i < FILTER_COUNT; i++) {
		CLEANUP(pack_free) struct packed packed = { 0 };

		pack_add(&packed, FILTERS[i], sample, SAMPLE);

		CLEANUP(decoded_done) struct decoded got = decode_all(packed.bytes, packed.len);

		assert_decoded(&got, sample, SAMPLE);
		assert_string_equal(compression_name(got.compression), FILTERS[i]);
		assert_int_equal(got.problems.all.count, 0);
	}
}

static void reads_of_any_size_give_the_same(void **state)
{
	static const size_t PIECES[] = { 1, 512, 262143, 262144, 1000000 };
	CLEANUP(freep) unsigned char *sample = pack_sample(300000);

	(void)state;
	for (size_t i = 0; i < FILTER_COUNT; i++) {
		CLEANUP(pack_free) struct packed packed = { 0 };

		pack_add(&packed, FILTERS[i], sample, 300000);
		for (size_t p = i == 0 ? 0 : 2; p < sizeof(PIECES) / sizeof(PIECES[0]); p++) {
			CLEANUP(decoded_done)
			struct decoded got = decode_pieces(packed.bytes, packed.len, PIECES[p]);

			assert_decoded(&got, sample, 300000);
		}
	}
}

static void compressed_nothing_is_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < FILTER_COUNT; i++) {
		CLEANUP(pack_free) struct packed packed = { 0 };

		if (strcmp(FILTERS[i], "lz4") == 0)
			continue; /* libarchive cannot write it */
		pack_add(&packed, FILTERS[i], "", 0);

		CLEANUP(decoded_done) struct decoded got = decode_all(packed.bytes, packed.len);

		assert_decoded(&got, "", 0);
	}
}

static void plain_bytes_pass_as_they_are(void **state)
{
	CLEANUP(freep) unsigned char *sample = pack_sample(1000);
	CLEANUP(decoded_done) struct decoded got = decode_pieces(sample, 1000, 7);

	(void)state;
	assert_decoded(&got, sample, 1000);
	assert_int_equal(got.compression, COMPRESSION_NONE);
}

static void nothing_is_plain_nothing(void **state)
{
	CLEANUP(decoded_done) struct decoded got = decode_all("", 0);

	(void)state;
	assert_decoded(&got, "", 0);
	assert_int_equal(got.compression, COMPRESSION_NONE);
}

/* Behind the bytes that were sniffed, the file is too short: only a read would notice. */
static void skips_of_plain_data_do_not_read(void **state)
{
	CLEANUP(closep) int fd = memfd_create("short", MFD_CLOEXEC);
	const struct stream_span span = { .fd = fd, .length = 1000000 };
	CLEANUP(stream_closep) struct stream *stream = NULL;
	struct stream *file;

	(void)state;
	assert_int_equal(write(fd, "plain bytes of a layer", 22), 22);
	assert_int_equal(stream_file_open(&span, NULL, NULL, &file, NULL), 0);
	assert_int_equal(stream_decode_open(file, NULL, NULL, &stream, NULL), 0);
	assert_int_equal(stream_skip(stream, 3, NULL), 0);
	assert_int_equal(stream_skip(stream, 900000, NULL), 0);
	assert_int_equal(stream->position, 900003);
}

static void skips_in_decoded_data_land_on_the_byte(void **state)
{
	CLEANUP(freep) unsigned char *sample = pack_sample(SAMPLE);
	CLEANUP(pack_free) struct packed packed = { 0 };
	CLEANUP(stream_closep) struct stream *stream = NULL;
	struct stream *memory;
	unsigned char byte;

	(void)state;
	pack_add(&packed, "gzip", sample, SAMPLE);
	assert_int_equal(stream_memory_open(packed.bytes, packed.len, &memory, NULL), 0);
	assert_int_equal(stream_decode_open(memory, NULL, NULL, &stream, NULL), 0);
	assert_int_equal(stream_skip(stream, 10, NULL), 0);
	assert_int_equal(stream_skip(stream, 500000, NULL), 0);
	assert_int_equal(stream_read(stream, &byte, 1, NULL), 1);
	assert_int_equal(byte, sample[500010]);
}

static void a_skip_beyond_decoded_data_says_where_it_ends(void **state)
{
	CLEANUP(pack_free) struct packed packed = { 0 };
	CLEANUP(stream_closep) struct stream *stream = NULL;
	struct stream *memory;
	struct err err = { 0 };

	(void)state;
	pack_add(&packed, "gzip", "hello", 5);
	assert_int_equal(stream_memory_open(packed.bytes, packed.len, &memory, NULL), 0);
	assert_int_equal(stream_decode_open(memory, NULL, NULL, &stream, NULL), 0);
	assert_int_equal(stream_skip(stream, 9, &err), -ERR_FORMAT);
	assert_string_equal(err.text, "decoded data ends early at byte 5: 4 more are needed");
}

static void a_cut_stream_gives_what_it_has_and_then_the_byte(void **state)
{
	CLEANUP(freep) unsigned char *sample = pack_sample(SAMPLE);

	(void)state;
	for (size_t i = 0; i < FILTER_COUNT; i++) {
		CLEANUP(pack_free) struct packed packed = { 0 };
		char expected[64];

		pack_add(&packed, FILTERS[i], sample, SAMPLE);
		packed.len -= 3;
		snprintf(expected, sizeof(expected), "%s data ends early at byte %zu", FILTERS[i],
			 packed.len);

		CLEANUP(decoded_done) struct decoded got = decode_all(packed.bytes, packed.len);

		assert_int_equal(got.code, -ERR_FORMAT);
		assert_string_equal(got.err.text, expected);
		assert_memory_equal(got.bytes, sample, got.len);
	}
}

static void damage_in_the_middle_is_an_error(void **state)
{
	CLEANUP(freep) unsigned char *sample = pack_sample(SAMPLE);

	(void)state;
	for (size_t i = 0; i < FILTER_COUNT; i++) {
		CLEANUP(pack_free) struct packed packed = { 0 };

		if (strcmp(FILTERS[i], "zstd") == 0)
			continue; /* libarchive writes it without a checksum */
		pack_add(&packed, FILTERS[i], sample, SAMPLE);
		memset(packed.bytes + packed.len / 2, 0xa5, 4000);

		CLEANUP(decoded_done) struct decoded got = decode_all(packed.bytes, packed.len);

		assert_int_equal(got.code, -ERR_FORMAT);
		assert_non_null(strstr(got.err.text, FILTERS[i]));
	}
}

static void damage_at_the_start_fails_the_opening(void **state)
{
	static const char BYTES[] = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff";
	struct stream *memory, *stream;

	(void)state;
	assert_int_equal(stream_memory_open(BYTES, sizeof(BYTES), &memory, NULL), 0);
	assert_int_equal(stream_decode_open(memory, NULL, NULL, &stream, NULL), -ERR_FORMAT);
}

static void foreign_bytes_behind_the_data_are_a_problem(void **state)
{
	(void)state;
	for (size_t i = 0; i < FILTER_COUNT; i++) {
		CLEANUP(pack_free) struct packed packed = { 0 };

		if (!tells_data_from_trailing(FILTERS[i]))
			continue;
		pack_add(&packed, FILTERS[i], "hello", 5);

		size_t end = packed.len;

		pack_append(&packed, "garbage!", 8);

		CLEANUP(decoded_done) struct decoded got = decode_all(packed.bytes, packed.len);

		assert_decoded(&got, "hello", 5);
		assert_int_equal(got.problems.all.count, 1);
		assert_int_equal(got.problems.all.items[0].kind, PROBLEM_TRAILING_DATA);
		/* libarchive has looked at the next four bytes of lz4. */
		assert_in_range(got.problems.all.items[0].offset, end, end + 4);
		assert_non_null(strstr(got.problems.all.items[0].text, FILTERS[i]));
	}
}

static void zeros_behind_the_data_are_padding(void **state)
{
	static const char ZEROS[1024];

	(void)state;
	for (size_t i = 0; i < FILTER_COUNT; i++) {
		CLEANUP(pack_free) struct packed packed = { 0 };

		if (!tells_data_from_trailing(FILTERS[i]))
			continue;
		pack_add(&packed, FILTERS[i], "hello", 5);
		pack_append(&packed, ZEROS, sizeof(ZEROS));

		CLEANUP(decoded_done) struct decoded got = decode_all(packed.bytes, packed.len);

		assert_decoded(&got, "hello", 5);
		assert_int_equal(got.problems.all.count, 0);
	}
}

static void a_hash_below_sees_every_stored_byte(void **state)
{
	CLEANUP(pack_free) struct packed packed = { 0 };
	CLEANUP(stream_closep) struct stream *stream = NULL;
	CLEANUP(hash_freep) struct hash *expected = NULL;
	unsigned char value[HASH_MAX_BYTES], whole[HASH_MAX_BYTES];
	struct stream *memory, *hashed;

	(void)state;
	pack_add(&packed, "gzip", "hello", 5);
	pack_append(&packed, "and more", 8);
	assert_int_equal(hash_new(HASH_SHA256, &expected, NULL), 0);
	hash_update(expected, packed.bytes, packed.len);
	hash_value(expected, whole);
	assert_int_equal(stream_memory_open(packed.bytes, packed.len, &memory, NULL), 0);
	assert_int_equal(stream_hash_open(memory, HASH_SHA256, &hashed, NULL), 0);
	assert_int_equal(stream_decode_open(hashed, NULL, NULL, &stream, NULL), 0);
	assert_int_equal(stream_drain(stream, NULL, NULL), 0);
	stream_hash_value(hashed, value);
	assert_memory_equal(value, whole, 32);
}

static void failures_below_are_told_as_they_are(void **state)
{
	CLEANUP(freep) unsigned char *sample = pack_sample(SAMPLE);

	(void)state;
	for (size_t i = 0; i < FILTER_COUNT; i++) {
		CLEANUP(pack_free) struct packed packed = { 0 };
		CLEANUP(stream_closep) struct stream *stream = NULL;
		CLEANUP(closep) int fd = memfd_create("cut", MFD_CLOEXEC);
		struct err err = { 0 };
		struct stream *file;

		pack_add(&packed, FILTERS[i], sample, SAMPLE);
		assert_int_equal(write(fd, packed.bytes, packed.len / 2), packed.len / 2);

		const struct stream_span span = { .fd = fd, .length = packed.len };

		assert_int_equal(stream_file_open(&span, NULL, NULL, &file, NULL), 0);
		if (stream_decode_open(file, NULL, NULL, &stream, &err) == 0)
			assert_int_equal(stream_drain(stream, NULL, &err), -ERR_FORMAT);
		assert_non_null(strstr(err.text, "file ends early"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_compression_is_recognised_and_decoded),
		cmocka_unit_test(reads_of_any_size_give_the_same),
		cmocka_unit_test(compressed_nothing_is_nothing),
		cmocka_unit_test(plain_bytes_pass_as_they_are),
		cmocka_unit_test(nothing_is_plain_nothing),
		cmocka_unit_test(skips_of_plain_data_do_not_read),
		cmocka_unit_test(skips_in_decoded_data_land_on_the_byte),
		cmocka_unit_test(a_skip_beyond_decoded_data_says_where_it_ends),
		cmocka_unit_test(a_cut_stream_gives_what_it_has_and_then_the_byte),
		cmocka_unit_test(damage_in_the_middle_is_an_error),
		cmocka_unit_test(damage_at_the_start_fails_the_opening),
		cmocka_unit_test(foreign_bytes_behind_the_data_are_a_problem),
		cmocka_unit_test(zeros_behind_the_data_are_padding),
		cmocka_unit_test(a_hash_below_sees_every_stored_byte),
		cmocka_unit_test(failures_below_are_told_as_they_are),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
