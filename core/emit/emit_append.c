/*
 * Layers for the top. Folders come first, in tree order; then what has no
 * bytes in a layer; then files in the order in which their layers hold them, so
 * that each layer is decoded once. Further names of a hard link follow the first.
 * Whiteouts are the end.
 */
#include <inttypes.h>
#include <string.h>

#include "content/content_reader.h"
#include "emit_append_priv.h"
#include "tree/tree_iter.h"

static int write_folders(const struct append *append, size_t part, struct tar_writer *tar,
			 struct err *err)
{
	const struct tree *tree = append->input->preview;
	CLEANUP(freep) unsigned char *marks = emit__append_folders(append, part);
	struct tree_iter it;
	node_id node;
	int result = marks ? 0 : err_nomem(err);

	tree_iter_init(&it, tree, NODE_ROOT, emit__top(append->input));
	while (result >= 0 && tree_iter_next(&it, &node)) {
		if (marks[node.v])
			result = emit__write_node(append->input, tar, node, err);
	}
	return result;
}

/* The bytes of one file. OCI layer.md: no sparse files, so holes are filled. */
static int write_body(const struct append *append, struct content_reader *reader,
		      const struct append_item *item, struct sink *out, struct err *err)
{
	CLEANUP(stream_closep) struct stream *in = NULL;
	struct tree_stat stat;
	int result = content_reader_open(reader, item->node, &in, err);

	if (result < 0)
		return result;
	tree_stat(append->input->preview, item->node, emit__top(append->input), &stat);
	return emit__pump(append->input, in, stat.size, out, err);
}

/* A further name, or a whiteout. */
static int write_entry(const struct append *append, struct tar_writer *tar,
		       const struct append_item *item, node_id first, struct err *err)
{
	CLEANUP(freep) char *path = NULL, *target = NULL;
	struct tar_entry entry;
	int result = emit__append_entry(append, item, first, &entry, &path, &target, err);

	return result < 0 ? result : tar_writer_entry(tar, &entry, err);
}

/* A sink that hands its bytes to the data of the tar's current entry. */
struct data_sink {
	struct sink sink;
	struct tar_writer *tar;
};

static int data_sink_write(struct sink *sink, const void *bytes, size_t len, struct err *err)
{
	return tar_writer_data(((struct data_sink *)sink)->tar, bytes, len, err);
}

static const struct sink_ops DATA_SINK = { .write = data_sink_write };

static int write_file(const struct append *append, struct content_reader *reader,
		      struct data_sink *data, const struct append_item *item, struct err *err)
{
	int result = emit__write_node(append->input, data->tar, item->node, err);

	if (result >= 0 && item->layer)
		result = write_body(append, reader, item, &data->sink, err);
	if (result < 0 && item->layer)
		err_wrap(err, "layer %u", item->layer);
	return result;
}

static int write_items(const struct append *append, size_t part, struct tar_writer *tar,
		       struct err *err)
{
	const struct content content = {
		.image = append->input->image,
		.tree = append->input->preview,
		.at = emit__top(append->input),
		.cancel = append->input->cancel,
	};
	CLEANUP(content_reader_freep) struct content_reader *reader = NULL;
	struct data_sink data = { .sink = { .ops = &DATA_SINK }, .tar = tar };
	node_id first = NODE_NONE;
	int result = content_reader_new(&content, &reader, err);

	for (size_t i = 0; result >= 0 && i < append->items.count; i++) {
		const struct append_item *item = &append->items.items[i];

		if (item->part != part || item->kind == APPEND_FOLDER)
			continue;
		if (item->is_link || item->kind == APPEND_WHITEOUT) {
			result = write_entry(append, tar, item, first, err);
			continue;
		}
		first = item->node;
		result = write_file(append, reader, &data, item, err);
	}
	return result;
}

int emit_append_layer(const struct emit_input *input, size_t part, struct sink *out,
		      struct err *err)
{
	CLEANUP(emit__append_done) struct append append = { .input = input };
	CLEANUP(tar_writer_freep) struct tar_writer *tar = NULL;
	int result;

	if ((result = emit__append_prepare(&append, NULL, err)) < 0 ||
	    (result = tar_writer_new(out, &tar, err)) < 0 ||
	    (result = write_folders(&append, part, tar, err)) < 0 ||
	    (result = write_items(&append, part, tar, err)) < 0)
		return result;
	return tar_writer_finish(tar, err);
}

int emit_append_count(const struct emit_input *input, struct problem_list *notes,
		      size_t *ret_count, struct err *err)
{
	CLEANUP(emit__append_done) struct append append = { .input = input };
	int result = emit__append_prepare(&append, notes, err);

	if (result == 0)
		*ret_count = append.part_count;
	return result;
}

int emit_append_size(const struct emit_input *input, uint64_t *ret_bytes, struct err *err)
{
	CLEANUP(emit__append_done) struct append append = { .input = input };
	int result = emit__append_prepare(&append, NULL, err);

	if (result == 0)
		*ret_bytes = append.bytes;
	return result;
}
