/*
 * Writing: what, how, where; what it will cost; progress; what was written.
 * The upper rows are fields, below them stands a text.
 */
#include "dialog_write.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "app.h"
#include "page.h"
#include "write_name.h"

enum field {
	FIELD_KIND,
	FIELD_MODE,
	FIELD_FORMAT,
	FIELD_LAYERS,
	FIELD_NAME,
	FIELD_PATH,
	FIELD_REPLACE,
	FIELD_GO,
	FIELDS
};
enum { LABEL_COLUMNS = 12 };

struct state {
	enum write_kind kind;
	enum emit_mode mode;
	unsigned format;        /* of FORMATS; 0: as the input */
	unsigned recompress;    /* of LAYERS; 0: as they are */
	char name[PROMPT_ROOM]; /* ""; the image's own */
	char path[PROMPT_ROOM];
	bool path_chosen; /* by the user: another kind keeps it */
	bool replace;
	bool started; /* the session's write is this dialog's */
	struct page page;
};

/* clang-format off */
static const struct {
	const char *name, *ending, *help;
} KINDS[] = {
	[WRITE_IMAGE]      = { "image",      "-fixed.tar",        "the whole image, mended" },
	[WRITE_LAYER]      = { "layer",      "-fix-layer.tar",    "one layer to put on top" },
	[WRITE_SCRIPT]     = { "script",     "-fix.sh",           "a shell script for an unpacked root folder" },
	[WRITE_DOCKERFILE] = { "Dockerfile", "-fixed.Dockerfile", "to build the mended image on this one" },
};
static const char *const LABELS[FIELDS] = {
	[FIELD_KIND] = "Write", [FIELD_MODE] = "How", [FIELD_FORMAT] = "Format",
	[FIELD_LAYERS] = "Layers", [FIELD_NAME] = "Name", [FIELD_PATH] = "File",
	[FIELD_REPLACE] = "Replace", [FIELD_GO] = "",
};
static const enum source_format FORMATS[] = {
	[1] = SOURCE_DOCKER_ARCHIVE, SOURCE_OCI_ARCHIVE, SOURCE_OCI_LAYOUT, SOURCE_HYBRID,
};
static const enum compression LAYERS[] = {
	[1] = COMPRESSION_NONE, COMPRESSION_GZIP, COMPRESSION_ZSTD, COMPRESSION_XZ,
};
/* clang-format on */

enum {
	KIND_COUNT = sizeof(KINDS) / sizeof(*KINDS),
	FORMAT_COUNT = sizeof(FORMATS) / sizeof(*FORMATS),
	LAYERS_COUNT = sizeof(LAYERS) / sizeof(*LAYERS),
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

static struct state *dialog(struct app *app)
{
	return app->views[VIEW_WRITE].state;
}

static bool is_running(const struct app *app, const struct state *state)
{
	return state->started && app->shown->write == WRITE_RUNNING;
}

static enum source_format format_of(const struct app *app, const struct state *state)
{
	return state->format ? FORMATS[state->format] : source_format(app->shown->source);
}

static bool is_folder(const struct app *app, const struct state *state)
{
	return state->kind == WRITE_IMAGE && format_of(app, state) == SOURCE_OCI_LAYOUT;
}

static void default_path(const struct app *app, struct state *state)
{
	const struct source *source = app->shown->source;
	const char *from = source_path(source) ? source_path(source) : source_name(source);
	const char *ending = KINDS[state->kind].ending;

	if (state->path_chosen)
		return;
	if (is_folder(app, state))
		ending = "-fixed";
	write_name(from, ending, state->path, sizeof(state->path));
}

/* ---- the text below the fields ---- */

static void add_left(const size_t by_severity[3], struct page *page)
{
	size_t all = by_severity[0] + by_severity[1] + by_severity[2];

	if (!all)
		page_add(page, ROLE_GOOD, 0, "No findings are left.");
	else
		page_add(page, by_severity[SEVERITY_ERROR] ? ROLE_ERROR : ROLE_TEXT, 0,
			 "Findings left: errors %zu, warnings %zu, notes %zu.",
			 by_severity[SEVERITY_ERROR], by_severity[SEVERITY_WARNING],
			 by_severity[SEVERITY_INFO]);
}

static enum forecast_way way_of(const struct state *state)
{
	static const enum forecast_way WAYS[] = {
		[WRITE_IMAGE] = FORECAST_REWRITE,
		[WRITE_LAYER] = FORECAST_APPEND,
		[WRITE_SCRIPT] = FORECAST_SCRIPT,
		[WRITE_DOCKERFILE] = FORECAST_DOCKERFILE,
	};

