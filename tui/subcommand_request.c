/*
 * imgtui request KIND IMAGE -C DIR: the files that start a job. Settings are
 * checked before the image is opened, and every file can be written before any is.
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/io.h"
#include "emit/output.h"
#include "emit/request.h"
#include "image_run.h"
#include "rule/command_text.h"
#include "subcommand.h"

enum { FILES_MOST = 8 };

struct request_run {
	const struct cli *cli;
	const struct request_kind *kind;
	const char *image;
	bool made_folder; /* by us: it goes again if nothing is written */
	struct output *outputs[FILES_MOST];
	char *paths[FILES_MOST];
	size_t count;
	size_t open; /* values for which an example stands in the files */
};

static void request_run_done(struct request_run *run)
{
	for (size_t i = 0; i < run->count; i++) {
		output_close(run->outputs[i]);
		free(run->paths[i]);
	}
	if (run->made_folder)
		rmdir(run->cli->folder);
}

/* ---- before the image is opened ---- */

static int unknown_kind(const struct cli *cli, const char *name)
{
	say(cli->environment->charset, "request: '%s' is none of these:", name);
	for (size_t i = 0; request_kind(i); i++)
		say(cli->environment->charset, "  %s  %s", request_kind(i)->name,
		    request_kind(i)->title);
	return EXIT_USAGE;
}

static int find_kind(struct request_run *run)
{
	const char *const *operands = run->cli->operands.items;
	size_t image = operands[0] == CLI_DEMO ? 0 : 1;

	run->kind = request_kind_find(operands[1 - image]);
	run->image = operands[image];
	if (!run->kind)
		return unknown_kind(run->cli, operands[1 - image]);
	if (run->cli->folder)
		return EXIT_CLEAN;
	say(run->cli->environment->charset, "request: say where to write: -C DIR");
	return EXIT_USAGE;
}

static struct request_input settings_input(const struct request_run *run)
{
	return (struct request_input){
		.kind = run->kind,
		.settings = run->cli->settings.items,
		.reference = run->cli->image_ref,
		.created = run->cli->environment->created,
	};
}

static int make(const struct request_run *run, const struct request_input *input,
		struct request **ret_request)
{
	enum text_charset charset = run->cli->environment->charset;
	CLEANUP(request_freep) struct request *request = NULL;
	struct err err = { 0 };

	if (request_make(input, &request, &err) < 0)
		return say(charset, "%s", err.text), EXIT_UNREADABLE;
	for (size_t i = 0; i < request->errors.count; i++)
		say(charset, "request %s: %s", run->kind->name, request->errors.items[i]);
	for (size_t i = 0; i < request->missing.count && request->errors.count; i++)
		say(charset, "request %s: %s", run->kind->name, request->missing.items[i]);
	if (request->errors.count)
		return EXIT_USAGE;
	*ret_request = STEAL(request);
	return EXIT_CLEAN;
}

static int check_settings(const struct request_run *run, struct request **ret_request)
{
	const struct request_input input = settings_input(run);

	return make(run, &input, ret_request);
}

/* ---- the outputs ---- */

static int make_folder(struct request_run *run)
{
	if (mkdir(run->cli->folder, 0777) == 0)
		run->made_folder = true;
	else if (errno != EEXIST)
		return say(run->cli->environment->charset, "cannot make '%s': %s", run->cli->folder,
			   strerror(errno)),
		       EXIT_UNREADABLE;
	return EXIT_CLEAN;
}

static int open_output(struct request_run *run, const char *name)
{
	const struct output_options options = { .replace = run->cli->force };
	struct err err = { 0 };
	const char *folder = run->cli->folder;
	size_t i = run->count, len = strlen(folder);

	while (len && folder[len - 1] == '/')
		len--;
	if (asprintf(&run->paths[i], "%.*s/%s", (int)len, folder, name) < 0)
		return say(run->cli->environment->charset, "out of memory"), EXIT_UNREADABLE;
	run->count++;
	if (output_open(run->paths[i], &options, &run->outputs[i], &err) == 0)
		return EXIT_CLEAN;
	say(run->cli->environment->charset, "%s", err.text);
	return EXIT_UNREADABLE;
}

static int open_outputs(struct request_run *run, const struct request *request)
{
	int code = make_folder(run), worst = code;

	for (size_t i = 0; code == EXIT_CLEAN && i < request->files.count && i < FILES_MOST; i++) {
		int opened = open_output(run, request->files.items[i].name);

		if (opened > worst)
			worst = opened;
	}
	return worst;
}

