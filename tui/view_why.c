/* Why: the selected finding, path or layer explained, with what could be done and what it costs. */
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "explain.h"
#include "page.h"
#include "view_files.h"

struct state {
	struct page page;
	int columns;
	bool old; /* the page is of something else: work() makes it anew */
};

static int init(struct view *view)
{
	view->state = calloc(1, sizeof(struct state));
	return view->state ? 0 : -ERR_NOMEM;
}

static void done(struct view *view)
{
	struct state *state = view->state;

	if (state)
		page_done(&state->page);
	free(state);
}

static void refresh(struct app *app, struct view *view)
{
	struct state *state = view->state;

	(void)app;
	state->old = true;
}

static void wrap(const struct app *app, struct view *view)
{
	struct state *state = view->state;

	page_wrap(&state->page, state->columns, app->painter.charset);
	list_set_count(&view->list, state->page.rows.count);
	list_scroll(&view->list, 0);
}

static void layout(struct app *app, struct view *view, int columns)
{
	struct state *state = view->state;

	state->columns = columns;
	wrap(app, view);
}

/* Not at every step of the cursor: when the keys pause. */
static bool work(struct app *app, struct view *view)
{
	struct state *state = view->state;

	if (!state->old)
		return false;
	state->old = false;
	page_clear(&state->page);
	explain(app, &state->page);
	wrap(app, view);
	return false;
}

static void title(const struct app *app, const struct view *view, char *out, size_t room)
{
	(void)app;
	(void)view;
	snprintf(out, room, "Why");
}

static void draw_row(const struct app *app, const struct view *view, size_t row, struct pen *pen)
{
	const struct state *state = view->state;

	(void)app;
	page_draw_row(&state->page, row, pen);
}

static size_t row_text(const struct app *app, const struct view *view, size_t row, char *out,
		       size_t room)
{
	const struct state *state = view->state;

	(void)app;
	return page_row_text(&state->page, row, out, room);
}

static unsigned enter(struct app *app, struct view *view)
{
	(void)view;
	if (app->subject == SUBJECT_FINDING)
		view_files_show_finding(app);
	return app_focus(app, PANE_FILES);
}

const struct view_ops view_why = {
	.name = "Why",
	.scrolls = true,
	.init = init,
	.done = done,
	.refresh = refresh,
	.layout = layout,
	.title = title,
	.draw_row = draw_row,
	.row_text = row_text,
	.enter = enter,
	.work = work,
};
