/*
 * A whole image. Layers come first, each rewritten or copied as it is stored;
 * then the config with the new diff IDs, then what names them: manifest.json of
 * a docker-archive, or manifest, index.json and oci-layout.
 */
#include <string.h>

#include "base/json.h"
#include "emit_priv.h"
#include "oci/media_type.h"

/* One layer of the output. */
struct written_layer {
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

static bool is_docker(const struct image_writer *writer)
{
	return writer->options->format == SOURCE_DOCKER_ARCHIVE;
}

static void name_layer(const struct image_writer *writer, struct written_layer *layer)
{
	char hex[DIGEST_TEXT];

	if (is_docker(writer))
		snprintf(layer->name, sizeof(layer->name), "%s/layer.tar",
			 digest_hex(&layer->diff_id, hex));
	else
		snprintf(layer->name, sizeof(layer->name), "blobs/sha256/%s",
			 digest_hex(&layer->digest, hex));
}

/* Plain bytes are hashed, compressed, hashed and stored: *ret_plain and *ret_blob are borrowed. */
static int open_chain(struct sink *stored, enum compression compression, struct sink **ret_plain,
		      struct sink **ret_blob, struct err *err)
{
	struct sink *blob, *encoded;
	int result = sink_hash_open(stored, HASH_SHA256, &blob, err);

	if (result < 0)
		return result;
	*ret_blob = blob;
	if (compression == COMPRESSION_NONE)
		encoded = blob;
	else if ((result = sink_encode_open(blob, compression, &encoded, err)) < 0)
		return result;
	return sink_hash_open(encoded, HASH_SHA256, ret_plain, err);
}

/* Write one changed layer: number of a position to rewrite, or 0 for the appended one. */
static int write_changed(struct image_writer *writer, unsigned position,
			 struct written_layer *layer, struct err *err)
{
	CLEANUP(sink_closep) struct sink *plain = NULL;
	struct sink *stored, *blob;
	int result = emit__store_begin(writer->store, &stored, err);

	if (result < 0 || (result = open_chain(stored, layer->compression, &plain, &blob, err)) < 0)
		return result;
	result = position ? emit_rewritten_layer(writer->input, position, plain, err)
			  : emit_append_layer(writer->input, plain, err);
	if (result < 0 || (result = sink_finish(plain, err)) < 0)
		return result;
	layer->changed = true;
	layer->diff_id.algorithm = layer->digest.algorithm = HASH_SHA256;
	sink_hash_value(plain, layer->diff_id.bytes);
	sink_hash_value(blob, layer->digest.bytes);
	layer->size = blob->written;
	name_layer(writer, layer);
	return emit__store_end(writer->store, layer->name, layer->size, err);
}

/* What a changed layer is compressed with: as before where that can be written. */
static enum compression writable(enum compression compression)
{
	bool is_read_only = compression == COMPRESSION_BZIP2 || compression == COMPRESSION_LZ4;

	return is_read_only ? COMPRESSION_GZIP : compression;
}

/* The digest of a stored blob, where no manifest names it. */
static int hash_stored(const struct emit_input *input, const struct image_layer *stored,
		       struct digest *ret_digest, struct err *err)
{
	*ret_digest = (struct digest){ .algorithm = HASH_SHA256 };
	return layer_hash_span(&stored->blob.span, input->cancel, NULL, ret_digest->bytes, err);
}

static int copy_layer(struct image_writer *writer, unsigned position, struct written_layer *layer,
		      struct err *err)
{
	const struct image_layer *stored = image_layer(writer->input->image, position - 1);
	int result = 0;

