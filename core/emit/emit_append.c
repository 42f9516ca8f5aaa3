/*
 * The layer for the top. Folders come first, in tree order; then what has no
 * bytes in a layer; then files in the order in which their layers hold them, so
 * that each layer is decoded once. Further names of a hard link follow the first.
 * Whiteouts are the end.
 */
#include <inttypes.h>
#include <string.h>

#include "base/vec.h"
#include "content/content_reader.h"
#include "emit_priv.h"
#include "tree/tree_iter.h"

/* A path that is no folder. */
struct item {
	unsigned layer; /* that holds its bytes; 0: none does */
	uint32_t entry;
	inode_id inode;
	node_id node;
	bool is_link; /* a further name of the item before it */
};

struct append {
	const struct emit_input *input;
	unsigned char *wanted; /* per node of the preview: written into the layer */
	node_id *removed;      /* NODE_NONE at the end */
	VEC(struct item) items;
};

static void append_done(struct append *append)
{
	free(append->wanted);
	free(append->removed);
	VEC_DONE(&append->items);
}

/* The root needs a header only where a layer gave it one: it is 0755 root:root by itself. */
static bool has_header(const struct emit_input *input, node_id node)
{
	struct tree_stat stat;

	return node.v != NODE_ROOT.v ||
	       (tree_stat(input->preview, node, emit__top(input), &stat) && stat.head_layer > 0);
}

static void mark_parents(struct append *append, node_id node)
{
	while (node.v != NODE_ROOT.v) {
		node = tree_parent(append->input->preview, node);
		append->wanted[node.v] |= has_header(append->input, node);
	}
}

/* Mark what the plan changes, and all folders above it: their attributes would be lost otherwise.
 */
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
		mark_parents(append, node);
	}
	for (const node_id *gone = append->removed; !node_is_none(*gone); gone++)
		mark_parents(append, *gone);
	return 0;
}

static int compare_items(const void *a, const void *b)
{
	const struct item *left = a, *right = b;

	if (left->layer != right->layer)
		return left->layer < right->layer ? -1 : 1;
	if (left->entry != right->entry)
		return left->entry < right->entry ? -1 : 1;
	if (left->inode.v != right->inode.v)
		return left->inode.v < right->inode.v ? -1 : 1;
	return (left->node.v > right->node.v) - (left->node.v < right->node.v);
}

static bool has_stored_bytes(const struct tree_stat *stat)
{
	return stat->type == TAR_FILE && !stat->body && stat->size > 0 && stat->body_layer > 0;
}

static int collect_items(struct append *append, struct err *err)
{
	const struct tree *tree = append->input->preview;
	unsigned top = emit__top(append->input);
	struct tree_stat stat;

	for (uint32_t i = 0; i < tree_node_count(tree); i++) {
		struct item item = { .node = { i } };

		if (!append->wanted[i] || !tree_stat(tree, item.node, top, &stat) ||
		    stat.type == TAR_DIR)
			continue;
		item.inode = stat.inode;
		if (has_stored_bytes(&stat)) {
			item.layer = stat.body_layer;
			item.entry = stat.body_entry;
		}
		if (VEC_PUSH(&append->items, item, err) < 0)
			return -ERR_NOMEM;
	}
	if (append->items.count)
		qsort(append->items.items, append->items.count, sizeof(*append->items.items),
		      compare_items);
	for (size_t i = 1; i < append->items.count; i++) {
		struct item *item = &append->items.items[i];

		item->is_link = item->inode.v == item[-1].inode.v;
	}
	return 0;
}

static int append_prepare(struct append *append, struct err *err)
{
	int result = emit__removed(append->input, &append->removed, err);

	if (result == 0)
		result = mark(append, err);
	return result < 0 ? result : collect_items(append, err);
}

static int write_folders(const struct append *append, struct tar_writer *tar, struct err *err)
{
	const struct tree *tree = append->input->preview;
	struct tree_stat stat;
	struct tree_iter it;
	node_id node;
	int result = 0;

	tree_iter_init(&it, tree, NODE_ROOT, emit__top(append->input));
	while (result >= 0 && tree_iter_next(&it, &node)) {
		if (append->wanted[node.v] &&
		    tree_stat(tree, node, emit__top(append->input), &stat) && stat.type == TAR_DIR)
			result = emit__write_node(append->input, tar, node, err);
	}
	return result;
}

/* The bytes of one file. OCI layer.md: no sparse files, so holes are filled. */
static int write_body(const struct append *append, struct content_reader *reader,
		      const struct item *item, struct sink *out, struct err *err)
{
	CLEANUP(stream_closep) struct stream *in = NULL;
	struct tree_stat stat;
	int result = content_reader_open(reader, item->node, &in, err);

	if (result < 0)
		return result;
	tree_stat(append->input->preview, item->node, emit__top(append->input), &stat);
	return emit__pump(append->input, in, stat.size, out, err);
}

/* The entry of an item. Free *ret_path, and *ret_target of a link, when it is written. */
static int item_entry(const struct append *append, const struct item *item, node_id first,
		      struct tar_entry *ret_entry, char **ret_path, char **ret_target,
		      struct err *err)
{
	int result = emit__node_entry(append->input, item->node, ret_entry, ret_path, err);

	*ret_target = NULL;
	if (result < 0 || !item->is_link)
		return result;
	*ret_target = tree_path_new(append->input->preview, first);
	if (!*ret_target)
		return err_nomem(err);
	ret_entry->type = TAR_HARDLINK;
	ret_entry->link = *ret_target + 1;
	ret_entry->link_len = strlen(ret_entry->link);
	ret_entry->size = ret_entry->stored = 0;
	ret_entry->xattr_count = 0;
	return 0;
}

