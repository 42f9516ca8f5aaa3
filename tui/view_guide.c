/*
 * The guide: one question at a time. A text stands above the options and
 * another one below them, about the marked option. While an answer is judged
 * there are no options; the next question comes with the new preview.
 */
#include "view_guide.h"

#include <stdio.h>
#include <string.h>

#include "app.h"
#include "command.h"
#include "dialog_write.h"
#include "guide_page.h"
#include "profile_choice.h"

enum stage { STAGE_PROFILE, STAGE_QUESTION, STAGE_END };

struct state {
	struct guide *guide;
	enum stage stage;
	bool waiting;   /* for the judgement: nothing to choose from */
	bool answering; /* an answer that made steps is being judged */
	bool fresh;     /* the cursor goes to the first option */
	bool was_written;
	struct guide_question question; /* STAGE_QUESTION, not waiting: of the shown judgement */
	struct profile_choice choices[PROFILE_CHOICES];
	size_t option_count, marked;
	struct page head, details;
};

static int init(struct view *view)
{
	struct state *state = calloc(1, sizeof(*state));

	view->state = state;
	if (!state || guide_new(&state->guide, NULL) < 0)
		return -ERR_NOMEM;
	return 0;
}

static void done(struct view *view)
{
	struct state *state = view->state;

	if (!state)
		return;
	guide_free(state->guide);
	page_done(&state->head);
	page_done(&state->details);
	free(state);
}

static struct state *guide_state(struct app *app)
{
	return app->views[VIEW_GUIDE].state;
}

/* ---- what stands there ---- */

static const struct {
	const char *text;
	unsigned (*run)(struct app *app);
} ENDS[] = {
	{ "see what will differ", command_plan },
	{ "write it, read it back, judge it again", dialog_write_open },
	{ "leave the guide", app_pop },
};

enum { END_COUNT = sizeof(ENDS) / sizeof(*ENDS), END_LEAVE = END_COUNT - 1 };

/* Without a plan there is only the way out. */
static size_t end_option(const struct app *app, size_t option)
{
	return app->plan_steps ? option : END_LEAVE;
}

static void fill_profiles(struct app *app, struct state *state)
{
	const char *present = session_profile_argument(app->session);

	state->option_count = profile_choices(present, state->choices, PROFILE_CHOICES);
	page_add(&state->head, ROLE_STRONG, 0, "By which rules is the image judged?");
	for (size_t i = 0; i < state->option_count; i++) {
		if (state->choices[i].is_present)
			state->marked = i;
	}
}

static void fill_details(const struct app *app, struct state *state)
{
	page_clear(&state->details);
	if (state->waiting)
		return;
	if (state->stage == STAGE_QUESTION)
		guide_page_details(app, &state->question, state->marked, &state->details);
	if (state->stage == STAGE_END)
		guide_page_rest(app, &state->details);
}

static void fill_question(struct app *app, struct state *state)
{
	struct err err = { 0 };
	int there = guide_next(state->guide, app_judgement(app), &state->question, &err);

	if (there < 0)
		app_say_error(app, &err);
	state->stage = there > 0 ? STAGE_QUESTION : STAGE_END;
	if (there > 0) {
		state->option_count = state->question.option_count;
		guide_page_question(app, &state->question, &state->head);
	} else {
		state->option_count = app->plan_steps ? END_COUNT : 1;
		if (state->fresh && guide_page_is_written(app))
			state->marked = END_LEAVE;
		guide_page_end(app, &state->head);
	}
}

/* An answer whose judging failed, or was stopped, has left no steps. */
static void settle_answer(const struct app *app, struct state *state)
{
	if (state->answering && app->shown->judge_error.code)
		guide_unmark(state->guide);
	state->answering = false;
}

static void refresh(struct app *app, struct view *view)
{
	struct state *state = view->state;
	bool is_judged =
		app->shown->phase == SESSION_READY && !app->shown->judging && app_judgement(app);
	bool is_written = guide_page_is_written(app);

	page_clear(&state->head);
	state->waiting = !is_judged;
	state->option_count = 0;
	state->fresh |= is_written != state->was_written;
	state->was_written = is_written;
	if (state->fresh)
		state->marked = 0;
	if (state->waiting) {
		page_add(&state->head, ROLE_DIM, 0, "Judging what becomes of it ...");
	} else if (state->stage == STAGE_PROFILE) {
		fill_profiles(app, state);
	} else {
		settle_answer(app, state);
		fill_question(app, state);
	}
	fill_details(app, state);
}

