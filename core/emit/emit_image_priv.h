/* An image being written: what its layers (emit_image.c) and its documents (emit_documents.c) share. */
#ifndef EMIT_IMAGE_PRIV_H
#define EMIT_IMAGE_PRIV_H

#include "emit_priv.h"

/* Where the bytes of a layer come from. */
enum layer_source { LAYER_COPIED, LAYER_REWRITTEN, LAYER_APPENDED, LAYER_AS_IT_IS };

/* One layer of the output. */
struct written_layer {
	enum layer_source source;
	struct digest diff_id, digest;
	uint64_t size;
	enum compression compression;
	bool changed;
	char name[DIGEST_TEXT + 16];
};

struct image_writer {
	const struct emit_input *input;
	const struct emit_image_options *options;
	struct emit_store *store;
	struct written_layer *layers;
	size_t count;
	char *history; /* what was done, for created_by */
	struct digest config_digest;
	uint64_t config_size;
	char config_name[DIGEST_TEXT + 16];
};

/* Whether blobs are named as in an OCI layout; a hybrid archive is one that has manifest.json too. */
static inline bool emit__is_layout(const struct image_writer *writer)
{
	return writer->options->format != SOURCE_DOCKER_ARCHIVE;
}

/* manifest.json, or manifest, index.json and oci-layout, or all of them. Errors as emit_image(). */
int emit__write_documents(struct image_writer *writer, struct err *err);

#endif
