/*
 * The layer for the top. Folders and everything without stored bytes come
 * first, in tree order; then files in the order in which their layers hold
 * them, so that each layer is decoded once; then the other names of hard links.
 */
#include <string.h>

#include "base/vec.h"
#include "emit_priv.h"
#include "tree/tree_iter.h"

/* A file whose bytes are in a layer. */
struct stored_file {
	unsigned layer;
	uint32_t entry;
	node_id node;
	bool is_link; /* a further name of the file before it */
};

struct append {
	const struct emit_input *input;
	unsigned char *wanted; /* per node of the preview: written into the layer */
	VEC(struct stored_file) files;
};

static void append_done(struct append *append)
{
	free(append->wanted);
	VEC_DONE(&append->files);
}

/* Mark what the plan changes, and all folders above it: their attributes would be lost otherwise. */
static int mark(struct append *append, struct err *err)
{
	const struct tree *tree = append->input->preview;
	struct tree_iter it;
	node_id node;

	append->wanted = calloc(tree_node_count(tree) + 1, 1);
	if (!append->wanted)
		return err_nomem(err);
	tree_iter_init(&it, tree, NODE_ROOT, emit__top(append->input));
	while (tree_iter_next(&it, &node)) {
		if (!emit__is_planned(append->input, node))
			continue;
		append->wanted[node.v] = 1;
		while (node.v != NODE_ROOT.v) {
			node = tree_parent(tree, node);
			if (node.v != NODE_ROOT.v)
				append->wanted[node.v] = 1;
		}
	}
	return 0;
}

static int compare_files(const void *a, const void *b)
{
	const struct stored_file *left = a, *right = b;

	if (left->layer != right->layer)
		return left->layer < right->layer ? -1 : 1;
	if (left->entry != right->entry)
		return left->entry < right->entry ? -1 : 1;
	return (left->node.v > right->node.v) - (left->node.v < right->node.v);
}

static bool has_stored_bytes(const struct tree_stat *stat)
{
	return stat->type == TAR_FILE && !stat->body && stat->size > 0 && stat->body_layer > 0;
}

static int collect_files(struct append *append, struct err *err)
{
	const struct tree *tree = append->input->preview;
	unsigned top = emit__top(append->input);
	struct tree_stat stat;

	for (uint32_t i = 0; i < tree_node_count(tree); i++) {
		struct stored_file file = { .node = { i } };

		if (!append->wanted[i] || !tree_stat(tree, file.node, top, &stat) ||
		    !has_stored_bytes(&stat))
			continue;
		file.layer = stat.body_layer;
		file.entry = stat.body_entry;
		if (VEC_PUSH(&append->files, file, err) < 0)
			return -ERR_NOMEM;
	}
	if (append->files.count)
		qsort(append->files.items, append->files.count, sizeof(*append->files.items),
		      compare_files);
	for (size_t i = 1; i < append->files.count; i++) {
		struct stored_file *file = &append->files.items[i];

		file->is_link = file->layer == file[-1].layer && file->entry == file[-1].entry;
	}
	return 0;
}

static int append_prepare(struct append *append, struct err *err)
{
	int result = mark(append, err);

	return result < 0 ? result : collect_files(append, err);
}

static int write_without_bytes(const struct append *append, struct tar_writer *tar, struct err *err)
{
	const struct tree *tree = append->input->preview;
	struct tree_stat stat;
	struct tree_iter it;
	node_id node;
	int result = 0;

	tree_iter_init(&it, tree, NODE_ROOT, emit__top(append->input));
	while (result >= 0 && tree_iter_next(&it, &node)) {
		if (append->wanted[node.v] && tree_stat(tree, node, emit__top(append->input), &stat) &&
		    !has_stored_bytes(&stat))
			result = emit__write_node(append->input, tar, node, err);
	}
	return result;
}

