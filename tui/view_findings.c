/* The findings, errors first; several of one rule under a heading that can be folded. */
#include "view_findings.h"

#include <stdio.h>
#include <string.h>

#include "app.h"
#include "rule/finding_text.h"
#include "severity.h"
#include "view_files.h"

enum { FOLD_ABOVE = 8, MESSAGE_COLUMNS = 60 };

/* A heading, with 'count' findings from 'first' on, or one of them. */
struct row {
	size_t first, count;
	bool heading, grouped;
};

/* What the user has folded or opened against the default. */
struct fold {
	const struct rule *rule;
	enum severity severity;
	bool folded;
};

struct state {
	VEC(struct row) rows;
	VEC(struct fold) folds;
};

static int init(struct view *view)
{
	view->state = calloc(1, sizeof(struct state));
	return view->state ? 0 : -ERR_NOMEM;
}

static void done(struct view *view)
{
	struct state *state = view->state;

	if (state) {
		VEC_DONE(&state->rows);
		VEC_DONE(&state->folds);
	}
	free(state);
}

static const struct finding *finding_at(const struct app *app, size_t i)
{
	return &app_judgement(app)->findings.items[i];
}

/* ---- rows ---- */

static struct fold *find_fold(struct state *state, const struct finding *finding)
{
	for (size_t i = 0; i < state->folds.count; i++) {
		struct fold *fold = &state->folds.items[i];

		if (fold->rule == finding->rule && fold->severity == finding->severity)
			return fold;
	}
	return NULL;
}

static bool is_folded(struct state *state, const struct finding *finding, size_t count)
{
	const struct fold *fold = find_fold(state, finding);

	return fold ? fold->folded : count > FOLD_ABOVE;
}

static void set_folded(struct state *state, const struct finding *finding, bool folded)
{
	struct fold *fold = find_fold(state, finding);

	if (fold)
		fold->folded = folded;
	else
		(void)!VEC_PUSH(&state->folds,
				((struct fold){ finding->rule, finding->severity, folded }), NULL);
}

/* How many findings from 'first' on are of one rule and severity. */
static size_t group_length(const struct judgement *judgement, size_t first)
{
	const struct finding *finding = &judgement->findings.items[first];
	size_t i = first + 1;

	while (i < judgement->findings.count &&
	       judgement->findings.items[i].rule == finding->rule &&
	       judgement->findings.items[i].severity == finding->severity)
		i++;
	return i - first;
}

static void add_row(struct state *state, struct row row)
{
	(void)!VEC_PUSH(&state->rows, row, NULL);
}

static void add_group(const struct app *app, struct state *state, size_t first, size_t count)
{
	bool grouped = count > 1;

	if (grouped)
		add_row(state, (struct row){ .first = first, .count = count, .heading = true });
	if (grouped && is_folded(state, finding_at(app, first), count))
		return;
	for (size_t i = 0; i < count; i++)
		add_row(state, (struct row){ .first = first + i, .count = 1, .grouped = grouped });
}

static void select_row(struct app *app, const struct view *view)
{
	const struct state *state = view->state;

	if (view->list.cursor < state->rows.count)
		app_select_finding(app,
				   finding_at(app, state->rows.items[view->list.cursor].first));
	else
		app_select_finding(app, NULL);
}

/* The cursor stays on the selected finding; where that is mended, on the row it was on. */
static void keep_cursor(struct app *app, struct view *view)
{
	const struct state *state = view->state;
	const struct row *current = state->rows.items + view->list.cursor;

	if (view->list.cursor < state->rows.count && current->heading &&
	    app_is_selected(app, finding_at(app, current->first)))
		return;
	for (size_t i = 0; i < state->rows.count; i++) {
		const struct row *row = &state->rows.items[i];

		if (!row->heading && app_is_selected(app, finding_at(app, row->first))) {
			list_goto(&view->list, i);
			return;
		}
	}
	select_row(app, view);
}

static void refresh(struct app *app, struct view *view)
{
	struct state *state = view->state;
	const struct judgement *judgement = app_judgement(app);
	size_t count = judgement ? judgement->findings.count : 0;

	state->rows.count = 0;
	for (size_t i = 0, len; i < count; i += len) {
		len = group_length(judgement, i);
		add_group(app, state, i, len);
	}
	list_set_count(&view->list, state->rows.count);
	keep_cursor(app, view);
}

static void title(const struct app *app, const struct view *view, char *out, size_t room)
{
	const struct judgement *judgement = app_judgement(app);
	const struct painter *painter = &app->painter;
	size_t used;

	(void)view;
	if (!judgement) {
		snprintf(out, room, "Findings");
		return;
	}
	used = (size_t)snprintf(out, room, "Findings");
	for (int i = SEVERITY_ERROR; i >= SEVERITY_INFO && used < room; i--) {
		if (judgement->by_severity[i])
			used += (size_t)snprintf(
				out + used, room - used, "  %zu %s", judgement->by_severity[i],
				painter_glyph(painter, severity_glyph((enum severity)i)));
	}
	if (used < room && !judgement->findings.count)
		used += (size_t)snprintf(out + used, room - used, "  none");
	if (used < room && app->shown->judging)
		snprintf(out + used, room - used, ", judging");
}

static void draw_heading(const struct app *app, const struct state *state, const struct row *row,
			 struct pen *pen)
{
	const struct finding *finding = finding_at(app, row->first);
	bool open = row + 1 < state->rows.items + state->rows.count && row[1].grouped;

