/*
 * One image of a source: its small documents are read and checked here, its
 * layers are only found. See image/image.h.
 */
#include "image/image.h"

#include <inttypes.h>
#include <string.h>

#include "core/image/image_priv.h"
#include "oci/reference.h"

static void digest_check(struct image *image, const char *what, const struct digest *expected,
			 const struct digest *found)
{
	char a[DIGEST_TEXT], b[DIGEST_TEXT];

	if (!digest_equal(expected, found))
		problem_add(&image->problems, PROBLEM_DIGEST_MISMATCH, PROBLEM_NOWHERE,
			    "%s: expected %s, found %s", what, digest_text(expected, a),
			    digest_text(found, b));
}

/* Read a document and check it against the digest that names it (NULL: none does). */
static int document_read(struct image *image, const struct blob *blob, const char *what,
			 const struct digest *expected, char **ret_bytes, size_t *ret_len,
			 struct err *err)
{
	CLEANUP(freep) char *bytes = NULL;
	struct digest found;
	size_t len;
	int r = blob_read(blob, image->limits.json_bytes, &bytes, &len, err);

	if (r < 0)
		return r;
	if (expected) {
		if (digest_of_as(expected->algorithm, bytes, len, &found, err) < 0)
			return -ERR_NOMEM;
		digest_check(image, what, expected, &found);
	}
	*ret_bytes = STEAL(bytes);
	*ret_len = len;
	return 0;
}

static int config_read(struct image *image, const struct blob *blob, const struct digest *expected,
		       struct err *err)
{
	CLEANUP(freep) char *bytes = NULL;
	size_t len;
	int r = document_read(image, blob, "config", expected, &bytes, &len, err);

	if (r < 0)
		return r;
	if (digest_of(bytes, len, &image->config_digest, err) < 0)
		return -ERR_NOMEM;
	image->config_blob = *blob;
	return config_parse(bytes, len, "config", &image->limits, &image->problems, &image->config,
			    err);
}

static int layers_new(struct image *image, size_t count, struct err *err)
{
	uint64_t size;

	if (!size_mul(count + 1, sizeof(*image->layers), &size))
		return err_nomem(err);
	image->layers = arena_alloc(&image->arena, size);
	if (!image->layers)
		return err_nomem(err);
	image->layer_count = count;
	for (size_t i = 0; i < count; i++) {
		image->layers[i].created_by = "";
		image->layers[i].history = SIZE_MAX;
	}
	return 0;
}

/*
 * What became of looking for a layer's blob: one that is not there, or is no
 * plain file inside, is a problem; the other layers can still be shown.
 */
static int layer_found(struct image *image, size_t i, int r, const struct err *why, struct err *err)
{
	struct image_layer *layer = &image->layers[i];
	const struct media_type *type = media_type_find(layer->media_type);
	bool foreign = type && type->kind == MEDIA_FOREIGN_LAYER;

	if (r == 0) {
		layer->size = layer->blob.span.length;
		return 0;
	}
	if (r != -ERR_NOT_FOUND && r != -ERR_FORMAT && r != -ERR_UNSUPPORTED)
		return err_set(err, why->code, "layer %zu: %s", i + 1, why->text);
	layer->is_missing = true;
	layer->blob = (struct blob){ .span.fd = -1, .name = "" };
	problem_add(&image->problems, PROBLEM_MISSING_BLOB, PROBLEM_NOWHERE, "layer %zu: %s%s",
		    i + 1, foreign ? "a foreign layer, which is not fetched: " : "", why->text);
	return 0;
}

/* ---- Docker's way ---- */

static int docker_layers(struct image *image, struct err *err)
{
	const char *const *members = image->entry->layer_members;
	size_t count = 0;
	int r;

	while (members[count])
		count++;
	if (count == 0 && image->config->diff_id_count > 0)
		return err_set(err, ERR_FORMAT,
			       "manifest.json names no layers, and the config has %zu diff IDs",
			       image->config->diff_id_count);
	r = layers_new(image, count, err);
	for (size_t i = 0; r == 0 && i < count; i++) {
		struct image_layer *layer = &image->layers[i];
		struct err why = { 0 };

		layer->has_digest = digest_from_path(members[i], &layer->digest);
		r = source_member(image->source, members[i], &layer->blob, &why);
		r = layer_found(image, i, r, &why, err);
	}
	return r;
}

/* "<64 hex>.json", as Docker names a config by its own hash. Any other name says nothing. */
static bool digest_from_member(const char *member, struct digest *ret_digest)
{
	enum { HEX = 64 };
	static const char SUFFIX[] = ".json";
	char text[sizeof("sha256:") + HEX];

	if (strlen(member) != HEX + strlen(SUFFIX) || strcmp(member + HEX, SUFFIX) != 0)
		return false;
	snprintf(text, sizeof(text), "sha256:%.*s", HEX, member);
	return digest_parse(text, ret_digest, NULL) == 0;
}

static int docker_open(struct image *image, struct err *err)
{
	const char *member = image->entry->config_member;
	struct digest digest;
	struct blob blob;
	int r = source_member(image->source, member, &blob, err);

	if (r < 0) {
		err_wrap(err, "config");
		return r;
	}
	bool named = digest_from_path(member, &digest) || digest_from_member(member, &digest);

	r = config_read(image, &blob, named ? &digest : NULL, err);
	return r < 0 ? r : docker_layers(image, err);
}

/* ---- OCI's way ---- */

