/* One image: config, layers in order, history matched to layers. Read-only: there are no setters. */
#ifndef IMAGE_IMAGE_H
#define IMAGE_IMAGE_H

#include "oci/config.h"
#include "oci/manifest.h"
#include "source/source.h"

struct image_layer {
	struct blob blob;
	uint64_t size;            /* of the stored blob */
	bool has_digest;          /* false: a docker-archive member, named by nothing */
	struct digest digest;     /* as the manifest says: not verified here */
	bool has_diff_id;
	struct digest diff_id;    /* as the config says: not verified here */
	const char *media_type;   /* NULL in a docker-archive */
	bool is_missing;          /* a foreign or absent blob; blob.span.length is 0 */
	const char *created_by;   /* the instruction, cleaned of "/bin/sh -c #(nop)"; "" if unknown */
	size_t history;           /* index in the config's history; SIZE_MAX: none */
};

struct image;

/*
 * Open image 'i' of the source, which is borrowed for the life of the image.
 * The config's and manifest's digests are checked here (small); a mismatch is
 * a problem. ERR_FORMAT, ERR_NOT_FOUND (which blob), ERR_LIMIT, ERR_IO, ERR_NOMEM.
 */
int image_open(struct source *source, size_t i, const struct limits *limits,
	       struct image **ret_image, struct err *err);
void image_close(struct image *image);
void image_closep(struct image **image);

const struct config *image_config(const struct image *image);
const struct blob *image_config_blob(const struct image *image); /* as it is stored */
const struct digest *image_config_digest(const struct image *image); /* of its bytes: the image ID */
struct source *image_source(const struct image *image);
const struct source_image *image_entry(const struct image *image);

/* The manifest (OCI), or NULL in a docker-archive. */
const struct manifest *image_manifest(const struct image *image);

/* Layers from the base up; numbered from 1 for people. */
size_t image_layer_count(const struct image *image);
const struct image_layer *image_layer(const struct image *image, size_t i);

const struct problem_list *image_problems(const struct image *image);

/* "name:tag" for people: the first tag, else the source's name. Borrowed. */
const char *image_name(const struct image *image);

/*
 * Its first tag that is a whole reference, for what fetches it by that. NULL: it
 * has none, and a tag alone or a file's name could be somebody else's image. Borrowed.
 */
const char *image_reference(const struct image *image);

#endif
