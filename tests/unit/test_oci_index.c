/* The images of an index: flattened, in order, marked, limited. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "source/source.h"
#include "tests/lib/blobs.h"

static struct source *source_of(struct tb *tar, const char *index, struct err *err)
{
	struct source *source = NULL;

	source_open(index_end(tar, index, "index.tar"), NULL, &source, err);
	return source;
}

static void nested_indexes_are_flattened_in_order(void **state)
{
	char a[BLOB_TEXT], b[BLOB_TEXT], c[BLOB_TEXT], inner[BLOB_TEXT], text[4 * BLOB_TEXT];
	struct tb tar = { 0 };

	(void)state;
	image_put(&tar, "{\"x\":1}", a);
	image_put(&tar, "{\"x\":2}", b);
	image_put(&tar, "{\"x\":3}", c);
	snprintf(text, sizeof(text),
		 "{\"manifests\":[{%s,\"platform\":{\"os\":\"linux\",\"architecture\":\"arm64\"}},"
		 "{%s,\"annotations\":{\"org.opencontainers.image.ref.name\":\"own\"}}]}",
		 a, b);
	blob_put(&tar, text, inner);
	snprintf(text, sizeof(text),
		 "{\"manifests\":[{%s,\"mediaType\":\"" OCI_TYPE "index.v1+json\",\"annotations\":{"
		 "\"org.opencontainers.image.ref.name\":\"outer\"}},{%s}]}",
		 inner, c);
	CLEANUP(source_closep) struct source *source = source_of(&tar, text, NULL);

	assert_non_null(source);
	assert_int_equal(source_image_count(source), 3);
	assert_string_equal(source_image(source, 0)->tags[0], "outer");
	assert_string_equal(source_image(source, 0)->platform.architecture, "arm64");
	assert_string_equal(source_image(source, 1)->tags[0], "own");
	assert_string_equal(source_image(source, 1)->tags[1], "outer");
	assert_null(source_image(source, 1)->tags[2]);
	assert_null(source_image(source, 2)->tags[0]);
}

static void attestations_and_artifacts_are_listed_and_marked(void **state)
{
	char a[BLOB_TEXT], b[BLOB_TEXT], helm[BLOB_TEXT], text[4 * BLOB_TEXT];
	struct tb tar = { 0 };

	(void)state;
	image_put(&tar, "{}", a);
	blob_put(&tar, "{\"b\":1}", b);
	snprintf(text, sizeof(text),
		 "{\"config\":{\"mediaType\":\"application/vnd.cncf.helm.config.v1+json\",%s},"
		 "\"layers\":[]}",
		 b);
	blob_put(&tar, text, helm);
	snprintf(text, sizeof(text),
		 "{\"manifests\":[{%s},{%s,\"platform\":{\"os\":\"unknown\",\"architecture\":"
		 "\"unknown\"}},{%s}]}",
		 a, b, helm);
	CLEANUP(source_closep) struct source *source = source_of(&tar, text, NULL);
	size_t chosen = 7;

	assert_non_null(source);
	assert_int_equal(source_image_count(source), 3);
	assert_false(source_image(source, 0)->is_attestation);
	assert_true(source_image(source, 1)->is_attestation);
	assert_true(source_image(source, 2)->is_attestation);
	assert_int_equal(source_choose(source, NULL, &chosen, NULL), 0);
	assert_int_equal(chosen, 0);
}

static void a_missing_index_is_a_problem_and_a_missing_manifest_is_listed(void **state)
{
	static const char ABSENT[] =
		"\"digest\":\"sha256:"
		"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\",\"size\":1";
	char text[2 * BLOB_TEXT];
	struct tb tar = { 0 };

	(void)state;
	snprintf(text, sizeof(text),
		 "{\"manifests\":[{%s,\"mediaType\":\"" OCI_TYPE "index.v1+json\"},{%s}]}", ABSENT,
		 ABSENT);
	CLEANUP(source_closep) struct source *source = source_of(&tar, text, NULL);

	assert_non_null(source);
	assert_int_equal(source_image_count(source), 1);
	assert_int_equal(source_problems(source)->all.count, 1);
	assert_int_equal(source_problems(source)->all.items[0].kind, PROBLEM_MISSING_BLOB);
}

static void a_nested_index_of_another_size_is_a_problem(void **state)
{
	char a[BLOB_TEXT], inner[BLOB_TEXT], text[2 * BLOB_TEXT];
	struct tb tar = { 0 };

	(void)state;
	image_put(&tar, "{}", a);
	snprintf(text, sizeof(text), "{\"manifests\":[{%s}]}", a);
	blob_put(&tar, text, inner);
	snprintf(text, sizeof(text), "{\"manifests\":[{%s9}]}", inner);
	CLEANUP(source_closep) struct source *source = source_of(&tar, text, NULL);

	assert_non_null(source);
	assert_int_equal(source_image_count(source), 1);
	assert_int_equal(source_problems(source)->all.count, 1);
	assert_int_equal(source_problems(source)->all.items[0].kind, PROBLEM_DIGEST_MISMATCH);
}

static void nesting_that_is_too_deep_is_refused(void **state)
{
	char blob[BLOB_TEXT], text[2 * BLOB_TEXT];
	struct tb tar = { 0 };
	struct err err = { 0 };

	(void)state;
	image_put(&tar, "{}", blob);
	for (int i = 0; i < 10; i++) {
		snprintf(text, sizeof(text), "{\"manifests\":[{%s}]}", blob);
		blob_put(&tar, text, blob);
	}
	assert_null(source_of(&tar, text, &err));
	assert_int_equal(err.code, ERR_LIMIT);
	assert_non_null(strstr(err.text, "nested indexes"));
}

static void an_index_that_multiplies_is_refused(void **state)
{
	enum { ROOM = 40000 };
	CLEANUP(freep) char *text = calloc(1, ROOM);
	char blob[BLOB_TEXT];
	struct tb tar = { 0 };
	struct err err = { 0 };

	(void)state;
	assert_non_null(text);
	image_put(&tar, "{}", blob);
	for (int level = 0; level < 3; level++) {
		size_t used = (size_t)snprintf(text, ROOM, "{\"manifests\":[{%s}", blob);

		for (int i = 0; i < 99; i++)
			used += (size_t)snprintf(text + used, ROOM - used, ",{%s}", blob);
		snprintf(text + used, ROOM - used, "]}");
		blob_put(&tar, text, blob);
	}
	assert_null(source_of(&tar, text, &err));
	assert_int_equal(err.code, ERR_LIMIT);
}

static void what_is_no_index_is_refused(void **state)
{
	static const struct {
		const char *text, *says;
	} CASES[] = {
		{ "", "index.json" },
		{ "[]", "object is expected" },
		{ "{\"manifests\":[]}", "lists no image" },
		{ "{\"manifests\":[{}]}", "manifests[0]" },
		{ "{\"manifests\":[{\"digest\":\"sha256:../../x\",\"size\":1}]}", "is no digest" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct tb tar = { 0 };
		struct err err = { 0 };

		assert_null(source_of(&tar, CASES[i].text, &err));
		assert_int_equal(err.code, ERR_FORMAT);
		assert_non_null(strstr(err.text, CASES[i].says));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nested_indexes_are_flattened_in_order),
		cmocka_unit_test(attestations_and_artifacts_are_listed_and_marked),
		cmocka_unit_test(a_missing_index_is_a_problem_and_a_missing_manifest_is_listed),
		cmocka_unit_test(a_nested_index_of_another_size_is_a_problem),
		cmocka_unit_test(nesting_that_is_too_deep_is_refused),
		cmocka_unit_test(an_index_that_multiplies_is_refused),
		cmocka_unit_test(what_is_no_index_is_refused),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
