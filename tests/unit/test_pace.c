/* Rate and time left. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/pace.h"

static void rate_and_time_left_are_told(void **state)
{
	static const struct {
		uint64_t done, total;
		int64_t elapsed_ms;
		const char *expected; /* NULL: too early */
	} ROWS[] = {
		{ 0, 100, 5000, NULL },
		{ 100, 1000, 999, NULL },
		{ 1000000, 4000000, 1000, "1.0 MB/s, 3 s left" },
		{ 1000000, 4000001, 1000, "1.0 MB/s, 4 s left" },
		{ 3100000, 0, 1000, "3.1 MB/s" },
		{ 10000000, 10000000, 2000, "5.0 MB/s, 0 s left" },
		/* More than was expected is no time at all. */
		{ 20000000, 10000000, 2000, "10.0 MB/s, 0 s left" },
		{ 1000, 131000, 1000, "1.0 KB/s, 2 min 10 s left" },
		{ 1000, 3901000, 1000, "1.0 KB/s, 1 h 5 min left" },
		/* Nobody waits that long, and nothing overflows. */
		{ 1, UINT64_MAX, 1000, "1 B/s" },
		{ UINT64_MAX, UINT64_MAX, 1000, "1.00 EB/s, 0 s left" },
		{ 1, 100, 60000, NULL },
	};
	struct pace pace;
	char text[PACE_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof(ROWS) / sizeof(*ROWS); i++) {
		bool known = pace_of(ROWS[i].done, ROWS[i].total, ROWS[i].elapsed_ms, &pace);

		assert_int_equal(known, ROWS[i].expected != NULL);
		if (known)
			assert_string_equal(pace_text(&pace, text), ROWS[i].expected);
	}
}

static void time_begins_with_the_job(void **state)
{
	static const char *const WRITING = "writing", *const JUDGING = "judging";
	struct pace_watch watch = { 0 };

	(void)state;
	/* Waiting for the first byte is no work. */
	assert_int_equal(pace_watch(&watch, WRITING, 0, 5000), 0);
	assert_int_equal(pace_watch(&watch, WRITING, 0, 6000), 0);
	assert_int_equal(pace_watch(&watch, WRITING, 10, 6500), 500);
	assert_int_equal(pace_watch(&watch, WRITING, 20, 8000), 2000);
	assert_int_equal(pace_watch(&watch, JUDGING, 30, 9000), 0);
	assert_int_equal(pace_watch(&watch, JUDGING, 40, 9500), 500);
	/* It was begun anew. */
	assert_int_equal(pace_watch(&watch, JUDGING, 5, 9600), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rate_and_time_left_are_told),
		cmocka_unit_test(time_begins_with_the_job),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
