/* The tree after a layer: moving in it, opening, filters, search. */
#include "view_files.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "file_row.h"
#include "motion.h"
#include "tree/resolve.h"

enum { CENSUS_SLICE = 2000, SEARCH_SLICE = 2000 };

struct state {
	struct files files;
	struct pattern *pattern; /* that 'files' borrows; NULL: none */
	char pattern_text[PROMPT_ROOM];
	/* a search that goes on in slices */
	bool searching, backwards, wrapped;
	node_id from, looked_at, found;
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
		files_done(&state->files);
	if (state)
		pattern_free(state->pattern);
	free(state);
}

static node_id node_at(const struct view *view, size_t row)
{
	const struct state *state = view->state;

	return row < state->files.rows.count ? state->files.rows.items[row] : NODE_ROOT;
}

/* Rows have changed: the cursor stays on its node. */
static unsigned settle(struct app *app, struct view *view)
{
	struct state *state = view->state;

	list_set_count(&view->list, state->files.rows.count);
	list_goto(&view->list, files_row(&state->files, app->node));
	return STALE_PAINT;
}

static void refresh(struct app *app, struct view *view)
{
	struct state *state = view->state;
	unsigned at;
	const struct tree *tree = app_tree(app, &at);
	struct err err = { 0 };

	state->searching = false;
	if (files_set(&state->files, tree, at, app_is_at_top(app) ? app_judgement(app) : NULL,
		      &err) < 0)
		app_say_error(app, &err);
	if (tree && app->node.v >= tree_node_count(tree))
		app->node = NODE_ROOT;
	settle(app, view);
}

/* ", like \.py$, unreadable: 12": what is filtered by, and how many paths are like that. */
static void filter_words(const struct state *state, char *out, size_t room)
{
	static const char *const FILTERS[FILES_FILTERS] = {
		[FILES_ALL] = "",
		[FILES_UNREADABLE] = ", unreadable",
		[FILES_UNWRITABLE] = ", unwritable",
		[FILES_CHANGES] = ", changed",
	};
	const struct files *files = &state->files;
	char count[32] = "counting";

	out[0] = '\0';
	if (!files_is_filtered(files))
		return;
	if (files_census_is_done(files))
		snprintf(count, sizeof(count), "%" PRIu64, files->matches[files->filter]);
	snprintf(out, room, "%s%.60s%s: %s", files->pattern ? ", like " : "",
		 files->pattern ? state->pattern_text : "", FILTERS[files->filter], count);
}

static void title(const struct app *app, const struct view *view, char *out, size_t room)
{
	const struct state *state = view->state;
	const struct files *files = &state->files;
	char filter[160], tags[32] = "";

	filter_words(state, filter, sizeof(filter));
	if (app->by_hand.tags.count)
		snprintf(tags, sizeof(tags), ", %zu tagged", app->by_hand.tags.count);
	if (!files->tree)
		snprintf(out, room, "Files");
	else if (files->filter == FILES_CHANGES)
		snprintf(out, room, "Files of layer %u%s%s", app->at, filter, tags);
	else
		snprintf(out, room, "Files after layer %u%s%s%s%s", app->at,
			 app_is_at_top(app) ? "" : " (not judged)", filter,
			 files->order == FILES_BY_SIZE ? ", by size" : "", tags);
}

static void draw_row(const struct app *app, const struct view *view, size_t row, struct pen *pen)
{
	const struct state *state = view->state;

	file_row_draw(app, &state->files, node_at(view, row), pen);
}

/* ---- keys ---- */

static unsigned moved(struct app *app, struct view *view)
{
	app->node = node_at(view, view->list.cursor);
	return app_explain(app, SUBJECT_PATH);
}

static unsigned focused(struct app *app, struct view *view)
{
	(void)view;
	return app_explain(app, SUBJECT_PATH);
}

unsigned view_files_show(struct app *app, node_id node)
{
	struct view *view = &app->views[VIEW_FILES];
	struct state *state = view->state;

	if (!state->files.tree || node.v >= state->files.node_count)
		return STALE_NONE;
	files_reveal(&state->files, node);
	if (!state->files.pattern)
		pattern_freep(&state->pattern);
	app->node = node;
	return settle(app, view);
}

