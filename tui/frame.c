/* Frames with titles, and the rows inside; see tui/frame.h. */
#include "frame.h"

#include <stdio.h>
#include <string.h>

#include "app.h"
#include "status.h"

enum { TITLE_ROOM = 256 };

/* ---- rows ---- */

static void draw_rows(const struct app *app, const struct view *view, const struct rect *rect,
		      bool focused)
{
	for (int i = 0; i < rect->rows; i++) {
		size_t row = view->list.top + (size_t)i;
		struct pen pen = pen_at(&app->painter, rect->row + i, rect->column, rect->columns);

		if (row >= view->list.count)
			break;
		if (row == view->list.cursor && !view->ops->scrolls)
			pen.style = focused ? PEN_CURSOR : PEN_CURSOR_ELSEWHERE;
		view->ops->draw_row(app, view, row, &pen);
		if (pen.style == PEN_CURSOR)
			pen_fill(&pen, ROLE_TEXT);
	}
}

/* An empty pane says why it is empty. */
static void draw_empty(const struct app *app, const struct view *view, const struct rect *rect)
{
	struct pen pen = pen_at(&app->painter, rect->row, rect->column + 1, rect->columns - 1);

	if (app_job(app))
		pen_printf(&pen, ROLE_DIM, "%s ...", app_job(app));
	else if (view->ops->empty)
		pen_text(&pen, ROLE_DIM, view->ops->empty);
}

static void draw_view(const struct app *app, enum view_id id, const struct rect *rect)
{
	const struct view *view = &app->views[id];

	if (rect->rows <= 0 || rect->columns <= 0)
		return;
	if (!view->list.count)
		draw_empty(app, view, rect);
	draw_rows(app, view, rect, id == app_front(app));
}

/* ---- frames ---- */

static void draw_box(const struct painter *painter, int rows, int columns)
{
	int bottom = rows - 1, right = columns - 1;

	painter_across(painter, 0, 1, columns - 2);
	painter_across(painter, bottom, 1, columns - 2);
	painter_down(painter, 1, 0, rows - 2);
	painter_down(painter, 1, right, rows - 2);
	painter_corner(painter, 0, 0, GLYPH_TOP_LEFT);
	painter_corner(painter, 0, right, GLYPH_TOP_RIGHT);
	painter_corner(painter, bottom, 0, GLYPH_BOTTOM_LEFT);
	painter_corner(painter, bottom, right, GLYPH_BOTTOM_RIGHT);
}

/* On the frame above a pane, or below it. */
static void draw_title(const struct app *app, enum view_id id, int row, const struct rect *rect)
{
	const struct view *view = &app->views[id];
	struct pen pen = pen_at(&app->painter, row, rect->column + 1, rect->columns - 2);
	char title[TITLE_ROOM] = "";

	if (pen.end - pen.column < 3)
		return;
	view->ops->title(app, view, title, sizeof(title));
	pen_text(&pen, ROLE_TITLE, " ");
	pen.end--;
	pen_text(&pen, id == app_front(app) ? ROLE_FOCUS : ROLE_TITLE, title);
	pen.end++;
	pen_text(&pen, ROLE_TITLE, " ");
}

/* One pane at a time: the names of all stand on the frame, the shown one in brackets. */
static void draw_tabs(const struct app *app)
{
	struct pen pen = pen_at(&app->painter, 0, 2, app->painter.columns - 4);
	bool numbers = app->painter.columns >= 50;

	for (int i = 0; i < PANES; i++) {
		const char *name = app->views[i].ops->name;
		bool shown = i == (int)app->focus;

		char number[16] = "";

		if (numbers)
			snprintf(number, sizeof(number), "%d ", i + 1);
		pen_printf(&pen, shown ? ROLE_FOCUS : ROLE_TITLE, shown ? "[%s%s]" : " %s%s ",
			   number, name);
	}
}

static void draw_overlay(const struct app *app)
{
	enum view_id id = app_front(app);
	const struct rect *rect = &app->layout.overlay;

	draw_box(&app->painter, app->layout.rows - 1, app->layout.columns);
	draw_title(app, id, 0, rect);
	draw_view(app, id, rect);
}

static void draw_single(const struct app *app)
{
	const struct rect *rect = &app->layout.panes[app->focus];

	draw_box(&app->painter, app->layout.rows - 1, app->layout.columns);
	draw_tabs(app);
	draw_title(app, (enum view_id)app->focus, rect->row + rect->rows, rect);
	draw_view(app, (enum view_id)app->focus, rect);
}

static void draw_splits(const struct app *app)
{
	const struct layout *layout = &app->layout;
	const struct painter *painter = &app->painter;
	int bottom = layout->rows - 2, right = layout->columns - 1, split = layout->split_column;

	draw_box(painter, layout->rows - 1, layout->columns);
	painter_down(painter, 1, split, bottom - 1);
	painter_across(painter, layout->split_row_left, 1, split - 1);
	painter_across(painter, layout->split_row_right, split + 1, right - split - 1);
	painter_corner(painter, 0, split, GLYPH_TEE_DOWN);
	painter_corner(painter, bottom, split, GLYPH_TEE_UP);
	painter_corner(painter, layout->split_row_left, 0, GLYPH_TEE_RIGHT);
	painter_corner(painter, layout->split_row_left, split, GLYPH_TEE_LEFT);
	painter_corner(painter, layout->split_row_right, split,
		       layout->split_row_right == layout->split_row_left ? GLYPH_CROSS
									 : GLYPH_TEE_RIGHT);
	painter_corner(painter, layout->split_row_right, right, GLYPH_TEE_LEFT);
}

static void draw_four(const struct app *app)
{
	draw_splits(app);
	for (int i = 0; i < PANES; i++) {
		const struct rect *rect = &app->layout.panes[i];

		draw_title(app, (enum view_id)i, rect->row - 1, rect);
		draw_view(app, (enum view_id)i, rect);
	}
}

void frame_draw(const struct app *app)
{
	painter_erase(&app->painter);
	painter_cursor(&app->painter, -1, 0);
	if (app->layout.tiny) {
		struct pen pen = pen_at(&app->painter, 0, 0, app->painter.columns);

		pen_text(&pen, ROLE_TEXT, "imgtui: the window is too small");
	} else if (app->overlay_count) {
		draw_overlay(app);
	} else if (app->layout.single) {
		draw_single(app);
	} else {
		draw_four(app);
	}
	if (!app->layout.tiny)
		status_draw(app, app->layout.status_row);
	painter_flush(&app->painter);
}