static void size_check(struct image *image, const char *what, uint64_t expected, uint64_t found)
{
	if (expected != found)
		problem_add(&image->problems, PROBLEM_SIZE_MISMATCH, PROBLEM_NOWHERE,
			    "%s: expected %" PRIu64 " bytes, found %" PRIu64, what, expected,
			    found);
}

static int described_find(struct image *image, const struct descriptor *descriptor,
			  const char *what, struct blob *ret_blob, struct err *err)
{
	int r = source_blob(image->source, &descriptor->digest, ret_blob, err);

	if (r < 0) {
		err_wrap(err, "%s", what);
		return r;
	}
	size_check(image, what, descriptor->size, ret_blob->span.length);
	return 0;
}

static int oci_manifest(struct image *image, struct err *err)
{
	const struct descriptor *descriptor = &image->entry->manifest;
	CLEANUP(freep) char *bytes = NULL;
	struct blob blob;
	size_t len;
	int r = described_find(image, descriptor, "manifest", &blob, err);

	if (r < 0)
		return r;
	r = document_read(image, &blob, "manifest", &descriptor->digest, &bytes, &len, err);
	if (r < 0)
		return r;
	r = manifest_parse(bytes, len, "manifest", &image->limits, &image->problems,
			   &image->manifest, err);
	if (r < 0)
		return r;
	image->has_manifest = true;
	if (image->manifest.kind != MANIFEST_IMAGE)
		return err_set(err, ERR_FORMAT, "manifest: is an index and no image");
	return 0;
}

static int oci_layers(struct image *image, struct err *err)
{
	int r = layers_new(image, image->manifest.count, err);

	for (size_t i = 0; r == 0 && i < image->layer_count; i++) {
		const struct descriptor *descriptor = &image->manifest.layers[i];
		struct image_layer *layer = &image->layers[i];
		struct err why = { 0 };
		char what[40];

		layer->has_digest = true;
		layer->digest = descriptor->digest;
		layer->media_type = descriptor->media_type;
		r = source_blob(image->source, &descriptor->digest, &layer->blob, &why);
		r = layer_found(image, i, r, &why, err);
		snprintf(what, sizeof(what), "layer %zu", i + 1);
		if (r == 0 && !layer->is_missing)
			size_check(image, what, descriptor->size, layer->size);
	}
	return r;
}

static int oci_open(struct image *image, struct err *err)
{
	struct blob blob;
	int r = oci_manifest(image, err);

	if (r < 0)
		return r;
	r = described_find(image, &image->manifest.config, "config", &blob, err);
	if (r < 0)
		return r;
	r = config_read(image, &blob, &image->manifest.config.digest, err);
	return r < 0 ? r : oci_layers(image, err);
}

/* ---- both ---- */

static void diff_ids_set(struct image *image)
{
	const struct config *config = image->config;

	if (config->diff_id_count != image->layer_count)
		problem_add(&image->problems, PROBLEM_DIFF_ID_MISMATCH, PROBLEM_NOWHERE,
			    "the config has %zu diff IDs, the image has %zu layers",
			    config->diff_id_count, image->layer_count);
	for (size_t i = 0; i < image->layer_count && i < config->diff_id_count; i++) {
		image->layers[i].has_diff_id = true;
		image->layers[i].diff_id = config->diff_ids[i];
	}
}

int image_open(struct source *source, size_t i, const struct limits *limits,
	       struct image **ret_image, struct err *err)
{
	CLEANUP(image_closep) struct image *image = calloc(1, sizeof(*image));
	int r;

	if (!image)
		return err_nomem(err);
	image->source = source;
	image->entry = source_image(source, i);
	image->limits = limits ? *limits : *limits_default();
	r = image->entry->config_member ? docker_open(image, err) : oci_open(image, err);
	if (r < 0) {
		err_wrap(err, "%s", source_name(source));
		return r;
	}
	diff_ids_set(image);
	if (image_history__match(image, err) < 0)
		return -ERR_NOMEM;
	*ret_image = STEAL(image);
	return 0;
}

void image_close(struct image *image)
{
	if (!image)
		return;
	config_free(image->config);
	manifest_done(&image->manifest);
	problem_list_done(&image->problems);
	arena_done(&image->arena);
	free(image);
}

void image_closep(struct image **image)
{
	image_close(*image);
}

const struct config *image_config(const struct image *image)
{
	return image->config;
}

const struct blob *image_config_blob(const struct image *image)
{
	return &image->config_blob;
}

const struct digest *image_config_digest(const struct image *image)
{
	return &image->config_digest;
}

struct source *image_source(const struct image *image)
{
	return image->source;
}

const struct source_image *image_entry(const struct image *image)
{
	return image->entry;
}

const struct manifest *image_manifest(const struct image *image)
{
	return image->has_manifest ? &image->manifest : NULL;
}

size_t image_layer_count(const struct image *image)
{
	return image->layer_count;
}

const struct image_layer *image_layer(const struct image *image, size_t i)
{
	return &image->layers[i];
}

const struct problem_list *image_problems(const struct image *image)
{
	return &image->problems;
}

const char *image_name(const struct image *image)
{
	return image->entry->tags[0] ? image->entry->tags[0] : source_name(image->source);
}

const char *image_reference(const struct image *image)
{
	struct reference reference;

	for (const char *const *tag = image->entry->tags; *tag; tag++) {
		if (!reference_is_tag_alone(*tag) && reference_parse(*tag, &reference, NULL) == 0)
			return *tag;
	}
	return NULL;
}
