/*
 * Several images in one output. Their blobs come first; then the source's
 * indexes, innermost first, with the descriptors of what was written. What an index has
 * besides (attestations, images that nobody asked for) is left out and noted.
 */
#include <string.h>

#include "base/json.h"
#include "emit_image_priv.h"
#include "oci/media_type.h"

struct written {
	const struct digest *old;
	json_t *descriptor; /* owned */
};

struct images {
	const struct emit_input *inputs;
	const struct emit_image_options *options;
	size_t count;
	struct emit_store *store;
	struct written *written; /* of each */
};

static void images_done(struct images *images)
{
	for (size_t i = 0; images->written && i < images->count; i++)
		json_decref(images->written[i].descriptor);
	free(images->written);
	emit__store_free(images->store);
}

/* ---- The images ---- */

static int write_one(struct image_writer *writer, json_t **ret_descriptor, struct err *err)
{
	int result = emit__write_blobs(writer, err);

	if (result < 0)
		return result;
	emit__note_contents(writer);
	return emit__write_manifest(writer, ret_descriptor, err);
}

static int write_image(struct images *images, size_t i, struct err *err)
{
	struct image_writer writer = {
		.input = &images->inputs[i],
		.options = &images->options[i],
		.store = images->store,
	};
	char digest[DIGEST_TEXT];
	int result;

	if (!image_manifest(writer.input->image))
		return err_set(err, ERR_INVALID, "the source has no index of platforms");
	images->written[i].old = &image_entry(writer.input->image)->manifest.digest;
	writer.history = emit__history_text(writer.input->plan);
	result = writer.history ? write_one(&writer, &images->written[i].descriptor, err)
				: err_nomem(err);
	free(writer.layers);
	free(writer.history);
	if (result < 0)
		err_wrap(err, "%s", digest_text(images->written[i].old, digest));
	return result;
}

/* ---- The indexes ---- */

static int rebuild(struct images *images, json_t *index, unsigned depth, struct err *err);

static json_t *find_written(const struct images *images, const struct digest *digest)
{
	for (size_t i = 0; i < images->count; i++) {
		if (digest_equal(images->written[i].old, digest))
			return images->written[i].descriptor;
	}
	return NULL;
}

/* mediaType, digest and size of another blob; platform and annotations stay. */
static int redirect(json_t *descriptor, json_t *to, struct err *err)
{
	return json_object_update(descriptor, to) < 0 ? err_nomem(err) : 0;
}

/* Not NULL: the descriptor's blob is an index, which is returned. New reference. */
static json_t *read_index(const struct images *images, const struct descriptor *descriptor)
{
	const struct limits *limits = limits_default();
	struct source *source = image_source(images->inputs[0].image);
	CLEANUP(freep) char *bytes = NULL;
	CLEANUP(json_decrefp) json_t *json = NULL;
	struct blob blob;
	size_t len;

	if (source_blob(source, &descriptor->digest, &blob, NULL) < 0 ||
	    blob_read(&blob, limits->json_bytes, &bytes, &len, NULL) < 0 ||
	    json_parse(bytes, len, "index", limits, NULL, &json, NULL) < 0 ||
	    !json_is_array(json_object_get(json, "manifests")))
		return NULL;
	return STEAL(json);
}

static int put_index(const struct images *images, const json_t *index, json_t *descriptor,
		     struct err *err)
{
	CLEANUP(freep) char *text = json_dumps(index, JSON_COMPACT);
	CLEANUP(json_decrefp) json_t *to = NULL;
	char path[DIGEST_PATH];
	struct digest digest;
	int result;

	if (!text)
		return err_nomem(err);
	if ((result = digest_of(text, strlen(text), &digest, err)) < 0 ||
	    (result = emit__store_put(images->store, digest_path(&digest, path), text, strlen(text),
				      err)) < 0)
		return result;
	to = json_pack("{s:s, s:I}", "digest", digest_text(&digest, path), "size",
		       (json_int_t)strlen(text));
	return to ? redirect(descriptor, to, err) : err_nomem(err);
}

