/*
 * Merges one layer on top of a tree, in passes over its index: first what it
 * removes from lower layers, then what it writes, then what is left to say
 * about the marks. So the order inside the tar does not matter, but where
 * engines let it matter: there the node is marked (OCI image-spec layer.md;
 * umoci, containers/storage and overlayfs differ).
 */
#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "core/tree/merge_priv.h"

enum { CANCEL_EVERY = 4096 };

/* ---- Finding ---- */

uint32_t tree__walk(const struct merge *m, uint32_t node, const char *path, uint32_t *ret_blocker)
{
	const char *name;
	size_t len;

	*ret_blocker = NONE;
	while ((name = path_next(&path, &len))) {
		str_id id;

		if (!merge_is_dir(m, node)) {
			*ret_blocker = node;
			return NONE;
		}
		if (!strpool_find(m->tree->names, name, len, &id))
			return NONE;
		node = tree__lookup(m->tree, node, id.v);
		if (node == NONE || !merge_alive(m, node))
			return NONE;
	}
	return node;
}

/* The living node of an entry's folder and name. */
static uint32_t walk_entry(const struct merge *m, const struct layer_entry *entry,
			   uint32_t *ret_blocker)
{
	uint32_t folder = tree__walk(m, 0, layer_string(m->layer, entry->folder), ret_blocker);

	if (folder == NONE)
		return NONE;
	return tree__walk(m, folder, layer_string(m->layer, entry->name), ret_blocker);
}

static int child_or_new(struct merge *m, uint32_t parent, const char *name, size_t len,
			uint32_t *ret_node)
{
	str_id id;
	int r = strpool_add(m->tree->names, name, len, &id, m->err);

	if (r < 0)
		return r;
	*ret_node = tree__lookup(m->tree, parent, id.v);
	if (*ret_node != NONE)
		return 0;
	return tree__add_node(m->tree, parent, id.v, ret_node, m->err);
}

/* The node of a path, alive or not. */
static int intern(struct merge *m, uint32_t node, const char *path, uint32_t *ret_node)
{
	const char *name;
	size_t len;

	while ((name = path_next(&path, &len))) {
		int r = child_or_new(m, node, name, len, &node);

		if (r < 0)
			return r;
	}
	*ret_node = node;
	return 0;
}

/* ---- First pass: what goes ---- */

/* A folder whose own name is a whiteout's, as an entry that is no regular file makes it. */
static bool is_below_whiteout_name(const char *folder)
{
	return !strncmp(folder, ".wh.", 4) || strstr(folder, "/.wh.");
}

static void remove_whiteout(struct merge *m, uint32_t i, const struct layer_entry *entry)
{
	uint32_t blocker, node = walk_entry(m, entry, &blocker);

	if (is_below_whiteout_name(layer_string(m->layer, entry->folder)))
		tree__disagree(m, NONE, i,
			       "a whiteout in a directory that is named as one: umoci and podman "
			       "vfs take it, podman overlay keeps what is there");

	/* Engines go by the name alone; the specification wants a regular file. */
	if (entry->type != TAR_FILE)
		tree__disagree(m, NONE, i,
			       "a whiteout that is no regular file: umoci and podman take it, "
			       "the specification does not");
	if (node == NONE)
		return;
	if (tree__map_get(&m->opaques, node) != NONE)
		tree__disagree(m, NONE, i,
			       "an opaque mark and then a whiteout of the directory: umoci and "
			       "podman vfs take both, as shown, podman overlay fails");
	tree__kill_children(m, node);
	tree__kill_one(m, node);
}

static int remove_opaque(struct merge *m, uint32_t i, const struct layer_entry *entry)
{
	uint32_t node;
	int r = intern(m, 0, layer_string(m->layer, entry->folder), &node);

	if (r == 0)
		r = intern(m, node, layer_string(m->layer, entry->name), &node);
	if (r < 0)
		return r;
	tree__kill_children(m, node);
	return tree__map_put(&m->opaques, node, i, m->err);
}