/* The bytes of one file, from a layer stream that stands at or before them. */
static int write_body(const struct append *append, struct stream *layer,
		      const struct stored_file *file, struct sink *out, struct err *err)
{
	const struct layer_index *index = tree_layer(append->input->tree, file->layer);
	const struct layer_entry *entry = layer_entry(index, file->entry);
	uint64_t data = entry->header_offset + entry->header_len;
	int result;

	if (entry->flags & ENTRY_SPARSE)
		return err_set(err, ERR_UNSUPPORTED,
			       "layer %u stores '%s' as a sparse file, which cannot be repeated; "
			       "use --mode rewrite",
			       file->layer, layer_string(index, entry->name));
	result = stream_skip(layer, data - layer->position, err);
	return result < 0 ? result : emit__pump(append->input, layer, entry->size, out, err);
}

static int write_link(const struct append *append, struct tar_writer *tar,
		      const struct stored_file *link, const struct stored_file *first,
		      struct err *err)
{
	CLEANUP(freep) char *path = NULL;
	CLEANUP(freep) char *target = tree_path_new(append->input->preview, first->node);
	struct tar_entry entry;
	int result = emit__node_entry(append->input, link->node, &entry, &path, err);

	if (result < 0)
		return result;
	if (!target)
		return err_nomem(err);
	entry.type = TAR_HARDLINK;
	entry.link = target + 1;
	entry.link_len = strlen(entry.link);
	entry.size = entry.stored = 0;
	entry.xattr_count = 0;
	return tar_writer_entry(tar, &entry, err);
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

static int write_files(const struct append *append, struct tar_writer *tar, struct err *err)
{
	CLEANUP(stream_closep) struct stream *layer = NULL;
	struct data_sink data = { .sink = { .ops = &DATA_SINK }, .tar = tar };
	const struct stored_file *first = NULL;
	int result = 0;

	for (size_t i = 0; result >= 0 && i < append->files.count; i++) {
		const struct stored_file *file = &append->files.items[i];

		if (file->is_link) {
			result = write_link(append, tar, file, first, err);
			continue;
		}
		if (!first || first->layer != file->layer) {
			stream_close(STEAL(layer));
			result = emit__open_layer(append->input, file->layer, &layer, err);
		}
		first = file;
		if (result >= 0 && (result = emit__write_node(append->input, tar, file->node, err)) >= 0)
			result = write_body(append, layer, file, &data.sink, err);
		if (result < 0)
			err_wrap(err, "layer %u", file->layer);
	}
	return result;
}

int emit_append_layer(const struct emit_input *input, struct sink *out, struct err *err)
{
	CLEANUP(append_done) struct append append = { .input = input };
	CLEANUP(tar_writer_freep) struct tar_writer *tar = NULL;
	int result;

	if ((result = append_prepare(&append, err)) < 0 ||
	    (result = tar_writer_new(out, &tar, err)) < 0 ||
	    (result = write_without_bytes(&append, tar, err)) < 0 ||
	    (result = write_files(&append, tar, err)) < 0)
		return result;
	return tar_writer_finish(tar, err);
}

int emit_append_size(const struct emit_input *input, uint64_t *ret_bytes, struct err *err)
{
	CLEANUP(append_done) struct append append = { .input = input };
	uint64_t bytes = 2 * TAR_BLOCK;
	int result = append_prepare(&append, err);

	for (uint32_t i = 0; result >= 0 && i < tree_node_count(input->preview); i++) {
		CLEANUP(freep) char *path = NULL;
		struct tar_entry entry;

		if (!append.wanted[i])
			continue;
		result = emit__node_entry(input, (node_id){ i }, &entry, &path, err);
		if (result >= 0)
			bytes += tar_writer_cost(&entry);
	}
	/* Further names of a hard link repeat no bytes. */
	for (size_t i = 0; result >= 0 && i < append.files.count; i++) {
		struct tree_stat stat;

		if (append.files.items[i].is_link &&
		    tree_stat(input->preview, append.files.items[i].node, emit__top(input), &stat))
			bytes -= (stat.size + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK;
	}
	if (result < 0)
		return result;
	*ret_bytes = bytes;
	return 0;
}
