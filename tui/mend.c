/* Fixes into the plan; see tui/mend.h. */
#include "mend.h"

#include "app.h"
#include "view_findings.h"

unsigned mend_with(struct app *app, const struct finding *finding, const struct rule_fix *fix)
{
	struct err err = { 0 };
	int changed = session_fix(app->session, finding, fix, &err);

	app_refresh(app);
	if (changed < 0)
		return app_say_error(app, &err);
	if (!changed)
		return app_say(app, ROLE_WARNING, "nothing to do: %s", fix->title);
	return app_say(app, ROLE_GOOD, "planned: %s", fix->title);
}

static unsigned mend_rules(struct app *app, const char *const *rules)
{
	struct err err = { 0 };

	if (session_fix_all(app->session, rules, &err) < 0)
		return app_say_error(app, &err);
	app_refresh(app);
	return STALE_PAINT;
}

/* The finding that the user looks at: in Files, the worst one of the path. */
static const struct finding *looked_at(const struct app *app)
{
	const struct judgement *judgement = app_judgement(app);

	if (app->subject != SUBJECT_PATH)
		return app_finding(app);
	for (size_t i = 0; judgement && i < judgement->findings.count; i++) {
		if (judgement->findings.items[i].node.v == app->node.v)
			return &judgement->findings.items[i];
	}
	return NULL;
}

unsigned mend_selected(struct app *app)
{
	const struct judgement *judgement = app_judgement(app);
	const struct finding *finding = looked_at(app);
	const struct rule *heading =
		app_front(app) == VIEW_FINDINGS ? view_findings_heading(app) : NULL;
	const struct rule_fix *fixes[2];
	size_t count;

	if (heading)
		return mend_rules(app, (const char *const[]){ heading->id, NULL });
	if (!finding)
		return app_say(app, ROLE_WARNING, "no finding is selected");
	count = fix_options(judgement, finding, fixes, 2);
	if (!count)
		return app_say(app, ROLE_WARNING, "%s: nothing that could be mended from here",
			       finding->rule->id);
	app_select_finding(app, finding);
	if (count > 1)
		return app_push(app, VIEW_FIXES);
	return mend_with(app, finding, fixes[0]);
}

unsigned mend_all(struct app *app)
{
	if (!app_judgement(app))
		return STALE_NONE;
	return mend_rules(app, NULL);
}

unsigned mend_undo(struct app *app)
{
	bool undone = session_undo(app->session);

	app_refresh(app);
	return undone ? app_say(app, ROLE_TEXT, "taken back; ^R brings it again")
		      : app_say(app, ROLE_WARNING, "nothing to undo");
}

unsigned mend_redo(struct app *app)
{
	bool redone = session_redo(app->session);

	app_refresh(app);
	return redone ? app_say(app, ROLE_TEXT, "planned again")
		      : app_say(app, ROLE_WARNING, "nothing to redo");
}
