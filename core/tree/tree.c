/*
 * Building a tree and asking it. Everything here is a filter over the arrays;
 * what belongs to a preview is handed on to tree_over.c.
 */
#include "tree/tree.h"

#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "core/tree/tree_priv.h"
#include "tree/tree_over.h"

enum { IMPLIED_MODE = 0755, SYMLINK_MODE = 0777, PUBLIC_FLAGS = 0xff };

/* ---- Building ---- */

int tree_build(const struct layer_index *const *layers, size_t count, const struct cancel *cancel,
	       struct tree **ret_tree, struct err *err)
{
	CLEANUP(tree_freep) struct tree *tree = NULL;
	size_t entries = 0;
	int r = limits_check(count, NEVER - 1, "layers", err);

	if (r < 0)
		return r;
	for (size_t i = 0; i < count; i++)
		entries += layers[i] ? layer_entry_count(layers[i]) : 0;
	r = limits_check(entries, limits_default()->entries, "entries of all layers", err);
	if (r < 0)
		return r;
	tree = tree__new(count, entries, err);
	if (!tree)
		return -ERR_NOMEM;
	for (unsigned k = 1; k <= count; k++) {
		tree->layers[k - 1] = layers[k - 1];
		if (layers[k - 1])
			r = tree__merge(tree, k, cancel, err);
		if (r < 0)
			return r;
	}
	r = tree__finish(tree, err);
	if (r < 0)
		return r;
	*ret_tree = STEAL(tree);
	return 0;
}

void tree_free(struct tree *tree)
{
	if (!tree)
		return;
	tree__over_free(tree->over);
	strpool_free(tree->names);
	VEC_DONE(&tree->nodes);
	VEC_DONE(&tree->versions);
	VEC_DONE(&tree->inodes);
	for (size_t i = 0; i < tree->heads.count; i++)
		free(tree->heads.items[i].extra);
	VEC_DONE(&tree->heads);
	VEC_DONE(&tree->groups);
	VEC_DONE(&tree->prev);
	free(tree->group_nodes);
	free(tree->group_births);
	free(tree->group_deaths);
	free(tree->slots);
	free(tree->layers);
	problem_list_done(&tree->problems);
	free(tree);
}

void tree_freep(struct tree **tree)
{
	tree_free(*tree);
}

/* ---- Counts ---- */

size_t tree_layer_count(const struct tree *tree)
{
	return tree->layer_count;
}

const struct layer_index *tree_layer(const struct tree *tree, unsigned layer)
{
	if (tree->over)
		return tree_layer(tree_base(tree), layer);
	return layer >= 1 && layer <= tree->layer_count ? tree->layers[layer - 1] : NULL;
}

size_t tree_node_count(const struct tree *tree)
{
	return tree->over ? tree__over_node_count(tree) : tree->nodes.count;
}

size_t tree_inode_count(const struct tree *tree)
{
	return tree->over ? tree__over_inode_count(tree) : tree->inodes.count;
}

const struct problem_list *tree_problems(const struct tree *tree)
{
	return tree->over ? tree_problems(tree_base(tree)) : &tree->problems;
}

size_t tree_memory(const struct tree *tree)
{
	size_t bytes = sizeof(*tree);

	if (tree->over)
		return bytes + tree__over_memory(tree);
	for (size_t i = 0; i < tree->groups.count; i++)
		bytes += tree->groups.items[i].count * (sizeof(uint32_t) + 2 * sizeof(uint16_t));
	for (size_t i = 0; i < tree->heads.count; i++)
		bytes += tree__extra_memory(&tree->heads.items[i]);
	return bytes + strpool_memory(tree->names) + tree->nodes.room * sizeof(*tree->nodes.items) +
	       tree->versions.room * sizeof(*tree->versions.items) +
	       tree->inodes.room * sizeof(*tree->inodes.items) +
	       tree->heads.room * sizeof(*tree->heads.items) +
	       tree->groups.room * sizeof(*tree->groups.items) +
	       tree->slot_count * sizeof(*tree->slots) + tree->layer_count * sizeof(*tree->layers);
}

/* ---- Versions ---- */

const struct version *tree__version_at(const struct tree *tree, uint32_t node, unsigned at)
{
	uint32_t i = tree->nodes.items[node].version;

	while (i != NONE && tree->versions.items[i].born > at)
		i = tree->versions.items[i].older;
	if (i == NONE)
		return NULL;

	const struct version *version = &tree->versions.items[i];

	return version->died > at ? version : NULL;
}

static const struct group *group_of(const struct tree *tree, uint32_t inode)
{
	uint32_t name = tree->inodes.items[inode].name;

	return name & GROUPED ? &tree->groups.items[name & ~GROUPED] : NULL;
}

