/* Content descriptors from and to JSON; see oci/descriptor.h. */
#include "oci/descriptor.h"

#include <string.h>

#include "base/json.h"

/* Who sets which name: the OCI layout its tag, containerd and Docker the full reference. */
static const char *const NAME_ANNOTATIONS[] = {
	"io.containerd.image.name",
	"org.opencontainers.image.ref.name",
};

/* cosign's names for what it says of an image: sha256-DIGEST.sig, .att, .sbom; maybe behind "REPOSITORY:". */
static bool is_cosign_name(const char *name)
{
	static const char PREFIX[] = "sha256-";
	const char *colon = strrchr(name, ':');
	const char *tag = colon ? colon + 1 : name;
	const char *hex = tag + sizeof(PREFIX) - 1;

	return strncmp(tag, PREFIX, sizeof(PREFIX) - 1) == 0 &&
	       strspn(hex, "0123456789abcdef") == 64 && hex[64] == '.';
}

/*
 * BuildKit marks what it adds beside an image by an annotation and by the
 * platform unknown/unknown; other tools name the type of their artifact, or
 * have a scheme of tags.
 */
static bool is_attestation(const json_t *json, const struct platform *platform, const char *name)
{
	if (name && is_cosign_name(name))
		return true;
	if (json_get_string(json_get_object(json, "annotations"), "vnd.docker.reference.type"))
		return true;
	if (strcmp(platform->os, "unknown") == 0 && strcmp(platform->architecture, "unknown") == 0)
		return true;
	const char *artifact = json_get_string(json, "artifactType");

	return artifact && artifact[0];
}

static const char *ref_name(const json_t *json)
{
	const json_t *annotations = json_get_object(json, "annotations");

	for (size_t i = 0; i < sizeof(NAME_ANNOTATIONS) / sizeof(NAME_ANNOTATIONS[0]); i++) {
		const char *name = json_get_string(annotations, NAME_ANNOTATIONS[i]);

		if (name && name[0])
			return name;
	}
	return NULL;
}

int descriptor_from_json(const json_t *json, struct descriptor *ret_descriptor, struct err *err)
{
	struct descriptor descriptor = { 0 };

	if (!json_is_object(json))
		return err_set(err, ERR_FORMAT, "descriptor is missing or no object");
	int r = digest_parse(json_get_string(json, "digest"), &descriptor.digest, err);

	if (r < 0)
		return r;
	json_int_t size = json_get_int(json, "size", -1);

	if (size < 0)
		return err_set(err, ERR_FORMAT, "size is missing or no number of bytes");
	descriptor.size = (uint64_t)size;
	descriptor.media_type = json_get_string(json, "mediaType");
	platform_from_json(json_get_object(json, "platform"), &descriptor.platform);
	descriptor.ref_name = ref_name(json);
	descriptor.is_attestation =
		is_attestation(json, &descriptor.platform, descriptor.ref_name);
	*ret_descriptor = descriptor;
	return 0;
}

json_t *descriptor_to_json(const char *media_type, const struct digest *digest, uint64_t size)
{
	char text[DIGEST_TEXT];

	return json_pack("{s:s, s:s, s:I}", "mediaType", media_type, "digest",
			 digest_text(digest, text), "size", (json_int_t)size);
}
