/* The state of the screen; see tui/app.h. */
#include "app.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "environment.h"
#include "view_guide.h"

static const struct view_ops *const OPS[VIEWS] = {
	/* clang-format off */
	[VIEW_LAYERS]   = &view_layers,
	[VIEW_FILES]    = &view_files,
	[VIEW_FINDINGS] = &view_findings,
	[VIEW_WHY]      = &view_why,
	[VIEW_PLAN]     = &view_plan,
	[VIEW_HELP]     = &view_help,
	[VIEW_CHOOSER]  = &view_chooser,
	[VIEW_FIXES]    = &view_fixes,
	[VIEW_GUIDE]    = &view_guide,
	[VIEW_WRITE]    = &dialog_write,
	/* clang-format on */
};

int app_init(struct app *app, struct session *session, struct terminal *terminal, struct err *err)
{
	app->session = session;
	app->terminal = terminal;
	app->node = NODE_ROOT;
	app->shown = session_view(session);
	painter_init(&app->painter, terminal);
	for (size_t i = 0; i < VIEWS; i++) {
		app->views[i].ops = OPS[i];
		if (OPS[i]->init && OPS[i]->init(&app->views[i]) < 0) {
			app_done(app);
			return err_nomem(err);
		}
	}
	app_refresh(app);
	return 0;
}

void app_done(struct app *app)
{
	for (size_t i = 0; i < VIEWS; i++) {
		struct view *view = &app->views[i];

		if (view->ops && view->ops->done)
			view->ops->done(view);
		*view = (struct view){ 0 };
	}
	pattern_freep(&app->pattern);
	file_tags_done(&app->by_hand.tags);
}

/* ---- what is shown ---- */

const struct judgement *app_judgement(const struct app *app)
{
	return app->shown->preview ? app->shown->preview : app->shown->judgement;
}

bool app_is_at_top(const struct app *app)
{
	return app->at == app->shown->layer_count;
}

const struct tree *app_tree(const struct app *app, unsigned *ret_at)
{
	const struct judgement *judgement = app_judgement(app);
	const struct tree *tree = app->shown->tree;

	*ret_at = app->at;
	if (judgement && app_is_at_top(app)) {
		*ret_at = judgement_at(judgement);
		return judgement->input.tree;
	}
	return tree;
}

static bool fits_key(const struct finding *finding, const struct finding_key *key)
{
	return key->rule == finding->rule && key->rule_case == finding->rule_case &&
	       key->node.v == finding->node.v &&
	       !strncmp(key->path, finding->path ? finding->path : "", sizeof(key->path) - 1) &&
	       !strncmp(key->detail, finding->detail ? finding->detail : "",
			sizeof(key->detail) - 1);
}

bool app_is_selected(const struct app *app, const struct finding *finding)
{
	return fits_key(finding, &app->finding);
}

const struct finding *app_finding(const struct app *app)
{
	const struct judgement *judgement = app_judgement(app);

	if (!judgement || !app->finding.rule)
		return NULL;
	for (size_t i = 0; i < judgement->findings.count; i++) {
		if (app_is_selected(app, &judgement->findings.items[i]))
			return &judgement->findings.items[i];
	}
	return NULL;
}

void app_select_finding(struct app *app, const struct finding *finding)
{
	struct finding_key key = { 0 };

	if (finding) {
		key.rule = finding->rule;
		key.rule_case = finding->rule_case;
		key.node = finding->node;
		snprintf(key.path, sizeof(key.path), "%s", finding->path ? finding->path : "");
		snprintf(key.detail, sizeof(key.detail), "%s",
			 finding->detail ? finding->detail : "");
	}
	app->finding = key;
}

unsigned app_explain(struct app *app, enum subject subject)
{
	app->subject = subject;
	app->views[VIEW_WHY].list.top = 0;
	view_why.refresh(app, &app->views[VIEW_WHY]);
	return STALE_PAINT;
}

const char *app_job(const struct app *app)
{
	static const char *const PHASES[] = {
		[SESSION_OPENING] = "opening",   [SESSION_CHOOSING] = NULL,
		[SESSION_INDEXING] = "indexing", [SESSION_MERGING] = "merging layers",
		[SESSION_JUDGING] = "judging",   [SESSION_READY] = NULL,
		[SESSION_FAILED] = NULL,
	};

	if (app->shown->write == WRITE_RUNNING)
		return "writing";
	return PHASES[app->shown->phase];
}

/* ---- views and focus ---- */

enum view_id app_front(const struct app *app)
{
	return app->overlay_count ? app->overlays[app->overlay_count - 1]
				  : (enum view_id)app->focus;
}

struct view *app_front_view(struct app *app)
{
	return &app->views[app_front(app)];
}

bool app_has_overlay(const struct app *app, enum view_id view)
{
	for (size_t i = 0; i < app->overlay_count; i++) {
		if (app->overlays[i] == view)
			return true;
	}
	return false;
}

