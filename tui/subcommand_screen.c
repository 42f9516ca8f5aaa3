/* imgtui IMAGE: the screen. */
#include "image_run.h"
#include "plan/guide.h"
#include "plan_file.h"
#include "screen_run.h"
#include "subcommand.h"

/* What ended the screen is said: an exit code. */
static int finish(const struct image_run *run, int code, const struct err *err)
{
	enum text_charset charset = run->cli->environment->charset;

	if (err->code == ERR_UNSUPPORTED)
		say(charset, "%s; 'imgtui check IMAGE' prints the findings", err->text);
	else if (err->code == ERR_CANCELLED)
		image_run_say(run, "cancelled");
	else if (run->view->phase == SESSION_FAILED)
		return image_run_failure(run);
	else if (err->code)
		image_run_say(run, "%s", err->text);
	return code;
}

static int run_screen(struct image_run *run, const json_t *plan)
{
	CLEANUP(json_decrefp) json_t *kept = NULL;
	const struct cli *cli = run->cli;
	struct screen_options options = {
		.color = (enum color_choice)cli->color,
		.plan = plan,
		.ret_plan = cli->plan ? &kept : NULL,
	};
	struct err err = { 0 };
	int code, saved;

	if (options.color == COLOR_AUTO && !environment_color(COLOR_AUTO, STDOUT_FILENO))
		options.color = COLOR_NEVER;
	code = finish(run, screen_run(run->session, &options, &err), &err);
	saved = kept ? plan_file_keep(run, kept) : EXIT_CLEAN;
	return saved == EXIT_CLEAN ? code : saved;
}

int subcommand_screen(const struct cli *cli)
{
	CLEANUP(image_run_done) struct image_run run = { 0 };
	CLEANUP(json_decrefp) json_t *plan = NULL;
	struct cli chosen = *cli;
	int code;

	if (!isatty(STDOUT_FILENO)) {
		say(cli->environment->charset,
		    "standard output is no terminal: 'imgtui check IMAGE' prints the findings");
		return EXIT_USAGE;
	}
	if ((code = plan_file_take(cli, &plan)) != EXIT_CLEAN)
		return code;
	if (!cli->has_profile && guide_json_profile(plan))
		chosen.profile = guide_json_profile(plan);
	code = image_run_start(&run, &chosen, cli->operands.items[0], true);
	return code == EXIT_CLEAN ? run_screen(&run, plan) : code;
}
