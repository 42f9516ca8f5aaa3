/*
 * Previews. A state is what a plan says of one inode of the base, or a whole
 * new inode; new nodes have ids behind those of the base. The lists of
 * children are the base's but for the few links that lead to or from new nodes.
 */
#include "tree/tree_over.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/path.h"
#include "core/tree/tree_priv.h"

enum { SYMLINK_MODE = 0777 };

struct over_state {
	struct tree_want want; /* path unused; target copied */
	bool is_new;
	uint32_t node; /* of a new inode */
};

struct over_node {
	uint32_t parent, next, state;
	str_id name;
};

struct tree_over_map {
	const struct tree *base;
	uint32_t base_nodes, base_inodes;
	struct strpool *names;
	struct arena arena;
	VEC(struct over_state) states;
	VEC(struct over_node) nodes;
	struct tree_map by_inode; /* inode of the base → state */
	struct tree_map by_node;  /* node of the base that is not there at the top → state */
	struct tree_map removed;  /* node that is there no more → itself */
	struct tree_map children; /* (parent, name) → new node */
	struct tree_map first;    /* parent → first child, where it is not the base's */
	struct tree_map next;     /* node of the base → new node */
};

/* ---- Asking ---- */

static const struct over_node *new_node(const struct tree_over_map *over, uint32_t node)
{
	return node >= over->base_nodes ? &over->nodes.items[node - over->base_nodes] : NULL;
}

static void stat_new(const struct tree_over_map *over, uint32_t at, struct tree_stat *stat)
{
	const struct tree_want *want = &over->states.items[at].want;

	*stat = (struct tree_stat){
		.type = want->type,
		.mode = want->type == TAR_SYMLINK ? SYMLINK_MODE : want->mode & 07777,
		.uid = want->uid,
		.gid = want->gid,
		.size = want->body_len,
		.links = 1,
		.inode = { over->base_inodes + at },
		.flags = TREE_PLANNED,
		.target = want->target ? want->target : "",
		.body = want->body,
	};
}

static void apply_state(const struct tree_want *want, struct tree_stat *stat)
{
	struct tree_stat before = *stat;

	if (want->set_mode && stat->type != TAR_SYMLINK)
		stat->mode = want->mode & 07777;
	if (want->set_uid)
		stat->uid = want->uid;
	if (want->set_gid)
		stat->gid = want->gid;
	if (want->body) {
		stat->body = want->body;
		stat->size = want->body_len;
	}
	if (before.mode != stat->mode || before.uid != stat->uid || before.gid != stat->gid ||
	    want->body)
		stat->flags |= TREE_PLANNED;
}

bool tree__over_stat(const struct tree *tree, uint32_t node, struct tree_stat *ret_stat)
{
	const struct tree_over_map *over = tree->over;
	uint32_t state;

	if (node == NONE || node >= tree__over_node_count(tree) ||
	    tree__map_get(&over->removed, node) != NONE)
		return false;
	if (node >= over->base_nodes)
		state = new_node(over, node)->state;
	else
		state = tree__map_get(&over->by_node, node);
	if (state != NONE) {
		stat_new(over, state, ret_stat);
		return true;
	}
	if (!tree_stat(over->base, (node_id){ node }, (unsigned)tree->layer_count, ret_stat))
		return false;
	state = tree__map_get(&over->by_inode, ret_stat->inode.v);
	if (state != NONE)
		apply_state(&over->states.items[state].want, ret_stat);
	return true;
}

node_id tree__over_child(const struct tree *tree, node_id node, const char *name, size_t len)
{
	const struct tree_over_map *over = tree->over;
	node_id child = NODE_NONE;
	str_id id;

	if (node.v < over->base_nodes)
		child = tree_child(over->base, node, name, len);
	if (!node_is_none(child) || !strpool_find(over->names, name, len, &id))
		return child;
	return (node_id){ tree__map_get(&over->children, tree__pair(node.v, id.v)) };
}

node_id tree__over_first_child(const struct tree *tree, node_id node)
{
	const struct tree_over_map *over = tree->over;
	uint32_t child = tree__map_get(&over->first, node.v);

	if (child != NONE || node.v >= over->base_nodes)
		return (node_id){ child };
	return tree_first_child(over->base, node);
}

