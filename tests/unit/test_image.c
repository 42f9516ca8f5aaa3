/* An image: config, layers, and what does not fit between them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "image/image.h"
#include "tests/lib/blobs.h"

#define DIFF_ID "\"sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\""

struct opened {
	struct source *source;
	struct image *image;
};

static void opened_done(struct opened *opened)
{
	image_close(opened->image);
	source_close(opened->source);
	*opened = (struct opened){ 0 };
}

static int open_path(const char *path, struct opened *opened, struct err *err)
{
	size_t chosen;

	assert_int_equal(source_open(path, NULL, &opened->source, err), 0);
	assert_int_equal(source_choose(opened->source, NULL, &chosen, err), 0);
	return image_open(opened->source, chosen, NULL, &opened->image, err);
}

static int make_images(void **state)
{
	struct tb one = { 0 }, two = { 0 };
	struct ib image = { 0 };

	(void)state;
	tb_file(&one, "a", 0644, 0, 0, "text");
	tb_end(&one);
	tb_file(&two, "b", 0644, 0, 0, "more");
	tb_end(&two);
	ib_config(&image, "{\"User\":\"1000\"}");
	ib_layer(&image, &one, "none", "/bin/sh -c #(nop) COPY a");
	ib_layer(&image, &two, "gzip", "/bin/sh -c make");
	ib_docker(&image, test_path("docker.tar"), "name:tag");
	ib_oci_archive(&image, test_path("oci.tar"), "tag");
	ib_oci_layout(&image, test_path("layout"), "tag");
	ib_free(&image);
	tb_free(&one);
	tb_free(&two);
	return 0;
}

static void all_formats_give_the_same_image(void **state)
{
	static const char *const NAMES[] = { "docker.tar", "oci.tar", "layout" };
	struct digest id = { 0 };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		CLEANUP(opened_done) struct opened opened = { 0 };

		assert_int_equal(open_path(test_path(NAMES[i]), &opened, NULL), 0);
		assert_int_equal(image_layer_count(opened.image), 2);
		assert_string_equal(image_layer(opened.image, 0)->created_by, "COPY a");
		assert_string_equal(image_layer(opened.image, 1)->created_by, "RUN make");
		assert_string_equal(image_config(opened.image)->user, "1000");
		assert_true(image_layer(opened.image, 1)->has_diff_id);
		assert_true(image_layer(opened.image, 1)->size > 0);
		assert_int_equal(image_problems(opened.image)->all.count, 0);
		if (i > 0)
			assert_true(digest_equal(image_config_digest(opened.image), &id));
		id = *image_config_digest(opened.image);
		assert_ptr_equal(image_source(opened.image), opened.source);
		assert_true((image_manifest(opened.image) == NULL) == (i == 0));
		assert_string_equal(image_name(opened.image), i == 0 ? "name:tag" : "tag");
		if (i == 0)
			assert_string_equal(image_reference(opened.image), "name:tag");
		else
			assert_null(image_reference(opened.image));
	}
}

static const struct problem *only_problem(const struct opened *opened)
{
	assert_int_equal(image_problems(opened->image)->all.count, 1);
	return &image_problems(opened->image)->all.items[0];
}

static void a_missing_layer_is_a_problem_and_the_rest_is_read(void **state)
{
	CLEANUP(opened_done) struct opened opened = { 0 };
	char path[DIGEST_PATH], file[5000];

	(void)state;
	assert_int_equal(open_path(test_path("layout"), &opened, NULL), 0);
	digest_path(&image_layer(opened.image, 1)->digest, path);
	opened_done(&opened);
	snprintf(file, sizeof(file), "%s/%s", test_path("layout"), path);
	assert_int_equal(unlink(file), 0);
	assert_int_equal(open_path(test_path("layout"), &opened, NULL), 0);
	assert_int_equal(only_problem(&opened)->kind, PROBLEM_MISSING_BLOB);
	assert_non_null(strstr(only_problem(&opened)->text, path));
	assert_false(image_layer(opened.image, 0)->is_missing);
	assert_true(image_layer(opened.image, 1)->is_missing);
	assert_int_equal(image_layer(opened.image, 1)->blob.span.length, 0);
}

/* A docker-archive with this config (NULL: none), and these of the layers, "x" being there. */
static int docker_with(const char *config, const char *layers, struct opened *opened,
		       struct err *err)
{
	struct tb tar = { 0 };
	char text[1000];
	const char *path = test_path("odd.tar");

	snprintf(text, sizeof(text), "[{\"Config\":\"c.json\",\"Layers\":%s}]", layers);
	tb_file(&tar, "manifest.json", 0644, 0, 0, text);
	tb_file(&tar, "x", 0644, 0, 0, "layer");
	if (config)
		tb_file(&tar, "c.json", 0644, 0, 0, config);
	tb_end(&tar);
	test_write(path, tar.bytes, tar.len);
	tb_free(&tar);
	return open_path(path, opened, err);
}

