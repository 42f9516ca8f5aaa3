/* Files one after the other, in any order, of any layer. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "content/content_reader.h"
#include "lib/build.h"

enum { LAYERS = 2, FILES = 3 };

struct opened {
	struct source *source;
	struct image *image;
	struct layer_index *layers[LAYERS];
	struct tree *tree;
	struct content content;
};

static void add_layer(struct ib *image, const char *compression, unsigned number)
{
	struct tb tar = { 0 };

	for (unsigned i = 0; i < FILES; i++) {
		char path[16], text[32];

		snprintf(path, sizeof(path), "%u-%u", number, i);
		snprintf(text, sizeof(text), "file %u of layer %u", i, number);
		tb_file(&tar, path, 0644, 0, 0, text);
	}
	tb_end(&tar);
	ib_layer(image, &tar, compression, "RUN x");
	tb_free(&tar);
}

static void open_image(struct opened *o, const char *compression)
{
	const struct layer_index *layers[LAYERS];
	struct ib image = { 0 };
	struct err err = { 0 };

	add_layer(&image, compression, 1);
	add_layer(&image, compression, 2);
	ib_docker(&image, test_path("reader.tar"), "x:y");
	ib_free(&image);
	if (source_open(test_path("reader.tar"), NULL, &o->source, &err) < 0 ||
	    image_open(o->source, 0, NULL, &o->image, &err) < 0)
		fail_msg("%s", err.text);
	for (size_t i = 0; i < LAYERS; i++) {
		assert_int_equal(layer_index_build(&image_layer(o->image, i)->blob.span, NULL,
						   &o->layers[i], &err),
				 0);
		layers[i] = o->layers[i];
	}
	assert_int_equal(tree_build(layers, LAYERS, NULL, &o->tree, &err), 0);
	o->content = (struct content){ .image = o->image, .tree = o->tree, .at = LAYERS };
}

static void close_image(struct opened *o)
{
	tree_free(o->tree);
	for (size_t i = 0; i < LAYERS; i++)
		layer_index_free(o->layers[i]);
	image_close(o->image);
	source_close(o->source);
}

static void assert_file(struct content_reader *reader, const struct opened *o, unsigned layer,
			unsigned number, size_t len)
{
	char path[16], text[32], bytes[32] = "";
	struct stream *stream;
	struct err err = { 0 };

	snprintf(path, sizeof(path), "%u-%u", layer, number);
	snprintf(text, sizeof(text), "file %u of layer %u", number, layer);
	if (content_reader_open(reader, tree_find(o->tree, path), &stream, &err) < 0)
		fail_msg("%s", err.text);
	assert_true(stream_read(stream, bytes, len, &err) >= 0);
	stream_close(stream);
	assert_memory_equal(bytes, text, len < strlen(text) ? len : strlen(text));
}

static void any_order_gives_the_bytes(void **state)
{
	static const char *const NAMES[] = { "none", "gzip", "zstd" };
	static const unsigned ORDER[] = { 10, 20, 11, 22, 12, 10, 21, 20, 20, 12 };

	(void)state;
	for (size_t i = 0; i < sizeof(NAMES) / sizeof(*NAMES); i++) {
		struct opened o = { 0 };
		struct content_reader *reader;

		open_image(&o, NAMES[i]);
		assert_int_equal(content_reader_new(&o.content, &reader, NULL), 0);
		for (size_t k = 0; k < sizeof(ORDER) / sizeof(*ORDER); k++)
			assert_file(reader, &o, ORDER[k] / 10, ORDER[k] % 10, k % 2 ? 4 : 31);
		content_reader_free(reader);
		close_image(&o);
	}
}

static uint64_t distance_to(const struct content_reader *reader, const struct opened *o,
			    const char *path)
{
	uint64_t distance = 99;
	struct err err = { 0 };

	if (content_reader_distance(reader, tree_find(o->tree, path), &distance, &err) < 0)
		fail_msg("%s", err.text);
	return distance;
}

/* Each file takes a header and a block. */
static void the_distance_is_what_is_decoded_in_vain(void **state)
{
	struct opened o = { 0 };
	struct content_reader *reader;

	(void)state;
	open_image(&o, "gzip");
	assert_int_equal(content_reader_new(&o.content, &reader, NULL), 0);
	assert_int_equal(distance_to(reader, &o, "1-1"), 1536);
	assert_file(reader, &o, 1, 1, 5);
	assert_int_equal(distance_to(reader, &o, "1-2"), 1024 - 5);
	assert_int_equal(distance_to(reader, &o, "1-0"), 512);
	assert_int_equal(distance_to(reader, &o, "2-0"), 512);
	content_reader_free(reader);
	close_image(&o);
	open_image(&o, "none");
	assert_int_equal(content_reader_new(&o.content, &reader, NULL), 0);
	assert_int_equal(distance_to(reader, &o, "1-2"), 0);
	content_reader_free(reader);
	close_image(&o);
}

static void an_older_version_can_be_read(void **state)
{
	struct opened o = { 0 };
	struct content_reader *reader;
	struct stream *stream;
	struct err err = { 0 };

	(void)state;
	open_image(&o, "gzip");
	assert_int_equal(content_reader_new(&o.content, &reader, NULL), 0);
	content_reader_set_at(reader, 1);
	assert_file(reader, &o, 1, 0, 31);
	assert_int_equal(content_reader_open(reader, tree_find(o.tree, "2-0"), &stream, &err),
			 -ERR_NOT_FOUND);
	content_reader_free(reader);
	close_image(&o);
}

static void what_is_no_file_is_an_error(void **state)
{
	struct opened o = { 0 };
	struct content_reader *reader;
	struct stream *stream;
	struct err err = { 0 };

	(void)state;
	open_image(&o, "gzip");
	assert_int_equal(content_reader_new(&o.content, &reader, NULL), 0);
	assert_int_equal(content_reader_open(reader, NODE_ROOT, &stream, &err), -ERR_INVALID);
	content_reader_free(reader);
	close_image(&o);
}

static void the_order_is_that_of_the_layers(void **state)
{
	struct opened o = { 0 };

	(void)state;
	open_image(&o, "none");

	node_id first = tree_find(o.tree, "1-2"), second = tree_find(o.tree, "2-0"),
		third = tree_find(o.tree, "2-1");

	assert_true(content_before(&o.content, first, second));
	assert_true(content_before(&o.content, second, third));
	assert_false(content_before(&o.content, third, first));
	assert_false(content_before(&o.content, third, third));
	close_image(&o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_order_gives_the_bytes),
		cmocka_unit_test(the_distance_is_what_is_decoded_in_vain),
		cmocka_unit_test(an_older_version_can_be_read),
		cmocka_unit_test(what_is_no_file_is_an_error),
		cmocka_unit_test(the_order_is_that_of_the_layers),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
