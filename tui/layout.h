/* Where the panes are: a pure function of the size of the screen. */
#ifndef TUI_LAYOUT_H
#define TUI_LAYOUT_H

#include <stdbool.h>

enum pane { PANE_LAYERS, PANE_FILES, PANE_FINDINGS, PANE_WHY, PANES };

/* The inside of a pane, without its frame; rows or columns 0: not shown. */
struct rect {
	int row, column, rows, columns;
};

struct layout {
	int rows, columns;   /* of the screen */
	bool single;         /* one pane at a time */
	bool tiny;           /* too small for anything but one line of text */
	int split_row_left;  /* of the frame between Layers and Findings */
	int split_row_right; /* between Files and Why */
	int split_column;    /* between left and right */
	struct rect panes[PANES];
	struct rect overlay; /* the whole frame, for what lies over the panes */
	int status_row;      /* the last one; -1: none */
};

enum { LAYOUT_WIDE = 100, LAYOUT_MIN_ROWS = 5, LAYOUT_MIN_COLUMNS = 20 };

/* 'focus' is the pane that is shown where there is room for one. */
void layout_make(int rows, int columns, enum pane focus, struct layout *ret_layout);

#endif
