/*
 * Which entries of a layer change. Every entry of the layer that wrote
 * a visible path which the plan changes is mended, so duplicates and all names
 * of a hard link are among them, and the entry that made the file even where its
 * own name is gone since; an edited file is replaced where its bytes
 * are; what the plan removes has no entry in any layer any more; what no layer has a header for is
 * added behind the top layer's last entry.
 */
#include "rewrite_edits.h"

#include <string.h>

#include "tree/tree_iter.h"

node_id emit__entry_node(const struct tree *tree, const struct layer_index *index,
			 const struct layer_entry *entry, node_id *folder_node, str_id *folder)
{
	const char *name = layer_string(index, entry->name);

	if (node_is_none(*folder_node) || folder->v != entry->folder.v) {
		*folder = entry->folder;
		*folder_node = tree_find(tree, layer_string(index, entry->folder));
	}
	if (node_is_none(*folder_node) || !*name)
		return *folder_node;
	return tree_child(tree, *folder_node, name, strlen(name));
}

static bool attributes_differ(const struct tree_stat *a, const struct tree_stat *b)
{
	return a->mode != b->mode || a->uid != b->uid || a->gid != b->gid;
}

/* Entries whose bytes or type the plan replaces: one per edited file, by the place of its bytes. */
static int collect_bodies(struct rewrite *rewrite, struct err *err)
{
	const struct emit_input *input = rewrite->input;
	unsigned top = emit__top(input);
	struct tree_stat old, new;
	size_t count;
	CLEANUP(freep) struct tree_want *wants = NULL;
	int result = plan_merge(input->plan, &wants, &count, err);

	for (size_t i = 0; result == 0 && i < count; i++) {
		struct edit edit = { .kind = EDIT_REPLACE };

		if (!wants[i].body && !wants[i].create)
			continue;
		edit.node = tree_find(input->tree, wants[i].path);
		if (node_is_none(edit.node) || !tree_stat(input->tree, edit.node, top, &old) ||
		    !tree_stat(input->preview, edit.node, top, &new) ||
		    (!new.body &&old.type == new.type) || old.body_layer != rewrite->layer)
			continue;
		edit.entry = old.body_entry;
		result = VEC_PUSH(&rewrite->edits, edit, err);
	}
	return result;
}

/* The files with other attributes, as a path of theirs: a node + 1, or 0. */
struct mended {
	uint32_t *by_inode; /* of the image's tree */
	uint32_t *by_entry; /* of the layer: the entries that made such a file */
};

static void mended_done(struct mended *mended)
{
	free(mended->by_inode);
	free(mended->by_entry);
}

/* A name may be gone or be another file by now: the first entry still makes the file. */
static int find_mended(const struct rewrite *rewrite, struct mended *mended, struct err *err)
{
	const struct emit_input *input = rewrite->input;
	unsigned top = emit__top(input);
	struct tree_stat old, new;
	CLEANUP(freep) struct tree_want *wants = NULL;
	size_t count;
	int result = plan_merge(input->plan, &wants, &count, err);

	if (result < 0)
		return result;
	mended->by_inode = calloc(tree_inode_count(input->tree) + 1, sizeof(uint32_t));
	mended->by_entry = calloc(layer_entry_count(rewrite->index) + 1, sizeof(uint32_t));
	if (!mended->by_inode || !mended->by_entry)
		return err_nomem(err);
	for (size_t i = 0; i < count; i++) {
		node_id node = tree_find(input->tree, wants[i].path);

		if (node_is_none(node) || !tree_stat(input->tree, node, top, &old) ||
		    !tree_stat(input->preview, node, top, &new) || !attributes_differ(&old, &new))
			continue;
		mended->by_inode[old.inode.v] = node.v + 1;
		if (old.body_layer == rewrite->layer)
			mended->by_entry[old.body_entry] = node.v + 1;
		if (old.head_layer == rewrite->layer)
			mended->by_entry[old.head_entry] = node.v + 1;
	}
	return 0;
}

/* A path of the file that entry i made or names, where the plan changes it; else NODE_NONE. */
static node_id mended_node(const struct rewrite *rewrite, const struct mended *mended, size_t i,
			   node_id node)
{
	struct tree_stat then;
	uint32_t found = mended->by_entry[i];

	/* What the layer wrote is what is seen: the same inode, to which later layers may link. */
	if (!found && !node_is_none(node) &&
	    tree_stat(rewrite->input->tree, node, rewrite->layer, &then))
		found = mended->by_inode[then.inode.v];
	return found ? (node_id){ found - 1 } : NODE_NONE;
}

