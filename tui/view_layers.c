/* The layers, base first; the cursor says after which one Files shows the image. */
#include <stdio.h>
#include <string.h>

#include "app.h"

static void refresh(struct app *app, struct view *view)
{
	list_set_count(&view->list, app->shown->image ? app->shown->layer_count : 0);
	if (app->at)
		list_goto(&view->list, app->at - 1);
}

static void title(const struct app *app, const struct view *view, char *out, size_t room)
{
	size_t ready = 0;

	for (size_t i = 0; i < view->list.count; i++)
		ready += app->shown->layer_states[i] != LAYER_WAITING;
	if (ready < view->list.count)
		snprintf(out, room, "Layers %zu of %zu", ready, view->list.count);
	else
		snprintf(out, room, "Layers %zu%s", view->list.count,
			 session_is_damaged(app->session) ? ", damaged" : "");
}

static enum glyph state_mark(const struct app *app, size_t row, enum role *ret_role)
{
	const struct layer_index *index = app->shown->layers[row];

	if (app->shown->layer_states[row] == LAYER_UNREADABLE) {
		*ret_role = ROLE_ERROR;
		return GLYPH_ERROR;
	}
	if (index && layer_problems(index)->all.count) {
		*ret_role = layer_problems(index)->damaged ? ROLE_ERROR : ROLE_WARNING;
		return layer_problems(index)->damaged ? GLYPH_ERROR : GLYPH_WARNING;
	}
	return GLYPHS;
}

static void draw_row(const struct app *app, const struct view *view, size_t row, struct pen *pen)
{
	const struct image_layer *layer = image_layer(app->shown->image, row);
	bool waits = app->shown->layer_states[row] == LAYER_WAITING;
	enum role role = ROLE_TEXT;
	enum glyph mark = state_mark(app, row, &role);
	char size[16];

	(void)view;
	pen_printf(pen, ROLE_DIM, "%3zu ", row + 1);
	if (mark < GLYPHS)
		pen_glyph(pen, role, mark);
	else
		pen_text(pen, ROLE_TEXT, " ");
	if (waits)
		pen_printf(pen, ROLE_DIM, "%9s  ", "reading");
	else
		pen_printf(pen, ROLE_TEXT, "%9s  ", text_size(size, sizeof(size), layer->size));
	pen_text(pen, ROLE_TEXT, layer->created_by[0] ? layer->created_by : "(no history)");
}

static size_t row_text(const struct app *app, const struct view *view, size_t row, char *out,
		       size_t room)
{
	int len = snprintf(out, room, "%s", image_layer(app->shown->image, row)->created_by);

	(void)view;
	return (size_t)len < room ? (size_t)len : room - 1;
}

static unsigned moved(struct app *app, struct view *view)
{
	app->at = (unsigned)view->list.cursor + 1;
	app->at_chosen = !app_is_at_top(app);
	app_explain(app, SUBJECT_LAYER);
	return STALE_ROWS | STALE_PAINT;
}

static unsigned focused(struct app *app, struct view *view)
{
	(void)view;
	return app_explain(app, SUBJECT_LAYER);
}

static unsigned enter(struct app *app, struct view *view)
{
	(void)view;
	return app_focus(app, PANE_FILES);
}

const struct view_ops view_layers = {
	.name = "Layers",
	.refresh = refresh,
	.title = title,
	.draw_row = draw_row,
	.row_text = row_text,
	.moved = moved,
	.focused = focused,
	.enter = enter,
};
