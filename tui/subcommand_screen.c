/* imgtui IMAGE: the screen. */
#include "image_run.h"
#include "screen_run.h"
#include "subcommand.h"

int subcommand_screen(const struct cli *cli)
{
	CLEANUP(image_run_done) struct image_run run;
	struct screen_options options = { .color = (enum color_choice)cli->color };
	struct err err = { 0 };
	int code;

	run = (struct image_run){ 0 };
	if (!isatty(STDOUT_FILENO)) {
		say(cli->environment->charset,
		    "standard output is no terminal: 'imgtui check IMAGE' prints the findings");
		return EXIT_USAGE;
	}
	if (options.color == COLOR_AUTO && !environment_color(COLOR_AUTO, STDOUT_FILENO))
		options.color = COLOR_NEVER;
	code = image_run_start(&run, cli, cli->operands.items[0], true);
	if (code != EXIT_CLEAN)
		return code;
	code = screen_run(run.session, &options, &err);
	if (err.code == ERR_UNSUPPORTED)
		say(cli->environment->charset, "%s; 'imgtui check IMAGE' prints the findings",
		    err.text);
	else if (err.code == ERR_CANCELLED)
		image_run_say(&run, "cancelled");
	else if (run.view->phase == SESSION_FAILED)
		return image_run_failure(&run);
	else if (err.code)
		image_run_say(&run, "%s", err.text);
	return code;
}
