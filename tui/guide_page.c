/* Paragraphs of the guide; see tui/guide_page.h. */
#include "guide_page.h"

#include <string.h>

#include "app.h"
#include "emit/result_commands.h"
#include "rule/command_text.h"
#include "rule/finding_text.h"
#include "severity.h"

enum { NOTES_MOST = 32 };

/* ---- a question ---- */

static void add_finding(const struct app *app, const struct finding *finding, struct page *page)
{
	CLEANUP(freep) char *message = finding_message(app_judgement(app), finding);

	page_add(page, severity_role(finding->severity), 0, "%s %s  %s",
		 painter_glyph(&app->painter, severity_glyph(finding->severity)), finding->rule->id,
		 finding->rule->title);
	page_add(page, ROLE_STRONG, 2, "%s", message ? message : "");
}

void guide_page_question(const struct app *app, const struct guide_question *question,
			 struct page *head)
{
	add_finding(app, question->finding, head);
	if (question->alike > 1)
		page_add(head, ROLE_TEXT, 2, "and %zu more like this: a takes one fix for all",
			 question->alike - 1);
	page_add(head, ROLE_TEXT, 0, "%s", "");
}

static void add_why(const struct app *app, const struct finding *finding, struct page *page)
{
	char **lines = finding_why(app_judgement(app), finding);

	for (size_t i = 0; lines && lines[i]; i++)
		page_add(page, ROLE_TEXT, 0, "%s", lines[i]);
	finding_why_free(lines);
}

void guide_page_details(const struct app *app, const struct guide_question *question, size_t option,
			struct page *details)
{
	static const char *const SURE[] = {
		[CERTAINTY_EXACT] = "",
		[CERTAINTY_HEURISTIC] = " (a guess from what the image holds)",
		[CERTAINTY_ASK] = " (only you can tell)",
	};
	const struct guide_option *marked = &question->options[option];
	const struct rule *rule = question->finding->rule;
	CLEANUP(freep) char *effect = fix_effect_words(&marked->effect);

	page_add(details, ROLE_PLANNED, 0, "%zu %s", option + 1, marked->fix->title);
	page_add(details, ROLE_PLANNED, 2, "%s", effect ? effect : "");
	page_add(details, ROLE_TEXT, 0, "%s", "");
	add_why(app, question->finding, details);
	page_add(details, ROLE_DIM, 0, "%s%s", rule->source, SURE[rule->certainty]);
}

/* ---- the end ---- */

bool guide_page_is_written(const struct app *app)
{
	return app->shown->write == WRITE_DONE && app->shown->written && app->plan_steps &&
	       app->steps_written == app->plan_steps;
}

static void add_left(const size_t by_severity[3], struct page *page)
{
	if (!by_severity[0] && !by_severity[1] && !by_severity[2])
		page_add(page, ROLE_GOOD, 0, "No findings are left.");
	else
		page_add(page, by_severity[SEVERITY_ERROR] ? ROLE_ERROR : ROLE_TEXT, 0,
			 "Findings left: errors %zu, warnings %zu, notes %zu.",
			 by_severity[SEVERITY_ERROR], by_severity[SEVERITY_WARNING],
			 by_severity[SEVERITY_INFO]);
}

void guide_page_end(const struct app *app, struct page *head)
{
	const struct write_result *written = app->shown->written;

	if (guide_page_is_written(app)) {
		page_add(head, ROLE_GOOD, 0, "Written: %s", written->path);
		if (written->judged)
			add_left(written->by_severity, head);
	} else {
		page_add(head, ROLE_STRONG, 0, "Nothing more is asked. %zu fix%s planned.",
			 app->plan_steps, app->plan_steps == 1 ? " is" : "es are");
		add_left(app_judgement(app)->by_severity, head);
	}
	page_add(head, ROLE_TEXT, 0, "%s", "");
}

static void add_commands(const struct app *app, struct page *page)
{
	const struct result_file file = { .path = app->shown->written->path,
					  .format = source_format(app->shown->source) };
	CLEANUP(result_commands_done) struct result_commands commands = { 0 };

	if (result_commands_make(app_judgement(app), &file, &commands, NULL) < 0)
		return;
	page_add(page, ROLE_STRONG, 0, "To test and push it");
	for (size_t i = 0; i < commands.count; i++) {
		page_add(page, ROLE_TEXT, 0, "%s:", commands.items[i].title);
		page_add(page, ROLE_PLANNED, 2, "%s", commands.items[i].text);
	}
	page_add(page, ROLE_TEXT, 0, "%s", "");
}

static void add_note(const struct app *app, const struct guide_note *note, struct page *page)
{
	if (note->finding) {
		add_finding(app, note->finding, page);
		page_add(page, ROLE_TEXT, 2, "%s%s",
			 note->fix ? "in the Dockerfile: "
				   : "nothing of it can be mended from here",
			 note->fix ? note->fix->title : "");
		return;
	}
	page_add(page, ROLE_TEXT, 0, "? %s  %s", note->rule->id, note->rule->title);
	if (!note->rule->command)
		return;
	CLEANUP(freep)
	char *command = command_text(app_judgement(app), note->rule->command, NULL);
	page_add(page, ROLE_PLANNED, 2, "%s", command ? command : "");
}

void guide_page_rest(const struct app *app, struct page *details)
{
	struct guide_note notes[NOTES_MOST];
	size_t count = guide_notes(app_judgement(app), notes, NOTES_MOST);

	if (guide_page_is_written(app))
		add_commands(app, details);
	if (count)
		page_add(details, ROLE_STRONG, 0, "Not to be mended from here");
	for (size_t i = 0; i < count && i < NOTES_MOST; i++)
		add_note(app, &notes[i], details);
	if (count > NOTES_MOST)
		page_add(details, ROLE_TEXT, 0, "and %zu more", count - NOTES_MOST);
}