static void layout(struct app *app, struct view *view, int columns)
{
	struct state *state = view->state;
	size_t first, rows;

	page_wrap(&state->head, columns, app->painter.charset);
	page_wrap(&state->details, columns, app->painter.charset);
	first = state->head.rows.count;
	rows = first + state->option_count;
	list_set_count(&view->list, rows + 1 + state->details.rows.count);
	if (!state->fresh || state->waiting)
		return;
	/* On a small screen the options matter more than how the question begins. */
	state->fresh = false;
	list_set_height(&view->list, (size_t)app->layout.overlay.rows);
	view->list.top = rows > view->list.height ? rows - view->list.height : 0;
	list_goto(&view->list, first + state->marked);
}

static void title(const struct app *app, const struct view *view, char *out, size_t room)
{
	const struct state *state = view->state;
	const struct guide_question *question = &state->question;

	(void)app;
	if (state->waiting || state->stage != STAGE_QUESTION)
		snprintf(out, room, "Guide");
	else
		snprintf(out, room, "Guide: question %zu of about %zu, %s", question->number,
			 question->number + question->left - 1, guide_stage_name(question->stage));
}

/* SIZE_MAX: the row is no option. */
static size_t option_of_row(const struct state *state, size_t row)
{
	size_t first = state->head.rows.count;

	return row >= first && row - first < state->option_count ? row - first : SIZE_MAX;
}

static void option_text(const struct app *app, const struct state *state, size_t option, char *out,
			size_t room)
{
	const struct profile_choice *choice = &state->choices[option];

	if (state->stage == STAGE_PROFILE)
		snprintf(out, room, "%zu %s%s  %s", option + 1, choice->name,
			 choice->is_present ? " (present)" : "", choice->title);
	else if (state->stage == STAGE_QUESTION)
		snprintf(out, room, "%zu %s%s", option + 1,
			 state->question.options[option].fix->title,
			 option ? "" : " (recommended)");
	else
		snprintf(out, room, "%zu %s", option + 1, ENDS[end_option(app, option)].text);
}

static void draw_row(const struct app *app, const struct view *view, size_t row, struct pen *pen)
{
	const struct state *state = view->state;
	size_t option = option_of_row(state, row), below = state->head.rows.count;
	char text[1024];

	below += state->option_count + 1;
	if (option != SIZE_MAX) {
		option_text(app, state, option, text, sizeof(text));
		pen_text(pen, ROLE_STRONG, text);
	} else if (row < state->head.rows.count) {
		page_draw_row(&state->head, row, pen);
	} else if (row >= below) {
		page_draw_row(&state->details, row - below, pen);
	}
}

static size_t row_text(const struct app *app, const struct view *view, size_t row, char *out,
		       size_t room)
{
	const struct state *state = view->state;
	size_t option = option_of_row(state, row), below = state->head.rows.count;

	below += state->option_count + 1;
	if (row < state->head.rows.count)
		return page_row_text(&state->head, row, out, room);
	if (row >= below)
		return page_row_text(&state->details, row - below, out, room);
	if (option == SIZE_MAX)
		return 0;
	option_text(app, state, option, out, room);
	return strlen(out);
}

static unsigned moved(struct app *app, struct view *view)
{
	struct state *state = view->state;
	size_t option = option_of_row(state, view->list.cursor);

	if (option == SIZE_MAX || option == state->marked)
		return STALE_NONE;
	state->marked = option;
	fill_details(app, state);
	return STALE_LAYOUT | STALE_PAINT;
}

/* ---- answers ---- */

/* The next question is another one: its first option is marked. */
static unsigned go_on(struct app *app)
{
	guide_state(app)->fresh = true;
	app_refresh(app);
	return STALE_PAINT;
}

static bool can_answer(const struct state *state)
{
	return !state->waiting && state->stage == STAGE_QUESTION;
}

static unsigned accept(struct app *app, size_t option, bool all_alike)
{
	struct state *state = guide_state(app);
	const struct guide_question *question = &state->question;
	const struct rule_fix *fix = question->options[option].fix;
	struct err err = { 0 };
	int result = guide_mark(state->guide, app->plan_steps, &err);

	if (result < 0)
		return app_say_error(app, &err);
	if (all_alike)
		result = session_fix_alike(app->session, question->finding, fix,
					   guide_skipped(state->guide), &err);
	else
		result = session_fix(app->session, question->finding, fix, &err);
	if (result < 0) {
		guide_unmark(state->guide);
		return app_say_error(app, &err);
	}
	state->answering = true;
	go_on(app);
	return app_say(app, ROLE_GOOD, "planned: %s", fix->title);
}