static int hide_metadata(struct merge *m, uint32_t i, const struct layer_entry *entry)
{
	/* '.wh..wh.x' itself is a whiteout of '.wh.x' to all; what lies below one is a file to
	 * some. */
	if (strstr(layer_string(m->layer, entry->folder), ".wh..wh."))
		tree__disagree(m, NONE, i,
			       "AUFS metadata: hidden, podman vfs shows its directory, "
			       "umoci and podman overlay show all of it");
	return tree__map_put(&m->metadata, entry->link.v, i, m->err);
}

static int remove_entry(struct merge *m, uint32_t i, const struct layer_entry *entry)
{
	if (entry->kind == ENTRY_IGNORED && entry->link.v != STR_EMPTY.v)
		return hide_metadata(m, i, entry);
	if (entry->kind != ENTRY_WHITEOUT && entry->kind != ENTRY_OPAQUE)
		return 0;
	if (VEC_PUSH(&m->marks, i, m->err) < 0)
		return -ERR_NOMEM;
	if (entry->kind == ENTRY_OPAQUE)
		return remove_opaque(m, i, entry);
	remove_whiteout(m, i, entry);
	return 0;
}

/* ---- Second pass: what comes ---- */

/* Make 'node' a living directory for entry i below it. 'mark': an opaque mark above, or NONE. */
static int enter_dir(struct merge *m, uint32_t node, uint32_t i, uint32_t mark)
{
	if (merge_is_dir(m, node))
		return tree__pass_dir(m, node, i);

	const char *why = tree__blocker_why(m, node);
	int r = tree__make_implied(m, node, i);

	if (r < 0)
		return r;
	if (why)
		tree__disagree(m, node, i, why);
	tree__review_implied(m, node, i, mark);
	tree__review_made(m, node, i);
	return 0;
}

static int walk_folder(struct merge *m, const char *path, uint32_t i, uint32_t *ret_node)
{
	uint32_t node = 0, mark = tree__map_get(&m->opaques, 0);
	const char *name;
	size_t len;

	while ((name = path_next(&path, &len))) {
		int r = child_or_new(m, node, name, len, &node);

		if (r == 0)
			r = enter_dir(m, node, i, mark);
		if (r < 0)
			return r;

		uint32_t own = tree__map_get(&m->opaques, node);

		if (own != NONE && (mark == NONE || own > mark))
			mark = own;
	}
	*ret_node = node;
	return 0;
}

static int find_folder(struct merge *m, str_id folder, uint32_t i, uint32_t *ret_node)
{
	uint32_t node = tree__map_get(&m->folders, folder.v);

	/* It may have been replaced since by another entry of this layer. */
	if (node != NONE && merge_is_dir(m, node)) {
		*ret_node = node;
		return 0;
	}

	int r = walk_folder(m, layer_string(m->layer, folder), i, ret_node);

	return r < 0 ? r : tree__map_put(&m->folders, folder.v, *ret_node, m->err);
}

static int write_node(struct merge *m, uint32_t node, uint32_t i, const struct layer_entry *entry)
{
	bool dir = entry->type == TAR_DIR, duplicate = merge_is_duplicate(m, node);
	uint32_t inode = NONE;
	bool stays = dir && merge_is_dir(m, node);
	unsigned kept = stays ? merge_alive(m, node)->flags : 0;

	if (!dir)
		tree__kill_children(m, node);

	int r = tree__add_own_inode(m, node, i, i, &inode);

	if (r == 0)
		r = tree__set_version(m, node, inode, dir ? VERSION_DIR : 0);
	if (r < 0)
		return r;
	if (duplicate)
		tree__tell_duplicate(m, node, i);
	if (node == 0)
		tree__compare_root(m, i);
	if (dir)
		tree__note_default_acl(m, node, i, kept);
	if (!stays)
		tree__review_made(m, node, i);
	if (entry->type == TAR_CHAR) {
		const struct layer_extra *extra = layer_entry_extra(m->layer, entry);

		if (extra && extra->dev_major == 0 && extra->dev_minor == 0)
			tree__disagree(m, node, i,
				       "a device 0:0: umoci and podman vfs make it, to podman "
				       "overlay it is a whiteout");
	}
	return 0;
}

