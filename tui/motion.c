/* Moving in lists, between panes, to a match, to a path. */
#include "motion.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "base/path.h"
#include "tree/resolve.h"
#include "view_files.h"
#include "view_findings.h"

/* ---- in a list ---- */

static unsigned after_move(struct app *app, struct view *view, bool moved)
{
	if (!moved)
		return STALE_NONE;
	return STALE_PAINT | (view->ops->moved ? view->ops->moved(app, view) : STALE_NONE);
}

static unsigned move_by(struct app *app, long rows)
{
	struct view *view = app_front_view(app);

	return after_move(app, view,
			  view->ops->scrolls ? list_scroll(&view->list, rows)
					     : list_move(&view->list, rows));
}

static long page_rows(const struct app *app)
{
	size_t height = app->views[app_front(app)].list.height;

	return height > 1 ? (long)height - 1 : 1;
}

unsigned motion_up(struct app *app)
{
	return move_by(app, -1);
}

unsigned motion_down(struct app *app)
{
	return move_by(app, 1);
}

unsigned motion_page_up(struct app *app)
{
	return move_by(app, -page_rows(app));
}

unsigned motion_page_down(struct app *app)
{
	return move_by(app, page_rows(app));
}

unsigned motion_half_up(struct app *app)
{
	return move_by(app, -(page_rows(app) + 1) / 2);
}

unsigned motion_half_down(struct app *app)
{
	return move_by(app, (page_rows(app) + 1) / 2);
}

unsigned motion_home(struct app *app)
{
	return move_by(app, -(long)app_front_view(app)->list.count);
}

unsigned motion_end(struct app *app)
{
	return move_by(app, (long)app_front_view(app)->list.count);
}

unsigned motion_left(struct app *app)
{
	struct view *view = app_front_view(app);

	return view->ops->left ? view->ops->left(app, view) : STALE_NONE;
}

unsigned motion_right(struct app *app)
{
	struct view *view = app_front_view(app);

	return view->ops->right ? view->ops->right(app, view) : STALE_NONE;
}

unsigned motion_enter(struct app *app)
{
	struct view *view = app_front_view(app);

	return view->ops->enter ? view->ops->enter(app, view) : STALE_NONE;
}

/* ---- between panes ---- */

static unsigned go_to_pane(struct app *app, enum pane pane)
{
	struct view *view = &app->views[pane];

	return app_focus(app, pane) | (view->ops->focused ? view->ops->focused(app, view) : 0);
}

unsigned motion_next_pane(struct app *app)
{
	return go_to_pane(app, (enum pane)((app->focus + 1) % PANES));
}

unsigned motion_previous_pane(struct app *app)
{
	return go_to_pane(app, (enum pane)((app->focus + PANES - 1) % PANES));
}

unsigned motion_pane_1(struct app *app)
{
	return go_to_pane(app, PANE_LAYERS);
}

unsigned motion_pane_2(struct app *app)
{
	return go_to_pane(app, PANE_FILES);
}

unsigned motion_pane_3(struct app *app)
{
	return go_to_pane(app, PANE_FINDINGS);
}

unsigned motion_pane_4(struct app *app)
{
	return go_to_pane(app, PANE_WHY);
}

/* ---- search ---- */

struct row_context {
	const struct app *app;
	const struct view *view;
};

static size_t row_text(void *context, size_t row, char *out, size_t room)
{
	const struct row_context *c = context;

	return c->view->ops->row_text(c->app, c->view, row, out, room);
}

static unsigned search_again(struct app *app, bool backwards)
{
	struct view *view = app_front_view(app);
	struct row_context context = { app, view };
	enum list_found found;

	if (!app->pattern)
		return app_say(app, ROLE_WARNING, "nothing was searched for yet: /");
	if (view->ops->search)
		return view->ops->search(app, view, backwards);
	if (!view->ops->row_text)
		return STALE_NONE;
	found = list_search(&view->list, app->pattern, backwards, row_text, &context);
	if (found == LIST_NOT_FOUND)
		return app_say(app, ROLE_WARNING, "nothing found");
	if (view->ops->scrolls)
		view->list.top = view->list.cursor;
	if (found == LIST_WRAPPED)
		app_say(app, ROLE_TEXT, "search went round the end");
	return after_move(app, view, true);
}

static bool has_capital(const char *text)
{
	while (*text && !isupper((unsigned char)*text))
		text++;
	return *text;
}

int motion_pattern(const char *text, struct pattern **ret_pattern, struct err *err)
{
	return pattern_new(text, PATTERN_REGEX, has_capital(text) ? 0 : PATTERN_IGNORE_CASE,
			   ret_pattern, err);
}

static unsigned start_search(struct app *app, const char *text)
{
	struct pattern *pattern;
	struct err err = { 0 };

	if (*text) {
		if (motion_pattern(text, &pattern, &err) < 0)
			return app_say_error(app, &err);
		pattern_free(app->pattern);
		app->pattern = pattern;
	}
	return search_again(app, false);
}

unsigned motion_search(struct app *app)
{
	prompt_open(&app->prompt, "/", "", start_search);
	return STALE_PAINT;
}

unsigned motion_search_next(struct app *app)
{
	return search_again(app, false);
}

unsigned motion_search_previous(struct app *app)
{
	return search_again(app, true);
}

/* ---- to a path, to a finding ---- */

static unsigned go_to(struct app *app, const char *text)
{
	char path[PROMPT_ROOM];
	unsigned at;
	const struct tree *tree = app_tree(app, &at);
	node_id node;

	if (!tree || !*text)
		return STALE_PAINT;
	snprintf(path, sizeof(path), "%s", text);
	path[path_normalise(path, strlen(path), NULL)] = '\0';
	node = tree_find(tree, path);
	if (node_is_none(node) || !tree_exists(tree, node, at)) {
		struct resolve_result found = resolve_path(tree, at, NODE_ROOT, text, true, NULL);

		if (found.outcome != RESOLVE_FOUND)
			return app_say(app, ROLE_WARNING, "'%s' is not there after layer %u", text,
				       app->at);
		node = found.node;
	}
	view_files_show(app, node);
	app_explain(app, SUBJECT_PATH);
	return app_focus(app, PANE_FILES);
}

unsigned motion_go_to(struct app *app)
{
	prompt_open(&app->prompt, "Go to:", "/", go_to);
	return STALE_PAINT;
}

unsigned motion_next_finding(struct app *app)
{
	return view_findings_step(app, false);
}

unsigned motion_previous_finding(struct app *app)
{
	return view_findings_step(app, true);
}