/* How many of 'count' sorted layers are not above 'at'. */
static uint32_t count_until(const uint16_t *layers, uint32_t count, unsigned at)
{
	uint32_t low = 0, high = count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (layers[middle] <= at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static uint32_t count_names(const struct tree *tree, uint32_t inode, unsigned at)
{
	const struct group *group = group_of(tree, inode);

	if (!group)
		return 1;
	return count_until(tree->group_births + group->first, group->count, at) -
	       count_until(tree->group_deaths + group->first, group->count, at);
}

/* The layer and entry whose header counts for the inode at a layer. */
static void find_head(const struct tree *tree, uint32_t inode, unsigned at, unsigned *ret_layer,
		      uint32_t *ret_entry)
{
	const struct group *group = group_of(tree, inode);
	uint32_t i = group ? group->head : NONE;

	while (i != NONE && tree->heads.items[i].layer > at)
		i = tree->heads.items[i].older;
	*ret_layer = i == NONE ? tree->inodes.items[inode].head_layer : tree->heads.items[i].layer;
	*ret_entry = i == NONE ? tree->inodes.items[inode].head_entry : tree->heads.items[i].entry;
}

static void set_attributes(const struct tree *tree, struct tree_stat *stat)
{
	const struct layer_index *body_index = tree->layers[stat->body_layer - 1];
	const struct layer_entry *body = layer_entry(body_index, stat->body_entry);
	const struct layer_entry *head =
		layer_entry(tree->layers[stat->head_layer - 1], stat->head_entry);

	stat->type = (enum tar_type)body->type;
	stat->mode = stat->type == TAR_SYMLINK ? SYMLINK_MODE : head->mode;
	stat->uid = head->uid;
	stat->gid = head->gid;
	stat->size = body->size;
	stat->mtime = head->mtime;
	stat->mtime_ns = head->mtime_ns;
	stat->target = stat->type == TAR_SYMLINK ? layer_string(body_index, body->link) : "";
}

static bool is_disputed(uint16_t from, unsigned at)
{
	return from != 0 && from <= at;
}

static void fill_stat(const struct tree *tree, const struct version *version, unsigned at,
		      struct tree_stat *stat)
{
	const struct inode *inode = &tree->inodes.items[version->inode];

	*stat = (struct tree_stat){
		.type = TAR_DIR,
		.mode = IMPLIED_MODE,
		.links = 1,
		.inode = { version->inode },
		.layer = version->born,
		.flags = version->flags & PUBLIC_FLAGS,
		.target = "",
	};
	if (is_disputed(version->disputed, at))
		stat->flags |= TREE_ENGINES_DISAGREE;
	if (inode->body_layer == 0)
		return;
	stat->links = count_names(tree, version->inode, at);
	if ((inode->name & GROUPED) &&
	    is_disputed(tree->groups.items[inode->name & ~GROUPED].disputed, at))
		stat->flags |= TREE_ENGINES_DISAGREE;
	stat->body_layer = inode->body_layer;
	stat->body_entry = inode->body_entry;
	find_head(tree, version->inode, at, &stat->head_layer, &stat->head_entry);
	if (stat->head_layer > stat->layer)
		stat->layer = stat->head_layer;
	set_attributes(tree, stat);
}

bool tree_stat(const struct tree *tree, node_id node, unsigned at, struct tree_stat *ret_stat)
{
	if (tree->over) {
		if (at >= tree->layer_count)
			return tree__over_stat(tree, node.v, ret_stat);
		return tree_stat(tree_base(tree), node, at, ret_stat);
	}
	if (node.v >= tree->nodes.count)
		return false;

	const struct version *version = tree__version_at(tree, node.v, at);

	if (!version)
		return false;
	fill_stat(tree, version, at, ret_stat);
	return true;
}

bool tree_exists(const struct tree *tree, node_id node, unsigned at)
{
	struct tree_stat stat;

	if (tree->over)
		return tree_stat(tree, node, at, &stat);
	return node.v < tree->nodes.count && tree__version_at(tree, node.v, at);
}

/* ---- Changes ---- */

/* Directories are not compared by size and time: both follow from what is in them. */
static bool same_contents(const struct tree_stat *a, const struct tree_stat *b)
{
	if (a->type != b->type)
		return false;
	if (a->type == TAR_DIR)
		return true;
	return a->size == b->size && a->mtime == b->mtime && a->mtime_ns == b->mtime_ns &&
	       strcmp(a->target, b->target) == 0;
}

enum tree_change tree_change(const struct tree *tree, node_id node, unsigned layer)
{
	struct tree_stat before, after;

	if (tree->over)
		return tree_change(tree_base(tree), node, layer);
	if (layer == 0)
		return CHANGE_NONE;

	bool was = tree_stat(tree, node, layer - 1, &before);
	bool is = tree_stat(tree, node, layer, &after);

	if (!was || !is)
		return was ? CHANGE_REMOVED : is ? CHANGE_ADDED : CHANGE_NONE;
	if (after.layer != layer)
		return CHANGE_NONE;
	if (!same_contents(&before, &after))
		return CHANGE_REPLACED;
	if (before.mode != after.mode || before.uid != after.uid || before.gid != after.gid)
		return CHANGE_OWNER;
	return CHANGE_REPEATED;
}

/* ---- Names ---- */

const char *tree_name(const struct tree *tree, node_id node)
{
	if (tree->over)
		return tree__over_name(tree, node);
	return strpool_get(tree->names, (str_id){ tree->nodes.items[node.v].name });
}

node_id tree_parent(const struct tree *tree, node_id node)
{
	if (tree->over)
		return tree__over_parent(tree, node);
	return (node_id){ tree->nodes.items[node.v].parent };
}

unsigned tree_depth(const struct tree *tree, node_id node)
{
	unsigned depth = 0;

	for (; node.v != NODE_ROOT.v; node = tree_parent(tree, node))
		depth++;
	return depth;
}

node_id tree_first_child(const struct tree *tree, node_id node)
{
	if (tree->over)
		return tree__over_first_child(tree, node);
	return (node_id){ tree->nodes.items[node.v].first_child };
}

node_id tree_next_sibling(const struct tree *tree, node_id node)
{
	if (tree->over)
		return tree__over_next_sibling(tree, node);
	return (node_id){ tree->nodes.items[node.v].next_sibling };
}

node_id tree_child(const struct tree *tree, node_id node, const char *name, size_t len)
{
	str_id id;

	if (len == 0)
		return NODE_NONE;
	if (tree->over)
		return tree__over_child(tree, node, name, len);
	if (!strpool_find(tree->names, name, len, &id))
		return NODE_NONE;
	return (node_id){ tree__lookup(tree, node.v, id.v) };
}

node_id tree_find(const struct tree *tree, const char *path)
{
	node_id node = NODE_ROOT;
	const char *name;
	size_t len;

	while (!node_is_none(node) && (name = path_next(&path, &len)))
		node = tree_child(tree, node, name, len);
	return node;
}

/* Puts 'len' bytes that end at 'end' where they fit below 'room'. */
static void put_part(char *out, size_t room, size_t end, const char *bytes, size_t len)
{
	size_t begin = end - len;

	if (begin >= room)
		return;
	memcpy(out + begin, bytes, end <= room ? len : room - begin);
}

size_t tree_path(const struct tree *tree, node_id node, char *out, size_t room)
{
	size_t len = 0;

	for (node_id up = node; up.v != NODE_ROOT.v; up = tree_parent(tree, up))
		len += 1 + strlen(tree_name(tree, up));
	if (len == 0)
		len = 1;
	if (room == 0)
		return len;

	size_t end = len;

	if (node.v == NODE_ROOT.v)
		put_part(out, room - 1, 1, "/", 1);
	for (node_id up = node; up.v != NODE_ROOT.v; up = tree_parent(tree, up)) {
		const char *name = tree_name(tree, up);
		size_t name_len = strlen(name);

		put_part(out, room - 1, end, name, name_len);
		put_part(out, room - 1, end - name_len, "/", 1);
		end -= name_len + 1;
	}
	out[len < room - 1 ? len : room - 1] = '\0';
	return len;
}

char *tree_path_new(const struct tree *tree, node_id node)
{
	size_t len = tree_path(tree, node, NULL, 0);
	char *path = malloc(len + 1);

	if (path)
		tree_path(tree, node, path, len + 1);
	return path;
}

/* ---- Inodes ---- */

static size_t add_name(const struct tree *tree, uint32_t inode, uint32_t node, unsigned at,
		       node_id *ret_names, size_t room, size_t count)
{
	const struct version *version = tree__version_at(tree, node, at);

	if (!version || version->inode != inode)
		return count;
	if (count < room)
		ret_names[count] = (node_id){ node };
	return count + 1;
}

size_t tree_names(const struct tree *tree, inode_id inode, unsigned at, node_id *ret_names,
		  size_t room)
{
	size_t count = 0;

	if (tree->over)
		return tree__over_names(tree, inode, at, ret_names, room);
	if (inode.v >= tree->inodes.count)
		return 0;

	const struct group *group = group_of(tree, inode.v);

	if (!group)
		return add_name(tree, inode.v, tree->inodes.items[inode.v].name, at, ret_names,
				room, 0);
	for (uint32_t i = 0; i < group->count; i++) {
		uint32_t node = tree->group_nodes[group->first + i];

		/* A node that had the inode twice is there twice, side by side. */
		if (i == 0 || tree->group_nodes[group->first + i - 1] != node)
			count = add_name(tree, inode.v, node, at, ret_names, room, count);
	}
	return count;
}
