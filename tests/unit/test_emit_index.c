/* index.json of a layout that gets one more image. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "base/json.h"
#include "lib/emitted.h"

#define REF "org.opencontainers.image.ref.name"

/* A layout with one image, whose index.json is 'format' with the image's descriptor for '@'. */
static const char *make_layout(const char *name, const char *format)
{
	static char layout[500];
	struct ib image = { 0 };
	struct tb tar = { 0 };
	char path[600], text[2000], members[300];
	json_t *index, *item;
	size_t len;
	unsigned char *bytes;

	snprintf(layout, sizeof(layout), "%s", test_path(name));
	tb_file(&tar, "x", 0600, 0, 0, "x");
	tb_end(&tar);
	ib_layer(&image, &tar, "gzip", "RUN x");
	tb_free(&tar);
	ib_oci_layout(&image, layout, "tag");
	ib_free(&image);
	snprintf(path, sizeof(path), "%s/index.json", layout);
	bytes = test_read(path, &len);
	index = json_loadb((char *)bytes, len, 0, NULL);
	free(bytes);
	item = json_array_get(json_object_get(index, "manifests"), 0);
	snprintf(members, sizeof(members), "\"digest\":\"%s\",\"size\":%lld,\"mediaType\":\"%s\"",
		 json_get_string(item, "digest"),
		 (long long)json_integer_value(json_object_get(item, "size")),
		 json_get_string(item, "mediaType"));
	json_decref(index);
	snprintf(text, sizeof(text), "%.*s%s%s", (int)strcspn(format, "@"), format, members,
		 strchr(format, '@') + 1);
	test_write(path, text, strlen(text));
	return layout;
}

/* Written in place: 0 and the new index, or an error. */
static int update(const char *layout, const char *tag, json_t **ret_index, struct err *err)
{
	CLEANUP(layout_update_closep) struct layout_update *update = NULL;
	struct emit_image_options options = { .format = SOURCE_OCI_LAYOUT, .tag = tag };
	struct emitted emitted;
	char path[600];
	size_t len;
	unsigned char *bytes;
	int result;

	emitted_open(&emitted, layout);
	emitted_want(&emitted, &(struct tree_want){ .path = "x", .set_uid = true, .uid = 9 });
	emitted_preview(&emitted);
	assert_int_equal(layout_update_open(layout, &update, NULL), 0);
	options.update = update;
	result = emit_image(&emitted.input, &options, layout_update_fd(update), err);
	emitted_done(&emitted);
	if (result < 0)
		return result;
	assert_int_equal(layout_update_publish(update, NULL), 0);
	snprintf(path, sizeof(path), "%s/index.json", layout);
	bytes = test_read(path, &len);
	*ret_index = json_loadb((char *)bytes, len, 0, NULL);
	free(bytes);
	return 0;
}

static const char *name_at(const json_t *index, size_t i, const char *kind)
{
	const json_t *item = json_array_get(json_get_array(index, "manifests"), i);

	return json_get_string(json_get_object(item, "annotations"), kind);
}

static size_t count_of(const json_t *index)
{
	return json_array_size(json_get_array(index, "manifests"));
}

static void the_name_goes_over_and_all_else_stays(void **state)
{
	const char *layout = make_layout(
		"over", "{\"schemaVersion\":2,\"annotations\":{\"a\":\"b\"},\"x-unknown\":[1],"
			"\"manifests\":[{@,\"annotations\":{\"" REF "\":\"tag\",\"mine\":\"1\","
			"\"io.containerd.image.name\":\"host/name:tag\"},\"x\":7}]}");
	CLEANUP(json_decrefp) json_t *index = NULL;
	const json_t *old;

	(void)state;
	assert_int_equal(update(layout, NULL, &index, NULL), 0);
	assert_int_equal(json_array_size(json_object_get(index, "x-unknown")), 1);
	assert_string_equal(json_get_string(json_get_object(index, "annotations"), "a"), "b");
	assert_int_equal(count_of(index), 2);
	old = json_array_get(json_get_array(index, "manifests"), 0);
	assert_int_equal(json_integer_value(json_object_get(old, "x")), 7);
	assert_string_equal(name_at(index, 0, "mine"), "1");
	assert_null(name_at(index, 0, REF));
	assert_null(name_at(index, 0, "io.containerd.image.name"));
	assert_string_equal(name_at(index, 1, REF), "tag");
	assert_string_equal(name_at(index, 1, "io.containerd.image.name"), "host/name:tag");
	assert_null(name_at(index, 1, "mine"));
}

static void another_name_leaves_the_old_one(void **state)
{
	const char *layout = make_layout(
		"another", "{\"schemaVersion\":2,\"manifests\":[{@,\"annotations\":{\"" REF
			   "\":\"tag\"}}]}");
	CLEANUP(json_decrefp) json_t *index = NULL;

	(void)state;
	assert_int_equal(update(layout, "new", &index, NULL), 0);
	assert_int_equal(count_of(index), 2);
	assert_string_equal(name_at(index, 0, REF), "tag");
	assert_string_equal(name_at(index, 1, REF), "new");
}

static void without_a_name_one_must_be_given(void **state)
{
	const char *layout = make_layout("unnamed", "{\"schemaVersion\":2,\"manifests\":[{@}]}");
	CLEANUP(json_decrefp) json_t *index = NULL;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(update(layout, NULL, &index, &err), -ERR_INVALID);
	assert_non_null(strstr(err.text, "--tag"));
	assert_int_equal(update(layout, "new", &index, NULL), 0);
	assert_int_equal(count_of(index), 2);
	assert_string_equal(name_at(index, 1, REF), "new");
}

/* The same plan at the same time gives the same image. */
static void the_same_image_is_there_once(void **state)
{
	const char *layout = make_layout("again", "{\"schemaVersion\":2,\"manifests\":[{@}]}");
	json_t *index;

	(void)state;
	for (int i = 0; i < 3; i++) {
		assert_int_equal(update(layout, "new", &index, NULL), 0); /* of the first image */
		assert_int_equal(count_of(index), 2);
		json_decref(index);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_name_goes_over_and_all_else_stays),
		cmocka_unit_test(another_name_leaves_the_old_one),
		cmocka_unit_test(without_a_name_one_must_be_given),
		cmocka_unit_test(the_same_image_is_there_once),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
