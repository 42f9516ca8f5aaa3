/* One question of the walkthrough on lines of text, and its answer. */
#include <string.h>

#include "guide_run.h"
#include "subcommand.h"

/* ---- answers ---- */

/* What could not be done is said, and asked again. */
static int after_fix(struct guide_run *run, int result, const struct rule_fix *fix,
		     const struct err *err)
{
	const struct session_view *view = run->image.view;
	int code;

	if (result < 0) {
		guide_unmark(run->guide);
		return err->code == ERR_NOMEM ? guide_run_fail(run, err)
					      : (image_run_say(&run->image, "%s", err->text), 0);
	}
	fputs("planned: ", stdout);
	guide_run_print(run, fix->title);
	putchar('\n');
	code = image_run_wait(&run->image, false);
	if (code != EXIT_CLEAN || !view->judge_error.code)
		return code;
	guide_unmark(run->guide);
	image_run_say(&run->image, "%s", view->judge_error.text);
	return EXIT_CLEAN;
}

static int accept(struct guide_run *run, const struct guide_question *question, size_t option,
		  bool all_alike)
{
	const struct rule_fix *fix = question->options[option].fix;
	struct session *session = run->image.session;
	struct err err = { 0 };
	int result = guide_mark(run->guide, plan_step_count(run->image.view->plan), &err);

	if (result < 0)
		return guide_run_fail(run, &err);
	if (all_alike)
		result = session_fix_alike(session, question->finding, fix,
					   guide_skipped(run->guide), &err);
	else
		result = session_fix(session, question->finding, fix, &err);
	return after_fix(run, result, fix, &err);
}

static int skip(struct guide_run *run, const struct guide_question *question, bool all_alike)
{
	struct err err = { 0 };

	if (guide_mark(run->guide, plan_step_count(run->image.view->plan), &err) < 0 ||
	    guide_skip(run->guide, run->image.view->preview, question, all_alike, &err) < 0)
		return guide_run_fail(run, &err);
	puts("skipped");
	return EXIT_CLEAN;
}

static void explain(void)
{
	puts("  1, 2, 3  take this fix; Enter takes the recommended one\n"
	     "  a        take the recommended fix for all findings like this; a2: fix 2\n"
	     "  s        leave this finding as it is; S: all that are like it\n"
	     "  b        back to the answer before\n"
	     "  q        leave; --plan FILE keeps the answers");
}

/* "2" or "" for the first one: the option from 0 on; SIZE_MAX: it is none. */
static size_t option_of(const char *text, const struct guide_question *question)
{
	if (!*text)
		return 0;
	if (text[1] || *text < '1' || (size_t)(*text - '1') >= question->option_count)
		return SIZE_MAX;
	return (size_t)(*text - '1');
}

static int act(struct guide_run *run, const struct guide_question *question)
{
	const char *line = run->line;
	bool all_alike = *line == 'a';
	size_t option = option_of(line + all_alike, question);

	if (option != SIZE_MAX)
		return accept(run, question, option, all_alike);
	if (strcmp(line, "s") == 0 || strcmp(line, "S") == 0)
		return skip(run, question, *line == 'S');
	if (strcmp(line, "b") == 0)
		return guide_run_back(run);
	if (strcmp(line, "q") == 0)
		run->turn = TURN_LEAVE;
	else
		explain();
	return EXIT_CLEAN;
}

/* ---- the question ---- */

static void print_head(struct guide_run *run, const struct guide_question *question)
{
	const struct report_options options = image_run_report(&run->image);

	putchar('\n');
	if (!run->has_stage || run->stage != question->stage) {
		report_heading(guide_stage_name(question->stage), &options);
		putchar('\n');
	}
	run->stage = question->stage;
	run->has_stage = true;
	printf("Question %zu of about %zu\n", question->number,
	       question->number + question->left - 1);
}

static bool ask(struct guide_run *run, const struct guide_question *question)
{
	char prompt[256], all[64] = "", range[32] = "1";

	if (question->option_count > 1)
		snprintf(range, sizeof(range), "1-%zu", question->option_count);
	if (question->alike > 1)
		snprintf(all, sizeof(all), "  a) all %zu alike", question->alike);
	snprintf(prompt, sizeof(prompt),
		 "%s) take it%s  s) skip%s  b) back  q) leave  ?) help [1] ", range, all,
		 question->alike > 1 ? "  S) skip all" : "");
	return guide_run_ask(run, prompt);
}

int guide_run_question(struct guide_run *run)
{
	const struct report_options options = image_run_report(&run->image);
	const struct judgement *judgement = run->image.view->preview;
	struct guide_question question;
	struct err err = { 0 };
	int there = guide_next(run->guide, judgement, &question, &err);

	if (there < 0)
		return guide_run_fail(run, &err);
	if (!there) {
		run->turn = TURN_END;
		return EXIT_CLEAN;
	}
	print_head(run, &question);
	if (report_guide_question(judgement, &question, &options, &err) < 0)
		return guide_run_fail(run, &err);
	return ask(run, &question) ? act(run, &question) : EXIT_CLEAN;
}
