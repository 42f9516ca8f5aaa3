/* Compressions told by magic bytes and by name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/compression.h"

struct sample {
	enum compression compression;
	const char *bytes;
	size_t len;
};

static void assert_sniffed(const struct sample *samples, size_t count)
{
	for (size_t i = 0; i < count; i++)
		assert_int_equal(
			compression_sniff((const unsigned char *)samples[i].bytes, samples[i].len),
			samples[i].compression);
}

static void magic_bytes_are_known(void **state)
{
	static const struct sample SAMPLES[] = {
		{ COMPRESSION_GZIP, "\x1f\x8b\x08\x00", 4 },
		{ COMPRESSION_ZSTD, "\x28\xb5\x2f\xfd", 4 },
		{ COMPRESSION_ZSTD, "\x50\x2a\x4d\x18\x00", 5 },
		{ COMPRESSION_ZSTD, "\x5f\x2a\x4d\x18\x00", 5 },
		{ COMPRESSION_XZ,
		  "\xfd"
		  "7zXZ\0\0\4",
		  8 },
		{ COMPRESSION_BZIP2, "BZh91AY&SY", 10 },
		{ COMPRESSION_LZ4, "\x04\x22\x4d\x18", 4 },
	};

	(void)state;
	assert_sniffed(SAMPLES, sizeof(SAMPLES) / sizeof(SAMPLES[0]));
}

static void other_bytes_are_not_compressed(void **state)
{
	static const struct sample SAMPLES[] = {
		{ COMPRESSION_NONE, "", 0 },
		{ COMPRESSION_NONE, "\x1f\x8b", 2 },
		{ COMPRESSION_NONE, "\x1f\x8b\x07", 3 },
		{ COMPRESSION_NONE, "BZh9-a-name", 11 },
		{ COMPRESSION_NONE, "etc/passwd", 10 },
	};

	(void)state;
	assert_sniffed(SAMPLES, sizeof(SAMPLES) / sizeof(SAMPLES[0]));
}

static void each_name_is_found_again(void **state)
{
	(void)state;
	for (int i = 0; i < COMPRESSIONS; i++) {
		enum compression found = COMPRESSIONS;

		assert_true(compression_find(compression_name((enum compression)i), &found));
		assert_int_equal(found, i);
	}
}

static void an_unknown_name_is_not_found(void **state)
{
	enum compression found;

	(void)state;
	assert_false(compression_find("gz", &found));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(magic_bytes_are_known),
		cmocka_unit_test(other_bytes_are_not_compressed),
		cmocka_unit_test(each_name_is_found_again),
		cmocka_unit_test(an_unknown_name_is_not_found),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
