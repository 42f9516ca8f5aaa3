/* The bottom line; see tui/status.h. */
#include "status.h"

#include <stdio.h>
#include <string.h>

#include "actions.h"
#include "app.h"

enum { BAR_COLUMNS = 16, BAR_COLUMNS_NARROW = 6, HINTS_MOST = 16 };

/* ---- progress ---- */

static unsigned percent(const struct progress *progress, uint64_t *ret_done, uint64_t *ret_total)
{
	*ret_done = progress ? atomic_load_explicit(&progress->done, memory_order_relaxed) : 0;
	*ret_total = progress ? atomic_load_explicit(&progress->total, memory_order_relaxed) : 0;
	if (!*ret_total)
		return 0;
	return *ret_done >= *ret_total ? 100 : (unsigned)(*ret_done * 100 / *ret_total);
}

static void draw_progress(const struct app *app, struct pen *pen)
{
	uint64_t done, total;
	unsigned part = percent(app->shown->progress, &done, &total);
	unsigned bar = app->painter.columns < LAYOUT_WIDE ? BAR_COLUMNS_NARROW : BAR_COLUMNS;
	char size[16], of[16], text[PACE_TEXT];
	struct pace pace;

	pen_printf(pen, ROLE_STATUS, " %s ", app_job(app));
	if (total) {
		for (unsigned i = 0; i < bar; i++)
			pen_glyph(pen, ROLE_STATUS,
				  i * 100 < part * bar ? GLYPH_BAR_FULL : GLYPH_BAR_EMPTY);
		pen_printf(pen, ROLE_STATUS, " %u %%  %s of %s", part,
			   text_size(size, sizeof(size), done), text_size(of, sizeof(of), total));
	} else if (done) {
		pen_text(pen, ROLE_STATUS, text_size(size, sizeof(size), done));
	}
	if (pace_of(done, total, app->job_ms, &pace))
		pen_printf(pen, ROLE_STATUS, ", %s", pace_text(&pace, text));
	pen_right(pen, ROLE_KEY, "Esc cancels ");
	pen_fill(pen, ROLE_STATUS);
}

/* ---- the state of things ---- */

static void draw_dot(struct pen *pen)
{
	pen_text(pen, ROLE_STATUS, " ");
	pen_glyph(pen, ROLE_STATUS, GLYPH_DOT);
	pen_text(pen, ROLE_STATUS, " ");
}

static void draw_verification(const struct app *app, struct pen *pen)
{
	uint64_t done, total;
	unsigned part;

	switch (app->shown->verify) {
	case VERIFY_WAITING:
		pen_text(pen, ROLE_STATUS, "not verified");
		break;
	case VERIFY_RUNNING:
		part = percent(app->shown->verify_progress, &done, &total);
		pen_printf(pen, ROLE_STATUS, "verifying %u %%", part);
		break;
	case VERIFY_DONE:
		pen_text(pen, ROLE_STATUS, "verified");
		break;
	case VERIFY_MISMATCH:
		pen_text(pen, ROLE_KEY, "MISMATCH");
		break;
	case VERIFY_FAILED:
		pen_text(pen, ROLE_KEY, "CANNOT BE VERIFIED");
		break;
	}
}

static void draw_plan(const struct app *app, struct pen *pen)
{
	const struct forecast *forecast = session_forecast(app->session);
	int64_t growth = forecast ? forecast_growth(forecast) : 0;
	char size[16];

	if (!app->plan_steps)
		return;
	draw_dot(pen);
	/* By rewriting, which is the way that is offered first. */
	pen_printf(pen, ROLE_KEY, "%zu fix%s, %s%s", app->plan_steps,
		   app->plan_steps == 1 ? "" : "es", growth < 0 ? "-" : "+",
		   text_size(size, sizeof(size), (uint64_t)(growth < 0 ? -growth : growth)));
}

/* Where there is little room, the plan and the keys matter more than that all is well. */
static bool is_crowded(const struct app *app)
{
	return app->painter.columns < LAYOUT_WIDE && app->plan_steps &&
	       app->shown->verify == VERIFY_DONE;
}

static void draw_state(const struct app *app, struct pen *pen)
{
	const struct judgement *judgement = app_judgement(app);
	char user[128];

	pen_printf(pen, ROLE_STATUS, " %s", profile_name(session_profile(app->session)));
	if (judgement) {
		draw_dot(pen);
		pen_printf(pen, ROLE_STATUS, "as %s", identity_text(&judgement->identity, user));
	}
	if (app->shown->judging) {
		draw_dot(pen);
		pen_text(pen, ROLE_KEY, "judging");
	} else if (app->shown->image && !is_crowded(app)) {
		draw_dot(pen);
		draw_verification(app, pen);
	}
	draw_plan(app, pen);
}

/* ---- keys ---- */

static int hint_columns(const struct ui_action *action)
{
	return (int)(strcspn(action->keys, " ") + 1 + strlen(action->hint) + 2);
}

static void draw_hint(const struct ui_action *action, struct pen *pen)
{
	pen_text(pen, ROLE_STATUS, "  ");
	pen_printf(pen, ROLE_KEY, "%.*s", (int)strcspn(action->keys, " "), action->keys);
	pen_printf(pen, ROLE_STATUS, " %s", action->hint);
}

/* As many as fit behind the state, at the right end; help is the last one and always wanted. */
static void draw_hints(const struct app *app, struct pen *pen)
{
	const struct ui_action *shown[HINTS_MOST];
	const struct ui_action *help = actions_find('?', app_front(app));
	size_t count = 0;
	int columns = help ? hint_columns(help) : 0, room = pen->end - pen->column - 2;

	if (columns > room)
		return;
	for (const struct ui_action *action = actions; action->name && count + 1 < HINTS_MOST;
	     action++) {
		if (!action->hint || action == help || !(action->views & IN_VIEW(app_front(app))) ||
		    columns + hint_columns(action) > room)
			continue;
		columns += hint_columns(action);
		shown[count++] = action;
	}
	if (help)
		shown[count++] = help;
	pen_to(pen, pen->end - columns - 1, ROLE_STATUS);
	for (size_t i = 0; i < count; i++)
		draw_hint(shown[i], pen);
}

void status_draw(const struct app *app, int row)
{
	struct pen pen = pen_at(&app->painter, row, 0, app->painter.columns);

	if (prompt_is_open(&app->prompt)) {
		prompt_draw(&app->prompt, &app->painter, row);
		return;
	}
	if (app->message[0]) {
		pen_text(&pen, ROLE_STATUS, " ");
		pen_text(&pen, app->message_role == ROLE_ERROR ? ROLE_KEY : ROLE_STATUS,
			 app->message);
	} else if (app_job(app)) {
		draw_progress(app, &pen);
	} else {
		draw_state(app, &pen);
		draw_hints(app, &pen);
	}
	pen_fill(&pen, ROLE_STATUS);
}
