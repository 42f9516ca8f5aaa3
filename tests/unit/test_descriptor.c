/* Content descriptors: what must be there, and what marks an attestation. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "oci/descriptor.h"

#define HEX64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define BLOB "\"digest\":\"sha256:" HEX64 "\",\"size\":7"

static int parse(const char *text, json_t **json, struct descriptor *descriptor, struct err *err)
{
	*json = json_loads(text, 0, NULL);
	assert_non_null(*json);
	return descriptor_from_json(*json, descriptor, err);
}

static void all_members_are_read(void **state)
{
	CLEANUP(json_decrefp) json_t *json = NULL;
	struct descriptor descriptor;

	(void)state;
	assert_int_equal(parse("{" BLOB ",\"mediaType\":\"a/b\",\"platform\":{\"os\":\"linux\","
			       "\"architecture\":\"arm64\"},\"annotations\":{"
			       "\"org.opencontainers.image.ref.name\":\"latest\"}}",
			       &json, &descriptor, NULL),
			 0);
	assert_string_equal(descriptor.media_type, "a/b");
	assert_int_equal(descriptor.size, 7);
	assert_string_equal(descriptor.platform.architecture, "arm64");
	assert_string_equal(descriptor.ref_name, "latest");
	assert_false(descriptor.is_attestation);
}

static void a_bad_member_is_named(void **state)
{
	static const struct {
		const char *text, *says;
	} CASES[] = {
		{ "[]", "no object" },
		{ "{\"size\":7}", "digest is missing" },
		{ "{\"digest\":7,\"size\":7}", "digest is missing" },
		{ "{\"digest\":\"sha256:../../x\",\"size\":7}", "is no digest" },
		{ "{\"digest\":\"sha256:" HEX64 "\"}", "size is missing" },
		{ "{\"digest\":\"sha256:" HEX64 "\",\"size\":-1}", "size is missing" },
		{ "{\"digest\":\"sha256:" HEX64 "\",\"size\":\"7\"}", "size is missing" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		CLEANUP(json_decrefp) json_t *json = NULL;
		struct descriptor descriptor;
		struct err err = { 0 };

		assert_int_equal(parse(CASES[i].text, &json, &descriptor, &err), -ERR_FORMAT);
		assert_non_null(strstr(err.text, CASES[i].says));
	}
}

static void attestations_are_known_by_their_marks(void **state)
{
	static const char *const TEXTS[] = {
		"{" BLOB
		",\"annotations\":{\"vnd.docker.reference.type\":\"attestation-manifest\"}}",
		"{" BLOB ",\"platform\":{\"os\":\"unknown\",\"architecture\":\"unknown\"}}",
		"{" BLOB ",\"artifactType\":\"application/spdx+json\"}",
		"{" BLOB ",\"annotations\":{\"org.opencontainers.image.ref.name\":"
		"\"host/name:sha256-" HEX64 ".att\"}}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(TEXTS) / sizeof(TEXTS[0]); i++) {
		CLEANUP(json_decrefp) json_t *json = NULL;
		struct descriptor descriptor;

		assert_int_equal(parse(TEXTS[i], &json, &descriptor, NULL), 0);
		assert_true(descriptor.is_attestation);
	}
}

static void the_full_name_goes_before_the_tag(void **state)
{
	CLEANUP(json_decrefp) json_t *json = NULL;
	struct descriptor descriptor;

	(void)state;
	assert_int_equal(parse("{" BLOB ",\"annotations\":{\"org.opencontainers.image.ref.name\":"
			       "\"1\",\"io.containerd.image.name\":\"docker.io/library/x:1\"}}",
			       &json, &descriptor, NULL),
			 0);
	assert_string_equal(descriptor.ref_name, "docker.io/library/x:1");
}

static void written_descriptors_are_read_again(void **state)
{
	struct digest digest;
	struct descriptor descriptor;

	(void)state;
	assert_int_equal(digest_parse("sha256:" HEX64, &digest, NULL), 0);
	CLEANUP(json_decrefp) json_t *json = descriptor_to_json("a/b", &digest, UINT64_C(1) << 40);

	assert_int_equal(descriptor_from_json(json, &descriptor, NULL), 0);
	assert_true(digest_equal(&descriptor.digest, &digest));
	assert_true(descriptor.size == UINT64_C(1) << 40);
	assert_string_equal(descriptor.media_type, "a/b");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_members_are_read),
		cmocka_unit_test(a_bad_member_is_named),
		cmocka_unit_test(attestations_are_known_by_their_marks),
		cmocka_unit_test(the_full_name_goes_before_the_tag),
		cmocka_unit_test(written_descriptors_are_read_again),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
