/* imgtui inspect IMAGE: manifest, config and layers, as JSON. */
#include "image_run.h"
#include "subcommand.h"

int subcommand_inspect(const struct cli *cli)
{
	CLEANUP(image_run_done) struct image_run run;
	struct report_options options;
	struct err err = { 0 };
	int code = image_run_open(&run, cli, cli->operands.items[0], false);

	if (code != EXIT_CLEAN)
		return code;
	options = image_run_report(&run);
	if (report_inspect_json(run.view->image, run.view->layers, &options, &err) < 0) {
		image_run_say(&run, "%s", err.text);
		return EXIT_UNREADABLE;
	}
	fflush(stdout);
	return image_run_damage(&run);
}
