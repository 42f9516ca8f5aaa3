/*
 * imgtui guide IMAGE: the walkthrough on lines of text, one question at a time.
 * It needs no terminal: answers come from standard input, and where that ends,
 * the walkthrough is left. What options say is not asked.
 */
#include <string.h>

#include "base/json.h"
#include "fix_write.h"
#include "guide_run.h"
#include "interrupt.h"
#include "plan_file.h"
#include "profile_choice.h"
#include "subcommand.h"

/* ---- asking ---- */

void guide_run_print(const struct guide_run *run, const char *text)
{
	text_visible_print(stdout, text, strlen(text), run->cli.environment->charset);
}

bool guide_run_ask(struct guide_run *run, const char *prompt)
{
	enum answer answer;

	guide_run_print(run, prompt);
	fflush(stdout);
	answer = answers_next(&run->answers, run->line, sizeof(run->line));
	if (answer == ANSWER_LINE) {
		/* What a pipe brings is not seen otherwise. */
		if (!isatty(run->answers.fd)) {
			guide_run_print(run, run->line);
			putchar('\n');
		}
		return true;
	}
	putchar('\n');
	run->turn = TURN_LEAVE;
	return false;
}

/* ---- opening ---- */

static int check_usage(const struct cli *cli)
{
	const char *what = NULL;

	if (strcmp(cli->operands.items[0], "-") == 0)
		what = "guide: the answers come from standard input, so IMAGE cannot be '-'";
	else if (cli->output && strcmp(cli->output, "-") == 0)
		what = "guide: -o needs the name of a file, not '-'";
	if (what)
		say(cli->environment->charset, "%s", what);
	return what ? EXIT_USAGE : EXIT_CLEAN;
}

static int open_image(struct guide_run *run)
{
	int code;

	image_run_done(&run->image);
	code = image_run_open(&run->image, &run->cli, run->cli.operands.items[0], true);
	return code == EXIT_CLEAN ? image_run_damage(&run->image) : code;
}

static int load_plan(struct guide_run *run, const json_t *json)
{
	struct err err = { 0 };
	int code;

	if (!json)
		return EXIT_CLEAN;
	if (session_load_plan(run->image.session, json, &err) < 0 ||
	    guide_from_json(run->guide, json, plan_step_count(run->image.view->plan), &err) < 0) {
		image_run_say(&run->image, "--plan: %s", err.text);
		return err.code == ERR_NOMEM ? EXIT_UNREADABLE : EXIT_USAGE;
	}
	code = image_run_wait(&run->image, false);
	if (code != EXIT_CLEAN)
		return code;
	fputs("going on with the choices of ", stdout);
	guide_run_print(run, run->cli.plan);
	printf(": %zu answer%s\n", guide_answer_count(run->guide),
	       guide_answer_count(run->guide) == 1 ? "" : "s");
	return EXIT_CLEAN;
}

/* ---- the profile ---- */

static void print_choices(const struct guide_run *run, const struct profile_choice *choices,
			  size_t count)
{
	puts("By which rules is the image judged?");
	for (size_t i = 0; i < count; i++) {
		printf("  %zu  ", i + 1);
		guide_run_print(run, choices[i].name);
		fputs("  ", stdout);
		guide_run_print(run, choices[i].title);
		putchar('\n');
	}
}

/* A number, a name, or "" for the present one; NULL: it is none of them. */
static const struct profile_choice *choice_of(const char *line,
					      const struct profile_choice *choices, size_t count)
{
	char number[24];

	for (size_t i = 0; i < count; i++) {
		snprintf(number, sizeof(number), "%zu", i + 1);
		if (strcmp(line, number) == 0 || strcmp(line, choices[i].name) == 0 ||
		    (!*line && choices[i].is_present))
			return &choices[i];
	}
	return NULL;
}

/* The answers stay: they are about paths, and those are the same. */
static int change_profile(struct guide_run *run, const char *name)
{
	CLEANUP(json_decrefp) json_t *plan = NULL;
	struct err err = { 0 };
	int code;

	if (strcmp(run->cli.profile, name) == 0)
		return EXIT_CLEAN;
	if (plan_to_json(run->image.view->plan, &plan, &err) < 0)
		return guide_run_fail(run, &err);
	snprintf(run->profile, sizeof(run->profile), "%s", name);
	run->cli.profile = run->profile;
	code = open_image(run);
	if (code == EXIT_CLEAN && session_load_plan(run->image.session, plan, &err) < 0)
		return guide_run_fail(run, &err);
	return code == EXIT_CLEAN ? image_run_wait(&run->image, false) : code;
}

