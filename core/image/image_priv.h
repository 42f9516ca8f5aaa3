/* What the files of the image stage share. */
#ifndef CORE_IMAGE_IMAGE_PRIV_H
#define CORE_IMAGE_IMAGE_PRIV_H

#include "base/arena.h"
#include "image/image.h"

struct image {
	struct source *source; /* borrowed */
	const struct source_image *entry;
	struct limits limits;
	struct config *config;
	struct digest config_digest;
	struct blob config_blob;
	bool has_manifest;
	struct manifest manifest;
	struct image_layer *layers; /* in the arena */
	size_t layer_count;
	struct problem_list problems;
	struct arena arena;
};

/* Give each layer its history entry and its instruction. ERR_NOMEM. */
int image_history__match(struct image *image, struct err *err);

/* The instruction as it stood in the Dockerfile, in the arena; NULL: out of memory. */
const char *image_history__clean(struct arena *arena, const char *created_by);

#endif