	if (stored->is_missing)
		return err_set(err, ERR_NOT_FOUND, "layer %u is not in the image", position);
	/* Layers are named by it, so two without one would be taken for the same. */
	if (!stored->has_diff_id)
		return err_set(err, ERR_FORMAT, "layer %u has no diff ID", position);
	layer->diff_id = stored->diff_id;
	layer->size = stored->blob.span.length;
	if (stored->has_digest)
		layer->digest = stored->digest;
	else if (layer->compression == COMPRESSION_NONE)
		layer->digest = stored->diff_id;
	else
		result = hash_stored(writer->input, stored, &layer->digest, err);
	if (result < 0)
		return result;
	name_layer(writer, layer);
	return emit__store_copy(writer->store, &stored->blob.span, layer->name,
				writer->input->progress, writer->input->cancel, err);
}

static int write_position(struct image_writer *writer, unsigned position, struct err *err)
{
	struct written_layer *layer = &writer->layers[position - 1];
	const struct layer_index *index = tree_layer(writer->input->tree, position);
	struct emit_rewrite_count count = { 0 };
	int result = 0;

	layer->compression = index ? layer_compression(index) : COMPRESSION_NONE;
	if (writer->options->mode == EMIT_REWRITE)
		result = emit_rewrite_count(writer->input, position, &count, err);
	if (result < 0)
		return result;
	if (count.mended || count.replaced || count.added) {
		layer->compression = writable(layer->compression);
		result = write_changed(writer, position, layer, err);
	} else {
		result = copy_layer(writer, position, layer, err);
	}
	return result < 0 ? err_wrap(err, "layer %u", position), result : 0;
}

/* Whether the plan needs a layer that is not there yet. */
static bool needs_new_layer(const struct image_writer *writer)
{
	size_t wants;

	plan_wants(writer->input->plan, &wants);
	return wants > 0 && (writer->options->mode == EMIT_APPEND || emit__top(writer->input) == 0);
}

/* A new layer is compressed as the one below it. */
static int write_layers(struct image_writer *writer, struct err *err)
{
	unsigned top = emit__top(writer->input);
	int result = 0;

	writer->layers = calloc((size_t)top + 1, sizeof(*writer->layers));
	if (!writer->layers)
		return err_nomem(err);
	for (unsigned position = 1; result == 0 && position <= top; position++)
		result = write_position(writer, position, err);
	writer->count = top;
	if (result < 0 || !needs_new_layer(writer))
		return result;
	if (top > 0)
		writer->layers[top].compression = writable(writer->layers[top - 1].compression);
	writer->count++;
	return write_changed(writer, 0, &writer->layers[top], err);
}

static int put_json(struct image_writer *writer, const char *name, const json_t *json,
		    struct err *err)
{
	CLEANUP(freep) char *text = json_dumps(json, JSON_COMPACT);

	if (!text)
		return err_nomem(err);
	return emit__store_put(writer->store, name, text, strlen(text), err);
}

static int write_config(struct image_writer *writer, struct err *err)
{
	CLEANUP(freep) struct digest *diff_ids = calloc(writer->count + 1, sizeof(*diff_ids));
	CLEANUP(json_decrefp) json_t *json = NULL;
	CLEANUP(freep) char *text = NULL;
	struct config_layers layers = {
		.diff_ids = diff_ids,
		.count = writer->count,
		.created_by = writer->history,
		.empty_layer = writer->count == emit__top(writer->input),
	};
	char created[32], hex[DIGEST_TEXT];
	int result;

	if (!diff_ids)
		return err_nomem(err);
	for (size_t i = 0; i < writer->count; i++)
		diff_ids[i] = writer->layers[i].diff_id;
	emit__time_text(writer->input->created, created);
	layers.created = created;
	result = config_to_json(writer->input->config, &layers, &json, err);
	if (result < 0)
		return result;
	text = json_dumps(json, JSON_COMPACT);
	if (!text)
		return err_nomem(err);
	writer->config_size = strlen(text);
	result = digest_of(text, writer->config_size, &writer->config_digest, err);
	if (result < 0)
		return result;
	snprintf(writer->config_name, sizeof(writer->config_name),
		 is_docker(writer) ? "%s.json" : "blobs/sha256/%s",
		 digest_hex(&writer->config_digest, hex));
	return emit__store_put(writer->store, writer->config_name, text, writer->config_size, err);
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
		if (strchr(entry->tags[i], ':'))
			add_tag(tags, entry->tags[i]);
	}
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
	return put_json(writer, "manifest.json", manifest, err);
}

static enum media_family family_of(const struct image_writer *writer)
{
	const struct manifest *manifest = image_manifest(writer->input->image);

	return manifest ? manifest->family : FAMILY_OCI;
}

/* The family's name for the layer, else OCI's, which has more; NULL: it has none. */
static const char *layer_type(const struct image_writer *writer, size_t i)
{
	enum compression compression = writer->layers[i].compression;
	const char *type = media_type_name(MEDIA_LAYER, family_of(writer), compression);

	return type ? type : media_type_name(MEDIA_LAYER, FAMILY_OCI, compression);
}