static int write_entry(struct merge *m, uint32_t i, const struct layer_entry *entry)
{
	const char *name = layer_string(m->layer, entry->name);
	uint32_t folder, node;

	if (!*name) {
		if (entry->type == TAR_DIR)
			return write_node(m, 0, i, entry);
		tree__disagree(m, 0, i,
			       "the root is to be no directory: umoci and podman vfs fail, podman "
			       "overlay ignores it, as shown");
		return 0;
	}

	int r = find_folder(m, entry->folder, i, &folder);

	if (r == 0)
		r = child_or_new(m, folder, name, strlen(name), &node);
	if (r < 0)
		return r;
	if (entry->type == TAR_HARDLINK)
		return tree__write_link(m, node, i, entry);
	return write_node(m, node, i, entry);
}

/* ---- Third pass: what the marks mean for the layer's own entries ---- */

/* What the mark removes is not there; nor, maybe, the directory that it lies in. */
static void review_nowhere(struct merge *m, uint32_t i, const struct layer_entry *entry)
{
	uint32_t blocker;

	if (entry->kind == ENTRY_WHITEOUT &&
	    tree__walk(m, 0, layer_string(m->layer, entry->folder), &blocker) != NONE)
		return;
	tree__disagree(m, NONE, i,
		       "a whiteout or opaque mark in a directory that is not there: umoci makes "
		       "none, as shown, podman makes it or fails");
}

static int review_mark(struct merge *m, uint32_t i)
{
	const struct layer_entry *entry = layer_entry(m->layer, i);
	bool opaque = entry->kind == ENTRY_OPAQUE;
	uint32_t blocker, node = walk_entry(m, entry, &blocker);

	if (opaque && node != NONE && !merge_is_dir(m, node)) {
		/* What the layer itself puts in the place of the directory is there. */
		if (merge_alive(m, node)->born == m->k)
			return 0;
		blocker = node;
	}
	if (blocker != NONE)
		return enter_dir(m, blocker, i, NONE);

	int r = tree__pass_dirs(m, i, entry);

	if (r < 0 || node == NONE) {
		review_nowhere(m, i, entry);
		return r;
	}
	if (merge_alive(m, node)->born == m->k && opaque)
		merge_alive(m, node)->flags |= TREE_OPAQUE;
	else if (opaque)
		return tree__pass_dir(m, node, i);
	else
		tree__review_whiteout(m, node, i);
	return 0;
}

/* ---- All ---- */

static int pass(struct merge *m, const struct cancel *cancel,
		int (*step)(struct merge *, uint32_t, const struct layer_entry *))
{
	size_t count = layer_entry_count(m->layer);

	for (uint32_t i = 0; i < count; i++) {
		int r = i % CANCEL_EVERY == 0 ? cancel_check(cancel, m->err) : 0;

		if (r == 0)
			r = step(m, i, layer_entry(m->layer, i));
		if (r < 0)
			return r;
	}
	return 0;
}

static int write_if_node(struct merge *m, uint32_t i, const struct layer_entry *entry)
{
	return entry->kind == ENTRY_NODE ? write_entry(m, i, entry) : 0;
}

int tree__merge(struct tree *tree, unsigned k, const struct cancel *cancel, struct err *err)
{
	struct merge m = {
		.tree = tree, .layer = tree->layers[k - 1], .k = (uint16_t)k, .err = err
	};
	int r = pass(&m, cancel, remove_entry);

	if (r == 0)
		r = pass(&m, cancel, write_if_node);
	for (size_t i = 0; r == 0 && i < m.marks.count; i++)
		r = review_mark(&m, m.marks.items[i]);
	if (r == 0)
		tree__review_passed(&m);
	tree__map_done(&m.folders);
	tree__map_done(&m.opaques);
	tree__map_done(&m.metadata);
	tree__map_done(&m.adopted);
	VEC_DONE(&m.marks);
	VEC_DONE(&m.passed);
	return r;
}