/* The same files as the check before had, in the same order. */
static int write_files(struct request_run *run, const struct request *request)
{
	struct err err = { 0 };
	int result = 0;

	for (size_t i = 0; result == 0 && i < run->count; i++) {
		const char *text = request->files.items[i].text;

		result = io_write(output_fd(run->outputs[i]), text, strlen(text), &err);
	}
	for (size_t i = 0; result == 0 && i < run->count; i++) {
		result = output_publish(run->outputs[i], &err);
		if (result == 0)
			run->made_folder = false;
	}
	if (result == 0)
		return EXIT_CLEAN;
	say(run->cli->environment->charset, "%s", err.text);
	return EXIT_UNREADABLE;
}

/* ---- the image ---- */

static int spare_image(const struct request_run *run, const struct image_run *image)
{
	struct err err = { 0 };

	for (size_t i = 0; i < run->count; i++) {
		if (output_spares(run->outputs[i], image->view->source, &err) < 0)
			return image_run_say(image, "%s", err.text), EXIT_UNREADABLE;
	}
	return EXIT_CLEAN;
}

/* Judged by the profile of the request, unless another was chosen. */
static struct cli image_cli(const struct request_run *run)
{
	struct cli cli = *run->cli;

	if (!cli.has_profile)
		cli.profile = run->kind->profile;
	cli.settings = (struct cli_words){ 0 };
	return cli;
}

static void say_findings(const struct image_run *image)
{
	size_t errors = image->view->judgement->by_severity[SEVERITY_ERROR];

	if (errors)
		image_run_say(image,
			      "%zu error%s by profile %s: the job would not run; see imgtui check "
			      "--profile %s %s",
			      errors, errors == 1 ? "" : "s", image->cli->profile,
			      image->cli->profile, image->image);
}

static int make_for_image(struct request_run *run, struct image_run *image,
			  struct request **ret_request)
{
	const struct session_view *view = image->view;
	const struct source_image *entry = image_entry(view->image);
	CLEANUP(freep) char *boot_line = command_boot_line(view->judgement);
	struct request_input input = settings_input(run);
	char digest[DIGEST_TEXT];

	input.has_image = true;
	input.boot_line = boot_line;
	input.architecture = image_config(view->image)->platform.architecture;
	if (!entry->config_member)
		input.digest = digest_text(&entry->manifest.digest, digest);
	int code = make(run, &input, ret_request);
	for (size_t i = 0; code == EXIT_CLEAN && i < (*ret_request)->warnings.count; i++)
		image_run_say(image, "%s", (*ret_request)->warnings.items[i]);
	return code;
}

static int write_for_image(struct request_run *run)
{
	CLEANUP(image_run_done) struct image_run image = { 0 };
	CLEANUP(request_freep) struct request *request = NULL;
	const struct cli cli = image_cli(run);
	int code = image_run_open(&image, &cli, run->image, true);

	if (code == EXIT_CLEAN)
		code = image_run_damage(&image);
	if (code == EXIT_CLEAN)
		code = spare_image(run, &image);
	if (code == EXIT_CLEAN)
		code = make_for_image(run, &image, &request);
	if (code != EXIT_CLEAN)
		return code;
	say_findings(&image);
	code = write_files(run, request);
	run->open = request->missing.count;
	for (size_t i = 0; code == EXIT_CLEAN && i < request->missing.count; i++)
		image_run_say(&image, "%s", request->missing.items[i]);
	return code;
}

static void report(const struct request_run *run)
{
	enum text_charset charset = run->cli->environment->charset;

	for (size_t i = 0; i < run->count; i++) {
		text_visible_print(stdout, run->paths[i], strlen(run->paths[i]), charset);
		putchar('\n');
	}
	if (run->open)
		printf("\n%zu value%s to be filled in: give %s by --set, or edit the files\n",
		       run->open, run->open == 1 ? " is" : "s are", run->open == 1 ? "it" : "them");
	printf("\nin that folder:\n");
	for (size_t i = 0; run->kind->next[i]; i++)
		printf("  %s\n", run->kind->next[i]);
}

int subcommand_request(const struct cli *cli)
{
	CLEANUP(request_run_done) struct request_run run = { .cli = cli };
	CLEANUP(request_freep) struct request *request = NULL;
	int code = find_kind(&run);

	if (code == EXIT_CLEAN)
		code = check_settings(&run, &request);
	if (code == EXIT_CLEAN)
		code = open_outputs(&run, request);
	if (code == EXIT_CLEAN)
		code = write_for_image(&run);
	if (code != EXIT_CLEAN)
		return code;
	report(&run);
	return run.open ? EXIT_FINDINGS : EXIT_CLEAN;
}