/* The input's own descriptor of an untouched layer, so that its annotations stay; else a new one.
 */
static int add_descriptor(const struct image_writer *writer, size_t i, json_t *layers,
			  struct err *err)
{
	const struct manifest *manifest = image_manifest(writer->input->image);
	const struct written_layer *layer = &writer->layers[i];
	const char *type = layer_type(writer, i);
	json_t *descriptor;

	if (manifest && !layer->changed && i < manifest->count)
		descriptor =
			json_deep_copy(json_array_get(json_get_array(manifest->json, "layers"), i));
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
	/* What it refers to is the old image's business (signatures, attestations). */
	json_object_del(manifest, "subject");
	if (json_object_set(manifest, "layers", layers) < 0)
		return err_nomem(err);
	*ret_manifest = STEAL(manifest);
	return 0;
}

static const char *ref_name(const struct image_writer *writer)
{
	const struct source_image *entry = image_entry(writer->input->image);

	if (writer->options->tag)
		return writer->options->tag;
	return entry->tags[0];
}

static int write_index(struct image_writer *writer, const struct digest *digest, uint64_t size,
		       struct err *err)
{
	const struct platform *platform = &writer->input->config->platform;
	CLEANUP(json_decrefp) json_t *index = NULL;
	json_t *item = descriptor_to_json(
		media_type_name(MEDIA_MANIFEST, family_of(writer), COMPRESSION_NONE), digest, size);
	const char *name = ref_name(writer);
	json_t *fit;

	if (*platform->os && *platform->architecture) {
		fit = json_pack("{s:s, s:s}", "architecture", platform->architecture, "os",
				platform->os);
		if (*platform->variant)
			json_object_set_new(fit, "variant", json_string(platform->variant));
		json_object_set_new(item, "platform", fit);
	}
	if (name)
		json_object_set_new(item, "annotations",
				    json_pack("{s:s}", "org.opencontainers.image.ref.name", name));
	index = json_pack("{s:i, s:s, s:[o]}", "schemaVersion", 2, "mediaType",
			  media_type_name(MEDIA_INDEX, FAMILY_OCI, COMPRESSION_NONE), "manifests",
			  item);
	if (!index)
		return err_nomem(err);
	return put_json(writer, "index.json", index, err);
}

static int write_oci_manifest(struct image_writer *writer, struct err *err)
{
	static const char layout[] = "{\"imageLayoutVersion\":\"1.0.0\"}";
	CLEANUP(json_decrefp) json_t *manifest = NULL;
	CLEANUP(freep) char *text = NULL;
	char name[DIGEST_TEXT + 16], hex[DIGEST_TEXT];
	struct digest digest;
	int result = make_manifest(writer, &manifest, err);

	if (result < 0)
		return result;
	text = json_dumps(manifest, JSON_COMPACT);
	if (!text)
		return err_nomem(err);
	if ((result = digest_of(text, strlen(text), &digest, err)) < 0)
		return result;
	snprintf(name, sizeof(name), "blobs/sha256/%s", digest_hex(&digest, hex));
	if ((result = emit__store_put(writer->store, name, text, strlen(text), err)) < 0 ||
	    (result = emit__store_put(writer->store, "oci-layout", layout, sizeof(layout) - 1,
				      err)) < 0)
		return result;
	return write_index(writer, &digest, strlen(text), err);
}

static void image_writer_done(struct image_writer *writer)
{
	emit__store_free(writer->store);
	free(writer->layers);
	free(writer->history);
}

int emit_image(const struct emit_input *input, const struct emit_image_options *options, int fd,
	       struct err *err)
{
	CLEANUP(image_writer_done)
	struct image_writer writer = { .input = input, .options = options };
	int result;

	writer.history = emit__history_text(input->plan);
	if (!writer.history)
		return err_nomem(err);
	if ((result = emit__store_new(fd, options->format == SOURCE_OCI_LAYOUT, input->created,
				      &writer.store, err)) < 0 ||
	    (result = write_layers(&writer, err)) < 0 || (result = write_config(&writer, err)) < 0)
		return result;
	result = is_docker(&writer) ? write_docker_manifest(&writer, err)
				    : write_oci_manifest(&writer, err);
	return result < 0 ? result : emit__store_finish(writer.store, err);
}
