/* Opens the source once to count its images; see tui/platforms.h. */
#include "platforms.h"

#include <stdlib.h>
#include <string.h>

#include "source/source.h"
#include "subcommand.h"

/* Another entry before it leads to the same image. */
static bool is_repeated(const struct source *source, size_t i)
{
	const struct source_image *image = source_image(source, i);

	for (size_t k = 0; k < i && !image->config_member; k++) {
		if (source_means(source, k) &&
		    digest_equal(&source_image(source, k)->manifest.digest, &image->manifest.digest))
			return true;
	}
	return false;
}

static int list_meant(struct platforms *platforms, const struct source *source, struct err *err)
{
	platforms->count = 0;
	platforms->items = calloc(source_image_count(source) + 1, sizeof(*platforms->items));
	if (!platforms->items)
		return err_nomem(err);
	for (size_t i = 0; i < source_image_count(source); i++) {
		char **item = &platforms->items[platforms->count];

		if (!source_means(source, i) || is_repeated(source, i))
			continue;
		if (asprintf(item, "%s@%zu", source_path(source), i) < 0) {
			*item = NULL;
			return err_nomem(err);
		}
		platforms->count++;
	}
	return platforms->count ? 0 : err_set(err, ERR_NOT_FOUND, "'%s' has no such image",
					      platforms->image);
}

static int list_images(struct platforms *platforms, const struct cli *cli, struct err *err)
{
	const struct source_options options = { .spool_folder = cli->environment->spool_folder };
	CLEANUP(source_closep) struct source *source = NULL;
	int result;

	if (platforms->image == CLI_DEMO)
		return err_set(err, ERR_INVALID, "--platform all: the demo image is one");
	if (strcmp(platforms->image, "-") == 0)
		return err_set(err, ERR_INVALID,
			       "--platform all: standard input is read once; name a file");
	result = source_open(platforms->image, &options, &source, err);
	return result < 0 ? result : list_meant(platforms, source, err);
}

int platforms_list(struct platforms *platforms, const struct cli *cli, const char *image)
{
	struct err err = { 0 };

	*platforms = (struct platforms){ .image = image, .count = 1 };
	if (!cli->all_platforms || list_images(platforms, cli, &err) == 0)
		return EXIT_CLEAN;
	platforms_done(platforms);
	say(cli->environment->charset, "%s", err.text);
	return exit_code_of(&err);
}

void platforms_print(const struct image_run *run)
{
	char text[100];

	if (!run->cli->all_platforms || run->cli->format != FORMAT_TEXT)
		return;
	platform_text(&image_config(run->view->image)->platform, text);
	text_visible_print(stdout, text, strlen(text), run->cli->environment->charset);
	puts(":");
}

void platforms_done(struct platforms *platforms)
{
	for (size_t i = 0; platforms->items && i < platforms->count; i++)
		free(platforms->items[i]);
	free(platforms->items);
	*platforms = (struct platforms){ 0 };
}
