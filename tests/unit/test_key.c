/* Names of keys. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

#include <cmocka.h>

#include "tui/key.h"

static key_code parsed(const char *name)
{
	key_code key = K_NONE;

	assert_true(key_parse(name, strlen(name), &key));
	return key;
}

static void names_give_keys(void **state)
{
	(void)state;
	assert_int_equal(parsed("k"), 'k');
	assert_int_equal(parsed("]"), ']');
	assert_int_equal(parsed("^"), '^');
	assert_int_equal(parsed("^L"), 12);
	assert_int_equal(parsed("Tab"), K_TAB);
	assert_int_equal(parsed("PgUp"), K_PAGE_UP);
	assert_int_equal(parsed("S-Tab"), K_BACK_TAB);
}

static void unknown_names_give_none(void **state)
{
	key_code key;

	(void)state;
	assert_false(key_parse("", 0, &key));
	assert_false(key_parse("tab", 3, &key));
	assert_false(key_parse("^l", 2, &key));
	assert_false(key_parse("Tabs", 4, &key));
}

static void labels_are_names(void **state)
{
	char label[KEY_LABEL];

	(void)state;
	assert_string_equal(key_label(parsed("PgDn"), label), "PgDn");
	assert_string_equal(key_label(parsed("^C"), label), "^C");
	assert_string_equal(key_label('q', label), "q");
	assert_string_equal(key_label(0xe9, label), "\xc3\xa9");
}

static void lists_are_stepped_through(void **state)
{
	const char *rest = "k  Up";
	key_code key;

	(void)state;
	assert_true(key_next(&rest, &key));
	assert_int_equal(key, 'k');
	assert_true(key_next(&rest, &key));
	assert_int_equal(key, K_UP);
	assert_false(key_next(&rest, &key));
	assert_string_equal(rest, "");
}

static void characters_become_utf8(void **state)
{
	char bytes[5];

	(void)state;
	assert_int_equal(key_utf8('a', bytes), 1);
	assert_int_equal(key_utf8(0x20ac, bytes), 3);
	assert_string_equal(bytes, "\xe2\x82\xac");
	assert_int_equal(key_utf8(0x1f600, bytes), 4);
	assert_string_equal(bytes, "\xf0\x9f\x98\x80");
	assert_int_equal(key_utf8(K_UP, bytes), 0);
	assert_int_equal(key_utf8(K_ESC, bytes), 0);
	assert_int_equal(key_utf8(0x9b, bytes), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_give_keys),
		cmocka_unit_test(unknown_names_give_none),
		cmocka_unit_test(labels_are_names),
		cmocka_unit_test(lists_are_stepped_through),
		cmocka_unit_test(characters_become_utf8),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
