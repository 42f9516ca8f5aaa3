/* All keys, from the table of actions. */
#include <stdio.h>
#include <string.h>

#include "actions.h"
#include "app.h"

enum { KEYS_COLUMNS = 14 };

static size_t action_count(void)
{
	size_t count = 0;

	while (actions[count].name)
		count++;
	return count;
}

static void refresh(struct app *app, struct view *view)
{
	(void)app;
	list_set_count(&view->list, action_count());
}

static void title(const struct app *app, const struct view *view, char *out, size_t room)
{
	(void)app;
	(void)view;
	snprintf(out, room, "Keys");
}

static void draw_row(const struct app *app, const struct view *view, size_t row, struct pen *pen)
{
	const struct ui_action *action = &actions[row];
	struct pen keys = *pen; /* a copy: the column has its own end */

	(void)app;
	(void)view;
	if (keys.end > keys.column + KEYS_COLUMNS)
		keys.end = keys.column + KEYS_COLUMNS;
	pen_to(pen, pen->column + KEYS_COLUMNS + 1, ROLE_TEXT);
	pen_text(&keys, ROLE_STRONG, action->keys);
	pen_text(pen, ROLE_TEXT, action->help);
}

static size_t row_text(const struct app *app, const struct view *view, size_t row, char *out,
		       size_t room)
{
	int len = snprintf(out, room, "%s %s", actions[row].keys, actions[row].help);

	(void)app;
	(void)view;
	return (size_t)len < room ? (size_t)len : room - 1;
}

const struct view_ops view_help = {
	.name = "Keys",
	.scrolls = true,
	.refresh = refresh,
	.title = title,
	.draw_row = draw_row,
	.row_text = row_text,
};