	pen_glyph(pen, severity_role(finding->severity), severity_glyph(finding->severity));
	pen_text(pen, ROLE_TEXT, " ");
	pen_glyph(pen, ROLE_DIM, open ? GLYPH_OPEN : GLYPH_FOLDED);
	pen_printf(pen, ROLE_STRONG, " %s", finding->rule->id);
	pen_printf(pen, ROLE_DIM, " %zu", row->count);
	pen_printf(pen, ROLE_TEXT, "  %s", finding->rule->title);
}

static void draw_row(const struct app *app, const struct view *view, size_t i, struct pen *pen)
{
	const struct state *state = view->state;
	const struct row *row = &state->rows.items[i];
	const struct finding *finding = finding_at(app, row->first);
	CLEANUP(freep) char *path = finding_path(app_judgement(app), finding);
	CLEANUP(freep) char *message = finding_message(app_judgement(app), finding);
	bool wide = pen->end - pen->column >= MESSAGE_COLUMNS;

	if (row->heading) {
		draw_heading(app, state, row, pen);
		return;
	}
	pen_glyph(pen, severity_role(finding->severity), severity_glyph(finding->severity));
	pen_text(pen, ROLE_TEXT, row->grouped ? "     " : " ");
	if (!row->grouped)
		pen_printf(pen, ROLE_STRONG, "%s ", finding->rule->id);
	if (path && (row->grouped || !wide)) {
		pen_text(pen, ROLE_TEXT, path);
		pen_text(pen, ROLE_TEXT, "  ");
	}
	pen_text(pen, ROLE_TEXT, message ? message : "");
}

static size_t row_text(const struct app *app, const struct view *view, size_t i, char *out,
		       size_t room)
{
	const struct state *state = view->state;
	const struct finding *finding = finding_at(app, state->rows.items[i].first);
	CLEANUP(freep) char *path = finding_path(app_judgement(app), finding);
	CLEANUP(freep) char *message = finding_message(app_judgement(app), finding);
	int len = snprintf(out, room, "%s %s %s", finding->rule->id, path ? path : "",
			   message ? message : "");

	return (size_t)len < room ? (size_t)len : room - 1;
}

/* ---- keys ---- */

static unsigned moved(struct app *app, struct view *view)
{
	select_row(app, view);
	return app_explain(app, SUBJECT_FINDING);
}

static const struct row *current(const struct view *view)
{
	const struct state *state = view->state;

	return view->list.cursor < state->rows.count ? &state->rows.items[view->list.cursor] : NULL;
}

static unsigned fold(struct app *app, struct view *view, bool folded)
{
	struct state *state = view->state;
	const struct row *row = current(view);
	size_t first = row ? row->first : 0;

	if (!row || (!row->heading && !row->grouped))
		return STALE_NONE;
	set_folded(state, finding_at(app, first), folded);
	refresh(app, view);
	for (size_t i = 0; i < state->rows.count; i++) {
		const struct row *heading = &state->rows.items[i];

		if (heading->heading && first >= heading->first &&
		    first < heading->first + heading->count)
			list_goto(&view->list, i);
	}
	return moved(app, view);
}

static unsigned left(struct app *app, struct view *view)
{
	return fold(app, view, true);
}

static unsigned right(struct app *app, struct view *view)
{
	const struct row *row = current(view);

	return row && row->heading ? fold(app, view, false) : STALE_NONE;
}

static unsigned focused(struct app *app, struct view *view)
{
	(void)view;
	return app_explain(app, SUBJECT_FINDING);
}

static unsigned enter(struct app *app, struct view *view)
{
	struct state *state = view->state;
	const struct row *row = current(view);

	if (!row)
		return STALE_NONE;
	if (row->heading)
		return fold(app, view, !is_folded(state, finding_at(app, row->first), row->count));
	view_files_show_finding(app);
	app_explain(app, SUBJECT_FINDING);
	return app_focus(app, PANE_WHY);
}

const struct rule *view_findings_heading(const struct app *app)
{
	const struct view *view = &app->views[VIEW_FINDINGS];
	const struct row *row = current(view);

	return row && row->heading ? finding_at(app, row->first)->rule : NULL;
}

/* A folded heading on the way is opened: no finding is passed over. */
unsigned view_findings_step(struct app *app, bool backwards)
{
	struct view *view = &app->views[VIEW_FINDINGS];
	struct state *state = view->state;
	const struct row *row = current(view);
	size_t count = app_judgement(app) ? app_judgement(app)->findings.count : 0;
	size_t next;

	if (!count || !row)
		return app_say(app, ROLE_GOOD, "no findings");
	next = row->first + (row->heading || backwards ? 0 : 1);
	if (app->subject != SUBJECT_FINDING)
		next = row->first; /* back to the selected one first */
	else if (backwards)
		next = (next ? next : count) - 1;
	next %= count;
	for (size_t i = 0; i < state->rows.count; i++) {
		if (state->rows.items[i].heading && next >= state->rows.items[i].first &&
		    next < state->rows.items[i].first + state->rows.items[i].count)
			set_folded(state, finding_at(app, next), false);
	}
	app_select_finding(app, finding_at(app, next));
	refresh(app, view);
	view_files_show_finding(app);
	return app_explain(app, SUBJECT_FINDING);
}

const struct view_ops view_findings = {
	.name = "Findings",
	.empty = "no findings",
	.init = init,
	.done = done,
	.refresh = refresh,
	.title = title,
	.draw_row = draw_row,
	.row_text = row_text,
	.moved = moved,
	.focused = focused,
	.enter = enter,
	.left = left,
	.right = right,
};
