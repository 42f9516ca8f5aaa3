/*
 * manifest.json of "docker save". Docker 25 and later add an OCI layout to the
 * same archive; manifest.json is followed then, as "docker load" does on most
 * hosts, and a disagreement is a problem because the others follow index.json.
 */
#include <string.h>

#include "base/json.h"
#include "base/path.h"
#include "core/source/source_priv.h"

static int bad_entry(size_t i, const char *what, struct err *err)
{
	return err_set(err, ERR_FORMAT, "manifest.json: image %zu %s", i + 1, what);
}

/* A member's name as written there, made plain; odd ones are noted. NULL: out of memory. */
static const char *member_name(struct source *source, const char *text)
{
	char *name = arena_copy(&source->arena, text, strlen(text));
	unsigned oddity = 0;

	if (!name)
		return NULL;
	name[path_normalise(name, strlen(name), &oddity)] = '\0';
	if (oddity & (PATH_WAS_ABSOLUTE | PATH_HAD_DOTDOT))
		problem_add(&source->problems, PROBLEM_ODD_PATH, PROBLEM_NOWHERE,
			    "manifest.json: '%s' is read as the member '%s'", text, name);
	return name;
}

/* A NULL-ended list of strings; null and absent are an empty one. */
static int strings_read(struct source *source, const json_t *list, bool members,
			const char *const **ret_strings, struct err *err)
{
	size_t count = json_array_size(list);
	const char **strings = arena_alloc(&source->arena, (count + 1) * sizeof(*strings));

	if (!strings)
		return err_nomem(err);
	for (size_t i = 0; i < count; i++) {
		const char *text = json_string_value(json_array_get(list, i));

		if (!text)
			return err_set(err, ERR_FORMAT, "manifest.json: a list holds no string");
		strings[i] = members ? member_name(source, text) : text;
		if (!strings[i])
			return err_nomem(err);
	}
	*ret_strings = strings;
	return 0;
}

static bool is_list(const json_t *value)
{
	return !value || json_is_null(value) || json_is_array(value);
}

static int image_read(struct source *source, const json_t *entry, size_t i, struct err *err)
{
	struct source_image image = { 0 };
	const json_t *tags = json_object_get(entry, "RepoTags");
	const json_t *layers = json_object_get(entry, "Layers");
	const char *config = json_get_string(entry, "Config");
	int r;

	if (!json_is_object(entry))
		return bad_entry(i, "is no object", err);
	if (!config || !config[0])
		return bad_entry(i, "has no Config", err);
	if (!layers)
		return bad_entry(i, "has no Layers", err);
	if (!is_list(layers) || !is_list(tags))
		return bad_entry(i, "has Layers or RepoTags that are no list", err);
	r = limits_check(json_array_size(layers), source->limits.layers, "layers", err);
	if (r < 0)
		return r;
	image.config_member = member_name(source, config);
	if (!image.config_member)
		return err_nomem(err);
	if ((r = strings_read(source, tags, false, &image.tags, err)) < 0 ||
	    (r = strings_read(source, layers, true, &image.layer_members, err)) < 0)
		return r;
	return VEC_PUSH(&source->list.images, image, err);
}

static int manifest_read(struct source *source, struct err *err)
{
	CLEANUP(freep) char *bytes = NULL;
	size_t len;
	int r = source__document(source, "manifest.json", &bytes, &len, err);

	if (r < 0)
		return r;
	if (strncmp(bytes, "null", 4) == 0)
		return err_set(err, ERR_FORMAT,
			       "manifest.json: is null, a list of images is expected");
	r = json_parse(bytes, len, "manifest.json", &source->limits, &source->problems,
		       &source->manifest_json, err);
	if (r < 0)
		return r;
	const json_t *json = source->manifest_json;

	if (!json_is_array(json))
		return err_set(err, ERR_FORMAT,
			       "manifest.json: is no list, a list of images is expected");
	if (json_array_size(json) == 0)
		return err_set(err, ERR_FORMAT, "manifest.json: lists no image");
	r = limits_check(json_array_size(json), source->limits.images, "images", err);
	for (size_t i = 0; r == 0 && i < json_array_size(json); i++)
		r = image_read(source, json_array_get(json, i), i, err);
	return r;
}