	return state->kind == WRITE_IMAGE && state->mode == EMIT_APPEND ? FORECAST_APPEND
									  : WAYS[state->kind];
}

static void add_forecast(const struct app *app, const struct state *state, struct page *page)
{
	const struct forecast *forecast = session_forecast(app->session);
	struct stat there;

	page_add(page, ROLE_TEXT, 0, "%zu planned fixes.", app->plan_steps);
	CLEANUP(freep) char *words = forecast ? forecast_words(forecast, way_of(state)) : NULL;
	if (words)
		page_add(page, ROLE_TEXT, 0, "%s.", words);
	if (app->shown->verify != VERIFY_DONE && state->kind != WRITE_SCRIPT)
		page_add(page, ROLE_WARNING, 0, "Verification is waited for first.");
	if (app_judgement(app))
		add_left(app_judgement(app)->by_severity, page);
	if (is_folder(app, state) && !lstat(state->path, &there))
		page_add(page, ROLE_WARNING, 0, "'%s' is there already: choose another name.",
			 state->path);
	else if (!state->replace && !lstat(state->path, &there))
		page_add(page, ROLE_WARNING, 0,
			 "'%s' is there already: choose another name, or Replace.", state->path);
}

static void add_result(const struct write_result *written, struct page *page)
{
	char size[16];

	page_add(page, ROLE_GOOD, 0, "Written: %s (%s)", written->path,
		 text_size(size, sizeof(size), written->bytes));
	if (written->digest[0])
		page_add(page, ROLE_TEXT, 0, "digest %s", written->digest);
	if (written->diff_id[0])
		page_add(page, ROLE_TEXT, 0, "diff ID %s", written->diff_id);
	for (size_t i = 0; i < written->notes.all.count; i++)
		page_add(page, ROLE_TEXT, 0, "%s: %s",
			 problem_name(written->notes.all.items[i].kind),
			 written->notes.all.items[i].text);
	if (!written->judged)
		return;
	page_add(page, ROLE_GOOD, 0, "Verified: read back, it is what the plan promised.");
	add_left(written->by_severity, page);
}

/* That a name is taken is told by the forecast, too, with the fields that help. */
static const char *failure_text(const struct err *err)
{
	if (err->code == ERR_CANCELLED)
		return "stopped";
	return err->code == ERR_EXISTS ? "that name is taken" : err->text;
}

static void fill_page(const struct app *app, struct state *state)
{
	struct page *page = &state->page;

	page_clear(page);
	if (!app->shown->source)
		return;
	if (state->started && app->shown->write == WRITE_DONE)
		add_result(app->shown->written, page);
	else if (is_running(app, state))
		page_add(page, ROLE_TEXT, 0,
			 "Writing '%s'; it gets its name when it is whole. Esc stops.",
			 state->path);
	else
		add_forecast(app, state, page);
	if (state->started && app->shown->write == WRITE_FAILED)
		page_add(page, ROLE_ERROR, 0, "Nothing was written: %s",
			 failure_text(&app->shown->write_error));
}

/* ---- rows ---- */

static void refresh(struct app *app, struct view *view)
{
	fill_page(app, view->state);
}

static void layout(struct app *app, struct view *view, int columns)
{
	struct state *state = view->state;

	page_wrap(&state->page, columns, app->painter.charset);
	list_set_count(&view->list, FIELDS + 1 + state->page.rows.count);
}

static void title(const struct app *app, const struct view *view, char *out, size_t room)
{
	(void)app;
	(void)view;
	snprintf(out, room, "Write");
}

static void draw_choice(struct pen *pen, const char *value, const char *help)
{
	pen_printf(pen, ROLE_STRONG, "< %s >", value);
	pen_printf(pen, ROLE_DIM, "  %s", help);
}

static void draw_text(const char *text, struct pen *pen)
{
	static const char help[] = "  Enter edits it";
	int end = pen->end, most = end - (int)strlen(help);

	if (most > pen->column)
		pen->end = most;
	pen_text(pen, ROLE_STRONG, text);
	pen->end = end;
	pen_text(pen, ROLE_DIM, help);
}

/* What only an image has. */
static void draw_image_field(const struct app *app, const struct state *state, enum field field,
			     struct pen *pen)
{
	static const char *const MODES[] = { [EMIT_REWRITE] = "rewrite", [EMIT_APPEND] = "append" };

