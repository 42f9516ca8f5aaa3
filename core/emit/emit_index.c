/*
 * index.json: one that names the written image alone, or that of a layout with
 * one more entry. As with containers/image a name that is given again leaves
 * its old entry there without a name.
 */
#include <string.h>

#include "base/json.h"
#include "emit_image_priv.h"
#include "oci/media_type.h"

/* The tag of a layout, and containerd's full name. */
static const char *const NAMES[] = {
	"org.opencontainers.image.ref.name",
	"io.containerd.image.name",
};

enum { NAME_KINDS = sizeof(NAMES) / sizeof(*NAMES) };

static const char *name_of(const json_t *descriptor, size_t kind)
{
	return json_get_string(json_get_object(descriptor, "annotations"), NAMES[kind]);
}

static int set_name(json_t *descriptor, size_t kind, const char *name, struct err *err)
{
	json_t *annotations = json_object_get(descriptor, "annotations");

	if (!annotations) {
		annotations = json_object();
		if (json_object_set_new(descriptor, "annotations", annotations) < 0)
			return err_nomem(err);
	}
	return json_object_set_new(annotations, NAMES[kind], json_string(name)) < 0 ? err_nomem(err)
										    : 0;
}

static void drop_name(json_t *descriptor, size_t kind)
{
	json_t *annotations = json_object_get(descriptor, "annotations");

	json_object_del(annotations, NAMES[kind]);
	if (json_object_size(annotations) == 0)
		json_object_del(descriptor, "annotations");
}

static bool has_digest(const json_t *descriptor, const char *digest)
{
	const char *own = json_get_string(descriptor, "digest");

	return own && strcmp(own, digest) == 0;
}

/* ---- Among others ---- */

/* The entry of the image that was opened; NULL: it is in an index below. */
static const json_t *own_entry(const struct image_writer *writer, const json_t *list)
{
	const struct source_image *image = image_entry(writer->input->image);
	char digest[DIGEST_TEXT];
	json_t *item;
	size_t i;

	digest_text(&image->manifest.digest, digest);
	json_array_foreach(list, i, item)
	{
		const char *name = name_of(item, 1) ? name_of(item, 1) : name_of(item, 0);

		if (has_digest(item, digest) &&
		    (!name || (image->tags[0] && strcmp(image->tags[0], name) == 0)))
			return item;
	}
	return NULL;
}

/* The new entry gets the name, and whatever had it has none. */
static int take_name(json_t *list, json_t *descriptor, size_t kind, const char *name,
		     struct err *err)
{
	CLEANUP(freep) char *copy = strdup(name); /* it may be that of an entry */
	json_t *item;
	size_t i;

	if (!copy)
		return err_nomem(err);
	json_array_foreach(list, i, item)
	{
		const char *other = name_of(item, kind);

		if (other && strcmp(other, copy) == 0)
			drop_name(item, kind);
	}
	return set_name(descriptor, kind, copy, err);
}

/* The same image may have been written before. */
static void drop_repeated(json_t *list, const json_t *descriptor)
{
	const char *digest = json_get_string(descriptor, "digest");

	for (size_t i = json_array_size(list); i > 0; i--) {
		const json_t *item = json_array_get(list, i - 1);

		if (has_digest(item, digest) && !name_of(item, 0) && !name_of(item, 1))
			json_array_remove(list, i - 1);
	}
}

static int add_entry(const struct image_writer *writer, json_t *index, json_t *descriptor,
		     struct err *err)
{
	json_t *list = json_object_get(index, "manifests");
	const json_t *own = own_entry(writer, list);
	const char *tag = writer->options->tag;
	bool is_named = false;
	int result = 0;

	if (!json_is_array(list))
		return err_set(err, ERR_FORMAT, "index.json: 'manifests' is missing or no array");
	for (size_t kind = 0; result == 0 && kind < NAME_KINDS; kind++) {
		const char *name = tag ? (kind == 0 ? tag : NULL) : name_of(own, kind);

		if (name)
			result = take_name(list, descriptor, kind, name, err);
		is_named |= name != NULL;
	}
	if (result == 0 && !is_named)
		return err_set(err, ERR_INVALID,
			       "the image has no name of its own in index.json: --tag gives the "
			       "new one a name");
	drop_repeated(list, descriptor);
	if (result == 0 && json_array_append(list, descriptor) < 0)
		return err_nomem(err);
	return result;
}

/* ---- The entry ---- */

static int set_platform(const struct image_writer *writer, json_t *descriptor, struct err *err)
{
	const struct platform *platform = &writer->input->config->platform;
	json_t *fit;

	if (!*platform->os || !*platform->architecture)
		return 0;
	fit = json_pack("{s:s, s:s}", "architecture", platform->architecture, "os", platform->os);
	if (*platform->variant)
		json_object_set_new(fit, "variant", json_string(platform->variant));
	return json_object_set_new(descriptor, "platform", fit) < 0 ? err_nomem(err) : 0;
}

static int write_alone(struct image_writer *writer, json_t *descriptor, struct err *err)
{
	const char *name = writer->options->tag ? writer->options->tag
						: image_entry(writer->input->image)->tags[0];
	CLEANUP(json_decrefp) json_t *index = NULL;

	if (name && set_name(descriptor, 0, name, err) < 0)
		return -ERR_NOMEM;
	index = json_pack("{s:i, s:s, s:[O]}", "schemaVersion", 2, "mediaType",
			  media_type_name(MEDIA_INDEX, FAMILY_OCI, COMPRESSION_NONE), "manifests",
			  descriptor);
	return index ? emit__put_json(writer->store, "index.json", index, err) : err_nomem(err);
}

int emit__write_index(struct image_writer *writer, json_t *descriptor, struct err *err)
{
	CLEANUP(json_decrefp) json_t *taken = descriptor;
	struct layout_update *update = writer->options->update;
	int result;

	if (!taken)
		return err_nomem(err);
	result = set_platform(writer, taken, err);
	if (result < 0 || !update)
		return result < 0 ? result : write_alone(writer, taken, err);
	result = add_entry(writer, layout_update_index(update), taken, err);
	return result < 0 ? result
			  : emit__put_json(writer->store, LAYOUT_UPDATE_INDEX,
					   layout_update_index(update), err);
}
