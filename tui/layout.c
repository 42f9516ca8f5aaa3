/* Four panes in two columns, or one pane at a time; see tui/layout.h. */
#include "layout.h"

static void place(struct rect *rect, int row, int column, int rows, int columns)
{
	rect->row = row;
	rect->column = column;
	rect->rows = rows > 0 ? rows : 0;
	rect->columns = columns > 0 ? columns : 0;
}

static void layout_four(struct layout *layout)
{
	int bottom = layout->rows - 2; /* row of the lower frame */
	int left = layout->columns * 2 / 5;
	int right;

	layout->split_column = left < 60 ? left : 60;
	layout->split_row_left = bottom * 2 / 5;
	layout->split_row_right = bottom - bottom / 3;
	left = layout->split_column - 1;
	right = layout->columns - layout->split_column - 2;
	place(&layout->panes[PANE_LAYERS], 1, 1, layout->split_row_left - 1, left);
	place(&layout->panes[PANE_FINDINGS], layout->split_row_left + 1, 1,
	      bottom - layout->split_row_left - 1, left);
	place(&layout->panes[PANE_FILES], 1, layout->split_column + 1, layout->split_row_right - 1,
	      right);
	place(&layout->panes[PANE_WHY], layout->split_row_right + 1, layout->split_column + 1,
	      bottom - layout->split_row_right - 1, right);
}

void layout_make(int rows, int columns, enum pane focus, struct layout *ret_layout)
{
	struct layout layout = { .rows = rows, .columns = columns, .status_row = rows - 1 };

	layout.tiny = rows < LAYOUT_MIN_ROWS || columns < LAYOUT_MIN_COLUMNS;
	layout.single = columns < LAYOUT_WIDE || rows < 16;
	if (layout.tiny) {
		layout.status_row = rows > 0 ? 0 : -1;
		*ret_layout = layout;
		return;
	}
	/* The frame takes the first row, the last but one, and a column on either side. */
	place(&layout.overlay, 1, 1, rows - 3, columns - 2);
	if (layout.single)
		layout.panes[focus] = layout.overlay;
	else
		layout_four(&layout);
	*ret_layout = layout;
}
