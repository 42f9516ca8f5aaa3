/* imgtui why IMAGE PATH... and why IMAGE --start [-- COMMAND...]. */
#include <string.h>

#include "image_run.h"
#include "subcommand.h"
#include "tree/resolve.h"

static int (*const PATHS[])(const struct judgement *, const char *, const struct report_options *,
			    struct err *) = {
	[FORMAT_TEXT] = report_why_text,
	[FORMAT_JSON] = report_why_json,
};

static int (*const STARTS[])(const struct judgement *, const struct start *,
			     const struct report_options *, struct err *) = {
	[FORMAT_TEXT] = report_start_text,
	[FORMAT_JSON] = report_start_json,
};

/* The words after "--" as a command; without them what the image would start. */
static int explain_start(const struct cli *cli, const struct judgement *judgement,
			 const struct report_options *options, struct err *err)
{
	CLEANUP(start_freep) struct start *start = NULL;
	const struct content content = {
		.image = judgement->input.image,
		.tree = judgement->input.tree,
		.at = judgement_at(judgement),
	};
	const struct start_input input = {
		.content = &content,
		.config = judgement->input.config,
		.identity = &judgement->identity,
		.command = cli->operands.items + cli->dashes,
	};
	int result;

	if (!cli->has_dashes)
		return STARTS[cli->format](judgement, judgement->start, options, err);
	result = start_follow(&input, &start, err);
	return result < 0 ? result : STARTS[cli->format](judgement, start, options, err);
}

/* By its own names; what only the runtime knows may be there. */
static bool is_there(const struct judgement *judgement, const char *path)
{
	struct resolve_result found = resolve_path(judgement->input.tree, judgement_at(judgement),
						   NODE_ROOT, path, false, NULL);

	return found.outcome == RESOLVE_FOUND || found.outcome == RESOLVE_RUNTIME;
}

/* 1: explained, 0: explained, and it is not there. */
static int explain_path(const struct cli *cli, const struct judgement *judgement, const char *path,
			const struct report_options *options, struct err *err)
{
	CLEANUP(freep) char *absolute = NULL;
	int result;

	if (asprintf(&absolute, "%s%s", path[0] == '/' ? "" : "/", path) < 0) {
		absolute = NULL;
		return err_nomem(err);
	}
	result = PATHS[cli->format](judgement, absolute, options, err);
	return result < 0 ? result : is_there(judgement, absolute);
}

/* *ret_missing: how many of the paths are not there. */
static int explain(const struct cli *cli, const struct judgement *judgement,
		   const struct report_options *options, size_t *ret_missing, struct err *err)
{
	size_t end = cli->start ? cli->dashes : cli->operands.count;
	int result = cli->start ? explain_start(cli, judgement, options, err) : 0;

	*ret_missing = 0;
	for (size_t i = 1; result >= 0 && i < end; i++) {
		if (cli->format == FORMAT_TEXT && (i > 1 || cli->start))
			putchar('\n');
		result = explain_path(cli, judgement, cli->operands.items[i], options, err);
		*ret_missing += result == 0;
	}
	return result;
}

int subcommand_why(const struct cli *cli)
{
	CLEANUP(image_run_done) struct image_run run;
	struct report_options options;
	struct err err = { 0 };
	size_t missing;
	int code;

	if (cli->operands.count < 2 && !cli->start) {
		say(cli->environment->charset,
		    "why: which path? --start explains the start command");
		return EXIT_USAGE;
	}
	code = image_run_open(&run, cli, cli->operands.items[0], false);
	if (code != EXIT_CLEAN)
		return code;
	options = image_run_report(&run);
	if (explain(cli, run.view->judgement, &options, &missing, &err) < 0) {
		image_run_say(&run, "%s", err.text);
		return EXIT_UNREADABLE;
	}
	fflush(stdout);
	code = image_run_damage(&run);
	return code == EXIT_CLEAN && missing ? EXIT_USAGE : code;
}
