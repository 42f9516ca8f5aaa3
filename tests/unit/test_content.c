/* The bytes of files, from wherever they are. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "content/content.h"
#include "lib/build.h"
#include "tree/tree_over.h"

struct opened {
	struct source *source;
	struct image *image;
	struct layer_index *layers[IB_LAYERS];
	struct tree *tree;
	struct content content;
};

static bool wants_passwd(const void *context, const char *folder, const char *name)
{
	(void)context, (void)folder;
	return strcmp(name, "passwd") == 0;
}

static void open_image(struct opened *o, struct ib *image, const char *name)
{
	static const struct layer_keep KEEP = { .wanted = wants_passwd };
	static const struct layer_options OPTIONS = { .keep = &KEEP };
	static const struct source_options DEFAULTS;
	const struct layer_index *layers[IB_LAYERS];
	struct err err = { 0 };

	ib_docker(image, test_path(name), "x:y");
	ib_free(image);
	if (source_open(test_path(name), &DEFAULTS, &o->source, &err) < 0 ||
	    image_open(o->source, 0, NULL, &o->image, &err) < 0)
		fail_msg("%s", err.text);
	for (size_t i = 0; i < image_layer_count(o->image); i++) {
		const struct image_layer *layer = image_layer(o->image, i);

		if (layer_index_build(&layer->blob.span, &OPTIONS, &o->layers[i], &err) < 0)
			fail_msg("%s", err.text);
		layers[i] = o->layers[i];
	}
	if (tree_build(layers, image_layer_count(o->image), NULL, &o->tree, &err) < 0)
		fail_msg("%s", err.text);
	o->content = (struct content){
		.image = o->image,
		.tree = o->tree,
		.at = (unsigned)image_layer_count(o->image),
	};
}

static void close_image(struct opened *o)
{
	tree_free(o->tree);
	for (size_t i = 0; i < image_layer_count(o->image); i++)
		layer_index_free(o->layers[i]);
	image_close(o->image);
	source_close(o->source);
}

static void add_layers(struct ib *image, const char *compression)
{
	struct tb tar = { 0 };

	tb_file(&tar, "etc/passwd", 0644, 0, 0, "root:x:0:0\n");
	tb_file(&tar, "f", 0644, 0, 0, "old");
	tb_file(&tar, "gone", 0644, 0, 0, "was here");
	tb_file(&tar, "empty", 0644, 0, 0, "");
	tb_symlink(&tar, "l", "etc/../f");
	tb_end(&tar);
	ib_layer(image, &tar, compression, "first");
	tb_free(&tar);
	tb_file(&tar, "before", 0644, 0, 0, "0123456789");
	tb_file(&tar, "f", 0644, 0, 0, "new contents");
	tb_hardlink(&tar, "h", "f");
	tb_whiteout(&tar, "gone");
	tb_end(&tar);
	ib_layer(image, &tar, compression, "second");
	tb_free(&tar);
}

static void assert_contents(const struct content *content, const char *path, const char *expected)
{
	char *bytes = NULL;
	size_t len = 0;
	struct err err = { 0 };

	if (content_load_path(content, path, 1000, NULL, &bytes, &len, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(len, strlen(expected));
	assert_string_equal(bytes, expected);
	free(bytes);
}

static void files_are_read_under_any_compression(void **state)
{
	static const char *const NAMES[] = { "none", "gzip", "zstd", "xz" };

	(void)state;
	for (size_t i = 0; i < sizeof(NAMES) / sizeof(*NAMES); i++) {
		struct opened o = { 0 };
		struct ib image = { 0 };
		char name[16];

		snprintf(name, sizeof(name), "%s.tar", NAMES[i]);
		add_layers(&image, NAMES[i]);
		open_image(&o, &image, name);
		assert_contents(&o.content, "/etc/passwd", "root:x:0:0\n");
		assert_contents(&o.content, "/f", "new contents");
		assert_contents(&o.content, "h", "new contents");
		assert_contents(&o.content, "l", "new contents");
		assert_contents(&o.content, "empty", "");
		o.content.at = 1;
		assert_contents(&o.content, "f", "old");
		assert_contents(&o.content, "gone", "was here");
		close_image(&o);
	}
}

static void a_stream_ends_where_the_file_ends(void **state)
{
	struct opened o = { 0 };
	struct ib image = { 0 };
	struct stream *stream;
	struct err err = { 0 };
	char bytes[100];

	(void)state;
	add_layers(&image, "gzip");
	open_image(&o, &image, "stream.tar");
	assert_int_equal(content_open(&o.content, tree_find(o.tree, "before"), &stream, &err), 0);
	assert_int_equal(stream_read(stream, bytes, 4, &err), 4);
	assert_memory_equal(bytes, "0123", 4);
	assert_int_equal(stream_read(stream, bytes, sizeof(bytes), &err), 6);
	assert_memory_equal(bytes, "456789", 6);
	assert_int_equal(stream_read(stream, bytes, sizeof(bytes), &err), 0);
	stream_close(stream);
	close_image(&o);
}

static void loading_stops_at_the_limit(void **state)
{
	struct opened o = { 0 };
	struct ib image = { 0 };
	struct err err = { 0 };
	char *bytes = NULL;
	size_t len;

	(void)state;
	add_layers(&image, "none");
	open_image(&o, &image, "limit.tar");
	assert_int_equal(
		content_load(&o.content, tree_find(o.tree, "before"), 3, &bytes, &len, &err), 0);
	assert_string_equal(bytes, "012");
	free(bytes);
	assert_int_equal(content_load_path(&o.content, "before", 3, NULL, &bytes, &len, &err),
			 -ERR_LIMIT);
	close_image(&o);
}

static void what_has_no_bytes_is_refused(void **state)
{
	struct opened o = { 0 };
	struct ib image = { 0 };
	struct stream *stream;
	struct err err = { 0 };

	(void)state;
	add_layers(&image, "none");
	open_image(&o, &image, "refused.tar");
	assert_int_equal(content_open(&o.content, tree_find(o.tree, "etc"), &stream, &err),
			 -ERR_INVALID);
	assert_non_null(strstr(err.text, "/etc"));
	err_clear(&err);
	assert_int_equal(content_open(&o.content, tree_find(o.tree, "l"), &stream, &err),
			 -ERR_INVALID);
	err_clear(&err);
	assert_int_equal(content_open(&o.content, tree_find(o.tree, "gone"), &stream, &err),
			 -ERR_NOT_FOUND);
	err_clear(&err);
	assert_int_equal(content_load_path(&o.content, "/no", 9, NULL, NULL, NULL, &err),
			 -ERR_NOT_FOUND);
	close_image(&o);
}

static void a_preview_gives_the_planned_bytes(void **state)
{
	const struct tree_want wants[] = {
		{ .path = "f", .body = "planned", .body_len = 7 },
		{ .path = "new", .create = true, .type = TAR_FILE, .mode = 0644 },
	};
	struct opened o = { 0 };
	struct ib image = { 0 };
	struct err err = { 0 };
	struct tree *tree;

	(void)state;
	add_layers(&image, "none");
	open_image(&o, &image, "preview.tar");
	assert_int_equal(tree_over(o.tree, wants, 2, &tree, &err), 0);
	o.content.tree = tree;
	assert_contents(&o.content, "h", "planned");
	assert_contents(&o.content, "new", "");
	assert_contents(&o.content, "before", "0123456789");
	tree_free(tree);
	close_image(&o);
}

static void holes_are_filled_under_any_compression(void **state)
{
	static const char *const NAMES[] = { "none", "gzip", "zstd" };
	static const char *const PAX[] = { "GNU.sparse.major=0", "GNU.sparse.minor=1",
					   "GNU.sparse.size=1000", "GNU.sparse.map=2,3,990,4",
					   NULL };

	(void)state;
	for (size_t i = 0; i < sizeof(NAMES) / sizeof(*NAMES); i++) {
		struct opened o = { 0 };
		struct ib image = { 0 };
		struct tb tar = { 0 };
		char *bytes, expected[1000] = { 0 };
		size_t len;

		memcpy(expected + 2, "abc", 3);
		memcpy(expected + 990, "defg", 4);
		tb_file(&tar, "before", 0644, 0, 0, "before");
		tb_add(&tar, &(struct tb_entry){ .path = "s", .type = '0', .pax = PAX,
						 .body = "abcdefg", .size = 7 });
		tb_end(&tar);
		ib_layer(&image, &tar, NAMES[i], "x");
		tb_free(&tar);
		open_image(&o, &image, "sparse.tar");
		assert_int_equal(content_load_path(&o.content, "s", 1000, NULL, &bytes, &len, NULL),
				 0);
		assert_int_equal(len, 1000);
		assert_memory_equal(bytes, expected, 1000);
		free(bytes);
		close_image(&o);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_are_read_under_any_compression),
		cmocka_unit_test(holes_are_filled_under_any_compression),
		cmocka_unit_test(a_stream_ends_where_the_file_ends),
		cmocka_unit_test(loading_stops_at_the_limit),
		cmocka_unit_test(what_has_no_bytes_is_refused),
		cmocka_unit_test(a_preview_gives_the_planned_bytes),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