static void layers_and_diff_ids_must_be_as_many(void **state)
{
	CLEANUP(opened_done) struct opened opened = { 0 };

	(void)state;
	assert_int_equal(docker_with("{\"rootfs\":{\"diff_ids\":[" DIFF_ID "," DIFF_ID "]}}",
				     "[\"x\"]", &opened, NULL),
			 0);
	assert_int_equal(only_problem(&opened)->kind, PROBLEM_DIFF_ID_MISMATCH);
	assert_true(image_layer(opened.image, 0)->has_diff_id);
	assert_false(image_layer(opened.image, 0)->has_digest);
	assert_null(image_layer(opened.image, 0)->media_type);
}

static void an_image_without_layers_has_none(void **state)
{
	CLEANUP(opened_done) struct opened opened = { 0 };

	(void)state;
	assert_int_equal(docker_with("{}", "null", &opened, NULL), 0);
	assert_int_equal(image_layer_count(opened.image), 0);
	assert_int_equal(image_problems(opened.image)->all.count, 0);
}

static void no_layers_for_a_config_that_has_some_is_an_error(void **state)
{
	CLEANUP(opened_done) struct opened opened = { 0 };
	struct err err = { 0 };

	(void)state;
	assert_int_equal(
		docker_with("{\"rootfs\":{\"diff_ids\":[" DIFF_ID "]}}", "null", &opened, &err),
		-ERR_FORMAT);
	assert_non_null(strstr(err.text, "names no layers"));
}

static void a_missing_config_is_named(void **state)
{
	CLEANUP(opened_done) struct opened opened = { 0 };
	struct err err = { 0 };

	(void)state;
	assert_int_equal(docker_with(NULL, "[]", &opened, &err), -ERR_NOT_FOUND);
	assert_non_null(strstr(err.text, "'c.json'"));
	assert_non_null(strstr(err.text, "odd.tar"));
}

/* The manifest lies under the name of other bytes. */
static void changed_documents_are_problems(void **state)
{
	CLEANUP(opened_done) struct opened opened = { 0 };
	char config[BLOB_TEXT], text[2 * BLOB_TEXT], path[DIGEST_PATH];
	struct tb tar = { 0 };
	struct digest other;

	(void)state;
	assert_int_equal(digest_of("other", 5, &other, NULL), 0);
	digest_path(&other, path);
	blob_put(&tar, "{}", config);
	snprintf(text, sizeof(text), "{\"config\":{%s},\"layers\":[]}", config);
	tb_file(&tar, path, 0644, 0, 0, text);
	snprintf(text, sizeof(text), "{\"manifests\":[{\"digest\":\"sha256:%s\",\"size\":5}]}",
		 path + strlen("blobs/sha256/"));
	assert_int_equal(open_path(index_end(&tar, text, "changed.tar"), &opened, NULL), 0);
	assert_int_equal(image_problems(opened.image)->all.count, 2);
	assert_int_equal(image_problems(opened.image)->all.items[0].kind, PROBLEM_SIZE_MISMATCH);
	assert_int_equal(image_problems(opened.image)->all.items[1].kind, PROBLEM_DIGEST_MISMATCH);
	assert_true(image_problems(opened.image)->damaged);
}

/* Docker names a config by its hash; another name of that form tells of a change. */
static void a_config_that_is_not_what_it_is_named_by_is_a_problem(void **state)
{
	static const char HEX[] =
		"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
	static const char *const SUFFIXES[] = { ".json", "0.json", "" };

	(void)state;
	for (size_t i = 0; i < sizeof(SUFFIXES) / sizeof(*SUFFIXES); i++) {
		CLEANUP(opened_done) struct opened opened = { 0 };
		struct tb tar = { 0 };
		char member[100], manifest[200];

		snprintf(member, sizeof(member), "%s%s", HEX, SUFFIXES[i]);
		snprintf(manifest, sizeof(manifest), "[{\"Config\":\"%s\",\"Layers\":[]}]", member);
		tb_file(&tar, "manifest.json", 0644, 0, 0, manifest);
		tb_file(&tar, member, 0644, 0, 0, "{}");
		tb_end(&tar);
		test_write(test_path("named.tar"), tar.bytes, tar.len);
		tb_free(&tar);
		assert_int_equal(open_path(test_path("named.tar"), &opened, NULL), 0);
		if (i == 0)
			assert_int_equal(only_problem(&opened)->kind, PROBLEM_DIGEST_MISMATCH);
		else
			assert_int_equal(image_problems(opened.image)->all.count, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_formats_give_the_same_image),
		cmocka_unit_test(a_missing_layer_is_a_problem_and_the_rest_is_read),
		cmocka_unit_test(layers_and_diff_ids_must_be_as_many),
		cmocka_unit_test(an_image_without_layers_has_none),
		cmocka_unit_test(no_layers_for_a_config_that_has_some_is_an_error),
		cmocka_unit_test(a_missing_config_is_named),
		cmocka_unit_test(changed_documents_are_problems),
		cmocka_unit_test(a_config_that_is_not_what_it_is_named_by_is_a_problem),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_images, NULL);
}
