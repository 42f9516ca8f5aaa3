/* A cursor in rows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tui/list.h"

static struct list list_of(size_t count, size_t height)
{
	struct list list = { 0 };

	list_set_count(&list, count);
	list_set_height(&list, height);
	return list;
}

static void empty_list_goes_nowhere(void **state)
{
	struct list list = list_of(0, 5);

	(void)state;
	assert_false(list_move(&list, 1));
	assert_false(list_move(&list, -1));
	assert_false(list_scroll(&list, 3));
	list_goto(&list, 7);
	assert_int_equal(list.cursor, 0);
	assert_int_equal(list.top, 0);
}

static void cursor_stops_at_the_ends(void **state)
{
	struct list list = list_of(3, 5);

	(void)state;
	assert_true(list_move(&list, 100));
	assert_int_equal(list.cursor, 2);
	assert_false(list_move(&list, 1));
	assert_true(list_move(&list, -100));
	assert_int_equal(list.cursor, 0);
}

static void scrolls_as_little_as_needed(void **state)
{
	struct list list = list_of(100, 10);

	(void)state;
	list_goto(&list, 9);
	assert_int_equal(list.top, 0);
	list_goto(&list, 10);
	assert_int_equal(list.top, 1);
	list_goto(&list, 5);
	assert_int_equal(list.top, 1);
	list_goto(&list, 0);
	assert_int_equal(list.top, 0);
}

static void cursor_stays_inside_when_rows_go(void **state)
{
	struct list list = list_of(100, 10);

	(void)state;
	list_goto(&list, 99);
	list_set_count(&list, 4);
	assert_int_equal(list.cursor, 3);
	assert_int_equal(list.top, 0);
}

static void cursor_stays_in_sight_when_height_changes(void **state)
{
	struct list list = list_of(100, 50);

	(void)state;
	list_goto(&list, 40);
	list_set_height(&list, 5);
	assert_int_equal(list.top, 36);
	list_set_height(&list, 0);
	list_set_height(&list, 1);
	assert_int_equal(list.top, 40);
}

static void texts_scroll_to_their_last_page(void **state)
{
	struct list list = list_of(20, 8);

	(void)state;
	assert_true(list_scroll(&list, 100));
	assert_int_equal(list.top, 12);
	assert_false(list_scroll(&list, 1));
	assert_true(list_scroll(&list, -3));
	assert_int_equal(list.top, 9);
}

static size_t number_text(void *context, size_t row, char *out, size_t room)
{
	(void)context;
	return (size_t)snprintf(out, room, "row %zu", row);
}

static void search_goes_round(void **state)
{
	struct list list = list_of(30, 5);
	struct pattern *pattern;

	(void)state;
	assert_int_equal(pattern_new("7$", PATTERN_REGEX, 0, &pattern, NULL), 0);
	assert_int_equal(list_search(&list, pattern, false, number_text, NULL), LIST_FOUND);
	assert_int_equal(list.cursor, 7);
	assert_int_equal(list_search(&list, pattern, false, number_text, NULL), LIST_FOUND);
	assert_int_equal(list.cursor, 17);
	assert_int_equal(list_search(&list, pattern, true, number_text, NULL), LIST_FOUND);
	assert_int_equal(list.cursor, 7);
	assert_int_equal(list_search(&list, pattern, true, number_text, NULL), LIST_WRAPPED);
	assert_int_equal(list.cursor, 27);
	assert_int_equal(list_search(&list, pattern, false, number_text, NULL), LIST_WRAPPED);
	assert_int_equal(list.cursor, 7);
	pattern_free(pattern);
}

static void failed_search_leaves_the_cursor(void **state)
{
	struct list list = list_of(30, 5);
	struct pattern *pattern;

	(void)state;
	list_goto(&list, 4);
	assert_int_equal(pattern_new("nothing", PATTERN_REGEX, 0, &pattern, NULL), 0);
	assert_int_equal(list_search(&list, pattern, false, number_text, NULL), LIST_NOT_FOUND);
	assert_int_equal(list.cursor, 4);
	pattern_free(pattern);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(empty_list_goes_nowhere),
		cmocka_unit_test(cursor_stops_at_the_ends),
		cmocka_unit_test(scrolls_as_little_as_needed),
		cmocka_unit_test(cursor_stays_inside_when_rows_go),
		cmocka_unit_test(cursor_stays_in_sight_when_height_changes),
		cmocka_unit_test(texts_scroll_to_their_last_page),
		cmocka_unit_test(search_goes_round),
		cmocka_unit_test(failed_search_leaves_the_cursor),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
