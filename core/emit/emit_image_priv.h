/* An image being written: what its layers (emit_image.c) and its documents (emit_documents.c) share. */
#ifndef EMIT_IMAGE_PRIV_H
#define EMIT_IMAGE_PRIV_H

#include <jansson.h>

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

/* Layers and config. Errors as emit_image(). */
int emit__write_blobs(struct image_writer *writer, struct err *err);

/* The manifest; *ret_descriptor is a new reference. What it does not carry is noted. */
int emit__write_manifest(struct image_writer *writer, json_t **ret_descriptor, struct err *err);
/* The file "oci-layout". */
int emit__write_version(struct emit_store *store, struct err *err);

int emit__put_json(struct emit_store *store, const char *name, const json_t *json, struct err *err);

/* index.json with the descriptor of the manifest, which is taken: alone, or among what is there. */
int emit__write_index(struct image_writer *writer, json_t *descriptor, struct err *err);

/* Note that blobs which were made anew have no tables of contents any more. */
void emit__note_contents(const struct image_writer *writer);

/* What an image of the source is called: a name, or what is unique about it. */
const char *emit__image_label(const struct source_image *image, char digest[DIGEST_TEXT]);

/* manifest.json, or manifest, index.json and oci-layout, or all of them. Errors as emit_image(). */
int emit__write_documents(struct image_writer *writer, struct err *err);

#endif
