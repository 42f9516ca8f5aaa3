/* Numbers of tar headers: what Go reads, and writing in the style that stands there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "core/tar/tar_priv.h"

struct row {
	const char *bytes;
	size_t len;
	bool good;
	int64_t value;
};

static void octal_is_read_as_go_reads_it(void **state)
{
	/* clang-format off */
	static const struct row ROWS[] = {
		{ "0000644\0", 8, true, 0644 },
		{ "000644 \0", 8, true, 0644 },
		{ "   644 \0", 8, true, 0644 },
		{ "\0\0\0" "644\0\0", 8, true, 0644 },
		{ "00001750", 8, true, 01750 },
		{ "\0\0\0\0\0\0\0\0", 8, true, 0 },
		{ "12\0junk!", 8, true, 012 },
		{ "12 34\0\0\0", 8, false, 0 },
		{ "-0000012", 8, false, 0 },
		{ "0000098\0", 8, false, 0 },
		{ "0x\0\0\0\0\0\0", 8, false, 0 },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < sizeof(ROWS) / sizeof(ROWS[0]); i++) {
		int64_t value = -1;

		assert_int_equal(tar__parse_number((const unsigned char *)ROWS[i].bytes,
						   ROWS[i].len, &value),
				 ROWS[i].good);
		if (ROWS[i].good)
			assert_int_equal(value, ROWS[i].value);
	}
}

static void base_256_has_a_sign_and_an_end(void **state)
{
	/* clang-format off */
	static const struct row ROWS[] = {
		{ "\x80\0\0\0\xb2\xd0\x5e\0", 8, true, 3000000000 },
		{ "\xff\xff\xff\xff\xff\xff\xff\xff", 8, true, -1 },
		{ "\xff\xff\xff\xff\xff\xff\xff\xfe", 8, true, -2 },
		{ "\x80\0\0\0\x7f\xff\xff\xff\xff\xff\xff\xff", 12, true, INT64_MAX },
		{ "\x80\0\0\0\x80\0\0\0\0\0\0\0", 12, false, 0 },
		{ "\x80\1\0\0\0\0\0\0\0\0\0\0", 12, false, 0 },
		{ "\xff\xff\xff\xff\x80\0\0\0\0\0\0\0", 12, true, INT64_MIN },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < sizeof(ROWS) / sizeof(ROWS[0]); i++) {
		int64_t value = 0;

		assert_int_equal(tar__parse_number((const unsigned char *)ROWS[i].bytes,
						   ROWS[i].len, &value),
				 ROWS[i].good);
		if (ROWS[i].good)
			assert_int_equal(value, ROWS[i].value);
	}
}

static void decimal_is_whole_or_nothing(void **state)
{
	int64_t value;

	(void)state;
	assert_true(tar__parse_decimal("-9223372036854775808", 20, &value));
	assert_int_equal(value, INT64_MIN);
	assert_true(tar__parse_decimal("+7", 2, &value));
	assert_int_equal(value, 7);
	assert_false(tar__parse_decimal("9223372036854775808", 19, &value));
	assert_false(tar__parse_decimal("", 0, &value));
	assert_false(tar__parse_decimal("-", 1, &value));
	assert_false(tar__parse_decimal("1 ", 2, &value));
}

static void time_has_a_fraction_that_counts_upwards(void **state)
{
	int64_t seconds;
	uint32_t ns;

	(void)state;
	assert_true(tar__parse_time("12.03", 5, &seconds, &ns));
	assert_int_equal(seconds, 12);
	assert_int_equal(ns, 30000000);
	assert_true(tar__parse_time("-1.25", 5, &seconds, &ns));
	assert_int_equal(seconds, -2);
	assert_int_equal(ns, 750000000);
	assert_true(tar__parse_time("1.0123456789999", 15, &seconds, &ns));
	assert_int_equal(ns, 12345678);
	assert_true(tar__parse_time("5.", 2, &seconds, &ns));
	assert_int_equal(ns, 0);
	assert_false(tar__parse_time("1.2x", 4, &seconds, &ns));
	assert_false(tar__parse_time(".5", 2, &seconds, &ns));
}

static void a_number_comes_back(void **state)
{
	static const int64_t VALUES[] = { 0, 1, 1000, 07777777, 010000000, 4294967294, -1, -70000 };

	(void)state;
	for (size_t i = 0; i < sizeof(VALUES) / sizeof(VALUES[0]); i++) {
		unsigned char field[8];
		int64_t value;

		tar__put_number(field, sizeof(field), VALUES[i]);
		assert_true(tar__parse_number(field, sizeof(field), &value));
		assert_int_equal(value, VALUES[i]);
	}
}

static void the_style_of_a_number_is_kept(void **state)
{
	/* clang-format off */
	static const struct {
		const char *old;
		int64_t value;
		const char *new;
	} ROWS[] = {
		{ "0000644\0", 0755, "0000755\0" },
		{ "000644 \0", 0755, "000755 \0" },
		{ "   644 \0", 01750, "  1750 \0" },
		{ "644\0\0\0\0\0", 7, "007\0\0\0\0\0" },
		{ "0\0\0\0\0\0\0\0", 01750, "1750\0\0\0\0" },
		{ "00000644", 01750, "00001750" },
		{ "00000644", 012345670, "12345670" },
		{ "000644 \0", 01234567, "1234567\0" },
		{ "\0\0\0\0\0\0\0\0", 01750, "0001750\0" },
		{ "0000000\0", 012345670, "\x80\0\0\0\0\x29\xcb\xb8" },
		{ "\x80\0\0\0\0\x29\xcb\xb8", 01750, "0001750\0" },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < sizeof(ROWS) / sizeof(ROWS[0]); i++) {
		unsigned char field[8];

		memcpy(field, ROWS[i].old, sizeof(field));
		tar__put_alike(field, sizeof(field), ROWS[i].value);
		assert_memory_equal(field, ROWS[i].new, sizeof(field));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(octal_is_read_as_go_reads_it),
		cmocka_unit_test(base_256_has_a_sign_and_an_end),
		cmocka_unit_test(decimal_is_whole_or_nothing),
		cmocka_unit_test(time_has_a_fraction_that_counts_upwards),
		cmocka_unit_test(a_number_comes_back),
		cmocka_unit_test(the_style_of_a_number_is_kept),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
