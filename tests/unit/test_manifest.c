/* Manifests and indexes: what a document is, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "oci/manifest.h"

#define HEX64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define BLOB "\"digest\":\"sha256:" HEX64 "\",\"size\":7"
#define OCI "application/vnd.oci.image."
#define CONFIG "\"config\":{\"mediaType\":\"" OCI "config.v1+json\"," BLOB "}"

static int parse(const char *text, struct manifest *manifest, struct err *err)
{
	return manifest_parse(text, strlen(text), "doc", NULL, NULL, manifest, err);
}

static void an_image_manifest_is_read(void **state)
{
	CLEANUP(manifest_done) struct manifest manifest = { 0 };

	(void)state;
	assert_int_equal(parse("{\"schemaVersion\":2," CONFIG ",\"layers\":[{" BLOB "},{" BLOB
			       "}]}",
			       &manifest, NULL),
			 0);
	assert_int_equal(manifest.kind, MANIFEST_IMAGE);
	assert_int_equal(manifest.family, FAMILY_OCI);
	assert_int_equal(manifest.count, 2);
	assert_int_equal(manifest.layers[1].size, 7);
}

static void an_image_without_layers_has_none(void **state)
{
	CLEANUP(manifest_done) struct manifest manifest = { 0 };

	(void)state;
	assert_int_equal(parse("{" CONFIG ",\"layers\":null}", &manifest, NULL), 0);
	assert_int_equal(manifest.kind, MANIFEST_IMAGE);
	assert_int_equal(manifest.count, 0);
}

static void an_index_is_read(void **state)
{
	CLEANUP(manifest_done) struct manifest manifest = { 0 };

	(void)state;
	assert_int_equal(parse("{\"manifests\":[{" BLOB "}]}", &manifest, NULL), 0);
	assert_int_equal(manifest.kind, MANIFEST_INDEX);
	assert_int_equal(manifest.count, 1);
}

static void the_family_follows_the_media_types(void **state)
{
	CLEANUP(manifest_done) struct manifest manifest = { 0 };

	(void)state;
	assert_int_equal(parse("{\"config\":{\"mediaType\":"
			       "\"application/vnd.docker.container.image.v1+json\"," BLOB
			       "},\"layers\":[]}",
			       &manifest, NULL),
			 0);
	assert_int_equal(manifest.family, FAMILY_DOCKER);
}

static void what_is_no_image_is_refused_with_a_reason(void **state)
{
	static const struct {
		const char *text;
		int code;
		const char *says;
	} CASES[] = {
		{ "{" CONFIG ",\"layers\":[],\"manifests\":[]}", ERR_FORMAT, "ambiguous" },
		{ "{\"mediaType\":\"" OCI "index.v1+json\"," CONFIG ",\"layers\":[]}", ERR_FORMAT,
		  "ambiguous" },
		{ "{\"mediaType\":\"" OCI "manifest.v1+json\",\"manifests\":[]}", ERR_FORMAT,
		  "ambiguous" },
		{ "{\"schemaVersion\":1,\"fsLayers\":[]}", ERR_FORMAT, "schema 1" },
		{ "{}", ERR_FORMAT, "neither layers nor manifests" },
		{ "[]", ERR_FORMAT, "object is expected" },
		{ "{", ERR_FORMAT, "doc" },
		{ "", ERR_FORMAT, "doc" },
		{ "{\"layers\":[]}", ERR_FORMAT, "config" },
		{ "{" CONFIG ",\"layers\":[{" BLOB "},{}]}", ERR_FORMAT, "layers[1]" },
		{ "{\"manifests\":[{\"size\":1}]}", ERR_FORMAT, "manifests[0]" },
		{ "{\"config\":{\"mediaType\":\"application/vnd.cncf.helm.config.v1+json\"," BLOB
		  "},\"layers\":[]}",
		  ERR_UNSUPPORTED, "artifact" },
		{ "{\"mediaType\":\"application/vnd.oci.artifact.manifest.v1+json\"}",
		  ERR_UNSUPPORTED, "no image" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct manifest manifest;
		struct err err = { 0 };

		assert_int_equal(parse(CASES[i].text, &manifest, &err), -CASES[i].code);
		assert_non_null(strstr(err.text, CASES[i].says));
		assert_non_null(strstr(err.text, "doc"));
	}
}

static void more_layers_than_the_limit_are_refused(void **state)
{
	static const char TEXT[] = "{" CONFIG ",\"layers\":[{" BLOB "},{" BLOB "}]}";
	struct limits limits = *limits_default();
	struct manifest manifest;

	(void)state;
	limits.layers = 1;
	assert_int_equal(manifest_parse(TEXT, strlen(TEXT), "doc", &limits, NULL, &manifest, NULL),
			 -ERR_LIMIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_image_manifest_is_read),
		cmocka_unit_test(an_image_without_layers_has_none),
		cmocka_unit_test(an_index_is_read),
		cmocka_unit_test(the_family_follows_the_media_types),
		cmocka_unit_test(what_is_no_image_is_refused_with_a_reason),
		cmocka_unit_test(more_layers_than_the_limit_are_refused),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
