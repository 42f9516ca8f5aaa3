/* Wrapped paragraphs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tui/page.h"

static void assert_row(const struct page *page, size_t row, int indent, const char *expected)
{
	char text[256];
	size_t len;

	assert_true(row < page->rows.count);
	len = page_row_text(page, row, text, sizeof(text) - 1);
	text[len] = '\0';
	assert_string_equal(text, expected);
	assert_int_equal(page->rows.items[row].indent, indent);
}

static void words_are_kept_whole(void **state)
{
	struct page page = { 0 };

	(void)state;
	page_add(&page, ROLE_TEXT, 0, "%s", "one two three four");
	page_wrap(&page, 10, TEXT_UTF8);
	assert_int_equal(page.rows.count, 3);
	assert_row(&page, 0, 0, "one two ");
	assert_row(&page, 1, 2, "three ");
	assert_row(&page, 2, 2, "four");
	page_done(&page);
}

static void long_words_are_cut(void **state)
{
	struct page page = { 0 };

	(void)state;
	page_add(&page, ROLE_TEXT, 0, "%s", "abcdefghijklmnopqrstuvwxyz");
	page_wrap(&page, 12, TEXT_UTF8);
	assert_row(&page, 0, 0, "abcdefghijkl");
	assert_row(&page, 1, 2, "mnopqrstuv");
	assert_row(&page, 2, 2, "wxyz");
	page_done(&page);
}

static void empty_paragraphs_are_rows(void **state)
{
	struct page page = { 0 };

	(void)state;
	page_add(&page, ROLE_TEXT, 0, "%s", "a");
	page_add(&page, ROLE_TEXT, 0, "%s", "");
	page_add(&page, ROLE_TEXT, 4, "%s", "b");
	page_wrap(&page, 40, TEXT_UTF8);
	assert_int_equal(page.rows.count, 3);
	assert_row(&page, 1, 0, "");
	assert_row(&page, 2, 4, "b");
	page_done(&page);
}

static void raw_bytes_become_visible(void **state)
{
	struct page page = { 0 };

	(void)state;
	page_add(&page, ROLE_TEXT, 0, "%s", "a\033[2Jb\nc\xff");
	page_wrap(&page, 40, TEXT_ASCII);
	assert_int_equal(page.rows.count, 1);
	assert_row(&page, 0, 0, "a\\e[2Jb\\nc\\xff");
	page_done(&page);
}

static void other_width_wraps_anew(void **state)
{
	struct page page = { 0 };

	(void)state;
	page_add(&page, ROLE_TEXT, 0, "%s", "one two three four");
	page_wrap(&page, 10, TEXT_UTF8);
	page_wrap(&page, 40, TEXT_UTF8);
	assert_int_equal(page.rows.count, 1);
	page_wrap(&page, 1, TEXT_UTF8);
	assert_true(page.rows.count >= 3);
	page_clear(&page);
	assert_int_equal(page.rows.count, 0);
	page_done(&page);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_kept_whole),
		cmocka_unit_test(long_words_are_cut),
		cmocka_unit_test(empty_paragraphs_are_rows),
		cmocka_unit_test(raw_bytes_become_visible),
		cmocka_unit_test(other_width_wraps_anew),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