/* The nearest path that is there of one that is not. */
static node_id nearest(const struct tree *tree, const char *path)
{
	size_t len = strlen(path);
	char part[4096];

	while (len > 1) {
		node_id node;

		snprintf(part, sizeof(part), "%.*s", (int)len - 1, path + 1);
		node = tree_find(tree, part);
		if (!node_is_none(node))
			return node;
		while (len > 1 && path[--len] != '/')
			;
	}
	return NODE_ROOT;
}

unsigned view_files_show_finding(struct app *app)
{
	const struct finding *finding = app_finding(app);
	const struct judgement *judgement = app_judgement(app);

	if (!finding)
		return STALE_NONE;
	if (!app_is_at_top(app)) {
		app->at = (unsigned)app->shown->layer_count;
		app->at_chosen = false;
		app_settle(app, STALE_ROWS);
	}
	if (!node_is_none(finding->node))
		return view_files_show(app, finding->node);
	if (finding->path)
		return view_files_show(app, nearest(judgement->input.tree, finding->path));
	return STALE_NONE;
}

static unsigned set_filter(struct app *app, enum files_filter filter)
{
	struct view *view = &app->views[VIEW_FILES];
	struct state *state = view->state;

	files_set_filter(&state->files, filter);
	settle(app, view);
	return app_focus(app, PANE_FILES);
}

unsigned view_files_next_filter(struct app *app)
{
	struct state *state = app->views[VIEW_FILES].state;
	enum files_filter next[FILES_FILTERS] = {
		[FILES_ALL] = FILES_UNREADABLE,
		[FILES_UNREADABLE] = FILES_UNWRITABLE,
	};

	if (!state->files.judgement)
		return app_say(app, ROLE_WARNING, "only the last layer is judged");
	return set_filter(app, next[state->files.filter]);
}

unsigned view_files_toggle_changes(struct app *app)
{
	struct state *state = app->views[VIEW_FILES].state;

	if (!state->files.tree)
		return STALE_NONE;
	return set_filter(app, state->files.filter == FILES_CHANGES ? FILES_ALL : FILES_CHANGES);
}

static unsigned set_pattern(struct app *app, const char *text)
{
	struct view *view = &app->views[VIEW_FILES];
	struct state *state = view->state;
	struct pattern *pattern = NULL;
	struct err err = { 0 };

	if (*text && motion_pattern(text, &pattern, &err) < 0)
		return app_say_error(app, &err);
	snprintf(state->pattern_text, sizeof(state->pattern_text), "%s", text);
	files_set_pattern(&state->files, pattern);
	pattern_free(state->pattern);
	state->pattern = pattern;
	settle(app, view);
	return app_focus(app, PANE_FILES);
}

unsigned view_files_ask_pattern(struct app *app)
{
	const struct state *state = app->views[VIEW_FILES].state;

	if (!state->files.tree)
		return STALE_NONE;
	prompt_open(&app->prompt,
		    "Only paths like (PCRE2):", state->pattern ? state->pattern_text : "",
		    set_pattern);
	return STALE_PAINT;
}

const struct files *view_files_rows(const struct app *app)
{
	const struct state *state = app->views[VIEW_FILES].state;

	return &state->files;
}

unsigned view_files_next_order(struct app *app)
{
	struct view *view = &app->views[VIEW_FILES];
	struct state *state = view->state;

	files_set_order(&state->files,
			state->files.order == FILES_BY_NAME ? FILES_BY_SIZE : FILES_BY_NAME);
	return settle(app, view);
}

static bool is_directory(const struct files *files, node_id node)
{
	struct tree_stat stat;

	return files->tree && tree_stat(files->tree, node, files->at, &stat) &&
	       stat.type == TAR_DIR;
}

static unsigned open_directory(struct app *app, struct view *view, node_id node, bool open)
{
	struct state *state = view->state;

	files_open(&state->files, node, open);
	return settle(app, view);
}

