/* What is particular to the decoders by libarchive. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/stream/stream_priv.h"
#include "lib/decoded.h"
#include "lib/pack.h"

/* Run one decoder by hand, also one that this build does not choose. */
static int run(const struct decoder *decoder, const struct packed *packed, char *out, size_t room,
	       size_t *ret_len, struct err *err)
{
	CLEANUP(freep) struct decode_input *in = calloc(1, sizeof(*in));
	void *decoding;
	size_t len = 0, count = 1;
	int code;

	assert_int_equal(stream_memory_open(packed->bytes, packed->len, &in->upstream, NULL), 0);
	assert_int_equal(decoder->open(in, &decoding, err), 0);
	do {
		code = decoder->decode(decoding, out + len, room - len, &count, err);
		len += count;
	} while (code == 0 && count > 0);
	decoder->close(decoding);
	stream_close(in->upstream);
	*ret_len = len;
	return code;
}

static void zstd_skips_leading_frames(void **state)
{
	CLEANUP(pack_free) struct packed packed = { 0 };
	struct err err = { 0 };
	char out[64];
	size_t len;

	(void)state;
	pack_append(&packed, "\x50\x2a\x4d\x18\x03\0\0\0abc", 11);
	pack_append(&packed, "\x5a\x2a\x4d\x18\0\0\0\0", 8);
	pack_add(&packed, "zstd", "hello", 5);
	assert_int_equal(run(&stream__archive_zstd_decoder, &packed, out, sizeof(out), &len, &err),
			 0);
	assert_int_equal(len, 5);
	assert_memory_equal(out, "hello", 5);
}

static void zstd_of_skippable_frames_alone_is_nothing(void **state)
{
	CLEANUP(pack_free) struct packed packed = { 0 };
	struct err err = { 0 };
	char out[64];
	size_t len;

	(void)state;
	pack_append(&packed, "\x50\x2a\x4d\x18\x03\0\0\0abc", 11);
	assert_int_equal(run(&stream__archive_zstd_decoder, &packed, out, sizeof(out), &len, &err),
			 0);
	assert_int_equal(len, 0);
}

static void bytes_of_another_format_are_damage(void **state)
{
	CLEANUP(pack_free) struct packed packed = { 0 };
	struct err err = { 0 };
	char out[64];
	size_t len;

	(void)state;
	pack_append(&packed, "no xz at all", 12);
	assert_int_equal(run(&stream__archive_xz_decoder, &packed, out, sizeof(out), &len, &err),
			 -ERR_FORMAT);
	assert_string_equal(err.text, "xz data: the header is damaged");
}

static void only_one_compression_is_taken_off(void **state)
{
	CLEANUP(pack_free) struct packed inner = { 0 };
	CLEANUP(pack_free) struct packed outer = { 0 };

	(void)state;
	pack_add(&inner, "xz", "hello", 5);
	pack_add(&outer, "xz", inner.bytes, inner.len);

	CLEANUP(decoded_done) struct decoded got = decode_all(outer.bytes, outer.len);

	assert_int_equal(got.code, -ERR_FORMAT);
	assert_string_equal(got.err.text, "xz data: compressed more than once");
}

static void several_streams_are_read(void **state)
{
	static const char *const FILTERS[] = { "xz", "bzip2", "lz4" };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		CLEANUP(pack_free) struct packed packed = { 0 };

		pack_add(&packed, FILTERS[i], "one ", 4);
		pack_add(&packed, FILTERS[i], "two", 3);

		CLEANUP(decoded_done) struct decoded got = decode_all(packed.bytes, packed.len);

		assert_decoded(&got, "one two", 7);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(zstd_skips_leading_frames),
		cmocka_unit_test(zstd_of_skippable_frames_alone_is_nothing),
		cmocka_unit_test(bytes_of_another_format_are_damage),
		cmocka_unit_test(only_one_compression_is_taken_off),
		cmocka_unit_test(several_streams_are_read),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
