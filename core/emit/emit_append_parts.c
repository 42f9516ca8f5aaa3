/*
 * What is appended, and how it is cut into layers where a platform limits
 * their size. Each layer has headers for all folders above what it holds, and
 * all names of a file are in one: engines unpack a layer without those below.
 *
 * The limit counts uncompressed bytes: what a layer is compressed to is not
 * known before, and is hardly more.
 */
#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "emit_append_priv.h"
#include "tree/tree_iter.h"

void emit__append_done(struct append *append)
{
	VEC_DONE(&append->items);
}

/* ---- What there is ---- */

static bool has_stored_bytes(const struct tree_stat *stat)
{
	return stat->type == TAR_FILE && !stat->body && stat->size > 0 && stat->body_layer > 0;
}

static int collect_changed(struct append *append, struct err *err)
{
	const struct tree *tree = append->input->preview;
	struct tree_stat stat;

	for (uint32_t i = 0; i < tree_node_count(tree); i++) {
		struct append_item item = { .node = { i } };

		if (!emit__is_planned(append->input, item.node))
			continue;
		tree_stat(tree, item.node, emit__top(append->input), &stat);
		item.kind = stat.type == TAR_DIR ? APPEND_FOLDER : APPEND_FILE;
		item.inode = stat.inode;
		if (has_stored_bytes(&stat)) {
			item.layer = stat.body_layer;
			item.entry = stat.body_entry;
		}
		if (VEC_PUSH(&append->items, item, err) < 0)
			return -ERR_NOMEM;
	}
	return 0;
}

static int collect_removed(struct append *append, struct err *err)
{
	CLEANUP(freep) node_id *removed = NULL;
	int result = emit__removed(append->input, &removed, err);

	for (uint32_t i = 0; result == 0 && !node_is_none(removed[i]); i++) {
		const struct append_item item = {
			.kind = APPEND_WHITEOUT, .entry = i, .node = removed[i]
		};

		result = VEC_PUSH(&append->items, item, err);
	}
	return result;
}

static int compare_items(const void *a, const void *b)
{
	const struct append_item *left = a, *right = b;

	if (left->kind != right->kind)
		return left->kind < right->kind ? -1 : 1;
	if (left->layer != right->layer)
		return left->layer < right->layer ? -1 : 1;
	if (left->entry != right->entry)
		return left->entry < right->entry ? -1 : 1;
	if (left->inode.v != right->inode.v)
		return left->inode.v < right->inode.v ? -1 : 1;
	return (left->node.v > right->node.v) - (left->node.v < right->node.v);
}

static int collect(struct append *append, struct err *err)
{
	int result = collect_changed(append, err);

	if (result == 0)
		result = collect_removed(append, err);
	if (result < 0 || !append->items.count)
		return result;
	qsort(append->items.items, append->items.count, sizeof(*append->items.items),
	      compare_items);
	for (size_t i = 1; i < append->items.count; i++) {
		struct append_item *item = &append->items.items[i];

		item->is_link = item->kind == APPEND_FILE && item[-1].kind == APPEND_FILE &&
				item->inode.v == item[-1].inode.v;
	}
	return 0;
}

/* ---- Entries ---- */

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

int emit__append_entry(const struct append *append, const struct append_item *item, node_id first,
		       struct tar_entry *ret_entry, char **ret_path, char **ret_target,
		       struct err *err)
{
	int result;