node_id tree__over_next_sibling(const struct tree *tree, node_id node)
{
	const struct tree_over_map *over = tree->over;

	if (node.v >= over->base_nodes)
		return (node_id){ new_node(over, node.v)->next };

	uint32_t next = tree__map_get(&over->next, node.v);

	return next != NONE ? (node_id){ next } : tree_next_sibling(over->base, node);
}

node_id tree__over_parent(const struct tree *tree, node_id node)
{
	const struct over_node *own = new_node(tree->over, node.v);

	return own ? (node_id){ own->parent } : tree_parent(tree->over->base, node);
}

const char *tree__over_name(const struct tree *tree, node_id node)
{
	const struct over_node *own = new_node(tree->over, node.v);

	return own ? strpool_get(tree->over->names, own->name) : tree_name(tree->over->base, node);
}

size_t tree__over_names(const struct tree *tree, inode_id inode, unsigned at, node_id *ret_names,
			size_t room)
{
	const struct tree_over_map *over = tree->over;

	if (inode.v < over->base_inodes)
		return tree_names(over->base, inode, at, ret_names, room);

	uint32_t state = inode.v - over->base_inodes;

	if (at < tree->layer_count || state >= over->states.count ||
	    !over->states.items[state].is_new)
		return 0;
	if (room > 0)
		ret_names[0] = (node_id){ over->states.items[state].node };
	return 1;
}

size_t tree__over_node_count(const struct tree *tree)
{
	return tree->over->base_nodes + tree->over->nodes.count;
}

size_t tree__over_inode_count(const struct tree *tree)
{
	return tree->over->base_inodes + tree->over->states.count;
}

size_t tree__over_memory(const struct tree *tree)
{
	const struct tree_over_map *over = tree->over;
	size_t slots = over->by_inode.room + over->by_node.room + over->removed.room +
		       over->children.room + over->first.room + over->next.room;

	return sizeof(*over) + strpool_memory(over->names) +
	       over->states.room * sizeof(*over->states.items) +
	       over->nodes.room * sizeof(*over->nodes.items) + slots * sizeof(struct tree_map_slot);
}

void tree__over_free(struct tree_over_map *over)
{
	if (!over)
		return;
	strpool_free(over->names);
	arena_done(&over->arena);
	VEC_DONE(&over->states);
	VEC_DONE(&over->nodes);
	tree__map_done(&over->by_inode);
	tree__map_done(&over->by_node);
	tree__map_done(&over->removed);
	tree__map_done(&over->children);
	tree__map_done(&over->first);
	tree__map_done(&over->next);
	free(over);
}

const struct tree *tree_base(const struct tree *tree)
{
	return tree->over ? tree->over->base : NULL;
}

/* ---- Applying wants ---- */

static int add_state(struct tree_over_map *over, const struct tree_want *want, uint32_t node,
		     uint32_t *ret_state, struct err *err)
{
	struct over_state state = { .want = *want, .is_new = want->create, .node = node };

	if (want->target) {
		state.want.target = arena_copy(&over->arena, want->target, strlen(want->target));
		if (!state.want.target)
			return err_nomem(err);
	}
	*ret_state = (uint32_t)over->states.count;
	return VEC_PUSH(&over->states, state, err);
}

/* The state of an inode that is there; an empty one is made for one of the base. */
static int find_state(struct tree_over_map *over, const struct tree_stat *stat, uint32_t *ret_state,
		      struct err *err)
{
	static const struct tree_want NOTHING;

	if (stat->inode.v >= over->base_inodes) {
		*ret_state = stat->inode.v - over->base_inodes;
		return 0;
	}
	*ret_state = tree__map_get(&over->by_inode, stat->inode.v);
	if (*ret_state != NONE)
		return 0;
	if (add_state(over, &NOTHING, NONE, ret_state, err) < 0)
		return -ERR_NOMEM;
	return tree__map_put(&over->by_inode, stat->inode.v, *ret_state, err);
}

static int change(struct tree *tree, const struct tree_want *want, const struct tree_stat *stat,
		  struct err *err)
{
	uint32_t at;