static unsigned enter(struct app *app, struct view *view)
{
	struct state *state = view->state;
	node_id node = app->node;
	struct tree_stat stat;

	if (!view->list.count)
		return STALE_NONE;
	if (is_directory(&state->files, node))
		return open_directory(app, view, node, !files_is_open(&state->files, node));
	if (tree_stat(state->files.tree, node, state->files.at, &stat) &&
	    stat.type == TAR_SYMLINK) {
		struct resolve_result target =
			resolve_path(state->files.tree, state->files.at,
				     tree_parent(state->files.tree, node), stat.target, true, NULL);

		if (target.outcome != RESOLVE_FOUND)
			return app_say(app, ROLE_WARNING, "'%s' leads nowhere", stat.target);
		return view_files_show(app, target.node) | app_explain(app, SUBJECT_PATH);
	}
	return app_focus(app, PANE_WHY);
}

static unsigned right(struct app *app, struct view *view)
{
	struct state *state = view->state;
	node_id node = app->node;

	if (view->list.count && is_directory(&state->files, node) &&
	    !files_is_open(&state->files, node))
		return open_directory(app, view, node, true);
	return STALE_NONE;
}

static unsigned left(struct app *app, struct view *view)
{
	struct state *state = view->state;
	node_id node = app->node;

	if (!view->list.count)
		return STALE_NONE;
	if (files_is_open(&state->files, node) && node.v)
		return open_directory(app, view, node, false);
	app->node = tree_parent(state->files.tree, node);
	settle(app, view);
	return app_explain(app, SUBJECT_PATH);
}

static unsigned escape(struct app *app, struct view *view)
{
	struct state *state = view->state;

	if (state->searching) {
		state->searching = false;
		return app_say(app, ROLE_TEXT, "search stopped");
	}
	if (by_hand_untag(app))
		return app_say(app, ROLE_TEXT, "no path is tagged any more");
	if (state->files.filter != FILES_ALL)
		return set_filter(app, FILES_ALL);
	return state->pattern ? set_pattern(app, "") : STALE_NONE;
}

/* ---- search: over the whole tree, not only what is open ---- */

static bool matches(const struct app *app, const struct files *files, node_id node)
{
	const char *name = tree_name(files->tree, node);

	return pattern_match(app->pattern, name, strlen(name), NULL);
}

static void end_search(struct app *app, struct state *state)
{
	state->searching = false;
	if (node_is_none(state->found)) {
		app_say(app, ROLE_WARNING, "nothing found");
		return;
	}
	view_files_show(app, state->found);
	app_explain(app, SUBJECT_PATH);
}

/* Backwards is forwards all the way round, keeping the last match. */
static bool search_slice(struct app *app, struct state *state)
{
	for (size_t i = 0; i < SEARCH_SLICE; i++) {
		state->looked_at = files_successor(&state->files, state->looked_at);
		if (state->looked_at.v == state->from.v) {
			if (node_is_none(state->found) && matches(app, &state->files, state->from))
				state->found = state->from;
			end_search(app, state);
			return false;
		}
		if (!matches(app, &state->files, state->looked_at))
			continue;
		state->found = state->looked_at;
		if (!state->backwards) {
			end_search(app, state);
			return false;
		}
	}
	return true;
}

static unsigned search(struct app *app, struct view *view, bool backwards)
{
	struct state *state = view->state;

	if (!view->list.count)
		return STALE_NONE;
	state->searching = true;
	state->backwards = backwards;
	state->wrapped = false;
	state->from = state->looked_at = app->node;
	state->found = NODE_NONE;
	search_slice(app, state); /* most searches end here, before the next key */
	return STALE_PAINT;
}

static bool work(struct app *app, struct view *view)
{
	struct state *state = view->state;

	if (!files_census_is_done(&state->files)) {
		if (files_census(&state->files, CENSUS_SLICE))
			return true;
		settle(app, view);
		if (state->files.too_costly)
			app_say(app, ROLE_WARNING,
				"the pattern costs too much on %" PRIu64 " paths",
				state->files.too_costly);
	}
	return state->searching && search_slice(app, state);
}

const struct view_ops view_files = {
	.name = "Files",
	.empty = "no path is like that",
	.init = init,
	.done = done,
	.refresh = refresh,
	.title = title,
	.draw_row = draw_row,
	.search = search,
	.moved = moved,
	.focused = focused,
	.enter = enter,
	.left = left,
	.right = right,
	.escape = escape,
	.work = work,
};