static int write_link(const struct append *append, struct tar_writer *tar, const struct item *link,
		      node_id first, struct err *err)
{
	CLEANUP(freep) char *path = NULL, *target = NULL;
	struct tar_entry entry;
	int result = item_entry(append, link, first, &entry, &path, &target, err);

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

static int write_items(const struct append *append, struct tar_writer *tar, struct err *err)
{
	const struct content content = {
		.image = append->input->image,
		.tree = append->input->preview,
		.at = emit__top(append->input),
		.cancel = append->input->cancel,
	};
	CLEANUP(content_reader_freep) struct content_reader *reader = NULL;
	struct data_sink data = { .sink = { .ops = &DATA_SINK }, .tar = tar };
	const struct item *first = NULL;
	int result = content_reader_new(&content, &reader, err);

	for (size_t i = 0; result >= 0 && i < append->items.count; i++) {
		const struct item *item = &append->items.items[i];

		if (item->is_link) {
			result = write_link(append, tar, item, first->node, err);
			continue;
		}
		first = item;
		result = emit__write_node(append->input, tar, item->node, err);
		if (result >= 0 && item->layer)
			result = write_body(append, reader, item, &data.sink, err);
		if (result < 0 && item->layer)
			err_wrap(err, "layer %u", item->layer);
	}
	return result;
}

/* OCI layer.md: an empty file ".wh.NAME" takes NAME out of the layers below. Free *ret_path. */
static int whiteout_entry(const struct append *append, node_id node, struct tar_entry *ret_entry,
			  char **ret_path, struct err *err)
{
	const struct tree *tree = append->input->tree;
	node_id parent = tree_parent(tree, node);
	CLEANUP(freep) char *folder = tree_path_new(tree, parent);
	const char *slash = parent.v == NODE_ROOT.v ? "" : "/";

	if (!folder ||
	    asprintf(ret_path, "%s%s.wh.%s", folder + 1, slash, tree_name(tree, node)) < 0) {
		*ret_path = NULL;
		return err_nomem(err);
	}
	*ret_entry = (struct tar_entry){
		.type = TAR_FILE,
		.path = *ret_path,
		.path_len = strlen(*ret_path),
		.link = "",
		.mtime = append->input->created,
	};
	return 0;
}

static int write_whiteouts(const struct append *append, struct tar_writer *tar, struct err *err)
{
	int result = 0;

	for (const node_id *gone = append->removed; result >= 0 && !node_is_none(*gone); gone++) {
		CLEANUP(freep) char *path = NULL;
		struct tar_entry entry;

		result = whiteout_entry(append, *gone, &entry, &path, err);
		if (result == 0)
			result = tar_writer_entry(tar, &entry, err);
	}
	return result;
}

static int add_whiteout_costs(const struct append *append, uint64_t *bytes, struct err *err)
{
	int result = 0;

	for (const node_id *gone = append->removed; result == 0 && !node_is_none(*gone); gone++) {
		CLEANUP(freep) char *path = NULL;
		struct tar_entry entry;

		result = whiteout_entry(append, *gone, &entry, &path, err);
		if (result == 0)
			*bytes += tar_writer_cost(&entry);
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
	    (result = write_folders(&append, tar, err)) < 0 ||
	    (result = write_items(&append, tar, err)) < 0 ||
	    (result = write_whiteouts(&append, tar, err)) < 0)
		return result;
	return tar_writer_finish(tar, err);
}

static int add_folder_costs(const struct append *append, uint64_t *bytes, struct err *err)
{
	const struct emit_input *input = append->input;
	struct tree_stat stat;
	int result = 0;

	for (uint32_t i = 0; result == 0 && i < tree_node_count(input->preview); i++) {
		CLEANUP(freep) char *path = NULL;
		struct tar_entry entry;

		if (!append->wanted[i] ||
		    !tree_stat(input->preview, (node_id){ i }, emit__top(input), &stat) ||
		    stat.type != TAR_DIR)
			continue;
		result = emit__node_entry(input, (node_id){ i }, &entry, &path, err);
		if (result == 0)
			*bytes += tar_writer_cost(&entry);
	}
	return result;
}

static int add_item_costs(const struct append *append, uint64_t *bytes, struct err *err)
{
	node_id first = NODE_NONE;
	int result = 0;

	for (size_t i = 0; result == 0 && i < append->items.count; i++) {
		const struct item *item = &append->items.items[i];
		CLEANUP(freep) char *path = NULL, *target = NULL;
		struct tar_entry entry;

		if (!item->is_link)
			first = item->node;
		result = item_entry(append, item, first, &entry, &path, &target, err);
		if (result == 0)
			*bytes += tar_writer_cost(&entry);
	}
	return result;
}

int emit_append_size(const struct emit_input *input, uint64_t *ret_bytes, struct err *err)
{
	CLEANUP(append_done) struct append append = { .input = input };
	uint64_t bytes = 2 * TAR_BLOCK;
	int result = append_prepare(&append, err);

	if (result < 0 || (result = add_folder_costs(&append, &bytes, err)) < 0 ||
	    (result = add_item_costs(&append, &bytes, err)) < 0 ||
	    (result = add_whiteout_costs(&append, &bytes, err)) < 0)
		return result;
	*ret_bytes = bytes;
	return 0;
}
