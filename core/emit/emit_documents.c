/*
 * What names the layers and the config of a written image: manifest.json of a
 * docker-archive, manifest, index.json (emit_index.c) and oci-layout of a layout,
 * both of a hybrid archive. Unknown members and annotations of the input's manifest stay.
 */
#include <string.h>

#include "base/json.h"
#include "emit_image_priv.h"
#include "oci/media_type.h"
#include "oci/reference.h"

int emit__put_json(struct emit_store *store, const char *name, const json_t *json, struct err *err)
{
	CLEANUP(freep) char *text = json_dumps(json, JSON_COMPACT);

	if (!text)
		return err_nomem(err);
	return emit__store_put(store, name, text, strlen(text), err);
}

/* Docker's archives hold name:tag only. */
static void add_tag(json_t *tags, const char *name)
{
	const char *slash = strrchr(name, '/');
	bool has_tag = strchr(slash ? slash : name, ':') != NULL;

	json_array_append_new(tags, json_sprintf("%s%s", name, has_tag ? "" : ":latest"));
}

/* RepoTags: the one that was asked for, or the image's own. */
static json_t *make_tags(const struct image_writer *writer)
{
	const struct source_image *entry = image_entry(writer->input->image);
	json_t *tags = json_array();

	if (writer->options->tag)
		add_tag(tags, writer->options->tag);
	for (size_t i = 0; !writer->options->tag && entry->tags[i]; i++) {
		/* An OCI reference may be a tag alone, which names nothing here. */
		if (!reference_is_tag_alone(entry->tags[i]))
			add_tag(tags, entry->tags[i]);
	}
	if (json_array_size(tags) == 0 && entry->tags[0])
		problem_add(writer->options->notes, PROBLEM_LEFT_OUT, PROBLEM_NOWHERE,
			    "the tag '%s' is no whole name, so manifest.json has none; --tag "
			    "gives one",
			    entry->tags[0]);
	return tags;
}

static int write_docker_manifest(struct image_writer *writer, struct err *err)
{
	CLEANUP(json_decrefp) json_t *manifest = NULL;
	json_t *names = json_array();

	for (size_t i = 0; i < writer->count; i++)
		json_array_append_new(names, json_string(writer->layers[i].name));
	manifest = json_pack("[{s:s, s:o, s:o}]", "Config", writer->config_name, "RepoTags",
			     make_tags(writer), "Layers", names);
	if (!manifest || json_array_size(names) != writer->count)
		return err_nomem(err);
	return emit__put_json(writer->store, "manifest.json", manifest, err);
}

/* The input's family; OCI's where Docker's has no name for a layer: one manifest holds one family.
 */
static enum media_family family_of(const struct image_writer *writer)
{
	const struct manifest *manifest = image_manifest(writer->input->image);
	enum media_family family = manifest ? manifest->family : FAMILY_OCI;

	for (size_t i = 0; i < writer->count; i++) {
		if (!media_type_name(MEDIA_LAYER, family, writer->layers[i].compression))
			return FAMILY_OCI;
	}
	return family;
}

static const char *layer_type(const struct image_writer *writer, size_t i)
{
	return media_type_name(MEDIA_LAYER, family_of(writer), writer->layers[i].compression);
}

/* The input's, so that its annotations stay. */
static json_t *own_descriptor(const struct image_writer *writer, size_t i)
{
	const struct manifest *manifest = image_manifest(writer->input->image);
	json_t *descriptor =
		json_deep_copy(json_array_get(json_get_array(manifest->json, "layers"), i));
	const char *type = layer_type(writer, i);

	if (descriptor && type && manifest->family != family_of(writer))
		json_object_set_new(descriptor, "mediaType", json_string(type));
	return descriptor;
}

/* How the old blob could be fetched in pieces: its end says it, or an annotation. NULL: not at all. */
static const char *contents_kind(const struct image_writer *writer, size_t i)
{
	static const char *const KINDS[] = {
		[CONTENTS_STARGZ] = "stargz", [CONTENTS_CHUNKED] = "zstd-chunked"
	};
	const struct manifest *manifest = image_manifest(writer->input->image);
	enum emit_contents contents = emit__contents(writer->input, (unsigned)i + 1);
	json_t *value;
	const char *key;

	if (contents != CONTENTS_NONE || !manifest)
		return KINDS[contents];
	json_object_foreach(
		json_get_object(json_array_get(json_get_array(manifest->json, "layers"), i),
				"annotations"),
		key, value)
	{
		for (size_t k = CONTENTS_STARGZ; k <= CONTENTS_CHUNKED; k++)
			if (strstr(key, KINDS[k]))
				return KINDS[k];
	}
	return NULL;
}

