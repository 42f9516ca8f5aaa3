/* Other views, user and profile, back and out. */
#include "command.h"

#include <signal.h>
#include <string.h>

#include "app.h"
#include "rule/finding_text.h"

unsigned command_plan(struct app *app)
{
	return app_push(app, VIEW_PLAN) | STALE_ROWS;
}

unsigned command_help(struct app *app)
{
	return app_push(app, VIEW_HELP);
}

static unsigned set_user(struct app *app, const char *text)
{
	struct err err = { 0 };

	if (session_set_user(app->session, *text ? text : NULL, &err) < 0)
		return app_say_error(app, &err);
	app_refresh(app);
	return STALE_PAINT;
}

unsigned command_user(struct app *app)
{
	prompt_open(&app->prompt, "Judge for user:", "", set_user);
	return STALE_PAINT;
}

static unsigned set_profile(struct app *app, const char *text)
{
	struct err err = { 0 };

	if (*text && session_set_profile(app->session, text, &err) < 0)
		return app_say_error(app, &err);
	app_refresh(app);
	return STALE_PAINT;
}

unsigned command_profile(struct app *app)
{
	prompt_open(&app->prompt, "Profile:", profile_name(session_profile(app->session)),
		    set_profile);
	return STALE_PAINT;
}

/* What is selected: a finding's path, else the one of Files. NULL: none. */
static char *selected_path(const struct app *app)
{
	const struct finding *finding = app->subject == SUBJECT_FINDING ? app_finding(app) : NULL;
	char *path = finding ? finding_path(app_judgement(app), finding) : NULL;
	unsigned at;
	const struct tree *tree = app_tree(app, &at);

	if (path)
		return path;
	return tree ? tree_path_new(tree, app->node) : NULL;
}

enum { COPY_MOST = 4096 }; /* PATH_MAX of Linux; some terminals take little more at once */

/* Pasted, a newline or an escape would be a command; only a backslash has another visible form. */
static bool is_harmless(const char *path)
{
	CLEANUP(freep) char *visible = text_visible_new(path, strlen(path), TEXT_UTF8);
	const char *at = visible;

	for (; at && *at && *at == *path; at++, path++)
		at += *at == '\\';
	return at && !*at && !*path;
}

unsigned command_copy(struct app *app)
{
	CLEANUP(freep) char *path = selected_path(app);

	if (!path)
		return STALE_NONE;
	if (strlen(path) > COPY_MOST)
		return app_say(app, ROLE_WARNING,
			       "not copied: %zu bytes, and no path is longer than %d", strlen(path),
			       COPY_MOST);
	if (!is_harmless(path))
		return app_say(app, ROLE_WARNING,
			       "not copied: the name has bytes that are no plain text: %s", path);
	if (!terminal_copy(app->terminal, path, strlen(path)))
		return app_say(app, ROLE_WARNING, "this terminal has no clipboard");
	return app_say(app, ROLE_TEXT, "sent to the terminal's clipboard: %s", path);
}

unsigned command_redraw(struct app *app)
{
	terminal_redraw(app->terminal);
	return STALE_LAYOUT | STALE_PAINT;
}

unsigned command_suspend(struct app *app)
{
	terminal_suspend(app->terminal);
	return STALE_LAYOUT | STALE_PAINT;
}

unsigned command_back(struct app *app)
{
	struct view *view = app_front_view(app);
	unsigned stale = view->ops->escape ? view->ops->escape(app, view) : STALE_NONE;

	if (stale)
		return stale;
	if (app->overlay_count && app_front(app) != VIEW_CHOOSER)
		return app_pop(app);
	if (app_job(app) || app->shown->judging) {
		session_cancel(app->session);
		return app_say(app, ROLE_TEXT, "stopping");
	}
	return STALE_NONE;
}

unsigned command_quit(struct app *app)
{
	bool is_written = app->shown->write == WRITE_DONE && app->steps_written == app->plan_steps;

	if (app->overlay_count && app_front(app) != VIEW_CHOOSER)
		return command_back(app);
	if (app->plan_steps && !is_written && !app->keeps_plan && !app->quit_asked) {
		app->quit_asked = true;
		return app_say(app, ROLE_WARNING,
			       "%zu planned fixes are not written: w writes, q again leaves",
			       app->plan_steps);
	}
	app->quit = true;
	return STALE_NONE;
}

unsigned command_interrupt(struct app *app)
{
	app->quit = true;
	app->exit_code = 128 + SIGINT;
	return STALE_NONE;
}
