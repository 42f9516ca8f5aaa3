/* The window over a stream: every way of going forward ends at the same byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "core/tar/tar_priv.h"
#include "stream/stream_file.h"

enum { BYTES = 5 * TAR__WINDOW + 100 };

static unsigned char data[BYTES];
static struct tar__window window;
static struct stream *in;

static int begin(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (unsigned char)(i ^ i >> 8 ^ i >> 16);
	assert_int_equal(stream_memory_open(data, sizeof(data), &in, NULL), 0);
	return tar__window_init(&window, in, NULL);
}

static int done(void **state)
{
	(void)state;
	tar__window_done(&window);
	stream_close(in);
	return 0;
}

static void assert_next(uint64_t offset)
{
	const unsigned char *bytes;

	assert_int_equal(window.offset, offset);
	assert_int_equal(tar__window_peek(&window, TAR_BLOCK, &bytes, NULL), TAR_BLOCK);
	assert_memory_equal(bytes, data + offset, TAR_BLOCK);
}

static void small_and_large_skips_agree(void **state)
{
	static const uint64_t STEPS[] = { 1, 511, 65536, TAR__WINDOW + 1, 100000, TAR__WINDOW, 3 };
	uint64_t at = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(STEPS) / sizeof(STEPS[0]); i++) {
		assert_next(at);
		assert_int_equal(tar__window_skip(&window, STEPS[i], NULL), 0);
		at += STEPS[i];
	}
	assert_next(at);
}

static void small_and_large_reads_agree(void **state)
{
	static unsigned char buffer[BYTES];
	static const size_t STEPS[] = { 10, TAR__WINDOW, 2 * TAR__WINDOW + 5, 1, 60000 };
	size_t at = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(STEPS) / sizeof(STEPS[0]); i++) {
		assert_int_equal(tar__window_read(&window, buffer, STEPS[i], NULL), STEPS[i]);
		assert_memory_equal(buffer, data + at, STEPS[i]);
		at += STEPS[i];
		assert_next(at);
	}
}

static void the_end_gives_fewer_bytes(void **state)
{
	unsigned char buffer[200];
	const unsigned char *bytes;

	(void)state;
	assert_int_equal(tar__window_skip(&window, BYTES - 100, NULL), 0);
	assert_int_equal(tar__window_peek(&window, TAR_BLOCK, &bytes, NULL), 100);
	assert_int_equal(tar__window_read(&window, buffer, sizeof(buffer), NULL), 100);
	assert_int_equal(tar__window_read(&window, buffer, sizeof(buffer), NULL), 0);
}

static void a_skip_over_the_end_fails(void **state)
{
	struct err err = { 0 };

	(void)state;
	assert_int_equal(tar__window_skip(&window, UINT64_MAX, &err), -ERR_FORMAT);
	assert_int_equal(err.code, ERR_FORMAT);
}

static void a_small_skip_over_the_end_fails(void **state)
{
	struct err err = { 0 };

	(void)state;
	assert_int_equal(tar__window_skip(&window, BYTES - 10, NULL), 0);
	assert_int_equal(tar__window_skip(&window, 11, &err), -ERR_FORMAT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(small_and_large_skips_agree, begin, done),
		cmocka_unit_test_setup_teardown(small_and_large_reads_agree, begin, done),
		cmocka_unit_test_setup_teardown(the_end_gives_fewer_bytes, begin, done),
		cmocka_unit_test_setup_teardown(a_skip_over_the_end_fails, begin, done),
		cmocka_unit_test_setup_teardown(a_small_skip_over_the_end_fails, begin, done),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
