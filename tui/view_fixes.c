/* Several ways to mend a finding: which one? The recommended one comes first. */
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "mend.h"

enum { FIXES_MOST = 16 };

static size_t options(const struct app *app, const struct rule_fix **ret_fixes)
{
	const struct finding *finding = app_finding(app);
	size_t count =
		finding ? fix_options(app_judgement(app), finding, ret_fixes, FIXES_MOST) : 0;

	return count < FIXES_MOST ? count : FIXES_MOST;
}

static void refresh(struct app *app, struct view *view)
{
	const struct rule_fix *fixes[FIXES_MOST];

	list_set_count(&view->list, options(app, fixes));
}

static void title(const struct app *app, const struct view *view, char *out, size_t room)
{
	(void)view;
	snprintf(out, room, "How to mend %s: Enter plans it",
		 app->finding.rule ? app->finding.rule->id : "it");
}

static size_t row_text(const struct app *app, const struct view *view, size_t row, char *out,
		       size_t room)
{
	const struct rule_fix *fixes[FIXES_MOST];
	size_t count = options(app, fixes);

	(void)view;
	snprintf(out, room, "%s%s", row < count ? fixes[row]->title : "",
		 row == 0 ? " (recommended)" : "");
	return strlen(out);
}

static void draw_row(const struct app *app, const struct view *view, size_t row, struct pen *pen)
{
	char text[1024];

	row_text(app, view, row, text, sizeof(text));
	pen_text(pen, ROLE_TEXT, text);
}

static unsigned enter(struct app *app, struct view *view)
{
	const struct rule_fix *fixes[FIXES_MOST];
	const struct finding *finding = app_finding(app);
	size_t count = options(app, fixes);
	unsigned stale = app_pop(app);

	if (view->list.cursor >= count)
		return stale;
	return stale | mend_with(app, finding, fixes[view->list.cursor]);
}

const struct view_ops view_fixes = {
	.name = "Fixes",
	.refresh = refresh,
	.title = title,
	.draw_row = draw_row,
	.row_text = row_text,
	.enter = enter,
};