static int collect_mends(struct rewrite *rewrite, struct err *err)
{
	CLEANUP(mended_done) struct mended mended = { 0 };
	const struct layer_index *index = rewrite->index;
	node_id folder_node = NODE_NONE;
	str_id folder = STR_EMPTY;
	int result = find_mended(rewrite, &mended, err);

	for (size_t i = 0; result == 0 && i < layer_entry_count(index); i++) {
		const struct layer_entry *entry = layer_entry(index, i);
		struct edit edit = { .kind = EDIT_MEND, .entry = (uint32_t)i };

		if (entry->kind != ENTRY_NODE)
			continue;
		edit.node =
			emit__entry_node(rewrite->input->tree, index, entry, &folder_node, &folder);
		edit.node = mended_node(rewrite, &mended, i, edit.node);
		if (!node_is_none(edit.node))
			result = VEC_PUSH(&rewrite->edits, edit, err);
	}
	return result;
}

static int compare_edits(const void *a, const void *b)
{
	const struct edit *left = a, *right = b;

	if (left->entry != right->entry)
		return left->entry < right->entry ? -1 : 1;
	return (left->kind < right->kind) -
	       (left->kind > right->kind); /* a replacement is mended */
}

/* In the order of the tar, one per entry. */
static int collect_edits(struct rewrite *rewrite, struct err *err)
{
	size_t count = 0;
	int result = collect_bodies(rewrite, err);

	if (result == 0)
		result = collect_mends(rewrite, err);
	if (result == 0)
		result = emit__collect_drops(rewrite, err);
	if (result < 0 || rewrite->edits.count == 0)
		return result;
	qsort(rewrite->edits.items, rewrite->edits.count, sizeof(*rewrite->edits.items),
	      compare_edits);
	for (size_t i = 0; i < rewrite->edits.count; i++) {
		if (count == 0 ||
		    rewrite->edits.items[count - 1].entry != rewrite->edits.items[i].entry)
			rewrite->edits.items[count++] = rewrite->edits.items[i];
	}
	rewrite->edits.count = count;
	return 0;
}

/* New, or changed and without a header anywhere: it needs an entry of its own. */
static bool needs_entry(const struct emit_input *input, node_id node)
{
	struct tree_stat old, new;
	unsigned top = emit__top(input);

	if (!tree_stat(input->preview, node, top, &new) || !(new.flags &TREE_PLANNED))
		return false;
	if (!tree_stat(input->tree, node, top, &old))
		return true;
	return old.head_layer == 0 && attributes_differ(&old, &new);
}

/* The layer that takes new entries: the topmost one that is there. */
static unsigned adding_layer(const struct emit_input *input)
{
	unsigned layer = emit__top(input);

	while (layer > 0 && !tree_layer(input->tree, layer))
		layer--;
	return layer;
}

/*
 * New entries with all folders above them that this layer has no header for:
 * overlay2 would give such a folder 0755 root:root, whatever lies below.
 */
static int collect_added(struct rewrite *rewrite, struct err *err)
{
	const struct tree *tree = rewrite->input->preview;
	CLEANUP(freep) unsigned char *wanted = calloc(tree_node_count(tree) + 1, 1);
	unsigned top = emit__top(rewrite->input);
	struct tree_iter it;
	node_id node;

	if (!wanted)
		return err_nomem(err);
	tree_iter_init(&it, tree, NODE_ROOT, top);
	while (tree_iter_next(&it, &node)) {
		struct tree_stat stat;

		if (!needs_entry(rewrite->input, node))
			continue;
		wanted[node.v] = 1;
		for (node = tree_parent(tree, node); node.v != NODE_ROOT.v;
		     node = tree_parent(tree, node)) {
			if (tree_stat(tree, node, top, &stat) &&
			    (stat.layer != rewrite->layer || (stat.flags & TREE_IMPLIED)))
				wanted[node.v] = 1;
		}
	}
	tree_iter_init(&it, tree, NODE_ROOT, top);
	while (tree_iter_next(&it, &node)) {
		if (wanted[node.v] && VEC_PUSH(&rewrite->added, node, err) < 0)
			return -ERR_NOMEM;
	}
	return 0;
}

int emit__rewrite_prepare(struct rewrite *rewrite, struct err *err)
{
	int result = 0;

	rewrite->index = tree_layer(rewrite->input->tree, rewrite->layer);
	if (!rewrite->index)
		return 0;
	if (!rewrite->as_it_is)
		result = collect_edits(rewrite, err);
	if (result == 0 && !rewrite->as_it_is && rewrite->layer == adding_layer(rewrite->input))
		result = collect_added(rewrite, err);
	if (result == 0 && (rewrite->as_it_is || rewrite->edits.count || rewrite->added.count))
		result = emit__collect_contents(rewrite, err);
	return result;
}

void emit__rewrite_done(struct rewrite *rewrite)
{
	VEC_DONE(&rewrite->edits);
	VEC_DONE(&rewrite->added);
}
