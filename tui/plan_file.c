/* Plans in files; see tui/plan_file.h. */
#include "plan_file.h"

#include <string.h>
#include <sys/stat.h>

#include "base/io.h"
#include "base/json.h"
#include "emit/output.h"
#include "subcommand.h"

int plan_file_read(const char *path, json_t **ret_json, struct err *err)
{
	CLEANUP(freep) char *bytes = NULL;
	size_t len;
	int result = io_read_file(path, limits_default()->json_bytes, &bytes, &len, err);

	return result < 0 ? result : json_parse(bytes, len, path, NULL, NULL, ret_json, err);
}

int plan_file_take(const struct cli *cli, json_t **ret_json)
{
	struct err err = { 0 };
	struct stat info;

	/* It would not be replaced in the end, when the choices are made. */
	if (cli->plan && lstat(cli->plan, &info) == 0 && S_ISLNK(info.st_mode)) {
		say(cli->environment->charset, "--plan: '%s' is a link: name what it leads to",
		    cli->plan);
		return EXIT_UNREADABLE;
	}
	if (!cli->plan || access(cli->plan, F_OK) < 0 ||
	    plan_file_read(cli->plan, ret_json, &err) == 0)
		return EXIT_CLEAN;
	say(cli->environment->charset, "--plan: %s", err.text);
	return err.code == ERR_FORMAT ? EXIT_USAGE : EXIT_UNREADABLE;
}

int plan_file_keep(const struct image_run *run, const json_t *json)
{
	const char *path = run->cli->plan;
	struct err err = { 0 };

	if (plan_file_write(run, path, json, true, &err) < 0) {
		image_run_say(run, "--plan: %s", err.text);
		return EXIT_UNREADABLE;
	}
	fputs("the choices are in ", stdout);
	text_visible_print(stdout, path, strlen(path), run->cli->environment->charset);
	putchar('\n');
	return EXIT_CLEAN;
}

int plan_file_write(const struct image_run *run, const char *path, const json_t *json, bool replace,
		    struct err *err)
{
	CLEANUP(output_closep) struct output *output = NULL;
	CLEANUP(freep) char *text = json_dumps(json, JSON_INDENT(2));
	const struct output_options options = {
		.replace = replace,
		.input = run->view->source,
	};
	int result;

	if (!text)
		return err_nomem(err);
	if ((result = output_open(path, &options, &output, err)) < 0 ||
	    (result = io_write(output_fd(output), text, strlen(text), err)) < 0 ||
	    (result = io_write(output_fd(output), "\n", 1, err)) < 0)
		return result;
	return output_publish(output, err);
}
