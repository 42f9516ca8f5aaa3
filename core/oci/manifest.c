/*
 * Image manifests and indexes from JSON; see oci/manifest.h. What a document
 * is follows from its members; a mediaType that says otherwise is refused.
 */
#include "oci/manifest.h"

#include <string.h>

#include "base/json.h"

/* CVE-2021-41190: one document must not be an image to one tool and an index to the next. */
static int kind_of(const json_t *json, enum manifest_kind *ret_kind, struct err *err)
{
	const struct media_type *type = media_type_find(json_get_string(json, "mediaType"));
	bool image = json_get_array(json, "layers") || json_get_object(json, "config");
	bool index = json_get_array(json, "manifests") != NULL;

	if (json_get_array(json, "fsLayers") || json_get_int(json, "schemaVersion", 2) == 1)
		return err_set(err, ERR_FORMAT,
			       "has the old schema 1, which is not read: pull and save the image "
			       "again with a current tool");
	if (image && index)
		return err_set(err, ERR_FORMAT,
			       "is ambiguous: it has layers and manifests (CVE-2021-41190)");
	if (type &&
	    ((image && type->kind == MEDIA_INDEX) || (index && type->kind == MEDIA_MANIFEST)))
		return err_set(err, ERR_FORMAT,
			       "is ambiguous: its mediaType '%s' is not what its members say",
			       type->name);
	if (type && type->kind == MEDIA_OTHER)
		return err_set(err, ERR_UNSUPPORTED, "is no image: its mediaType is '%s'",
			       type->name);
	if (!image && !index && !(type && type->kind == MEDIA_INDEX))
		return err_set(err, ERR_FORMAT,
			       "is no manifest: it has neither layers nor manifests");
	*ret_kind = image ? MANIFEST_IMAGE : MANIFEST_INDEX;
	return 0;
}

static enum media_family family_of(const struct manifest *manifest)
{
	const struct media_type *type =
		media_type_find(json_get_string(manifest->json, "mediaType"));

	if (!type && manifest->kind == MANIFEST_IMAGE)
		type = media_type_find(manifest->config.media_type);
	return type ? type->family : FAMILY_OCI;
}

static int descriptors_read(const json_t *array, const char *member, uint64_t most,
			    struct descriptor **ret_items, size_t *ret_count, struct err *err)
{
	size_t count = json_array_size(array);

	if (limits_check(count, most, member, err) < 0)
		return -ERR_LIMIT;
	CLEANUP(freep) struct descriptor *items = calloc(count + 1, sizeof(*items));

	if (!items)
		return err_nomem(err);
	for (size_t i = 0; i < count; i++) {
		int r = descriptor_from_json(json_array_get(array, i), &items[i], err);

		if (r < 0) {
			err_wrap(err, "%s[%zu]", member, i);
			return r;
		}
	}
	*ret_items = STEAL(items);
	*ret_count = count;
	return 0;
}

static int image_read(struct manifest *manifest, const struct limits *limits, struct err *err)
{
	const json_t *json = manifest->json;
	int r = descriptor_from_json(json_get_object(json, "config"), &manifest->config, err);

	if (r < 0) {
		err_wrap(err, "config");
		return r;
	}
	const char *config_type = manifest->config.media_type;
	const struct media_type *type = media_type_find(config_type);
	const char *artifact = json_get_string(json, "artifactType");

	if (config_type && config_type[0] && (!type || type->kind != MEDIA_CONFIG))
		return err_set(err, ERR_UNSUPPORTED,
			       "is an artifact and no image: its config is of type '%.200s'",
			       artifact && artifact[0] ? artifact : config_type);
	return descriptors_read(json_get_array(json, "layers"), "layers", limits->layers,
				&manifest->layers, &manifest->count, err);
}

static int members_read(struct manifest *manifest, const struct limits *limits, struct err *err)
{
	if (!json_is_object(manifest->json))
		return err_set(err, ERR_FORMAT, "is no manifest: a JSON object is expected");
	int r = kind_of(manifest->json, &manifest->kind, err);

	if (r < 0)
		return r;
	if (manifest->kind == MANIFEST_IMAGE)
		r = image_read(manifest, limits, err);
	else
		r = descriptors_read(json_get_array(manifest->json, "manifests"), "manifests",
				     limits->images, &manifest->manifests, &manifest->count, err);
	manifest->family = family_of(manifest);
	return r;
}

int manifest_parse(const char *bytes, size_t len, const char *what, const struct limits *limits,
		   struct problem_list *problems, struct manifest *ret_manifest, struct err *err)
{
	CLEANUP(manifest_done) struct manifest manifest = { 0 };
	int r;

	if (!limits)
		limits = limits_default();
	r = json_parse(bytes, len, what, limits, problems, &manifest.json, err);
	if (r < 0)
		return r;
	r = members_read(&manifest, limits, err);
	if (r < 0) {
		err_wrap(err, "%s", what);
		return r;
	}
	*ret_manifest = manifest;
	manifest = (struct manifest){ 0 };
	return 0;
}

void manifest_done(struct manifest *manifest)
{
	free(manifest->layers);
	free(manifest->manifests);
	json_decref(manifest->json);
	*manifest = (struct manifest){ 0 };
}
