/*
 * Path look-up without recursion: what is left of the path, and of the links
 * that are being followed, lies on a small stack. As in the kernel, a link
 * target is walked before the rest of the path that led to it.
 */
#include "tree/resolve.h"

#include <string.h>

enum { MOST_LINKS = 40, MOST_NAME = 255, MOST_PATH = 4096 };

struct walk {
	const struct tree *tree;
	unsigned at;
	const struct resolve_visitor *visitor;
	struct resolve_result result; /* 'node' is where the walk stands */
	struct tree_stat stat;        /* of that node */
	node_id visited;              /* the last one that the visitor saw */
	const char *rest[MOST_LINKS + 2];
	unsigned depth;   /* of 'rest' */
	bool must_be_dir; /* a slash at the end */
};

static bool finish(struct walk *walk, enum resolve_outcome outcome)
{
	walk->result.outcome = outcome;
	return false;
}

/* False: the visitor has stopped the walk. */
static bool visit(struct walk *walk, node_id node, const struct tree_stat *stat)
{
	if (!walk->visitor || node.v == walk->visited.v)
		return true;
	walk->visited = node;
	if (walk->visitor->visit(walk->visitor->context, node, stat))
		return true;
	walk->result.node = node;
	return finish(walk, RESOLVE_FOUND);
}

static bool go_to(struct walk *walk, node_id node)
{
	if (!tree_stat(walk->tree, node, walk->at, &walk->stat))
		return finish(walk, RESOLVE_NOT_FOUND);
	walk->result.node = node;
	return true;
}

/* Whether what is left is slashes; *ret_slash: whether there are some. */
static bool is_last(const struct walk *walk, bool *ret_slash)
{
	*ret_slash = false;
	for (unsigned i = walk->depth; i-- > 0;) {
		const char *rest = walk->rest[i];

		*ret_slash |= *rest == '/';
		if (rest[strspn(rest, "/")])
			return false;
	}
	return true;
}

/* The next component; NULL at the end. */
static const char *next_name(struct walk *walk, size_t *ret_len)
{
	while (walk->depth > 0) {
		const char **rest = &walk->rest[walk->depth - 1];
		const char *name = *rest + strspn(*rest, "/");

		if (*name) {
			*ret_len = strcspn(name, "/");
			*rest = name + *ret_len;
			return name;
		}
		walk->depth--;
	}
	return NULL;
}

/* A directory of the root on which the runtime mounts its own. */
static bool is_mount_name(const char *name, size_t len)
{
	static const char *const NAMES[] = { "proc", "sys", "dev" };

	for (size_t i = 0; i < sizeof(NAMES) / sizeof(*NAMES); i++)
		if (len == strlen(NAMES[i]) && memcmp(name, NAMES[i], len) == 0)
			return true;
	return false;
}

bool resolve_is_mount(const struct tree *tree, node_id node)
{
	const char *name = tree_name(tree, node);

	return node.v != NODE_ROOT.v && tree_parent(tree, node).v == NODE_ROOT.v &&
	       is_mount_name(name, strlen(name));
}

/* fs/namei.c may_follow_link(): asked for the last component only. */
static bool may_follow(struct walk *walk, node_id link, const struct tree_stat *stat, bool last)
{
	const struct resolve_visitor *visitor = walk->visitor;

	if (!last || !visitor || !visitor->may_follow_last ||
	    visitor->may_follow_last(visitor->context, link, stat))
		return true;
	walk->result.node = link;
	return finish(walk, RESOLVE_FOUND);
}

static bool follow(struct walk *walk, node_id link, const struct tree_stat *stat, bool last)
{
	size_t len = strlen(stat->target);

	if (++walk->result.links > MOST_LINKS) {
		walk->result.links--;
		return finish(walk, RESOLVE_LOOP);
	}
	if (!may_follow(walk, link, stat, last) || !visit(walk, link, stat))
		return false;
	if (len == 0)
		return finish(walk, RESOLVE_NOT_FOUND);
	if (len >= MOST_PATH)
		return finish(walk, RESOLVE_TOO_LONG);
	walk->rest[walk->depth++] = stat->target;
	return stat->target[0] != '/' || go_to(walk, NODE_ROOT);
}

/* One name in the directory where the walk stands. */
static bool look_up(struct walk *walk, const char *name, size_t len, bool follow_last)
{
	bool slash, last = is_last(walk, &slash);
	bool at_root = walk->result.node.v == NODE_ROOT.v;
	node_id child = tree_child(walk->tree, walk->result.node, name, len);
	struct tree_stat stat;
	bool is_there = !node_is_none(child) && tree_stat(walk->tree, child, walk->at, &stat);

	if (last)
		walk->must_be_dir |= slash;

	bool is_link = is_there && stat.type == TAR_SYMLINK;
	bool followed = is_link && (!last || follow_last || walk->must_be_dir);

	if (at_root && is_mount_name(name, len) && (!is_there || followed))
		return finish(walk, RESOLVE_RUNTIME);
	if (!is_there)
		return finish(walk, RESOLVE_NOT_FOUND);
	if (followed)
		return follow(walk, child, &stat, last);
	walk->result.node = child;
	walk->stat = stat;
	return true;
}

static bool step(struct walk *walk, const char *name, size_t len, bool follow_last)
{
	bool is_dot = len == 1 && name[0] == '.';
	bool is_dotdot = len == 2 && name[0] == '.' && name[1] == '.';
	bool is_mount = resolve_is_mount(walk->tree, walk->result.node);

	if (walk->stat.type != TAR_DIR)
		return finish(walk, RESOLVE_NOT_DIRECTORY);
	if (!is_mount && !visit(walk, walk->result.node, &walk->stat))
		return false;
	if (len > MOST_NAME)
		return finish(walk, RESOLVE_TOO_LONG);
	if (is_dot)
		return true;
	if (is_dotdot)
		return go_to(walk, tree_parent(walk->tree, walk->result.node));
	if (is_mount)
		return finish(walk, RESOLVE_RUNTIME);
	return look_up(walk, name, len, follow_last);
}

struct resolve_result resolve_path(const struct tree *tree, unsigned at, node_id from,
				   const char *path, bool follow_last,
				   const struct resolve_visitor *visitor)
{
	struct walk walk = {
		.tree = tree,
		.at = at,
		.visitor = visitor,
		.visited = NODE_NONE,
		.rest = { path },
		.depth = 1,
		.result.node = path[0] == '/' ? NODE_ROOT : from,
	};
	const char *name;
	size_t len;

	if (strlen(path) >= MOST_PATH) {
		finish(&walk, RESOLVE_TOO_LONG);
		return walk.result;
	}
	if (!*path || !go_to(&walk, walk.result.node)) {
		finish(&walk, RESOLVE_NOT_FOUND);
		return walk.result;
	}
	while ((name = next_name(&walk, &len)))
		if (!step(&walk, name, len, follow_last))
			return walk.result;
	finish(&walk, walk.must_be_dir && walk.stat.type != TAR_DIR ? RESOLVE_NOT_DIRECTORY
								    : RESOLVE_FOUND);
	return walk.result;
}
