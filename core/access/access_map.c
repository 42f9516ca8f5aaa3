/*
 * One byte a node. A directory hands on to its children whether they can be
 * reached; links are judged afterwards, one by one, as they may lead anywhere.
 */
#include "access/access_map.h"

#include "access/access.h"
#include "base/vec.h"
#include "tree/resolve.h"
#include "tree/tree_iter.h"

enum {
	BITS = 7,      /* enum access_bit */
	REACHABLE = 8, /* each directory above can be searched */
	RUNTIME = 16,  /* only the runtime knows */
};

enum { CANCEL_EVERY = 4096 };

struct access_map {
	const struct tree *tree;
	size_t count;
	uint8_t marks[]; /* by node id */
};

struct build {
	struct access_map *map;
	unsigned at;
	const struct identity *identity;
	const struct cancel *cancel;
	VEC(node_id) links;
};

void access_map_free(struct access_map *map)
{
	free(map);
}

void access_map_freep(struct access_map **map)
{
	access_map_free(*map);
}

/* What the parent hands on. */
static unsigned inherit(const struct access_map *map, node_id node)
{
	if (node.v == NODE_ROOT.v)
		return REACHABLE;

	node_id parent = tree_parent(map->tree, node);
	unsigned marks = map->marks[parent.v];

	if (!(marks & REACHABLE))
		return 0;
	/* The mode of a mount point is the runtime's, like all below. */
	if ((marks & RUNTIME) || resolve_is_mount(map->tree, parent))
		return REACHABLE | RUNTIME;
	return marks & ACCESS_EXECUTE ? REACHABLE : 0;
}

static int judge_node(struct build *build, node_id node, struct err *err)
{
	struct access_map *map = build->map;
	unsigned marks = inherit(map, node);
	struct tree_stat stat;

	if (marks == REACHABLE && tree_stat(map->tree, node, build->at, &stat)) {
		if (stat.type != TAR_SYMLINK)
			marks |= access_inode_bits(build->identity, map->tree, &stat);
		else if (VEC_PUSH(&build->links, node, err) < 0)
			return -ERR_NOMEM;
	}
	map->marks[node.v] = (uint8_t)marks;
	return 0;
}

static void judge_link(struct build *build, node_id node)
{
	struct access_map *map = build->map;
	struct access_verdict verdict = access_node(map->tree, build->at, build->identity, node, 0);
	struct tree_stat stat;

	if (verdict.outcome == ACCESS_RUNTIME)
		map->marks[node.v] |= RUNTIME;
	else if (verdict.outcome == ACCESS_ALLOWED &&
		 tree_stat(map->tree, verdict.node, build->at, &stat))
		map->marks[node.v] |= (uint8_t)access_inode_bits(build->identity, map->tree, &stat);
}

static int judge_all(struct build *build, struct err *err)
{
	struct tree_iter it;
	node_id node;
	size_t count = 0;

	tree_iter_init(&it, build->map->tree, NODE_ROOT, build->at);
	while (tree_iter_next(&it, &node)) {
		if (count++ % CANCEL_EVERY == 0 && cancel_check(build->cancel, err) < 0)
			return -ERR_CANCELLED;
		if (judge_node(build, node, err) < 0)
			return -ERR_NOMEM;
	}
	for (size_t i = 0; i < build->links.count; i++) {
		/* One link may cost many steps. */
		if (i % 16 == 0 && cancel_check(build->cancel, err) < 0)
			return -ERR_CANCELLED;
		judge_link(build, build->links.items[i]);
	}
	return 0;
}

int access_map_build(const struct tree *tree, unsigned at, const struct identity *identity,
		     const struct cancel *cancel, struct access_map **ret_map, struct err *err)
{
	size_t count = tree_node_count(tree);
	CLEANUP(access_map_freep) struct access_map *map = calloc(1, sizeof(*map) + count);
	struct build build = { .map = map, .at = at, .identity = identity, .cancel = cancel };

	if (!map)
		return err_nomem(err);
	map->tree = tree;
	map->count = count;

	int r = judge_all(&build, err);

	VEC_DONE(&build.links);
	if (r < 0)
		return r;
	*ret_map = STEAL(map);
	return 0;
}

/* ---- Questions ---- */

static unsigned marks_of(const struct access_map *map, node_id node)
{
	return node.v < map->count ? map->marks[node.v] : 0;
}

bool access_map_get(const struct access_map *map, node_id node, unsigned *ret_bits)
{
	unsigned marks = marks_of(map, node);

	*ret_bits = marks & BITS;
	return !(marks & RUNTIME);
}

bool access_map_reachable(const struct access_map *map, node_id node)
{
	return marks_of(map, node) & REACHABLE;
}

node_id access_map_blocker(const struct access_map *map, node_id node)
{
	if (node.v >= map->count || access_map_reachable(map, node))
		return NODE_NONE;
	/* What denies the search can itself be reached; nothing below it can. */
	while (node.v != NODE_ROOT.v && !access_map_reachable(map, node))
		node = tree_parent(map->tree, node);
	return node;
}