	if (want->create && want->type != stat->type)
		return err_set(err, ERR_INVALID, "'%s' is there, and of another type", want->path);
	if (want->body && stat->type != TAR_FILE)
		return err_set(err, ERR_INVALID, "'%s' is no file that could have contents",
			       want->path);
	if (find_state(tree->over, stat, &at, err) < 0)
		return -ERR_NOMEM;

	struct tree_want *state = &tree->over->states.items[at].want;

	if (want->set_mode)
		state->mode = want->mode;
	if (want->set_uid)
		state->uid = want->uid;
	if (want->set_gid)
		state->gid = want->gid;
	if (want->body) {
		state->body = want->body;
		state->body_len = want->body_len;
	}
	state->set_mode |= want->set_mode;
	state->set_uid |= want->set_uid;
	state->set_gid |= want->set_gid;
	return 0;
}

static int add_node(struct tree_over_map *over, node_id parent, const char *name,
		    uint32_t *ret_node, struct err *err)
{
	struct over_node node = { .parent = parent.v, .next = NONE, .state = NONE };
	size_t id = over->base_nodes + over->nodes.count;
	int r = strpool_add(over->names, name, strlen(name), &node.name, err);

	if (r < 0)
		return r;
	if (id >= NONE)
		return err_set(err, ERR_LIMIT, "more than 2^32 paths");
	if (VEC_PUSH(&over->nodes, node, err) < 0)
		return -ERR_NOMEM;
	*ret_node = (uint32_t)id;
	return tree__map_put(&over->children, tree__pair(parent.v, node.name.v), *ret_node, err);
}

static int find_parent(const struct tree *tree, const char *path, node_id *ret_parent,
		       struct err *err)
{
	struct tree_stat stat;
	size_t len = path_parent_length(path, strlen(path));
	CLEANUP(freep) char *folder = strndup(path, len);

	if (!folder)
		return err_nomem(err);
	*ret_parent = tree_find(tree, folder);
	if (node_is_none(*ret_parent) || !tree__over_stat(tree, ret_parent->v, &stat) ||
	    stat.type != TAR_DIR)
		return err_set(err, ERR_NOT_FOUND, "'%s': its directory is not there", path);
	return 0;
}

/* 'node' is NODE_NONE, or one of the base that is not there at the top. */
static int create(struct tree *tree, const struct tree_want *want, node_id node, struct err *err)
{
	struct tree_over_map *over = tree->over;
	uint32_t state, id = node.v;
	node_id parent;
	int r = find_parent(tree, want->path, &parent, err);

	if (r < 0)
		return r;
	if (want->body && want->type != TAR_FILE)
		return err_set(err, ERR_INVALID, "'%s' is to have contents, but to be no file",
			       want->path);
	if (node_is_none(node))
		r = add_node(over, parent, path_base(want->path), &id, err);
	if (r == 0)
		r = add_state(over, want, id, &state, err);
	if (r < 0)
		return r;
	if (id < over->base_nodes)
		return tree__map_put(&over->by_node, id, state, err);
	over->nodes.items[id - over->base_nodes].state = state;
	return 0;
}

/* A link may stand where a file of its own was: nothing else has to change with it. */
static bool is_replaced(const struct tree *tree, const struct tree_want *want, node_id node,
			const struct tree_stat *stat)
{
	return want->create && want->type == TAR_SYMLINK && stat->type == TAR_FILE &&
	       stat->links == 1 && node.v < tree->over->base_nodes;
}

static int remove_node(struct tree *tree, const struct tree_want *want, node_id node,
		       struct err *err)
{
	struct tree_stat stat;

	if (node_is_none(node) || !tree__over_stat(tree, node.v, &stat))
		return 0;
	if (stat.type == TAR_DIR || stat.links > 1)
		return err_set(err, ERR_INVALID, "'%s' is %s, which no plan removes", want->path,
			       stat.type == TAR_DIR ? "a directory" : "one of several names");
	return tree__map_put(&tree->over->removed, node.v, node.v, err);
}

