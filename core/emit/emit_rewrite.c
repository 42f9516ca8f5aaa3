/*
 * A layer with some of its headers mended. Every entry of the layer that wrote
 * a visible path which the plan changes is mended, so duplicates and all names
 * of a hard link are among them, and the entry that made the file even where its
 * own name is gone since; an edited file is replaced where its bytes
 * are; what the plan removes has no entry in any layer any more; what no layer has a header for is
 * added behind the top layer's last entry.
 */
#include <inttypes.h>
#include <string.h>

#include "base/vec.h"
#include "emit_priv.h"
#include "tar/tar_edit.h"
#include "tree/tree_iter.h"

enum edit_kind { EDIT_MEND, EDIT_REPLACE, EDIT_DROP };

struct edit {
	enum edit_kind kind;
	uint32_t entry;
	node_id node;
};

struct rewrite {
	const struct emit_input *input;
	unsigned layer;
	const struct layer_index *index;
	VEC(struct edit) edits; /* in the order of the tar */
	VEC(node_id) added;     /* parents first */
};

static void rewrite_done(struct rewrite *rewrite)
{
	VEC_DONE(&rewrite->edits);
	VEC_DONE(&rewrite->added);
}

/* The node of an entry's path in the image's tree. */
static node_id entry_node(const struct tree *tree, const struct layer_index *index,
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
		edit.node = entry_node(rewrite->input->tree, index, entry, &folder_node, &folder);
		edit.node = mended_node(rewrite, &mended, i, edit.node);
		if (!node_is_none(edit.node))
			result = VEC_PUSH(&rewrite->edits, edit, err);
	}
	return result;
}

static bool is_among(const node_id *nodes, node_id node)
{
	for (; !node_is_none(*nodes); nodes++) {
		if (nodes->v == node.v)
			return true;
	}
	return false;
}

/*
 * What older layers have at the path comes to light where the newest entry
 * goes, so all of them go: each must be an entry that nothing else needs.
 */
static int check_removed(const struct rewrite *rewrite, const node_id *removed, struct err *err)
{
	const struct tree *tree = rewrite->input->tree;

	if (node_is_none(*removed))
		return 0;
	for (unsigned layer = 1; layer <= emit__top(rewrite->input); layer++) {
		if (!tree_layer(tree, layer))
			return err_set(err, ERR_UNSUPPORTED,
				       "layer %u is not there, so nothing can be taken out of it; "
				       "use --mode append",
				       layer);
	}
	for (; !node_is_none(*removed); removed++) {
		if (!node_is_none(tree_first_child(tree, *removed)))
			return err_set(err, ERR_UNSUPPORTED,
				       "'%s' is a directory in an older layer; use --mode append",
				       tree_name(tree, *removed));
	}
	return 0;
}

static int collect_drop(struct rewrite *rewrite, const node_id *removed, size_t i, node_id node,
			struct err *err)
{
	const struct edit edit = { .kind = EDIT_DROP, .entry = (uint32_t)i, .node = node };
	const struct layer_entry *entry = layer_entry(rewrite->index, i);
	const char *link = layer_string(rewrite->index, entry->link);

	if (!node_is_none(node) && is_among(removed, node)) {
		if (entry->type == TAR_DIR)
			return err_set(err, ERR_UNSUPPORTED,
				       "'%s' is a directory here; use --mode append",
				       layer_string(rewrite->index, entry->name));
		return VEC_PUSH(&rewrite->edits, edit, err);
	}
	if (entry->type == TAR_HARDLINK && is_among(removed, tree_find(rewrite->input->tree, link)))
		return err_set(err, ERR_UNSUPPORTED, "'%s' is a link to '%s'; use --mode append",
			       layer_string(rewrite->index, entry->name), link);
	return 0;
}

