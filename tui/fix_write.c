/* Writing for the command line; see tui/fix_write.h. */
#include "fix_write.h"

#include "emit/output.h"
#include "subcommand.h"

enum source_format fix_write_format(const struct image_run *run)
{
	return run->cli->to >= 0 ? (enum source_format)run->cli->to
				 : source_format(run->view->source);
}

static int check_output(const struct image_run *run, const char *path)
{
	CLEANUP(output_closep) struct output *output = NULL;
	const struct cli *cli = run->cli;
	const struct output_options options = {
		.folder = cli->emit == WRITE_IMAGE && fix_write_format(run) == SOURCE_OCI_LAYOUT,
		.replace = cli->force,
		.input = run->view->source,
	};
	struct err err = { 0 };

	if (output_open(path, &options, &output, &err) == 0)
		return EXIT_CLEAN;
	image_run_say(run, "%s", err.text);
	return EXIT_UNREADABLE;
}

int fix_write_check(const struct image_run *run, const char *path)
{
	CLEANUP(freep) char *beside = session_descriptor_path(path);
	int code = check_output(run, path);

	if (code != EXIT_CLEAN || run->cli->emit != WRITE_LAYER)
		return code;
	if (beside)
		return check_output(run, beside);
	image_run_say(run, "out of memory");
	return EXIT_UNREADABLE;
}

int fix_write(struct image_run *run, const char *path)
{
	return fix_write_all(run, 1, path);
}

int fix_write_all(struct image_run *runs, size_t count, const char *path)
{
	CLEANUP(freep) struct session **others = calloc(count, sizeof(*others));
	struct image_run *run = runs;
	const struct cli *cli = run->cli;
	const enum compression recompress = (enum compression)cli->recompress;
	const struct write_request request = {
		.kind = (enum write_kind)cli->emit,
		.mode = (enum emit_mode)cli->mode,
		.format = fix_write_format(run),
		.path = path,
		.tag = cli->tag,
		.recompress = cli->recompress >= 0 ? &recompress : NULL,
		.replace = cli->force,
		.in_place = cli->in_place,
		.others = count > 1 ? others : NULL,
	};
	struct err err = { 0 };
	int code;

	if (!others) {
		image_run_say(run, "out of memory");
		return EXIT_UNREADABLE;
	}
	for (size_t i = 1; i < count; i++)
		others[i - 1] = runs[i].session;

	if (session_write(run->session, &request, &err) < 0) {
		image_run_say(run, "%s", err.text);
		return EXIT_UNREADABLE;
	}
	code = image_run_wait(run, true);
	if (code != EXIT_CLEAN || run->view->write == WRITE_DONE)
		return code;
	image_run_say(run, "%s", run->view->write_error.text);
	return exit_code_of(&run->view->write_error);
}

const size_t *fix_write_left(const struct image_run *run)
{
	const struct write_result *written = run->view->written;

	return written && written->judged ? written->by_severity : run->view->preview->by_severity;
}
