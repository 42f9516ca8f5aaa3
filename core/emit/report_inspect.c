/* What an image is made of, without judging: manifest, config, layers. */
#include <string.h>

#include "report_priv.h"

static json_t *digest_json(bool known, const struct digest *digest)
{
	char text[DIGEST_TEXT];

	return known ? json_string(digest_text(digest, text)) : json_null();
}

static int set_index(json_t *object, const struct layer_index *index, struct err *err)
{
	if (report__set(object, "compression",
			json_string(compression_name(layer_compression(index))), err) < 0 ||
	    report__set(object, "decoded_size", json_integer((json_int_t)layer_decoded_size(index)),
			err) < 0 ||
	    report__set(object, "entries", json_integer((json_int_t)layer_entry_count(index)),
			err) < 0)
		return -ERR_NOMEM;
	return 0;
}

static json_t *layer_json(const struct image *image, size_t i, const struct layer_index *index)
{
	CLEANUP(json_decrefp) json_t *object = json_object();
	const struct image_layer *layer = image_layer(image, i);

	if (!object || report__set(object, "layer", json_integer((json_int_t)i + 1), NULL) < 0 ||
	    report__set(object, "digest", digest_json(layer->has_digest, &layer->digest), NULL) <
		    0 ||
	    report__set(object, "diff_id", digest_json(layer->has_diff_id, &layer->diff_id), NULL) <
		    0 ||
	    report__set(object, "media_type", report__string_json(layer->media_type), NULL) < 0 ||
	    report__set(object, "blob", report__string_json(layer->blob.name), NULL) < 0 ||
	    report__set(object, "size", json_integer((json_int_t)layer->size), NULL) < 0 ||
	    report__set(object, "missing", json_boolean(layer->is_missing), NULL) < 0 ||
	    report__set(object, "created_by", report__string_json(layer->created_by), NULL) < 0 ||
	    (index && set_index(object, index, NULL) < 0))
		return NULL;
	return STEAL(object);
}

static json_t *layers_json(const struct image *image, const struct layer_index *const *layers)
{
	json_t *array = json_array();

	for (size_t i = 0; array && i < image_layer_count(image); i++) {
		if (json_array_append_new(array, layer_json(image, i, layers ? layers[i] : NULL)) <
		    0) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

static json_t *tags_json(const struct source_image *entry)
{
	json_t *array = json_array();

	for (size_t i = 0; array && entry->tags[i]; i++)
		json_array_append_new(array, report__string_json(entry->tags[i]));
	return array;
}

int report_inspect_json(const struct image *image, const struct layer_index *const *layers,
			const struct report_options *options, struct err *err)
{
	CLEANUP(json_decrefp) json_t *object = json_object();
	const struct source *source = image_source(image);
	const struct manifest *manifest = image_manifest(image);
	const struct config *config = image_config(image);
	char platform[100];

	if (!object)
		return err_nomem(err);
	if (report__set(object, "schema", json_string("imgtui.inspect/1"), err) < 0 ||
	    report__set(object, "image", report__string_json(source_name(source)), err) < 0 ||
	    report__set(object, "format", json_string(source_format_name(source_format(source))),
			err) < 0 ||
	    report__set(object, "tags", tags_json(image_entry(image)), err) < 0 ||
	    report__set(object, "platform", json_string(platform_text(&config->platform, platform)),
			err) < 0 ||
	    report__set(object, "config_digest", digest_json(true, image_config_digest(image)),
			err) < 0 ||
	    report__set(object, "manifest", manifest ? json_incref(manifest->json) : json_null(),
			err) < 0 ||
	    report__set(object, "config", json_incref(config->json), err) < 0 ||
	    report__set(object, "layers", layers_json(image, layers), err) < 0 ||
	    report__set(object, "problems", report__problems_json(options), err) < 0)
		return -ERR_NOMEM;
	return report__write_json(options, STEAL(object), err);
}