static void place_view(struct app *app, enum view_id id, const struct rect *rect)
{
	struct view *view = &app->views[id];

	if (view->ops->layout && rect->columns > 0)
		view->ops->layout(app, view, rect->columns);
	list_set_height(&view->list, (size_t)rect->rows);
}

void app_layout(struct app *app)
{
	terminal_size(app->terminal, &app->painter.rows, &app->painter.columns);
	layout_make(app->painter.rows, app->painter.columns, app->focus, &app->layout);
	for (int i = 0; i < PANES; i++)
		place_view(app, (enum view_id)i, &app->layout.panes[i]);
	for (size_t i = 0; i < app->overlay_count; i++)
		place_view(app, app->overlays[i], &app->layout.overlay);
}

unsigned app_focus(struct app *app, enum pane pane)
{
	app->focus = pane;
	app->focus_chosen = true;
	return STALE_LAYOUT | STALE_PAINT;
}

unsigned app_push(struct app *app, enum view_id id)
{
	struct view *view = &app->views[id];

	if (app_has_overlay(app, id) || app->overlay_count == APP_OVERLAYS)
		return STALE_NONE;
	app->overlays[app->overlay_count++] = id;
	view->list.cursor = view->list.top = 0;
	if (view->ops->refresh)
		view->ops->refresh(app, view);
	return STALE_LAYOUT | STALE_PAINT;
}

unsigned app_pop(struct app *app)
{
	if (!app->overlay_count)
		return STALE_NONE;
	app->overlay_count--;
	return STALE_LAYOUT | STALE_PAINT;
}

/* ---- messages ---- */

unsigned app_say(struct app *app, enum role role, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(app->message, sizeof(app->message), format, args);
	va_end(args);
	app->message_role = role;
	return STALE_PAINT;
}

unsigned app_say_error(struct app *app, const struct err *err)
{
	return err->code == ERR_CANCELLED ? app_say(app, ROLE_TEXT, "stopped")
					  : app_say(app, ROLE_ERROR, "%s", err->text);
}

/* ---- what has changed ---- */

/* The screen opens on the layers that come in, then on what was found. */
static void follow_focus(struct app *app)
{
	const struct judgement *judgement = app_judgement(app);

	if (app->focus_chosen || !judgement)
		return;
	app->focus = judgement->findings.count ? PANE_FINDINGS : PANE_FILES;
	app->focus_chosen = true;
	if (judgement->findings.count) {
		app_select_finding(app, &judgement->findings.items[0]);
		app->subject = SUBJECT_FINDING;
	} else {
		app->subject = SUBJECT_PATH;
	}
}

static void follow_chooser(struct app *app)
{
	bool choosing = app->shown->phase == SESSION_CHOOSING;

	if (choosing)
		app_push(app, VIEW_CHOOSER);
	else if (app_front(app) == VIEW_CHOOSER)
		app_pop(app);
}

static void refresh_views(struct app *app)
{
	for (size_t i = 0; i < VIEWS; i++) {
		struct view *view = &app->views[i];

		if (view->ops->refresh && (i < PANES || app_has_overlay(app, (enum view_id)i)))
			view->ops->refresh(app, view);
	}
}

/* What --plan has kept; where it does not fit it is left alone. */
static void take_first_plan(struct app *app)
{
	const json_t *json = app->first_plan;
	struct err err = { 0 };

	if (!json || app->shown->phase != SESSION_READY || app->shown->judging)
		return;
	app->first_plan = NULL;
	if (session_load_plan(app->session, json, &err) < 0 ||
	    view_guide_from_json(app, json, &err) < 0) {
		app->keeps_plan = false;
		app_say(app, ROLE_ERROR, "--plan: %s", err.text);
	}
}

void app_refresh(struct app *app)
{
	app->shown = session_view(app->session);
	take_first_plan(app);
	if (!app->at_chosen || app->at > app->shown->layer_count)
		app->at = (unsigned)app->shown->layer_count;
	app->plan_steps = app->shown->plan ? plan_step_count(app->shown->plan) : 0;
	if (app->shown->judge_error.code && !app->message[0])
		app_say_error(app, &app->shown->judge_error);
	by_hand_refresh(app);
	follow_chooser(app);
	follow_focus(app);
	refresh_views(app);
	app_layout(app);
}

void app_settle(struct app *app, unsigned stale)
{
	if (stale & STALE_ROWS)
		refresh_views(app);
	if (stale & (STALE_ROWS | STALE_LAYOUT))
		app_layout(app);
}

static void watch_job(struct app *app)
{
	const struct progress *progress = app->shown->progress;
	uint64_t done = progress ? atomic_load_explicit(&progress->done, memory_order_relaxed) : 0;

	app->job_ms = pace_watch(&app->pace, app_job(app), done, environment_now_ms());
}

bool app_work(struct app *app)
{
	int64_t until = environment_now_ms() + APP_SLICE_MS;
	bool more;

	watch_job(app);

	do {
		more = false;
		for (size_t i = 0; i < VIEWS; i++) {
			struct view *view = &app->views[i];

			if (view->ops->work && view->ops->work(app, view))
				more = true;
		}
	} while (more && environment_now_ms() < until);
	return more;
}