static unsigned choose_profile(struct app *app, const struct profile_choice *choice)
{
	struct state *state = guide_state(app);
	struct err err = { 0 };

	if (!choice->is_present && session_set_profile(app->session, choice->name, &err) < 0)
		return app_say_error(app, &err);
	state->stage = STAGE_QUESTION;
	return go_on(app);
}

static unsigned choose(struct app *app, size_t option)
{
	struct state *state = guide_state(app);

	if (state->waiting || option >= state->option_count)
		return STALE_NONE;
	if (state->stage == STAGE_PROFILE)
		return choose_profile(app, &state->choices[option]);
	if (state->stage == STAGE_QUESTION)
		return accept(app, option, false);
	return ENDS[end_option(app, option)].run(app);
}

static unsigned enter(struct app *app, struct view *view)
{
	struct state *state = view->state;
	size_t option = option_of_row(state, view->list.cursor);

	if (option != SIZE_MAX)
		return choose(app, option);
	/* Read first: the cursor comes back to what would be taken. */
	list_goto(&view->list, state->head.rows.count + state->marked);
	return STALE_PAINT;
}

static unsigned escape(struct app *app, struct view *view)
{
	struct state *state = view->state;

	if (app->shown->judging) {
		session_cancel(app->session);
		return app_say(app, ROLE_TEXT, "stopping");
	}
	if (state->stage == STAGE_PROFILE || !app->plan_steps || guide_page_is_written(app))
		return STALE_NONE;
	return app_pop(app) | app_say(app, ROLE_TEXT, "the plan is kept: g goes on, w writes");
}

unsigned view_guide_open(struct app *app)
{
	struct state *state = guide_state(app);

	if (!app_judgement(app) || app->shown->phase != SESSION_READY)
		return app_say(app, ROLE_WARNING, "wait until the image is judged");
	state->fresh = true;
	return app_push(app, VIEW_GUIDE);
}

int view_guide_from_json(struct app *app, const json_t *json, struct err *err)
{
	struct state *state = guide_state(app);
	size_t steps = plan_step_count(session_view(app->session)->plan);

	return guide_from_json(state->guide, json, steps, err);
}

int view_guide_to_json(struct app *app, json_t **ret_json, struct err *err)
{
	return guide_to_json(guide_state(app)->guide, app->shown->plan,
			     session_profile_argument(app->session), ret_json, err);
}

unsigned view_guide_choose(struct app *app)
{
	return choose(app, (size_t)(app->key - '1'));
}

unsigned view_guide_all_alike(struct app *app)
{
	struct state *state = guide_state(app);

	return can_answer(state) ? accept(app, state->marked, true) : STALE_NONE;
}

static unsigned pass_over(struct app *app, bool all_alike)
{
	struct state *state = guide_state(app);
	struct err err = { 0 };

	if (!can_answer(state))
		return STALE_NONE;
	if (guide_mark(state->guide, app->plan_steps, &err) < 0 ||
	    guide_skip(state->guide, app_judgement(app), &state->question, all_alike, &err) < 0)
		return app_say_error(app, &err);
	return go_on(app);
}

unsigned view_guide_skip(struct app *app)
{
	return pass_over(app, false);
}

unsigned view_guide_skip_alike(struct app *app)
{
	return pass_over(app, true);
}

unsigned view_guide_back(struct app *app)
{
	struct state *state = guide_state(app);
	size_t steps;

	if (state->waiting || state->stage == STAGE_PROFILE)
		return STALE_NONE;
	if (guide_back(state->guide, &steps)) {
		session_undo_to(app->session, steps);
		state->stage = STAGE_QUESTION;
	} else {
		state->stage = STAGE_PROFILE;
	}
	return go_on(app);
}

const struct view_ops view_guide = {
	.name = "Guide",
	.init = init,
	.done = done,
	.refresh = refresh,
	.layout = layout,
	.title = title,
	.draw_row = draw_row,
	.row_text = row_text,
	.moved = moved,
	.enter = enter,
	.escape = escape,
};
