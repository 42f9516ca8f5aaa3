/* Several platforms in one output. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>

#include "base/json.h"
#include "lib/emitted.h"

#define REF "org.opencontainers.image.ref.name"
#define INDEX_TYPE "application/vnd.oci.image.index.v1+json"

enum { PLATFORMS = 2 };

static json_t *read_json(const char *layout, const char *name)
{
	char path[700];
	size_t len;
	unsigned char *bytes;
	json_t *json;

	snprintf(path, sizeof(path), "%s/%s", layout, name);
	bytes = test_read(path, &len);
	json = json_loadb((char *)bytes, len, 0, NULL);
	free(bytes);
	assert_non_null(json);
	return json;
}

static void write_json(const char *layout, const char *name, const json_t *json)
{
	char path[700], *text = json_dumps(json, JSON_COMPACT);

	snprintf(path, sizeof(path), "%s/%s", layout, name);
	test_write(path, text, strlen(text));
	free(text);
}

/* Store a document as a blob; its digest and size go into the descriptor. */
static void put_blob(const char *layout, const json_t *json, json_t *descriptor)
{
	char path[DIGEST_PATH], name[DIGEST_TEXT], *text = json_dumps(json, JSON_COMPACT);
	struct digest digest;

	assert_int_equal(digest_of(text, strlen(text), &digest, NULL), 0);
	write_json(layout, digest_path(&digest, path), json);
	json_object_set_new(descriptor, "digest", json_string(digest_text(&digest, name)));
	json_object_set_new(descriptor, "size", json_integer((json_int_t)strlen(text)));
	free(text);
}

/* index.json → an index "multi" → two platforms of one image and an attestation; and a signature. */
static const char *make_layout(const char *name)
{
	static const char *const ARCHITECTURES[] = { "amd64", "arm64" };
	static char layout[500];
	CLEANUP(json_decrefp) json_t *top = NULL;
	CLEANUP(json_decrefp) json_t *index = json_pack("{s:i, s:s, s:[], s:{s:s}}", "schemaVersion", 2,
						       "mediaType", INDEX_TYPE, "manifests",
						       "annotations", "a", "b");
	json_t *list = json_object_get(index, "manifests"), *entry;
	struct ib image = { 0 };
	struct tb tar = { 0 };

	snprintf(layout, sizeof(layout), "%s", test_path(name));
	tb_dir(&tar, "app", 0700, 0, 0);
	tb_file(&tar, "app/x", 0600, 0, 0, "x");
	tb_end(&tar);
	ib_layer(&image, &tar, "gzip", "RUN x");
	tb_free(&tar);
	ib_oci_layout(&image, layout, "single");
	ib_free(&image);
	top = read_json(layout, "index.json");
	entry = json_array_get(json_object_get(top, "manifests"), 0);
	for (size_t i = 0; i < PLATFORMS; i++) {
		char path[200];
		json_t *descriptor = json_deep_copy(entry), *manifest, *config;

		snprintf(path, sizeof(path), "blobs/sha256/%s",
			 json_get_string(entry, "digest") + 7);
		manifest = read_json(layout, path);
		snprintf(path, sizeof(path), "blobs/sha256/%s",
			 json_get_string(json_object_get(manifest, "config"), "digest") + 7);
		config = read_json(layout, path);
		json_object_set_new(config, "architecture", json_string(ARCHITECTURES[i]));
		put_blob(layout, config, json_object_get(manifest, "config"));
		put_blob(layout, manifest, descriptor);
		json_object_del(descriptor, "annotations");
		json_object_set_new(descriptor, "platform",
				    json_pack("{s:s, s:s}", "os", "linux", "architecture",
					      ARCHITECTURES[i]));
		json_object_set_new(descriptor, "x-own", json_integer((json_int_t)i));
		json_array_append_new(list, descriptor);
		json_decref(manifest);
		json_decref(config);
	}
	json_array_append_new(list, json_deep_copy(entry));
	json_object_set_new(json_array_get(list, PLATFORMS), "annotations",
			    json_pack("{s:s}", "vnd.docker.reference.type", "attestation-manifest"));
	json_object_set_new(entry, "annotations",
			    json_pack("{s:s}", REF,
				      "sha256-00000000000000000000000000000000"
				      "00000000000000000000000000000000.sig"));
	json_array_insert_new(json_object_get(top, "manifests"), 0,
			      json_pack("{s:s, s:{s:s}}", "mediaType", INDEX_TYPE, "annotations",
					REF, "multi"));
	put_blob(layout, index, json_array_get(json_object_get(top, "manifests"), 0));
	json_object_set_new(top, "x-unknown", json_true());
	write_json(layout, "index.json", top);
	return layout;
}