	*ret_target = NULL;
	if (item->kind == APPEND_WHITEOUT)
		return whiteout_entry(append, item->node, ret_entry, ret_path, err);
	result = emit__node_entry(append->input, item->node, ret_entry, ret_path, err);
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

/* ---- Folders ---- */

/* The root needs a header only where a layer gave it one: it is 0755 root:root by itself. */
static bool has_header(const struct emit_input *input, node_id node)
{
	struct tree_stat stat;

	return node.v != NODE_ROOT.v ||
	       (tree_stat(input->preview, node, emit__top(input), &stat) && stat.head_layer > 0);
}

/* Mark a folder that is not marked yet, and count its bytes (ret_bytes may be NULL). */
static int mark_folder(const struct append *append, node_id node, unsigned char *marks,
		       uint64_t *ret_bytes, struct err *err)
{
	CLEANUP(freep) char *path = NULL;
	struct tar_entry entry;
	bool is_new = !marks[node.v];

	marks[node.v] = 1;
	if (!is_new || !ret_bytes)
		return 0;
	if (emit__node_entry(append->input, node, &entry, &path, err) < 0)
		return -ERR_NOMEM;
	*ret_bytes += tar_writer_cost(&entry);
	return 0;
}

/* What an item needs: itself, if it is a folder, and all above it, whose attributes would be lost
 * otherwise. */
static int mark_folders(const struct append *append, const struct append_item *item,
			unsigned char *marks, uint64_t *ret_bytes, struct err *err)
{
	node_id node = item->node;
	int result = 0;

	if (item->kind == APPEND_FOLDER)
		result = mark_folder(append, node, marks, ret_bytes, err);
	while (result == 0 && node.v != NODE_ROOT.v) {
		node = tree_parent(append->input->preview, node);
		if (has_header(append->input, node))
			result = mark_folder(append, node, marks, ret_bytes, err);
	}
	return result;
}

unsigned char *emit__append_folders(const struct append *append, size_t part)
{
	unsigned char *marks = calloc(tree_node_count(append->input->preview) + 1, 1);

	for (size_t i = 0; marks && i < append->items.count; i++) {
		if (append->items.items[i].part == part)
			mark_folders(append, &append->items.items[i], marks, NULL, NULL);
	}
	return marks;
}

/* ---- Parts ---- */

struct cut {
	struct append *append;
	unsigned char *marks; /* folders of the part */
	uint64_t bytes;       /* of the part */
};

/* The items from 'first' to 'end' are in one part: what they take, with their folders. */
static int group_cost(const struct cut *cut, size_t first, size_t end, uint64_t *ret_bytes,
		      struct err *err)
{
	const struct append *append = cut->append;
	int result = 0;

	*ret_bytes = 0;
	for (size_t i = first; result == 0 && i < end; i++) {
		const struct append_item *item = &append->items.items[i];
		CLEANUP(freep) char *path = NULL, *target = NULL;
		struct tar_entry entry;

		result = mark_folders(append, item, cut->marks, ret_bytes, err);
		if (result < 0 || item->kind == APPEND_FOLDER)
			continue;
		result = emit__append_entry(append, item, append->items.items[first].node, &entry,
					    &path, &target, err);
		if (result == 0)
			*ret_bytes += tar_writer_cost(&entry);
	}
	return result;
}

static void begin_part(struct cut *cut)
{
	memset(cut->marks, 0, tree_node_count(cut->append->input->preview) + 1);
	cut->append->bytes += cut->bytes;
	cut->append->part_count++;
	cut->bytes = 2 * TAR_BLOCK;
}

static void note_large(const struct cut *cut, node_id node, struct problem_list *notes)
{
	const struct emit_input *input = cut->append->input;
	CLEANUP(freep) char *path = tree_path_new(input->preview, node);
	char size[32], limit[32];

	problem_add(notes, PROBLEM_TOO_LARGE, PROBLEM_NOWHERE,
		    "a layer of %s for '%s' alone: the platform takes %s, and a file cannot be cut",
		    text_size(size, sizeof(size), cut->bytes), path ? path : "?",
		    text_size(limit, sizeof(limit), input->layer_limit));
}

/* Put a group into the part, or into one of its own where it would be too much. */
static int cut_group(struct cut *cut, size_t first, size_t end, struct problem_list *notes,
		     struct err *err)
{
	struct append *append = cut->append;
	uint64_t limit = append->input->layer_limit, bytes;
	int result = group_cost(cut, first, end, &bytes, err);

	if (result == 0 && limit && first > 0 && cut->bytes + bytes > limit) {
		begin_part(cut);
		result = group_cost(cut, first, end, &bytes, err);
	}
	if (result < 0)
		return result;
	cut->bytes += bytes;
	for (size_t i = first; i < end; i++)
		append->items.items[i].part = append->part_count - 1;
	if (limit && bytes + 2 * TAR_BLOCK > limit)
		note_large(cut, append->items.items[first].node, notes);
	return 0;
}

static int cut_parts(struct append *append, struct problem_list *notes, struct err *err)
{
	CLEANUP(freep)
	unsigned char *marks = calloc(tree_node_count(append->input->preview) + 1, 1);
	struct cut cut = { .append = append, .marks = marks };
	int result = 0;
	size_t end;

	if (!marks)
		return err_nomem(err);
	begin_part(&cut);
	for (size_t i = 0; result == 0 && i < append->items.count; i = end) {
		end = i + 1;
		while (end < append->items.count && append->items.items[end].is_link)
			end++;
		result = cut_group(&cut, i, end, notes, err);
	}
	append->bytes += cut.bytes;
	return result;
}

int emit__append_prepare(struct append *append, struct problem_list *notes, struct err *err)
{
	int result = collect(append, err);

	return result < 0 ? result : cut_parts(append, notes, err);
}
