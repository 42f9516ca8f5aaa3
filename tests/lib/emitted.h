/*
 * An image opened from a file with a plan over it, for tests of writing.
 * To be included after <cmocka.h>.
 *
 *	struct emitted emitted;
 *	emitted_open(&emitted, path);
 *	emitted_want(&emitted, &(struct tree_want){ .path = "etc", .set_mode = true, … });
 *	emitted_preview(&emitted);
 *	… emit_append_layer(&emitted.input, …)
 *	emitted_done(&emitted);
 */
#ifndef TESTS_LIB_EMITTED_H
#define TESTS_LIB_EMITTED_H

#include <stdlib.h>
#include <string.h>

#include "emit/emit.h"
#include "image/image.h"
#include "lib/trees.h"
#include "tree/tree_compare.h"

enum { EMITTED_TIME = 1700000000 };

struct emitted {
	struct source *source;
	struct image *image;
	size_t count;
	struct layer_index *layers[TF_LAYERS];
	struct tree *tree, *preview;
	struct plan *plan;
	struct config *config;
	struct emit_input input;
};

static inline void emitted_open(struct emitted *emitted, const char *path)
{
	struct err err = { 0 };

	*emitted = (struct emitted){ 0 };
	if (source_open(path, NULL, &emitted->source, &err) < 0 ||
	    image_open(emitted->source, 0, NULL, &emitted->image, &err) < 0)
		fail_msg("%s", err.text);
	emitted->count = image_layer_count(emitted->image);
	assert_true(emitted->count <= TF_LAYERS);
	for (size_t i = 0; i < emitted->count; i++) {
		const struct stream_span *span = &image_layer(emitted->image, i)->blob.span;

		if (layer_index_build(span, NULL, &emitted->layers[i], &err) < 0)
			fail_msg("layer %zu: %s", i + 1, err.text);
	}
	if (tree_build((const struct layer_index *const *)emitted->layers, emitted->count, NULL,
		       &emitted->tree, &err) < 0 ||
	    plan_new(emitted->tree, image_config(emitted->image), &emitted->plan, &err) < 0)
		fail_msg("%s", err.text);
}

/* The image of tests/lib/build.h as a docker-archive, opened. The image is freed. */
static inline void emitted_open_built(struct emitted *emitted, struct ib *image)
{
	const char *path = test_path("emitted.tar");

	ib_docker(image, path, "test:1");
	ib_free(image);
	emitted_open(emitted, path);
}

static inline void emitted_want(struct emitted *emitted, const struct tree_want *want)
{
	struct err err = { 0 };

	if (plan_begin_step(emitted->plan, "RULE-1", "title", &err) < 0 ||
	    plan_want(emitted->plan, want, &err) < 0)
		fail_msg("%s", err.text);
	assert_true(plan_end_step(emitted->plan));
}

static inline void emitted_config(struct emitted *emitted, const struct config_edit *edit)
{
	assert_int_equal(plan_begin_step(emitted->plan, "RULE-2", "title", NULL), 0);
	assert_int_equal(plan_edit_config(emitted->plan, edit, NULL), 0);
	assert_true(plan_end_step(emitted->plan));
}

static inline void emitted_preview(struct emitted *emitted)
{
	struct err err = { 0 };

	if (plan_preview(emitted->plan, &emitted->preview, &emitted->config, &err) < 0)
		fail_msg("%s", err.text);
	emitted->input = (struct emit_input){
		.image = emitted->image,
		.tree = emitted->tree,
		.plan = emitted->plan,
		.preview = emitted->preview,
		.config = emitted->config,
		.created = EMITTED_TIME,
	};
}

static inline void emitted_done(struct emitted *emitted)
{
	tree_free(emitted->preview);
	config_free(emitted->config);
	plan_free(emitted->plan);
	tree_free(emitted->tree);
	for (size_t i = 0; i < emitted->count; i++)
		layer_index_free(emitted->layers[i]);
	image_close(emitted->image);
	source_close(emitted->source);
}

