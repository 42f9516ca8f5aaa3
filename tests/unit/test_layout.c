/* Where the panes are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tui/layout.h"

static bool is_inside(const struct rect *rect, const struct layout *layout)
{
	return rect->row >= 0 && rect->column >= 0 && rect->rows >= 0 && rect->columns >= 0 &&
	       rect->row + rect->rows <= layout->rows &&
	       rect->column + rect->columns <= layout->columns;
}

static bool overlap(const struct rect *a, const struct rect *b)
{
	return a->row < b->row + b->rows && b->row < a->row + a->rows &&
	       a->column < b->column + b->columns && b->column < a->column + a->columns;
}

static void check_size(int rows, int columns)
{
	struct layout layout;

	layout_make(rows, columns, PANE_FILES, &layout);
	assert_true(is_inside(&layout.overlay, &layout));
	for (int i = 0; i < PANES; i++) {
		assert_true(is_inside(&layout.panes[i], &layout));
		for (int j = 0; j < i; j++)
			assert_false(overlap(&layout.panes[i], &layout.panes[j]));
	}
}

static void any_size_keeps_panes_inside_and_apart(void **state)
{
	(void)state;
	for (int rows = 0; rows < 60; rows++) {
		for (int columns = 0; columns < 200; columns += 3)
			check_size(rows, columns);
	}
}

static void narrow_screen_shows_the_focused_pane_alone(void **state)
{
	struct layout layout;

	(void)state;
	layout_make(24, 80, PANE_WHY, &layout);
	assert_true(layout.single);
	assert_int_equal(layout.panes[PANE_WHY].rows, 21);
	assert_int_equal(layout.panes[PANE_WHY].columns, 78);
	assert_int_equal(layout.panes[PANE_FILES].rows, 0);
	assert_int_equal(layout.status_row, 23);
}

static void wide_screen_shows_four(void **state)
{
	struct layout layout;

	(void)state;
	layout_make(24, LAYOUT_WIDE, PANE_WHY, &layout);
	assert_false(layout.single);
	for (int i = 0; i < PANES; i++)
		assert_true(layout.panes[i].rows >= 3 && layout.panes[i].columns >= 30);
}

static void tiny_screen_shows_none(void **state)
{
	struct layout layout;

	(void)state;
	layout_make(1, 1, PANE_FILES, &layout);
	assert_true(layout.tiny);
	assert_int_equal(layout.status_row, 0);
	layout_make(0, 0, PANE_FILES, &layout);
	assert_int_equal(layout.status_row, -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_size_keeps_panes_inside_and_apart),
		cmocka_unit_test(narrow_screen_shows_the_focused_pane_alone),
		cmocka_unit_test(wide_screen_shows_four),
		cmocka_unit_test(tiny_screen_shows_none),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