static void note_left_out(const struct images *images, const struct descriptor *descriptor)
{
	char digest[DIGEST_TEXT];

	problem_add(images->options[0].notes, PROBLEM_LEFT_OUT, PROBLEM_NOWHERE,
		    descriptor->is_attestation
			    ? "attestation or signature '%s': it spoke of the image as it was"
			    : "'%s' of the index: it is not among what is written",
		    descriptor->ref_name ? descriptor->ref_name
					 : digest_text(&descriptor->digest, digest));
}

/* 1: the entry stays, with what it leads to now; 0: it does not. */
static int rebuild_entry(struct images *images, json_t *entry, unsigned depth, struct err *err)
{
	CLEANUP(json_decrefp) json_t *below = NULL;
	struct descriptor descriptor;
	json_t *written;
	int result;

	if (descriptor_from_json(entry, &descriptor, NULL) < 0)
		return 0;
	written = descriptor.is_attestation ? NULL : find_written(images, &descriptor.digest);
	if (written)
		return redirect(entry, written, err) < 0 ? -(int)ERR_NOMEM : 1;
	if (!descriptor.is_attestation)
		below = read_index(images, &descriptor);
	if (!below) {
		note_left_out(images, &descriptor);
		return 0;
	}
	result = rebuild(images, below, depth + 1, err);
	if (result < 0 || json_array_size(json_object_get(below, "manifests")) == 0)
		return result;
	result = put_index(images, below, entry, err);
	return result < 0 ? result : 1;
}

static int rebuild(struct images *images, json_t *index, unsigned depth, struct err *err)
{
	json_t *list = json_object_get(index, "manifests");
	size_t i = 0;

	if (limits_check(depth, limits_default()->index_depth, "nested indexes", err) < 0)
		return -(int)ERR_LIMIT;
	json_object_del(index, "subject");
	while (i < json_array_size(list)) {
		int stays = rebuild_entry(images, json_array_get(list, i), depth, err);

		if (stays < 0)
			return stays;
		if (stays)
			i++;
		else
			json_array_remove(list, i);
	}
	return 0;
}

/* The one entry of the top gets the name. */
static int set_tag(json_t *index, const char *tag, struct err *err)
{
	json_t *list = json_object_get(index, "manifests");
	json_t *entry = json_array_get(list, 0), *annotations;

	if (json_array_size(list) != 1)
		return err_set(err, ERR_INVALID,
			       "--tag: index.json has %zu entries, and a name is of one",
			       json_array_size(list));
	annotations = json_object_get(entry, "annotations");
	if (!annotations) {
		annotations = json_object();
		json_object_set_new(entry, "annotations", annotations);
	}
	json_object_del(annotations, "io.containerd.image.name");
	return json_object_set_new(annotations, "org.opencontainers.image.ref.name",
				   json_string(tag)) < 0
		       ? err_nomem(err)
		       : 0;
}

static int write_indexes(struct images *images, struct err *err)
{
	const struct limits *limits = limits_default();
	CLEANUP(freep) char *bytes = NULL;
	CLEANUP(json_decrefp) json_t *index = NULL;
	struct blob blob;
	size_t len;
	int result;

	if ((result = source_member(image_source(images->inputs[0].image), "index.json", &blob,
				    err)) < 0 ||
	    (result = blob_read(&blob, limits->json_bytes, &bytes, &len, err)) < 0 ||
	    (result = json_parse(bytes, len, "index.json", limits, NULL, &index, err)) < 0 ||
	    (result = rebuild(images, index, 1, err)) < 0)
		return result;
	if (images->options[0].tag && (result = set_tag(index, images->options[0].tag, err)) < 0)
		return result;
	result = emit__write_version(images->store, err);
	return result < 0 ? result : emit__put_json(images->store, "index.json", index, err);
}

int emit_images(const struct emit_input *inputs, const struct emit_image_options *options,
		size_t count, int fd, struct err *err)
{
	CLEANUP(images_done)
	struct images images = { .inputs = inputs, .options = options, .count = count };
	int result;

	images.written = calloc(count + 1, sizeof(*images.written));
	if (!images.written)
		return err_nomem(err);
	result = emit__store_new(fd, options->format == SOURCE_OCI_LAYOUT, inputs->created,
				 &images.store, err);
	for (size_t i = 0; result == 0 && i < count; i++)
		result = write_image(&images, i, err);
	if (result == 0)
		result = write_indexes(&images, err);
	return result < 0 ? result : emit__store_finish(images.store, err);
}
