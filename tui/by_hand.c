/* Tags and edits of paths; see tui/by_hand.h. */
#include "by_hand.h"

#include <stdio.h>
#include <string.h>

#include "app.h"
#include "motion.h"
#include "view_files.h"

/* ---- tags ---- */

unsigned by_hand_tag(struct app *app)
{
	struct file_tags *tags = &app->by_hand.tags;

	if (!app->views[VIEW_FILES].list.count)
		return STALE_NONE;
	if (file_tags_set(tags, app->node, !file_tags_has(tags, app->node)) < 0)
		return app_say(app, ROLE_ERROR, "out of memory");
	return motion_down(app) | STALE_PAINT;
}

unsigned by_hand_tag_shown(struct app *app)
{
	const struct files *files = view_files_rows(app);

	if (!files->tree || !files_is_filtered(files))
		return app_say(app, ROLE_WARNING, "T tags what a filter shows: ! or \\ sets one");
	if (!files_census_is_done(files))
		return app_say(app, ROLE_WARNING, "wait until all is counted");
	if (file_tags_set_matches(&app->by_hand.tags, files) < 0)
		return app_say(app, ROLE_ERROR, "out of memory");
	return app_say(app, ROLE_TEXT, "%zu tagged: o owner, m mode, t to the user; Esc clears",
		       app->by_hand.tags.count);
}

bool by_hand_untag(struct app *app)
{
	bool tagged = app->by_hand.tags.count;

	file_tags_clear(&app->by_hand.tags);
	return tagged;
}

/* ---- edits ---- */

/* What the edit is of; free(). NULL: out of memory. */
static node_id *targets(const struct app *app, size_t *ret_count)
{
	node_id *nodes = file_tags_list(&app->by_hand.tags);

	*ret_count = app->by_hand.tags.count;
	if (nodes && !*ret_count)
		nodes[(*ret_count)++] = app->node;
	return nodes;
}

static unsigned edit(struct app *app, bool below)
{
	size_t count;
	CLEANUP(freep) node_id *nodes = targets(app, &count);
	struct err err = { 0 };

	if (!nodes)
		return app_say(app, ROLE_ERROR, "out of memory");
	if (session_edit(app->session, &app->by_hand.edit, nodes, count, below, &err) < 0)
		return app_say_error(app, &err);
	app->by_hand.waits = true;
	app_refresh(app);
	return STALE_PAINT;
}

static unsigned set_below(struct app *app, const char *text)
{
	return edit(app, *text == 'y' || *text == 'Y');
}

/* Directories may be meant with all that is in them. */
static bool has_directory(const struct app *app)
{
	size_t count;
	CLEANUP(freep) node_id *nodes = targets(app, &count);
	const struct judgement *judgement = app_judgement(app);
	struct tree_stat stat;

	for (size_t i = 0; nodes && i < count; i++) {
		if (tree_stat(judgement->input.tree, nodes[i], judgement_at(judgement), &stat) &&
		    stat.type == TAR_DIR)
			return true;
	}
	return false;
}

static unsigned ask_below(struct app *app)
{
	if (!has_directory(app))
		return edit(app, false);
	prompt_open(&app->prompt, "Everything below, too? y or n:", "", set_below);
	return STALE_PAINT;
}

static unsigned set_owner(struct app *app, const char *text)
{
	struct err err = { 0 };

	if (!app_judgement(app) ||
	    plan_edit_read_owner(text, app_judgement(app)->accounts, &app->by_hand.edit, &err) < 0)
		return app_say_error(app, &err);
	return ask_below(app);
}

static unsigned set_mode(struct app *app, const char *text)
{
	struct err err = { 0 };

	if (plan_edit_read_mode(text, &app->by_hand.edit, &err) < 0)
		return app_say_error(app, &err);
	return ask_below(app);
}

/* Whether there is something to edit; if not, it is said. */
static bool may_edit(struct app *app)
{
	if (app_judgement(app) && app_is_at_top(app) && app->views[VIEW_FILES].list.count)
		return true;
	app_say(app, ROLE_WARNING, "only what is there after the last layer can be changed");
	return false;
}

static unsigned ask(struct app *app, const char *what, const char *form,
		    unsigned (*accept)(struct app *app, const char *text))
{
	struct by_hand *by_hand = &app->by_hand;

	if (!may_edit(app))
		return STALE_PAINT;
	if (by_hand->tags.count)
		snprintf(by_hand->label, sizeof(by_hand->label), "%s of %zu tagged (%s):", what,
			 by_hand->tags.count, form);
	else
		snprintf(by_hand->label, sizeof(by_hand->label), "%s (%s):", what, form);
	prompt_open(&app->prompt, by_hand->label, "", accept);
	return STALE_PAINT;
}

unsigned by_hand_owner(struct app *app)
{
	return ask(app, "Owner", "USER:GROUP", set_owner);
}

unsigned by_hand_mode(struct app *app)
{
	return ask(app, "Mode", "0755, u+rwX,go=rX", set_mode);
}

unsigned by_hand_give(struct app *app)
{
	if (!may_edit(app))
		return STALE_PAINT;
	plan_edit_give(&app_judgement(app)->identity, &app->by_hand.edit);
	return ask_below(app);
}

/* ---- what came of it ---- */

static void say_result(struct app *app)
{
	const struct plan_edit_result *result = &app->shown->edited;
	char names[64] = "", ids[64] = "";

	if (!result->paths) {
		app_say(app, ROLE_WARNING, "nothing to do: %s",
			result->skipped ? "only the runtime knows what is below /proc, /sys, /dev"
					: "it is so already");
		return;
	}
	if (result->other_names)
		snprintf(names, sizeof(names), ", %zu by another name of a hard link",
			 result->other_names);
	if (result->set_ids)
		snprintf(ids, sizeof(ids), ", %zu still setuid or setgid", result->set_ids);
	app_say(app, ROLE_GOOD, "planned: %s for %zu path%s%s%s", app->by_hand.edit.text,
		result->paths, result->paths == 1 ? "" : "s", names, ids);
}

void by_hand_refresh(struct app *app)
{
	unsigned at;
	const struct tree *tree = app_tree(app, &at);

	if (tree)
		file_tags_follow(&app->by_hand.tags, tree);
	if (!app->by_hand.waits || app->shown->judging)
		return;
	app->by_hand.waits = false;
	if (app->shown->judge_error.code)
		app_say_error(app, &app->shown->judge_error);
	else
		say_result(app);
}