void emit__note_contents(const struct image_writer *writer)
{
	for (size_t i = 0; i < emit__top(writer->input); i++) {
		const char *kind = writer->layers[i].changed ? contents_kind(writer, i) : NULL;

		if (kind)
			problem_add(writer->options->notes, PROBLEM_LEFT_OUT, PROBLEM_NOWHERE,
				    "layer %zu was %s: its table of contents does not fit any "
				    "more, so hosts that fetch such layers in pieces fetch it whole",
				    i + 1, kind);
	}
}

/* The input's own descriptor of an untouched layer; else a new one. */
static int add_descriptor(const struct image_writer *writer, size_t i, json_t *layers,
			  struct err *err)
{
	const struct manifest *manifest = image_manifest(writer->input->image);
	const struct written_layer *layer = &writer->layers[i];
	const char *type = layer_type(writer, i);
	json_t *descriptor;

	if (manifest && !layer->changed && i < manifest->count)
		descriptor = own_descriptor(writer, i);
	else if (type)
		descriptor = descriptor_to_json(type, &layer->digest, layer->size);
	else
		return err_set(err, ERR_UNSUPPORTED,
			       "layer %zu is compressed by %s, for which OCI has no name; "
			       "use --to docker-archive",
			       i + 1, compression_name(layer->compression));
	return json_array_append_new(layers, descriptor) < 0 ? err_nomem(err) : 0;
}

/* The input's manifest with other config and layers: its annotations and unknown members stay. */
static int make_manifest(const struct image_writer *writer, json_t **ret_manifest, struct err *err)
{
	const struct manifest *old = image_manifest(writer->input->image);
	const char *config_type =
		media_type_name(MEDIA_CONFIG, family_of(writer), COMPRESSION_NONE);
	CLEANUP(json_decrefp) json_t *manifest = NULL;
	CLEANUP(json_decrefp) json_t *layers = json_array();

	if (old)
		manifest = json_deep_copy(old->json);
	else
		manifest = json_pack("{s:i, s:s}", "schemaVersion", 2, "mediaType",
				     media_type_name(MEDIA_MANIFEST, FAMILY_OCI, COMPRESSION_NONE));
	if (json_object_set_new(manifest, "config",
				descriptor_to_json(config_type, &writer->config_digest,
						   writer->config_size)) < 0)
		return err_nomem(err);
	for (size_t i = 0; i < writer->count; i++) {
		int result = add_descriptor(writer, i, layers, err);

		if (result < 0)
			return result;
	}
	if (old && old->family != family_of(writer))
		json_object_set_new(manifest, "mediaType",
				    json_string(media_type_name(MEDIA_MANIFEST, family_of(writer),
								COMPRESSION_NONE)));
	/* What it refers to is the old image's business (signatures, attestations). */
	if (json_object_get(manifest, "subject")) {
		problem_add(writer->options->notes, PROBLEM_LEFT_OUT, PROBLEM_NOWHERE,
			    "the manifest's 'subject': it spoke of the image as it was");
		json_object_del(manifest, "subject");
	}
	if (json_object_set(manifest, "layers", layers) < 0)
		return err_nomem(err);
	*ret_manifest = STEAL(manifest);
	return 0;
}

/* Whether it names what is written as it stands. */
static bool keeps_manifest(const struct image_writer *writer)
{
	const struct manifest *manifest = image_manifest(writer->input->image);

	if (!manifest || !digest_equal(&manifest->config.digest, &writer->config_digest))
		return false;
	for (size_t i = 0; i < writer->count; i++) {
		if (writer->layers[i].changed)
			return false;
	}
	return writer->count == manifest->count;
}

/* Byte by byte where nothing in it changes, so that the image keeps its digest. */
static int manifest_text(const struct image_writer *writer, char **ret_text, size_t *ret_len,
			 struct err *err)
{
	const struct image *image = writer->input->image;
	CLEANUP(json_decrefp) json_t *manifest = NULL;
	struct blob blob;
	int result;

