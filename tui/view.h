/*
 * A view: one kind of list on the screen. Its file fills one struct view_ops;
 * cursor, scrolling and search come with struct list. Views read the session's
 * snapshot and keep only cursor and fold state.
 *
 * What a function returns as "stale" is what has to be made anew; views draw
 * nothing but the rows they are asked for.
 */
#ifndef TUI_VIEW_H
#define TUI_VIEW_H

#include <stdbool.h>
#include <stddef.h>

#include "layout.h"
#include "list.h"
#include "painter.h"

struct app;

enum view_id {
	VIEW_LAYERS = PANE_LAYERS,
	VIEW_FILES = PANE_FILES,
	VIEW_FINDINGS = PANE_FINDINGS,
	VIEW_WHY = PANE_WHY,
	VIEW_PLAN, /* these lie over the panes */
	VIEW_HELP,
	VIEW_CHOOSER,
	VIEW_FIXES,
	VIEW_GUIDE,
	VIEW_WRITE,
	VIEWS
};

enum stale {
	STALE_NONE = 0,
	STALE_PAINT = 1,  /* draw again */
	STALE_ROWS = 2,   /* the view's rows, too */
	STALE_LAYOUT = 4, /* where the panes are, too */
};

struct view {
	const struct view_ops *ops;
	struct list list;
	void *state; /* the view's own; NULL where it has none */
};

/* What is NULL is not there: nothing happens, nothing is shown. */
struct view_ops {
	const char *name;
	const char *empty; /* what stands there where there is no row */
	bool scrolls;      /* a text: keys scroll it, no row is marked */

	/* Make and free 'state'. -ERR_NOMEM. */
	int (*init)(struct view *view);
	void (*done)(struct view *view);

	/* The snapshot, the plan or the selection is another one: count rows anew. */
	void (*refresh)(struct app *app, struct view *view);

	/* Rows for this width, for texts that are wrapped; called when it changes, and after
	 * refresh. */
	void (*layout)(struct app *app, struct view *view, int columns);

	/* What stands in the frame. */
	void (*title)(const struct app *app, const struct view *view, char *out, size_t room);

	void (*draw_row)(const struct app *app, const struct view *view, size_t row,
			 struct pen *pen);

	/* The text that a search looks at. */
	size_t (*row_text)(const struct app *app, const struct view *view, size_t row, char *out,
			   size_t room);

	/* Instead of looking at rows; work() goes on with it. */
	unsigned (*search)(struct app *app, struct view *view, bool backwards);

	/* The cursor moved. */
	unsigned (*moved)(struct app *app, struct view *view);

	/* The user went to the view. */
	unsigned (*focused)(struct app *app, struct view *view);

	unsigned (*enter)(struct app *app, struct view *view);
	unsigned (*left)(struct app *app, struct view *view);
	unsigned (*right)(struct app *app, struct view *view);

	/* One step back; STALE_NONE: there is none, the caller goes back itself. */
	unsigned (*escape)(struct app *app, struct view *view);

	/* A slice of a few milliseconds of what would take longer; true: there is more. */
	bool (*work)(struct app *app, struct view *view);
};

extern const struct view_ops view_layers, view_files, view_findings, view_why, view_plan, view_help,
	view_chooser, view_fixes, view_guide, dialog_write;

#endif
