/* The plan: its steps, what becomes of each path, what it costs, what is left. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "page.h"
#include "rule/finding_text.h"
#include "severity.h"

enum { LEFT_MOST = 100, PATHS_MOST = 2000 };

struct state {
	struct page page;
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

/* "0700 root:root" by the names of the image. */
static void owner_words(const struct app *app, uint32_t mode, int64_t uid, int64_t gid,
			char out[160])
{
	const struct accounts *accounts = app_judgement(app)->accounts;
	const struct account_user *user = accounts_user_by_id(accounts, uid);
	const struct account_group *group = accounts_group_by_id(accounts, gid);
	char uid_text[24], gid_text[24];

	snprintf(uid_text, sizeof(uid_text), "%" PRId64, uid);
	snprintf(gid_text, sizeof(gid_text), "%" PRId64, gid);
	snprintf(out, 160, "%04" PRIo32 " %.60s:%.60s", mode, user ? user->name : uid_text,
		 group ? group->name : gid_text);
}

/* Whether the path is there. */
static bool state_of(const struct app *app, const struct tree *tree, const char *path,
		     struct tree_stat *ret_stat)
{
	return tree_stat(tree, tree_find(tree, path), (unsigned)app->shown->layer_count, ret_stat);
}

static const char *type_word(enum tar_type type)
{
	return type == TAR_DIR ? "directory" : type == TAR_SYMLINK ? "link" : "file";
}

static void add_change(const struct app *app, const struct plan_change *change, struct page *page)
{
	const char *arrow = painter_glyph(&app->painter, GLYPH_ARROW);
	struct tree_stat was = { 0 }, is = { 0 };
	bool there = state_of(app, app->shown->tree, change->path, &was);
	bool stays = state_of(app, app_judgement(app)->input.tree, change->path, &is);
	char before[160] = "", after[160] = "removed", size[16];

	if (there)
		owner_words(app, was.mode, was.uid, was.gid, before);
	if (stays)
		owner_words(app, is.mode, is.uid, is.gid, after);
	text_size(size, sizeof(size), change->bytes);
	page_add(page, ROLE_PLANNED, 4, "/%s", change->path);
	if (there)
		page_add(page, ROLE_TEXT, 6, "%s %s %s  +%s", before, arrow, after, size);
	else
		page_add(page, ROLE_TEXT, 6, "new %s %s %s  +%s", type_word(is.type), arrow, after,
			 size);
	if (stays && is.type == TAR_SYMLINK && (!there || was.type != is.type))
		page_add(page, ROLE_TEXT, 6, "link %s %s", arrow, is.target);
	if (stays && is.body)
		page_add(page, ROLE_TEXT, 6, "contents: %" PRIu64 " B %s %" PRIu64 " B", was.size,
			 arrow, is.size);
}

/* What becomes of each path, whichever steps it is from. */
static void add_changes(const struct app *app, struct page *page)
{
	const struct plan_changes *changes = app->shown->changes;
	size_t count = changes->all.count;

	if (!count)
		return;
	page_add(page, ROLE_TEXT, 0, "%s", "");
	page_add(page, ROLE_STRONG, 0,
		 "%zu path%s, with the bytes that an appended layer takes for each:", count,
		 count == 1 ? "" : "s");
	for (size_t i = 0; i < count && i < PATHS_MOST; i++)
		add_change(app, &changes->all.items[i], page);
	if (count > PATHS_MOST)
		page_add(page, ROLE_DIM, 4, "and %zu more", count - PATHS_MOST);
}

static void add_config_value(const struct app *app, const char *name, const char *before,
			     const char *after, struct page *page)
{
	if (strcmp(before, after))
		page_add(page, ROLE_TEXT, 4, "%s: '%s' %s '%s'", name, before,
			 painter_glyph(&app->painter, GLYPH_ARROW), after);
}

static bool has_word(const char *const *words, const char *word)
{
	for (; *words; words++) {
		if (!strcmp(*words, word))
			return true;
	}
	return false;
}

static void add_config_words(const struct app *app, const char *name, const char *const *before,
			     const char *const *after, struct page *page)
{
	CLEANUP(freep) char *was = config_words_text(before);
	CLEANUP(freep) char *is = config_words_text(after);

	if (was && is && strcmp(was, is) != 0)
		page_add(page, ROLE_TEXT, 4, "%s: %s %s %s", name, was,
			 painter_glyph(&app->painter, GLYPH_ARROW), is);
}