static size_t string_count(const char *const *strings)
{
	size_t count = 0;

	while (strings[count])
		count++;
	return count;
}

/* Layers can be compared where their names are digests; else only their number can. */
static bool layers_agree(const struct source_image *image, const struct manifest *manifest)
{
	if (string_count(image->layer_members) != manifest->count)
		return false;
	for (size_t i = 0; i < manifest->count; i++) {
		struct digest digest;

		if (digest_from_path(image->layer_members[i], &digest) &&
		    !digest_equal(&digest, &manifest->layers[i].digest))
			return false;
	}
	return true;
}

enum agreement { OTHER_IMAGE, OTHER_LAYERS, AGREES };

static enum agreement image_compare(struct source *source, const struct source_image *docker,
				    const struct digest *config, const struct source_image *oci)
{
	CLEANUP(freep) char *bytes = NULL;
	CLEANUP(manifest_done) struct manifest manifest = { 0 };
	size_t len;
	bool good;

	if (oci->is_attestation ||
	    source__described(source, &oci->manifest, &bytes, &len, &good, NULL) < 0 ||
	    manifest_parse(bytes, len, "manifest", &source->limits, NULL, &manifest, NULL) < 0 ||
	    manifest.kind != MANIFEST_IMAGE || !digest_equal(&manifest.config.digest, config))
		return OTHER_IMAGE;
	return layers_agree(docker, &manifest) ? AGREES : OTHER_LAYERS;
}

/* One image of manifest.json: index.json should have one with its config and its layers. */
static int image_check(struct source *source, const struct source_image *docker,
		       const struct image_list *list, struct err *err)
{
	CLEANUP(freep) char *bytes = NULL;
	enum agreement best = OTHER_IMAGE;
	struct digest config;
	size_t len;

	/* A config that cannot be read is an error of the image, when it is opened. */
	if (source__document(source, docker->config_member, &bytes, &len, NULL) < 0)
		return 0;
	if (!digest_from_path(docker->config_member, &config) &&
	    digest_of(bytes, len, &config, err) < 0)
		return -ERR_NOMEM;
	for (size_t i = 0; best != AGREES && i < list->images.count; i++) {
		enum agreement found =
			image_compare(source, docker, &config, &list->images.items[i]);

		if (found > best)
			best = found;
	}
	if (best != AGREES)
		problem_add(&source->problems, PROBLEM_MANIFESTS_DISAGREE, PROBLEM_NOWHERE,
			    "index.json %s for the image '%s' of manifest.json: tools that follow "
			    "the one show another image than those that follow the other",
			    best == OTHER_IMAGE ? "has no image with the same config"
						: "has other layers",
			    docker->tags[0] ? docker->tags[0] : docker->config_member);
	return 0;
}

static int index_compare(struct source *source, struct err *err)
{
	CLEANUP(image_list__done) struct image_list list = { 0 };
	struct err why = { 0 };
	int r = oci_index__read(source, &list, NULL, &why);

	if (r == -ERR_NOT_FOUND)
		return 0;
	if (r == -ERR_NOMEM)
		return err_nomem(err);
	if (r < 0) {
		problem_add(&source->problems, PROBLEM_MANIFESTS_DISAGREE, PROBLEM_NOWHERE,
			    "manifest.json is followed, and index.json cannot be read: %s",
			    why.text);
		return 0;
	}
	if (list.images.count == 0) {
		problem_add(&source->problems, PROBLEM_MANIFESTS_DISAGREE, PROBLEM_NOWHERE,
			    "index.json lists no image, and manifest.json does: tools that follow "
			    "index.json will not find it");
		return 0;
	}
	/* Each pair is compared once; so many are hostile, and the first ones tell enough. */
	size_t most = list.images.count > 100 ? 1 : 100;

	for (size_t i = 0; r == 0 && i < source->list.images.count && i < most; i++)
		r = image_check(source, &source->list.images.items[i], &list, err);
	return r;
}

int docker_archive__read(struct source *source, struct err *err)
{
	int r = manifest_read(source, err);

	return r < 0 ? r : index_compare(source, err);
}
