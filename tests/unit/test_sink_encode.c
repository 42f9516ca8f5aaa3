/* What is compressed comes back, and always as the same bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <unistd.h>

#include "lib/decoded.h"
#include "lib/encoded.h"
#include "lib/pack.h"

enum { SAMPLE = 700000 };

static const enum compression WRITTEN[] = {
	COMPRESSION_NONE,
	COMPRESSION_GZIP,
	COMPRESSION_XZ,
#ifdef HAVE_ZSTD
	COMPRESSION_ZSTD,
#endif
};
enum { WRITTEN_COUNT = sizeof(WRITTEN) / sizeof(WRITTEN[0]) };

static void what_is_written_is_read_back(void **state)
{
	static const size_t LENGTHS[] = { 0, 1, 262144, SAMPLE };
	CLEANUP(freep) unsigned char *sample = pack_sample(SAMPLE);

	(void)state;
	for (size_t i = 0; i < WRITTEN_COUNT; i++) {
		for (size_t l = 0; l < 4; l++) {
			CLEANUP(encoded_done)
			struct encoded made = encode_all(WRITTEN[i], sample, LENGTHS[l]);
			CLEANUP(decoded_done)
			struct decoded got = decode_all(made.bytes, made.len);

			assert_decoded(&got, sample, LENGTHS[l]);
			assert_int_equal(got.problems.all.count, 0);
			if (made.len > 0)
				assert_int_equal(got.compression, WRITTEN[i]);
		}
	}
}

static void the_bytes_do_not_depend_on_how_they_were_written(void **state)
{
	CLEANUP(freep) unsigned char *sample = pack_sample(SAMPLE);

	(void)state;
	for (size_t i = 0; i < WRITTEN_COUNT; i++) {
		CLEANUP(encoded_done)
		struct encoded one = encode_pieces(WRITTEN[i], sample, SAMPLE, SAMPLE);
		CLEANUP(encoded_done)
		struct encoded two = encode_pieces(WRITTEN[i], sample, SAMPLE, 4999);

		assert_int_equal(one.len, two.len);
		assert_memory_equal(one.bytes, two.bytes, one.len);
	}
}

static void a_compression_that_is_only_read_is_refused(void **state)
{
	struct sink *memory, *sink;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(sink_memory_open(&memory, NULL), 0);
	assert_int_equal(sink_encode_open(memory, COMPRESSION_LZ4, &sink, &err), -ERR_UNSUPPORTED);
	assert_string_equal(err.text, "lz4 can only be read, not written");
}

static void a_failure_below_is_told_as_it_is(void **state)
{
	CLEANUP(freep) unsigned char *sample = pack_sample(SAMPLE);

	(void)state;
	for (size_t i = 0; i < WRITTEN_COUNT; i++) {
		CLEANUP(sink_closep) struct sink *sink = NULL;
		struct err err = { 0 };
		struct sink *file;
		int code;

		assert_int_equal(sink_file_open(-1, 0, &file, NULL), 0);
		assert_int_equal(sink_encode_open(file, WRITTEN[i], &sink, NULL), 0);
		code = sink_write(sink, sample, SAMPLE, &err);
		if (code == 0)
			code = sink_finish(sink, &err);
		assert_int_equal(code, -ERR_IO);
		assert_non_null(strstr(err.text, "Bad file descriptor"));
	}
}

static void closing_without_finish_leaves_the_output_incomplete(void **state)
{
	(void)state;
	for (size_t i = 0; i < WRITTEN_COUNT; i++) {
		struct sink *memory, *sink;

		assert_int_equal(sink_memory_open(&memory, NULL), 0);
		assert_int_equal(sink_encode_open(memory, WRITTEN[i], &sink, NULL), 0);
		assert_int_equal(sink_write(sink, "hello", 5, NULL), 0);
		sink_close(sink);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read_back),
		cmocka_unit_test(the_bytes_do_not_depend_on_how_they_were_written),
		cmocka_unit_test(a_compression_that_is_only_read_is_refused),
		cmocka_unit_test(a_failure_below_is_told_as_it_is),
		cmocka_unit_test(closing_without_finish_leaves_the_output_incomplete),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
