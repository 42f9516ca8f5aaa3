/*
 * One judge and one walk. access_inode() alone decides what an inode grants;
 * resolve_path() alone walks, and asks here at each directory that it searches
 * and each link that it follows.
 */
#include "access/access.h"

#include "tree/resolve.h"

enum { STICKY_WRITABLE = 01002 }; /* S_ISVTX | S_IWOTH */

struct look {
	const struct tree *tree;
	unsigned at;
	const struct identity *identity;
	struct access_step *steps; /* NULL: nobody asks for them */
	size_t room, count;
	struct access_verdict verdict;
};

const char *access_class_name(enum access_class class)
{
	static const char *const NAMES[] = {
		[CLASS_OWNER] = "owner",
		[CLASS_GROUP] = "group",
		[CLASS_OTHER] = "other",
		[CLASS_ROOT] = "root",
	};

	return NAMES[class];
}

unsigned access_inode(const struct identity *identity, const struct tree_stat *stat,
		      enum access_class *ret_class)
{
	if (identity->uid == 0) {
		/* CAP_DAC_OVERRIDE runs a file only if somebody may. */
		bool may_execute = stat->type == TAR_DIR || (stat->mode & 0111);

		*ret_class = CLASS_ROOT;
		return ACCESS_READ | ACCESS_WRITE | (may_execute ? ACCESS_EXECUTE : 0);
	}
	if (identity->uid == stat->uid) {
		*ret_class = CLASS_OWNER;
		return stat->mode >> 6 & 7;
	}
	if (identity_in_group(identity, stat->gid)) {
		*ret_class = CLASS_GROUP;
		return stat->mode >> 3 & 7;
	}
	*ret_class = CLASS_OTHER;
	return stat->mode & 7;
}

/* ---- What the walk meets ---- */

static void note_step(struct look *look, const struct access_step *step)
{
	if (look->count < look->room)
		look->steps[look->count] = *step;
	look->count++;
}

/* False: denied, and the verdict says by what. */
static bool judge(struct look *look, node_id node, const struct tree_stat *stat, unsigned wanted)
{
	struct access_step step = { .node = node, .stat = *stat, .wanted = wanted };

	step.granted = access_inode(look->identity, stat, &step.class);
	note_step(look, &step);
	if (!(wanted & ~step.granted))
		return true;
	look->verdict = (struct access_verdict){
		.outcome = ACCESS_DENIED,
		.node = look->verdict.node,
		.blocker = node,
		.class = step.class,
		.wanted = wanted,
		.granted = step.granted,
	};
	return false;
}

static bool visit(void *context, node_id node, const struct tree_stat *stat)
{
	struct look *look = context;

	if (stat->type == TAR_DIR)
		return judge(look, node, stat, ACCESS_EXECUTE);
	note_step(look, &(struct access_step){ .node = node, .stat = *stat });
	return true;
}

/* fs/namei.c may_follow_link(): nothing is asked in other directories, root is asked as well. */
static bool may_follow_last(void *context, node_id link, const struct tree_stat *stat)
{
	struct look *look = context;
	struct tree_stat dir;

	if (stat->uid == look->identity->uid ||
	    !tree_stat(look->tree, tree_parent(look->tree, link), look->at, &dir) ||
	    (dir.mode & STICKY_WRITABLE) != STICKY_WRITABLE || stat->uid == dir.uid)
		return true;
	note_step(look, &(struct access_step){ .node = link, .stat = *stat });
	look->verdict.outcome = ACCESS_DENIED;
	look->verdict.blocker = link;
	return false;
}

/* ---- Paths ---- */

static void walk(struct look *look, node_id from, const char *path, unsigned wanted)
{
	static const enum access_outcome OUTCOMES[] = {
		[RESOLVE_FOUND] = ACCESS_ALLOWED,
		[RESOLVE_NOT_FOUND] = ACCESS_NOT_FOUND,
		[RESOLVE_NOT_DIRECTORY] = ACCESS_NOT_DIRECTORY,
		[RESOLVE_LOOP] = ACCESS_LOOP,
		[RESOLVE_TOO_LONG] = ACCESS_TOO_LONG,
		[RESOLVE_RUNTIME] = ACCESS_RUNTIME,
	};
	const struct resolve_visitor visitor = { visit, look, may_follow_last };
	struct resolve_result result =
		resolve_path(look->tree, look->at, from, path, true, &visitor);
	struct tree_stat stat;

	if (look->verdict.outcome == ACCESS_DENIED)
		return;
	look->verdict.outcome = OUTCOMES[result.outcome];
	if (result.outcome != RESOLVE_FOUND || !tree_stat(look->tree, result.node, look->at, &stat))
		return;
	look->verdict.node = result.node;
	judge(look, result.node, &stat, wanted);
}

static struct look look_at(const struct tree *tree, unsigned at, const struct identity *identity)
{
	return (struct look){
		.tree = tree,
		.at = at,
		.identity = identity,
		.verdict = { .node = NODE_NONE, .blocker = NODE_NONE },
	};
}

struct access_verdict access_path(const struct tree *tree, unsigned at,
				  const struct identity *identity, const char *path,
				  unsigned wanted)
{
	struct look look = look_at(tree, at, identity);

	walk(&look, NODE_ROOT, path, wanted);
	return look.verdict;
}

struct access_verdict access_explain(const struct tree *tree, unsigned at,
				     const struct identity *identity, const char *path,
				     unsigned wanted, struct access_step *steps, size_t room,
				     size_t *ret_count)
{
	struct look look = look_at(tree, at, identity);

	look.steps = steps;
	look.room = room;
	walk(&look, NODE_ROOT, path, wanted);
	*ret_count = look.count;
	return look.verdict;
}

/* ---- Nodes ---- */

/*
 * From the node up, as no link can lie above it; so a path may be longer than
 * a system call takes. What is topmost counts and overwrites what lies below.
 */
static void climb(struct look *look, node_id node)
{
	struct tree_stat stat;

	while (node.v != NODE_ROOT.v) {
		node = tree_parent(look->tree, node);
		if (resolve_is_mount(look->tree, node))
			look->verdict = (struct access_verdict){
				.outcome = ACCESS_RUNTIME,
				.node = NODE_NONE,
				.blocker = NODE_NONE,
			};
		else if (tree_stat(look->tree, node, look->at, &stat))
			judge(look, node, &stat, ACCESS_EXECUTE);
	}
}

struct access_verdict access_node(const struct tree *tree, unsigned at,
				  const struct identity *identity, node_id node, unsigned wanted)
{
	struct look look = look_at(tree, at, identity);
	struct tree_stat stat;

	if (!tree_stat(tree, node, at, &stat)) {
		look.verdict.outcome = ACCESS_NOT_FOUND;
		return look.verdict;
	}
	climb(&look, node);
	if (look.verdict.outcome != ACCESS_ALLOWED)
		return look.verdict;
	if (stat.type == TAR_SYMLINK) {
		walk(&look, tree_parent(tree, node), tree_name(tree, node), wanted);
	} else {
		look.verdict.node = node;
		judge(&look, node, &stat, wanted);
	}
	return look.verdict;
}