static int apply(struct tree *tree, const struct tree_want *want, struct err *err)
{
	node_id node = tree_find(tree, want->path);
	struct tree_stat stat;

	if (want->remove)
		return remove_node(tree, want, node, err);
	if (!node_is_none(node) && tree__over_stat(tree, node.v, &stat) &&
	    !is_replaced(tree, want, node, &stat))
		return change(tree, want, &stat, err);
	if (want->create)
		return create(tree, want, node, err);
	return err_set(err, ERR_NOT_FOUND, "'%s' is not there", want->path);
}

/* ---- New nodes among the children of the base ---- */

static int compare_nodes(const void *left, const void *right, void *context)
{
	const struct tree_over_map *over = context;
	const struct over_node *a = new_node(over, *(const uint32_t *)left);
	const struct over_node *b = new_node(over, *(const uint32_t *)right);

	if (a->parent != b->parent)
		return a->parent < b->parent ? -1 : 1;
	return strcmp(strpool_get(over->names, a->name), strpool_get(over->names, b->name));
}

static int set_next(struct tree_over_map *over, uint32_t parent, uint32_t node, uint32_t next,
		    struct err *err)
{
	if (node == NONE)
		return tree__map_put(&over->first, parent, next, err);
	if (node >= over->base_nodes) {
		over->nodes.items[node - over->base_nodes].next = next;
		return 0;
	}
	if (next != NONE && next >= over->base_nodes)
		return tree__map_put(&over->next, node, next, err);
	return 0; /* as in the base */
}

/* Merge 'count' sorted new children of one parent with those of the base. */
static int link_family(struct tree_over_map *over, const uint32_t *added, size_t count,
		       struct err *err)
{
	uint32_t parent = new_node(over, added[0])->parent, last = NONE;
	node_id below = NODE_NONE;
	size_t i = 0;

	if (parent < over->base_nodes)
		below = tree_first_child(over->base, (node_id){ parent });
	while (i < count || !node_is_none(below)) {
		const char *name =
			i < count ? strpool_get(over->names, new_node(over, added[i])->name) : NULL;
		bool from_base = !node_is_none(below) &&
				 (!name || strcmp(tree_name(over->base, below), name) < 0);
		uint32_t next = from_base ? below.v : added[i];

		if (set_next(over, parent, last, next, err) < 0)
			return -ERR_NOMEM;
		last = next;
		if (from_base)
			below = tree_next_sibling(over->base, below);
		else
			i++;
	}
	return 0;
}

static int link_children(struct tree_over_map *over, struct err *err)
{
	size_t count = over->nodes.count;
	CLEANUP(freep) uint32_t *added = calloc(count + 1, sizeof(*added));

	if (!added)
		return err_nomem(err);
	for (size_t i = 0; i < count; i++)
		added[i] = over->base_nodes + (uint32_t)i;
	qsort_r(added, count, sizeof(*added), compare_nodes, over);
	for (size_t i = 0, end; i < count; i = end) {
		uint32_t parent = new_node(over, added[i])->parent;

		for (end = i + 1; end < count && new_node(over, added[end])->parent == parent;)
			end++;
		if (link_family(over, added + i, end - i, err) < 0)
			return -ERR_NOMEM;
	}
	return 0;
}

int tree_over(const struct tree *base, const struct tree_want *wants, size_t count,
	      struct tree **ret_tree, struct err *err)
{
	CLEANUP(tree_freep) struct tree *tree = calloc(1, sizeof(*tree));

	if (!tree)
		return err_nomem(err);
	tree->layer_count = tree_layer_count(base);
	tree->over = calloc(1, sizeof(*tree->over));
	if (!tree->over || !(tree->over->names = strpool_new()))
		return err_nomem(err);
	tree->over->base = base;
	tree->over->base_nodes = (uint32_t)tree_node_count(base);
	tree->over->base_inodes = (uint32_t)tree_inode_count(base);
	for (size_t i = 0; i < count; i++) {
		int r = apply(tree, &wants[i], err);

		if (r < 0)
			return r;
	}
	if (link_children(tree->over, err) < 0)
		return -ERR_NOMEM;
	*ret_tree = STEAL(tree);
	return 0;
}
