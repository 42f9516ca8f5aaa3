/* A hash on the way, on its own thread where it is much. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "lib/pack.h"
#include "stream/sink.h"

enum { MUCH = 5000001 };

static void hash_at_once(const void *bytes, size_t len, unsigned char value[HASH_MAX_BYTES])
{
	CLEANUP(hash_freep) struct hash *hash = NULL;

	assert_int_equal(hash_new(HASH_SHA256, &hash, NULL), 0);
	hash_update(hash, bytes, len);
	hash_value(hash, value);
}

static void any_length_in_any_pieces_gives_its_hash_and_passes_on(void **state)
{
	static const size_t LENGTHS[] = { 0, 1, 262143, 262144, 262145, 4 * 262144, MUCH };
	static const size_t PIECES[] = { 511, 262144, MUCH };
	CLEANUP(freep) unsigned char *sample = pack_sample(MUCH);

	(void)state;
	for (size_t i = 0; i < sizeof(LENGTHS) / sizeof(*LENGTHS) * 3; i++) {
		size_t len = LENGTHS[i / 3], piece = PIECES[i % 3], passed;
		unsigned char wanted[HASH_MAX_BYTES], value[HASH_MAX_BYTES];
		struct sink *memory, *sink;
		const void *below;

		assert_int_equal(sink_memory_open(&memory, NULL), 0);
		assert_int_equal(sink_hash_open(memory, HASH_SHA256, &sink, NULL), 0);
		for (size_t at = 0; at < len; at += piece)
			sink_write(sink, sample + at, len - at < piece ? len - at : piece, NULL);
		assert_int_equal(sink_finish(sink, NULL), 0);
		sink_hash_value(sink, value);
		hash_at_once(sample, len, wanted);
		assert_memory_equal(value, wanted, hash_size(HASH_SHA256));
		below = sink_memory_bytes(memory, &passed);
		assert_int_equal(passed, len);
		if (len > 0)
			assert_memory_equal(below, sample, len);
		sink_close(sink);
	}
}

static void a_failure_below_is_told_and_closing_is_fine(void **state)
{
	CLEANUP(freep) unsigned char *sample = pack_sample(MUCH);
	CLEANUP(sink_closep) struct sink *sink = NULL;
	struct err err = { 0 };
	struct sink *file;

	(void)state;
	assert_int_equal(sink_file_open(-1, 0, &file, NULL), 0);
	assert_int_equal(sink_hash_open(file, HASH_SHA512, &sink, NULL), 0);
	assert_int_equal(sink_write(sink, sample, MUCH, &err), -ERR_IO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_length_in_any_pieces_gives_its_hash_and_passes_on),
		cmocka_unit_test(a_failure_below_is_told_and_closing_is_fine),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