	if (keeps_manifest(writer)) {
		result = source_blob(image_source(image), &image_entry(image)->manifest.digest,
				     &blob, err);
		return result < 0 ? result
				  : blob_read(&blob, limits_default()->json_bytes, ret_text,
					      ret_len, err);
	}
	result = make_manifest(writer, &manifest, err);
	if (result < 0)
		return result;
	*ret_text = json_dumps(manifest, JSON_COMPACT);
	if (!*ret_text)
		return err_nomem(err);
	*ret_len = strlen(*ret_text);
	return 0;
}

int emit__write_manifest(struct image_writer *writer, json_t **ret_descriptor, struct err *err)
{
	CLEANUP(freep) char *text = NULL;
	char name[DIGEST_TEXT + 16], hex[DIGEST_TEXT];
	struct digest digest;
	size_t len;
	int result = manifest_text(writer, &text, &len, err);

	if (result < 0 || (result = digest_of(text, len, &digest, err)) < 0)
		return result;
	snprintf(name, sizeof(name), "blobs/sha256/%s", digest_hex(&digest, hex));
	result = emit__store_put(writer->store, name, text, len, err);
	if (result < 0)
		return result;
	if (writer->options->manifest)
		*writer->options->manifest = digest;
	*ret_descriptor = descriptor_to_json(
		media_type_name(MEDIA_MANIFEST, family_of(writer), COMPRESSION_NONE), &digest,
		len);
	return *ret_descriptor ? 0 : err_nomem(err);
}

int emit__write_version(struct emit_store *store, struct err *err)
{
	static const char LAYOUT[] = "{\"imageLayoutVersion\":\"1.0.0\"}";

	return emit__store_put(store, "oci-layout", LAYOUT, sizeof(LAYOUT) - 1, err);
}

static int write_layout(struct image_writer *writer, struct err *err)
{
	json_t *descriptor;
	int result = emit__write_manifest(writer, &descriptor, err);

	if (result < 0)
		return result;
	result = emit__write_version(writer->store, err);
	if (result == 0)
		return emit__write_index(writer, descriptor, err);
	json_decref(descriptor);
	return result;
}

const char *emit__image_label(const struct source_image *image, char digest[DIGEST_TEXT])
{
	if (image->tags[0])
		return image->tags[0];
	return image->config_member ? image->config_member
				    : digest_text(&image->manifest.digest, digest);
}

/* What else the source holds: it stays where it is. */
static void note_others(const struct image_writer *writer)
{
	const struct source *source = image_source(writer->input->image);
	const struct source_image *own = image_entry(writer->input->image);

	for (size_t i = 0; i < source_image_count(source); i++) {
		const struct source_image *image = source_image(source, i);
		char digest[DIGEST_TEXT];

		if (image == own)
			continue;
		problem_add(writer->options->notes, PROBLEM_LEFT_OUT, PROBLEM_NOWHERE,
			    image->is_attestation
				    ? "attestation or signature '%s': it spoke of the image as it was"
				    : "image '%s' of the input: one image is written at a time",
			    emit__image_label(image, digest));
	}
}

/* OCI media-types.md names gzip and zstd alone. */
static void note_compression(const struct image_writer *writer)
{
	for (size_t i = 0; i < writer->count; i++) {
		const struct written_layer *layer = &writer->layers[i];

		if (!layer->changed || layer->compression != COMPRESSION_XZ)
			continue;
		problem_add(writer->options->notes, PROBLEM_MEDIA_TYPE, PROBLEM_NOWHERE,
			    "layer %zu is compressed by xz, for which OCI's specification has no "
			    "name: some engines refuse it",
			    i + 1);
		return;
	}
}

int emit__write_documents(struct image_writer *writer, struct err *err)
{
	enum source_format format = writer->options->format;
	int result = 0;

	if (!writer->options->update)
		note_others(writer);
	emit__note_contents(writer);
	if (format == SOURCE_DOCKER_ARCHIVE || format == SOURCE_HYBRID)
		result = write_docker_manifest(writer, err);
	if (result == 0 && format != SOURCE_DOCKER_ARCHIVE) {
		note_compression(writer);
		result = write_layout(writer, err);
	}
	return result;
}
