/* --platform all: the images that an IMAGE stands for, each as an IMAGE of its own. */
#ifndef TUI_PLATFORMS_H
#define TUI_PLATFORMS_H

#include "image_run.h"

struct platforms {
	const char *image; /* borrowed */
	char **items;      /* "PATH@NUMBER" of each; NULL: 'image' alone */
	size_t count;
};

/*
 * All images that 'image' means but attestations, each once; without --platform
 * all the image itself, unopened. An exit code; unless it is EXIT_CLEAN the
 * reason has been said. Free with platforms_done() in any case.
 */
int platforms_list(struct platforms *platforms, const struct cli *cli, const char *image);
void platforms_done(struct platforms *platforms);

/* "linux/arm64:" as a line of a text report, with --platform all. */
void platforms_print(const struct image_run *run);

static inline const char *platforms_at(const struct platforms *platforms, size_t i)
{
	return platforms->items ? platforms->items[i] : platforms->image;
}

#endif