static int turn_profile(struct guide_run *run)
{
	struct profile_choice choices[PROFILE_CHOICES];
	size_t count = profile_choices(run->cli.profile, choices, PROFILE_CHOICES), present = 0;
	const struct profile_choice *chosen;
	char prompt[64];

	while (present + 1 < count && !choices[present].is_present)
		present++;
	print_choices(run, choices, count);
	snprintf(prompt, sizeof(prompt), "number or name, q) leave [%zu] ", present + 1);
	if (!guide_run_ask(run, prompt))
		return EXIT_CLEAN;
	if (strcmp(run->line, "q") == 0) {
		run->turn = TURN_LEAVE;
		return EXIT_CLEAN;
	}
	chosen = choice_of(run->line, choices, count);
	if (!chosen)
		return EXIT_CLEAN; /* asked again */
	run->turn = TURN_QUESTION;
	return change_profile(run, chosen->name);
}

/* ---- leaving ---- */

static int save(struct guide_run *run)
{
	CLEANUP(json_decrefp) json_t *json = NULL;
	struct err err = { 0 };

	if (guide_to_json(run->guide, run->image.view->plan, run->cli.profile, &json, &err) < 0)
		return guide_run_fail(run, &err);
	return plan_file_keep(&run->image, json);
}

static void say_how_to_go_on(const struct guide_run *run)
{
	if (!guide_answer_count(run->guide) || run->image.view->written)
		return;
	if (!run->cli.plan) {
		puts("the choices are not kept: --plan FILE would");
		return;
	}
	fputs("to go on: imgtui guide --plan ", stdout);
	guide_run_print(run, run->cli.plan);
	putchar(' ');
	guide_run_print(run, run->image.image);
	putchar('\n');
}

/* Of what was written, else of the image, which is as it was. */
static int exit_code(const struct guide_run *run)
{
	const struct session_view *view = run->image.view;

	if (interrupt_signal())
		return EXIT_SIGNAL + interrupt_signal();
	return exit_code_of_findings(&run->cli, view->written ? fix_write_left(&run->image)
							      : view->judgement->by_severity);
}

static int turn_leave(struct guide_run *run)
{
	int code = run->cli.plan ? save(run) : EXIT_CLEAN;

	run->turn = TURN_DONE;
	if (code != EXIT_CLEAN)
		return code;
	say_how_to_go_on(run);
	return exit_code(run);
}

/* A signal or a failure in the middle of a job: the plan is as it was before it, and stays. */
static int leave_after(struct guide_run *run, int code)
{
	int left = run->image.view && run->image.view->plan ? turn_leave(run) : code;

	return interrupt_signal() ? left : code;
}

/* ---- turn by turn ---- */

int guide_run_fail(const struct guide_run *run, const struct err *err)
{
	image_run_say(&run->image, "%s", err->text);
	return EXIT_UNREADABLE;
}

int guide_run_back(struct guide_run *run)
{
	size_t steps;

	run->turn = TURN_QUESTION;
	if (guide_back(run->guide, &steps)) {
		session_undo_to(run->image.session, steps);
		return image_run_wait(&run->image, false);
	}
	if (run->asks_profile)
		run->turn = TURN_PROFILE;
	else
		puts("this was the first question");
	return EXIT_CLEAN;
}

static int start(struct guide_run *run)
{
	CLEANUP(json_decrefp) json_t *json = NULL;
	int code = plan_file_take(&run->cli, &json);
	const char *kept = guide_json_profile(json);

	if (code != EXIT_CLEAN)
		return code;
	run->asks_profile = !run->cli.has_profile;
	if (run->asks_profile && kept) {
		snprintf(run->profile, sizeof(run->profile), "%s", kept);
		run->cli.profile = run->profile;
	}
	if ((code = open_image(run)) != EXIT_CLEAN)
		return code;
	/* What is wrong with OUT is said before the work. */
	if (run->cli.output && (code = fix_write_check(&run->image, run->cli.output)) != EXIT_CLEAN)
		return code;
	return load_plan(run, json);
}

static int walk(struct guide_run *run)
{
	static int (*const TURNS[])(struct guide_run *) = {
		[TURN_PROFILE] = turn_profile, [TURN_QUESTION] = guide_run_question,
		[TURN_END] = guide_run_end,    [TURN_WRITE] = guide_run_write,
		[TURN_LEAVE] = turn_leave,
	};
	int code = start(run);

	if (code != EXIT_CLEAN)
		return code;
	run->turn = run->asks_profile ? TURN_PROFILE : TURN_QUESTION;
	while (run->turn != TURN_DONE && code == EXIT_CLEAN)
		code = TURNS[run->turn](run);
	return run->turn == TURN_DONE ? code : leave_after(run, code);
}

int subcommand_guide(const struct cli *cli)
{
	struct guide_run run = { .cli = *cli, .answers = { .fd = STDIN_FILENO } };
	struct err err = { 0 };
	int code = check_usage(cli);

	if (code != EXIT_CLEAN)
		return code;
	if (guide_new(&run.guide, &err) < 0) {
		say(cli->environment->charset, "%s", err.text);
		return EXIT_UNREADABLE;
	}
	code = walk(&run);
	image_run_done(&run.image);
	guide_free(run.guide);
	return code;
}