/* The entries of what the plan removes. */
static int collect_drops(struct rewrite *rewrite, struct err *err)
{
	CLEANUP(freep) node_id *removed = NULL;
	node_id folder_node = NODE_NONE;
	str_id folder = STR_EMPTY;
	int result = emit__removed(rewrite->input, &removed, err);

	if (result == 0)
		result = check_removed(rewrite, removed, err);
	if (result < 0 || node_is_none(*removed))
		return result;
	for (size_t i = 0; result == 0 && i < layer_entry_count(rewrite->index); i++) {
		const struct layer_entry *entry = layer_entry(rewrite->index, i);

		if (entry->kind == ENTRY_NODE)
			result = collect_drop(rewrite, removed, i,
					      entry_node(rewrite->input->tree, rewrite->index,
							 entry, &folder_node, &folder),
					      err);
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
		result = collect_drops(rewrite, err);
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

static int rewrite_prepare(struct rewrite *rewrite, struct err *err)
{
	int result = 0;

	rewrite->index = tree_layer(rewrite->input->tree, rewrite->layer);
	if (!rewrite->index)
		return 0;
	result = collect_edits(rewrite, err);
	if (result == 0 && rewrite->layer == adding_layer(rewrite->input))
		result = collect_added(rewrite, err);
	return result;
}

int emit_rewrite_count(const struct emit_input *input, unsigned layer,
		       struct emit_rewrite_count *ret_count, struct err *err)
{
	CLEANUP(rewrite_done) struct rewrite rewrite = { .input = input, .layer = layer };
	int result = rewrite_prepare(&rewrite, err);

	if (result < 0)
		return result;
	*ret_count = (struct emit_rewrite_count){ .added = rewrite.added.count };
	for (size_t i = 0; i < rewrite.edits.count; i++) {
		if (rewrite.edits.items[i].kind == EDIT_MEND)
			ret_count->mended++;
		else if (rewrite.edits.items[i].kind == EDIT_DROP)
			ret_count->dropped++;
		else
			ret_count->replaced++;
	}
	return 0;
}

/* The header blocks at the stream's place, with the plan's owner and mode. */
static int mend_header(const struct rewrite *rewrite, struct stream *in, const struct edit *edit,
		       struct sink *out, struct err *err)
{
	const struct layer_entry *entry = layer_entry(rewrite->index, edit->entry);
	CLEANUP(freep) unsigned char *blocks = malloc(entry->header_len);
	CLEANUP(freep) unsigned char *mended = NULL;
	struct tar_change change = { .set_mode = true, .set_uid = true, .set_gid = true };
	struct tree_stat stat;
	size_t mended_len;
	ssize_t n;
	int result;

	if (!blocks)
		return err_nomem(err);
	n = stream_read(in, blocks, entry->header_len, err);
	if (n < 0)
		return (int)n;
	if ((size_t)n != entry->header_len)
		return err_set(err, ERR_FORMAT, "ends early at byte %" PRIu64, in->position);
	progress_add(rewrite->input->progress, entry->header_len);
	tree_stat(rewrite->input->preview, edit->node, emit__top(rewrite->input), &stat);
	change.mode = stat.mode;
	change.uid = (uint32_t)stat.uid;
	change.gid = (uint32_t)stat.gid;
	/* A number that no system has stays as it is. */
	change.set_uid = stat.uid == change.uid;
	change.set_gid = stat.gid == change.gid;
	result = tar_edit(blocks, entry->header_len, &change, &mended, &mended_len, err);
	return result < 0 ? result : sink_write(out, mended, mended_len, err);
}

/* The path of an entry. Free with free(); NULL: out of memory. */
static char *entry_path(const struct layer_index *index, const struct layer_entry *entry)
{
	const char *folder = layer_string(index, entry->folder);
	char *path;

	if (asprintf(&path, "%s%s%s", folder, *folder ? "/" : "",
		     layer_string(index, entry->name)) < 0)
		return NULL;
	return path;
}

/* Past the header and body at the stream's place. */
static int skip_entry(const struct rewrite *rewrite, struct stream *in, const struct edit *edit,
		      struct err *err)
{
	const struct layer_entry *entry = layer_entry(rewrite->index, edit->entry);
	const struct layer_extra *extra = layer_entry_extra(rewrite->index, entry);
	uint64_t stored = extra ? extra->stored : entry->size;
	uint64_t padded = (stored + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK;

	progress_add(rewrite->input->progress, entry->header_len + padded);
	return stream_skip(in, entry->header_len + padded, err);
}

/* Another header and body instead of the ones at the stream's place; the name stays. */
static int replace_entry(const struct rewrite *rewrite, struct stream *in, const struct edit *edit,
			 struct sink *out, struct err *err)
{
	const struct layer_entry *entry = layer_entry(rewrite->index, edit->entry);
	CLEANUP(tar_writer_freep) struct tar_writer *tar = NULL;
	CLEANUP(freep) char *path = NULL, *name = entry_path(rewrite->index, entry);
	struct tar_entry header;
	struct tree_stat stat;
	int result;

	if (!name)
		return err_nomem(err);
	if ((result = skip_entry(rewrite, in, edit, err)) < 0 ||
	    (result = tar_writer_new(out, &tar, err)) < 0 ||
	    (result = emit__node_entry(rewrite->input, edit->node, &header, &path, err)) < 0)
		return result;
	header.path = name;
	header.path_len = strlen(name);
	tree_stat(rewrite->input->preview, edit->node, emit__top(rewrite->input), &stat);
	if ((result = tar_writer_entry(tar, &header, err)) < 0 || !stat.body)
		return result;
	return tar_writer_data(tar, stat.body, stat.size, err);
}

static int write_added(const struct rewrite *rewrite, struct sink *out, struct err *err)
{
	CLEANUP(tar_writer_freep) struct tar_writer *tar = NULL;
	int result = tar_writer_new(out, &tar, err);

	for (size_t i = 0; result >= 0 && i < rewrite->added.count; i++)
		result = emit__write_node(rewrite->input, tar, rewrite->added.items[i], err);
	return result;
}

/* From the last entry's end on: what is added, then the end of the archive as it was. */
static int write_end(const struct rewrite *rewrite, struct stream *in, struct sink *out,
		     struct err *err)
{
	uint64_t end = layer_end_offset(rewrite->index);
	int result = emit__pump(rewrite->input, in, end - in->position, out, err);

	if (result >= 0 && rewrite->added.count)
		result = write_added(rewrite, out, err);
	if (result < 0)
		return result;
	return emit__pump(rewrite->input, in, layer_decoded_size(rewrite->index) - end, out, err);
}

int emit_rewritten_layer(const struct emit_input *input, unsigned layer, struct sink *out,
			 struct err *err)
{
	CLEANUP(rewrite_done) struct rewrite rewrite = { .input = input, .layer = layer };
	CLEANUP(stream_closep) struct stream *in = NULL;
	int result = rewrite_prepare(&rewrite, err);

	if (result == 0 && !rewrite.index)
		result = err_set(err, ERR_NOT_FOUND, "layer %u cannot be read", layer);
	if (result < 0 || (result = emit__open_layer(input, layer, &in, err)) < 0)
		return result;
	for (size_t i = 0; result >= 0 && i < rewrite.edits.count; i++) {
		const struct edit *edit = &rewrite.edits.items[i];
		const struct layer_entry *entry = layer_entry(rewrite.index, edit->entry);

		result = emit__pump(input, in, entry->header_offset - in->position, out, err);
		if (result < 0)
			break;
		result = edit->kind == EDIT_MEND   ? mend_header(&rewrite, in, edit, out, err)
			 : edit->kind == EDIT_DROP ? skip_entry(&rewrite, in, edit, err)
						   : replace_entry(&rewrite, in, edit, out, err);
	}
	if (result >= 0)
		result = write_end(&rewrite, in, out, err);
	return result < 0 ? err_wrap(err, "layer %u", layer), result : 0;
}
