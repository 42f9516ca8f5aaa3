/* imgtui cat IMAGE PATH: the bytes of one file, links followed. */
#include "content/content.h"
#include "image_run.h"
#include "interrupt.h"
#include "stream/stream.h"
#include "subcommand.h"
#include "tree/resolve.h"

enum { CHUNK = 64 * 1024 };

static int copy(struct stream *in, struct err *err)
{
	static char buffer[CHUNK];
	ssize_t n;

	while (!interrupt_signal() && (n = stream_read(in, buffer, sizeof(buffer), err)) != 0) {
		if (n < 0)
			return (int)n;
		if (fwrite(buffer, 1, (size_t)n, stdout) != (size_t)n)
			return 0;
	}
	return 0;
}

static int print(const struct judgement *judgement, const char *path, struct err *err)
{
	CLEANUP(stream_closep) struct stream *in = NULL;
	const struct content content = {
		.image = judgement->input.image,
		.tree = judgement->input.tree,
		.at = judgement_at(judgement),
	};
	struct resolve_result found =
		resolve_path(content.tree, content.at, NODE_ROOT, path, true, NULL);
	int result;

	if (found.outcome != RESOLVE_FOUND)
		return err_set(err, ERR_INVALID, "%s: is not there", path);
	result = content_open(&content, found.node, &in, err);
	if (result < 0)
		return result; /* which names the file */
	result = copy(in, err);
	return result < 0 ? err_wrap(err, "%s", path) : 0;
}

int subcommand_cat(const struct cli *cli)
{
	CLEANUP(image_run_done) struct image_run run;
	struct err err = { 0 };
	int code = image_run_open(&run, cli, cli->operands.items[0], false);

	if (code != EXIT_CLEAN)
		return code;
	if (print(run.view->judgement, cli->operands.items[1], &err) == 0)
		return EXIT_CLEAN;
	fflush(stdout);
	image_run_say(&run, "%s", err.text);
	return exit_code_of(&err);
}
