/* Pax records: reading, refusing, writing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "core/tar/tar_priv.h"

static char text[65536];
static struct tar__pax pax;

static void read_text(const char *bytes, size_t len)
{
	memcpy(text, bytes, len);
	text[len] = '\0';
	assert_int_equal(tar__pax_read(text, len, &pax, NULL), 0);
}

static int done(void **state)
{
	(void)state;
	tar__pax_done(&pax);
	return 0;
}

static void the_last_record_of_a_key_wins(void **state)
{
	static const char RECORDS[] = "9 uid=12\n11 uid=100\n9 path=a\n";

	(void)state;
	read_text(RECORDS, sizeof(RECORDS) - 1);
	assert_null(pax.trouble);
	assert_string_equal(pax.known[KEY_UID].bytes, "100");
	assert_string_equal(pax.known[KEY_PATH].bytes, "a");
}

static void an_empty_value_is_no_value(void **state)
{
	static const char RECORDS[] = "9 path=a\n8 path=\n";

	(void)state;
	read_text(RECORDS, sizeof(RECORDS) - 1);
	assert_null(pax.known[KEY_PATH].bytes);
	assert_true(pax.had_empty);
	assert_false(pax.had_acl);
}

static void an_acl_as_text_is_noted(void **state)
{
	static const char RECORDS[] = "31 SCHILY.acl.access=user::rwx\n";

	(void)state;
	read_text(RECORDS, sizeof(RECORDS) - 1);
	assert_true(pax.had_acl);
	assert_null(pax.trouble);
}

static void a_nul_cuts_a_path_and_is_noted(void **state)
{
	static const char RECORDS[] = "12 path=a\0bc\n";

	(void)state;
	read_text("12 path=a\0b\n", 12);
	assert_true(pax.had_nul);
	assert_string_equal(pax.known[KEY_PATH].bytes, "a");
	assert_int_equal(pax.known[KEY_PATH].len, 1);
	read_text(RECORDS, sizeof(RECORDS) - 1);
	assert_non_null(pax.trouble);
}

static void an_attribute_is_bytes(void **state)
{
	static const char RECORDS[] = "27 SCHILY.xattr.user.k=a\0b\n";

	(void)state;
	read_text(RECORDS, sizeof(RECORDS) - 1);
	assert_null(pax.trouble);
	assert_int_equal(pax.xattrs.count, 1);
	assert_string_equal(pax.xattrs.items[0].name, "user.k");
	assert_int_equal(pax.xattrs.items[0].len, 3);
	assert_memory_equal(pax.xattrs.items[0].value, "a\0b", 3);
}

static void attributes_are_counted(void **state)
{
	size_t len = 0;

	(void)state;
	for (unsigned i = 0; i < 1100; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len,
					"28 SCHILY.xattr.user.%04u=v\n", i);
	assert_int_equal(tar__pax_read(text, len, &pax, NULL), 0);
	assert_int_equal(pax.xattrs.count, 1024);
	assert_non_null(pax.trouble);
}

static void what_is_no_record_is_refused(void **state)
{
	static const char *const BAD[] = {
		"x",
		"9 path=a",
		"9 path=ab",
		"99 path=a\n",
		"8 path a\n",
		"4 a=\n",
		"-9 path=a\n",
		" 9 path=a\n",
		"99999999999999999999 path=a\n",
		"000000009 p=a\n",
		"9path=ab\n",
		"\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++) {
		read_text(BAD[i], strlen(BAD[i]));
		assert_non_null(pax.trouble);
	}
}

static void what_stands_before_trouble_is_kept(void **state)
{
	static const char RECORDS[] = "9 uid=12\n??";

	(void)state;
	read_text(RECORDS, sizeof(RECORDS) - 1);
	assert_non_null(pax.trouble);
	assert_string_equal(pax.known[KEY_UID].bytes, "12");
}

static void a_length_counts_its_own_digits(void **state)
{
	static const char VALUE[2000];

	(void)state;
	for (size_t len = 0; len < 1200; len++) {
		size_t whole = tar__record_length(1, len), at = 0;
		struct tar__record record;

		tar__record_put(text, "", "k", VALUE, len);
		assert_int_equal(tar__record_next(text, whole, &at, &record), whole >= 5 ? 1 : -1);
		if (whole >= 5)
			assert_int_equal(record.value_len, len);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(the_last_record_of_a_key_wins, done),
		cmocka_unit_test_teardown(an_empty_value_is_no_value, done),
		cmocka_unit_test_teardown(an_acl_as_text_is_noted, done),
		cmocka_unit_test_teardown(a_nul_cuts_a_path_and_is_noted, done),
		cmocka_unit_test_teardown(an_attribute_is_bytes, done),
		cmocka_unit_test_teardown(attributes_are_counted, done),
		cmocka_unit_test_teardown(what_is_no_record_is_refused, done),
		cmocka_unit_test_teardown(what_stands_before_trouble_is_kept, done),
		cmocka_unit_test(a_length_counts_its_own_digits),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