	if (field == FIELD_MODE)
		draw_choice(pen, MODES[state->mode],
			    state->mode == EMIT_REWRITE ? "mend headers in their layers"
							: "add one layer on top");
	else if (field == FIELD_FORMAT)
		draw_choice(pen, source_format_name(format_of(app, state)),
			    state->format ? "" : "as the input");
	else if (field == FIELD_LAYERS)
		draw_choice(pen,
			    state->recompress ? compression_name(LAYERS[state->recompress])
					      : "as they are",
			    state->recompress ? "all compressed anew" : "");
	else
		draw_text(*state->name ? state->name : "its own", pen);
}

static void draw_field(const struct app *app, const struct state *state, enum field field,
		       struct pen *pen)
{
	int begin = pen->column;

	pen_text(pen, ROLE_DIM, LABELS[field]);
	pen_to(pen, begin + LABEL_COLUMNS, ROLE_TEXT);
	if (field == FIELD_KIND)
		draw_choice(pen, KINDS[state->kind].name, KINDS[state->kind].help);
	else if (field < FIELD_PATH && state->kind == WRITE_IMAGE)
		draw_image_field(app, state, field, pen);
	else if (field < FIELD_PATH)
		pen_text(pen, ROLE_DIM, "-");
	else if (field == FIELD_PATH)
		draw_text(state->path, pen);
	else if (field == FIELD_REPLACE)
		draw_choice(pen, state->replace ? "yes" : "no", "a file of that name");
	else
		pen_text(pen, ROLE_STRONG,
			 is_running(app, state) ? "[ writing ]"
			 : state->started && app->shown->write == WRITE_DONE
				 ? "[ close: Enter ]"
				 : "[ write it: Enter ]");
}

static void draw_row(const struct app *app, const struct view *view, size_t row, struct pen *pen)
{
	const struct state *state = view->state;

	if (row < FIELDS)
		draw_field(app, state, (enum field)row, pen);
	else if (row > FIELDS)
		page_draw_row(&state->page, row - FIELDS - 1, pen);
}

static size_t row_text(const struct app *app, const struct view *view, size_t row, char *out,
		       size_t room)
{
	const struct state *state = view->state;

	(void)app;
	return row > FIELDS ? page_row_text(&state->page, row - FIELDS - 1, out, room) : 0;
}

/* ---- keys ---- */

static unsigned set_path(struct app *app, const char *text)
{
	struct state *state = dialog(app);

	state->path_chosen = *text;
	snprintf(state->path, sizeof(state->path), "%s", text);
	default_path(app, state);
	return STALE_ROWS | STALE_PAINT;
}

static unsigned set_name(struct app *app, const char *text)
{
	struct state *state = dialog(app);

	snprintf(state->name, sizeof(state->name), "%s", text);
	return STALE_ROWS | STALE_PAINT;
}

/* One choice further, or back. */
static unsigned turned(unsigned value, unsigned count, bool back)
{
	return (value + (back ? count - 1 : 1)) % count;
}

static unsigned change(struct app *app, struct view *view, bool back)
{
	struct state *state = view->state;

	if (is_running(app, state))
		return STALE_NONE;
	if (view->list.cursor == FIELD_KIND)
		state->kind = (enum write_kind)turned(state->kind, KIND_COUNT, back);
	else if (view->list.cursor == FIELD_MODE)
		state->mode = state->mode == EMIT_REWRITE ? EMIT_APPEND : EMIT_REWRITE;
	else if (view->list.cursor == FIELD_FORMAT)
		state->format = turned(state->format, FORMAT_COUNT, back);
	else if (view->list.cursor == FIELD_LAYERS)
		state->recompress = turned(state->recompress, LAYERS_COUNT, back);
	else if (view->list.cursor == FIELD_REPLACE)
		state->replace = !state->replace;
	else
		return STALE_NONE;
	state->started = false;
	default_path(app, state);
	return STALE_ROWS | STALE_PAINT;
}

static unsigned right(struct app *app, struct view *view)
{
	return change(app, view, false);
}

static unsigned left(struct app *app, struct view *view)
{
	return change(app, view, true);
}

static unsigned start(struct app *app, struct state *state)
{
	struct write_request request = {
		.kind = state->kind,
		.mode = state->mode,
		.format = format_of(app, state),
		.tag = *state->name ? state->name : NULL,
		.recompress = state->recompress ? &LAYERS[state->recompress] : NULL,
		.path = state->path,
		.replace = state->replace,
	};
	struct err err = { 0 };

	if (session_write(app->session, &request, &err) < 0)
		return app_say_error(app, &err);
	state->started = true;
	app->steps_written = app->plan_steps;
	app_refresh(app);
	return STALE_ROWS | STALE_PAINT;
}

static unsigned enter(struct app *app, struct view *view)
{
	struct state *state = view->state;

	if (is_running(app, state))
		return STALE_NONE;
	if (view->list.cursor == FIELD_PATH) {
		prompt_open(&app->prompt, "File:", state->path, set_path);
		return STALE_PAINT;
	}
	if (view->list.cursor == FIELD_NAME && state->kind == WRITE_IMAGE) {
		prompt_open(&app->prompt, "Name:", state->name, set_name);
		return STALE_PAINT;
	}
	if (view->list.cursor < FIELD_GO)
		return change(app, view, false);
	if (state->started && app->shown->write == WRITE_DONE)
		return app_pop(app);
	return start(app, state);
}

static unsigned escape(struct app *app, struct view *view)
{
	if (!is_running(app, view->state))
		return STALE_NONE;
	session_cancel(app->session);
	return app_say(app, ROLE_TEXT, "stopping");
}

/* The first of it; Why of the layer tells all. */
static unsigned say_damage(struct app *app)
{
	const struct problem_list *const *lists = session_problems(app->session);

	for (size_t l = 0; lists[l]; l++) {
		for (size_t i = 0; i < lists[l]->all.count; i++) {
			const struct problem *problem = &lists[l]->all.items[i];

			if (problem_is_damage(problem->kind))
				return app_say(app, ROLE_ERROR,
					       "the image is damaged, nothing is written: %s: %s",
					       problem_name(problem->kind), problem->text);
		}
	}
	return app_say(app, ROLE_ERROR, "the image is damaged, nothing is written");
}

unsigned dialog_write_open(struct app *app)
{
	struct state *state = dialog(app);

	if (!app->plan_steps)
		return app_say(app, ROLE_WARNING,
			       "nothing is planned: f plans a fix, F all of them");
	if (session_is_damaged(app->session))
		return say_damage(app);
	if (app_has_overlay(app, VIEW_WRITE))
		return STALE_NONE;
	state->started = app->shown->write == WRITE_RUNNING;
	default_path(app, state);
	unsigned stale = app_push(app, VIEW_WRITE);
	app_layout(app);
	list_goto(&app->views[VIEW_WRITE].list, FIELD_GO);
	return stale;
}

const struct view_ops dialog_write = {
	.name = "Write",
	.init = init,
	.done = done,
	.refresh = refresh,
	.layout = layout,
	.title = title,
	.draw_row = draw_row,
	.row_text = row_text,
	.enter = enter,
	.left = left,
	.right = right,
	.escape = escape,
};