/* The images by their places among all of the source. */
static void open_platform(struct emitted *emitted, const char *layout, size_t i, bool with_plan)
{
	char argument[600];

	snprintf(argument, sizeof(argument), "%s@%zu", layout, i);
	*emitted = (struct emitted){ 0 };
	assert_int_equal(source_open(argument, NULL, &emitted->source, NULL), 0);
	assert_int_equal(image_open(emitted->source, i, NULL, &emitted->image, NULL), 0);
	emitted->count = image_layer_count(emitted->image);
	for (size_t k = 0; k < emitted->count; k++)
		assert_int_equal(layer_index_build(&image_layer(emitted->image, k)->blob.span, NULL,
						   &emitted->layers[k], NULL),
				 0);
	assert_int_equal(tree_build((const struct layer_index *const *)emitted->layers,
				    emitted->count, NULL, &emitted->tree, NULL),
			 0);
	assert_int_equal(
		plan_new(emitted->tree, image_config(emitted->image), &emitted->plan, NULL), 0);
	if (with_plan)
		emitted_want(emitted, &(struct tree_want){
					      .path = "app/x", .set_uid = true, .uid = 9 });
	emitted_preview(emitted);
}

/* Write the platforms, of which the first 'planned' have a plan. 0 or an error. */
static int write_all(const char *layout, size_t planned, const char *tag, const char *out,
		     struct problem_list *notes, struct err *err)
{
	struct emitted emitted[PLATFORMS];
	struct emit_input inputs[PLATFORMS];
	struct emit_image_options options[PLATFORMS];
	int fd, result;

	for (size_t i = 0; i < PLATFORMS; i++) {
		open_platform(&emitted[i], layout, i, i < planned);
		inputs[i] = emitted[i].input;
		options[i] = (struct emit_image_options){ .format = SOURCE_OCI_ARCHIVE,
							  .tag = tag,
							  .notes = i ? NULL : notes };
	}
	fd = open(out, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	assert_true(fd >= 0);
	result = emit_images(inputs, options, PLATFORMS, fd, err);
	close(fd);
	for (size_t i = 0; i < PLATFORMS; i++)
		emitted_done(&emitted[i]);
	return result;
}

static void the_indexes_stay_as_they_were_but_for_digests(void **state)
{
	const char *layout = make_layout("indexes"), *out = test_path("indexes.tar");
	CLEANUP(source_closep) struct source *source = NULL, *old = NULL;
	struct problem_list notes = { 0 };
	struct err err = { 0 };

	(void)state;
	if (write_all(layout, PLATFORMS, NULL, out, &notes, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(source_open(layout, NULL, &old, NULL), 0);
	assert_int_equal(source_open(out, NULL, &source, NULL), 0);
	assert_int_equal(source_image_count(source), PLATFORMS);
	for (size_t i = 0; i < PLATFORMS; i++) {
		const struct source_image *image = source_image(source, i);

		assert_string_equal(image->tags[0], "multi");
		assert_string_equal(image->platform.architecture, i ? "arm64" : "amd64");
		assert_false(digest_equal(&image->manifest.digest,
					  &source_image(old, i)->manifest.digest));
	}
	assert_int_equal(notes.all.count, 2);
	assert_non_null(strstr(notes.all.items[1].text, ".sig"));
	assert_int_equal(source_problems(source)->all.count, 0);
	problem_list_done(&notes);
}

static void what_has_no_plan_keeps_its_digest(void **state)
{
	const char *layout = make_layout("kept"), *out = test_path("kept.tar");
	CLEANUP(source_closep) struct source *source = NULL, *old = NULL;
	struct err err = { 0 };

	(void)state;
	if (write_all(layout, 1, NULL, out, NULL, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(source_open(layout, NULL, &old, NULL), 0);
	assert_int_equal(source_open(out, NULL, &source, NULL), 0);
	assert_false(digest_equal(&source_image(source, 0)->manifest.digest,
				  &source_image(old, 0)->manifest.digest));
	assert_true(digest_equal(&source_image(source, 1)->manifest.digest,
				 &source_image(old, 1)->manifest.digest));
}

static void a_tag_is_the_name_of_the_index(void **state)
{
	const char *layout = make_layout("tagged"), *out = test_path("tagged.tar");
	CLEANUP(source_closep) struct source *source = NULL;

	(void)state;
	assert_int_equal(write_all(layout, 1, "new", out, NULL, NULL), 0);
	assert_int_equal(source_open(out, NULL, &source, NULL), 0);
	for (size_t i = 0; i < PLATFORMS; i++)
		assert_string_equal(source_image(source, i)->tags[0], "new");
}

/* Platforms that stand in index.json itself. */
static void a_tag_for_several_entries_is_refused(void **state)
{
	const char *layout = make_layout("flat"), *out = test_path("flat.tar");
	json_t *top = read_json(layout, "index.json");
	json_t *first = json_array_get(json_object_get(top, "manifests"), 0);
	char path[200];
	struct err err = { 0 };

	(void)state;
	snprintf(path, sizeof(path), "blobs/sha256/%s", json_get_string(first, "digest") + 7);
	json_decref(top);
	top = read_json(layout, path);
	write_json(layout, "index.json", top);
	json_decref(top);
	assert_int_equal(write_all(layout, 1, NULL, out, NULL, NULL), 0);
	assert_int_equal(write_all(layout, 1, "new", out, NULL, &err), -ERR_INVALID);
	assert_non_null(strstr(err.text, "2 entries"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_indexes_stay_as_they_were_but_for_digests),
		cmocka_unit_test(what_has_no_plan_keeps_its_digest),
		cmocka_unit_test(a_tag_is_the_name_of_the_index),
		cmocka_unit_test(a_tag_for_several_entries_is_refused),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