static void add_config(const struct app *app, struct page *page)
{
	const struct config *before = image_config(app->shown->image);
	const struct config *after = app_judgement(app)->input.config;

	if (!plan_changes_config(app->shown->plan))
		return;
	page_add(page, ROLE_STRONG, 2, "Config of the image");
	add_config_value(app, "User", before->user, after->user, page);
	add_config_value(app, "WorkingDir", before->working_dir, after->working_dir, page);
	add_config_words(app, "Entrypoint", before->entrypoint, after->entrypoint, page);
	add_config_words(app, "Cmd", before->cmd, after->cmd, page);
	add_config_words(app, "ExposedPorts", before->exposed_ports, after->exposed_ports, page);
	for (const char *const *env = after->env; *env; env++) {
		if (!has_word(before->env, *env))
			page_add(page, ROLE_TEXT, 4, "Env: + %s", *env);
	}
	for (const char *const *env = before->env; *env; env++) {
		if (!has_word(after->env, *env))
			page_add(page, ROLE_TEXT, 4, "Env: - %s", *env);
	}
}

static void add_packages(const struct plan *plan, const struct plan_step *step, struct page *page)
{
	size_t count;
	const struct plan_packages *packages = plan_packages(plan, &count);

	for (size_t i = 0; i < step->packages_count; i++) {
		const struct plan_packages *some = &packages[step->first_packages + i];

		for (size_t n = 0; some->names[n]; n++)
			page_add(page, ROLE_TEXT, 4, "%s (%s), in a Dockerfile alone",
				 some->names[n], some->manager);
	}
}

static bool is_same_step(const struct plan_step *a, const struct plan_step *b)
{
	return !strcmp(a->rule_id, b->rule_id) && !strcmp(a->title, b->title) &&
	       !a->packages_count && !b->packages_count;
}

/* One fix that was made for many paths is one row. */
static void add_steps(const struct app *app, struct page *page)
{
	const struct plan *plan = app->shown->plan;
	size_t count = plan_step_count(plan);

	for (size_t i = 0, next; i < count; i = next) {
		struct plan_step step = plan_step(plan, i), other;
		char times[32] = "";

		for (next = i + 1; next < count; next++) {
			other = plan_step(plan, next);
			if (!is_same_step(&step, &other))
				break;
		}
		if (next - i > 1)
			snprintf(times, sizeof(times), " (%zu times)", next - i);
		page_add(page, ROLE_STRONG, 2, "%zu. %s  %s%s", i + 1, step.rule_id, step.title,
			 times);
		add_packages(plan, &step, page);
	}
}

static void add_left(const struct app *app, struct page *page)
{
	const struct judgement *judgement = app_judgement(app);

	page_add(page, ROLE_TEXT, 0, "%s", "");
	if (app->shown->judging)
		page_add(page, ROLE_DIM, 0, "judging what is left");
	else if (!judgement->findings.count)
		page_add(page, ROLE_GOOD, 0, "No findings are left.");
	else
		page_add(page, ROLE_STRONG, 0, "Left after these fixes: %zu",
			 judgement->findings.count);
	for (size_t i = 0; i < judgement->findings.count && i < LEFT_MOST; i++) {
		const struct finding *finding = &judgement->findings.items[i];
		CLEANUP(freep) char *message = finding_message(judgement, finding);

		page_add(page, severity_role(finding->severity), 2, "%s %s %s",
			 painter_glyph(&app->painter, severity_glyph(finding->severity)),
			 finding->rule->id, message ? message : "");
	}
}

/* What each way of writing costs. */
static void add_forecast(const struct app *app, struct page *page)
{
	const struct forecast *forecast = session_forecast(app->session);

	for (int way = 0; forecast && way < FORECAST_WAYS; way++) {
		CLEANUP(freep) char *words = forecast_words(forecast, (enum forecast_way)way);

		if (words)
			page_add(page, ROLE_TEXT, 0, "%-10s  %s",
				 forecast_way_name((enum forecast_way)way), words);
	}
	if (forecast)
		page_add(page, ROLE_TEXT, 0, "%s", "");
}

static void refresh(struct app *app, struct view *view)
{
	struct state *state = view->state;

	page_clear(&state->page);
	if (!app->shown->plan || !app_judgement(app))
		return;
	if (!app->plan_steps) {
		page_add(&state->page, ROLE_TEXT, 0,
			 "Nothing is planned. f plans the fix of a finding, F those of all.");
		return;
	}
	add_forecast(app, &state->page);
	add_steps(app, &state->page);
	add_changes(app, &state->page);
	add_config(app, &state->page);
	add_left(app, &state->page);
}

static void layout(struct app *app, struct view *view, int columns)
{
	struct state *state = view->state;

	page_wrap(&state->page, columns, app->painter.charset);
	list_set_count(&view->list, state->page.rows.count);
	list_scroll(&view->list, 0);
}

static void title(const struct app *app, const struct view *view, char *out, size_t room)
{
	(void)view;
	snprintf(out, room, "Plan: %zu fix%s", app->plan_steps, app->plan_steps == 1 ? "" : "es");
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

const struct view_ops view_plan = {
	.name = "Plan",
	.scrolls = true,
	.init = init,
	.done = done,
	.refresh = refresh,
	.layout = layout,
	.title = title,
	.draw_row = draw_row,
	.row_text = row_text,
};