/* A layer in memory: an appended one, from 0. */
static inline struct tb emitted_part(const struct emitted *emitted, size_t part)
{
	struct tb tar = { 0 };
	struct sink *sink;
	struct err err = { 0 };
	const void *bytes;
	size_t len;

	assert_int_equal(sink_memory_open(&sink, &err), 0);
	if (emit_append_layer(&emitted->input, part, sink, &err) < 0 || sink_finish(sink, &err) < 0)
		fail_msg("%s", err.text);
	bytes = sink_memory_bytes(sink, &len);
	tb_raw(&tar, bytes, len);
	sink_close(sink);
	return tar;
}

/* Of the position, or the first appended one for 0. */
static inline struct tb emitted_layer(const struct emitted *emitted, unsigned position)
{
	if (position == 0)
		return emitted_part(emitted, 0);

	struct tb tar = { 0 };
	struct sink *sink;
	struct err err = { 0 };
	const void *bytes;
	size_t len;

	assert_int_equal(sink_memory_open(&sink, &err), 0);
	if (emit_rewritten_layer(&emitted->input, position, sink, &err) < 0 ||
	    sink_finish(sink, &err) < 0)
		fail_msg("%s", err.text);
	bytes = sink_memory_bytes(sink, &len);
	tb_raw(&tar, bytes, len);
	sink_close(sink);
	return tar;
}

/* A further layer from finished bytes, which are freed. */
static inline void emitted_index(struct tf *tf, struct tb *tar)
{
	const struct stream_span span = { tf_memory_file(tar->bytes, tar->len), 0, tar->len };
	struct err err = { 0 };

	tf->fds[tf->count] = span.fd;
	tf->lengths[tf->count] = tar->len;
	if (layer_index_build(&span, NULL, &tf->layers[tf->count], &err) < 0)
		fail_msg("%s", err.text);
	tf->count++;
	tb_free(tar);
}

/* What is told of a layer's growth before it is written, against the written one. */
static inline void emitted_check_growth(const struct emitted *emitted, unsigned layer, size_t len)
{
	struct emit_rewrite_count count;

	assert_int_equal(emit_rewrite_count(&emitted->input, layer, &count, NULL), 0);
	assert_int_equal(count.growth,
			 (int64_t)len - (int64_t)layer_decoded_size(tree_layer(emitted->tree, layer)));
}

/* All layers rewritten, or the old ones and the appended one: read again they must show the
 * preview. */
static inline void emitted_check(const struct emitted *emitted, enum emit_mode mode)
{
	struct tf tf = { 0 };
	struct err err = { 0 };
	struct tb tar;

	for (unsigned i = 1; i <= emitted->count; i++) {
		if (mode == EMIT_REWRITE) {
			tar = emitted_layer(emitted, i);
			emitted_check_growth(emitted, i, tar.len);
		} else {
			struct emit_input plain = emitted->input;
			struct emitted same = *emitted;

			plain.preview = emitted->tree;
			same.input = plain;
			assert_int_equal(plan_new(emitted->tree, image_config(emitted->image),
						  &same.plan, NULL),
					 0);
			same.input.plan = same.plan;
			tar = emitted_layer(&same, i);
			plan_free(same.plan);
		}
		emitted_index(&tf, &tar);
	}
	if (mode == EMIT_APPEND) {
		size_t parts;

		assert_int_equal(emit_append_count(&emitted->input, NULL, &parts, &err), 0);
		for (size_t part = 0; part < parts; part++) {
			tar = emitted_part(emitted, part);
			emitted_index(&tf, &tar);
		}
	}
	tf_build(&tf);
	if (tree_compare(emitted->preview, tf.tree, &err) < 0)
		fail_msg("%s", err.text);
	tf_done(&tf);
}

#endif
