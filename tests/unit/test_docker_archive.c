/* manifest.json: what it must hold, and whether index.json agrees. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "source/source.h"
#include "tests/lib/blobs.h"

static struct source *source_of(struct tb *tar, const char *manifest, struct err *err)
{
	struct source *source = NULL;
	const char *path = test_path("docker.tar");

	tb_file(tar, "manifest.json", 0644, 0, 0, manifest);
	tb_end(tar);
	test_write(path, tar->bytes, tar->len);
	tb_free(tar);
	source_open(path, NULL, &source, err);
	return source;
}

static void images_tags_and_layers_are_read(void **state)
{
	struct tb tar = { 0 };

	(void)state;
	CLEANUP(source_closep)
	struct source *source = source_of(
		&tar,
		"[{\"Config\":\"./c.json\",\"RepoTags\":[\"a:1\",\"b:2\"],\"Layers\":[\"x/layer.tar\"]},"
		"{\"Config\":\"d.json\",\"RepoTags\":null,\"Layers\":null}]",
		NULL);

	assert_non_null(source);
	assert_int_equal(source_format(source), SOURCE_DOCKER_ARCHIVE);
	assert_int_equal(source_image_count(source), 2);
	const struct source_image *image = source_image(source, 0);

	assert_string_equal(image->config_member, "c.json");
	assert_string_equal(image->tags[1], "b:2");
	assert_null(image->tags[2]);
	assert_string_equal(image->layer_members[0], "x/layer.tar");
	assert_null(image->layer_members[1]);
	assert_null(source_image(source, 1)->tags[0]);
	assert_null(source_image(source, 1)->layer_members[0]);
}

static void a_bad_manifest_is_refused_with_a_reason(void **state)
{
	static const struct {
		const char *text, *says;
	} CASES[] = {
		{ "null", "is null" },
		{ "{}", "is no list" },
		{ "[]", "lists no image" },
		{ "[null]", "image 1 is no object" },
		{ "[{}]", "image 1 has no Config" },
		{ "[{\"Config\":7,\"Layers\":[]}]", "image 1 has no Config" },
		{ "[{\"Config\":\"c\"}]", "image 1 has no Layers" },
		{ "[{\"Config\":\"c\",\"Layers\":\"x\"}]", "no list" },
		{ "[{\"Config\":\"c\",\"Layers\":[],\"RepoTags\":{}}]", "no list" },
		{ "[{\"Config\":\"c\",\"Layers\":[7]}]", "holds no string" },
		{ "[", "manifest.json" },
		{ "", "manifest.json" },
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

static void a_path_that_leads_outside_stays_inside(void **state)
{
	struct tb tar = { 0 };

	(void)state;
	CLEANUP(source_closep)
	struct source *source =
		source_of(&tar, "[{\"Config\":\"../../etc/passwd\",\"Layers\":[\"/x\"]}]", NULL);

	assert_non_null(source);
	assert_string_equal(source_image(source, 0)->config_member, "etc/passwd");
	assert_int_equal(source_problems(source)->all.count, 2);
	assert_int_equal(source_problems(source)->all.items[0].kind, PROBLEM_ODD_PATH);
}

/*
 * A hybrid whose index.json has one image, unless 'index' is given. Its
 * manifest.json names that image's config or another one.
 */
static size_t disagreements(const char *layers, bool same_config, const char *index)
{
	char config[2][BLOB_TEXT], image[BLOB_TEXT], text[2 * BLOB_TEXT];
	struct tb tar = { 0 };
	size_t count = 0;

	image_put(&tar, "{\"x\":1}", image);
	blob_put(&tar, "{\"x\":1}", config[0]);
	blob_put(&tar, "{\"x\":2}", config[1]);
	snprintf(text, sizeof(text), "{\"manifests\":[{%s}]}", image);
	tb_file(&tar, "index.json", 0644, 0, 0, index ? index : text);
	snprintf(text, sizeof(text), "[{\"Config\":\"blobs/sha256/%.64s\",\"Layers\":%s}]",
		 strstr(config[same_config ? 0 : 1], "sha256:") + 7, layers);
	CLEANUP(source_closep) struct source *source = source_of(&tar, text, NULL);

	assert_non_null(source);
	assert_int_equal(source_format(source), SOURCE_HYBRID);
	for (size_t i = 0; i < source_problems(source)->all.count; i++)
		count += source_problems(source)->all.items[i].kind == PROBLEM_MANIFESTS_DISAGREE;
	return count;
}

static void a_hybrid_that_agrees_has_no_problem(void **state)
{
	(void)state;
	assert_int_equal(disagreements("[]", true, NULL), 0);
}

static void another_config_is_a_disagreement(void **state)
{
	(void)state;
	assert_int_equal(disagreements("[]", false, NULL), 1);
}

static void other_layers_are_a_disagreement(void **state)
{
	(void)state;
	assert_int_equal(disagreements("[\"x\"]", true, NULL), 1);
}

static void an_index_without_images_or_sense_is_a_disagreement(void **state)
{
	(void)state;
	assert_int_equal(disagreements("[]", true,
				       "{\"manifests\":null,\"mediaType\":\"" OCI_TYPE
				       "index.v1+json\"}"),
			 1);
	assert_int_equal(disagreements("[]", true, "broken"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(images_tags_and_layers_are_read),
		cmocka_unit_test(a_bad_manifest_is_refused_with_a_reason),
		cmocka_unit_test(a_path_that_leads_outside_stays_inside),
		cmocka_unit_test(a_hybrid_that_agrees_has_no_problem),
		cmocka_unit_test(another_config_is_a_disagreement),
		cmocka_unit_test(other_layers_are_a_disagreement),
		cmocka_unit_test(an_index_without_images_or_sense_is_a_disagreement),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
