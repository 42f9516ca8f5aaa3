/*
 * One judge and one walk. access_inode() alone decides what an inode grants;
 * resolve_path() alone walks, and asks here at each directory that it searches
 * and each link that it follows.
 */
#include "access/access.h"

#include <stdio.h>
#include <string.h>

#include "access_priv.h"
#include "tree/resolve.h"

enum { STICKY = 01000, STICKY_WRITABLE = 01002 }; /* S_ISVTX, S_ISVTX | S_IWOTH */
enum { MOST_PATH = 4096, MOST_NAME = 255 };

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
		[CLASS_ACL_USER] = "acl user",
		[CLASS_ACL_GROUP] = "acl group",
	};

	return NAMES[class];
}

/* fs/namei.c acl_permission_check() */
static struct access_grant grant_by_owner(const struct identity *identity, const struct tree *tree,
					  const struct tree_stat *stat, unsigned wanted)
{
	struct access_grant grant = { .class = CLASS_OWNER, .bits = stat->mode >> 6 & 7 };

	if (identity->uid == stat->uid || access__acl(identity, tree, stat, wanted, &grant))
		return grant;
	if (identity_in_group(identity, stat->gid))
		return (struct access_grant){ .class = CLASS_GROUP, .bits = stat->mode >> 3 & 7 };
	return (struct access_grant){ .class = CLASS_OTHER, .bits = stat->mode & 7 };
}

struct access_grant access_inode(const struct identity *identity, const struct tree *tree,
				 const struct tree_stat *stat, unsigned wanted)
{
	/* CAP_DAC_OVERRIDE runs a file only if somebody may. */
	bool may_execute = stat->type == TAR_DIR || (stat->mode & 0111);

	if (identity->uid != 0 || identity->no_caps)
		return grant_by_owner(identity, tree, stat, wanted);
	return (struct access_grant){
		.class = CLASS_ROOT,
		.bits = ACCESS_READ | ACCESS_WRITE | (may_execute ? ACCESS_EXECUTE : 0),
	};
}

unsigned access_inode_bits(const struct identity *identity, const struct tree *tree,
			   const struct tree_stat *stat)
{
	struct access_grant grant = access_inode(identity, tree, stat, 0);
	unsigned bits = 0;

	if (grant.class != CLASS_ACL_GROUP)
		return grant.bits;
	for (unsigned bit = ACCESS_EXECUTE; bit <= ACCESS_READ; bit <<= 1)
		bits |= access_inode(identity, tree, stat, bit).bits & bit;
	return bits;
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

	step.grant = access_inode(look->identity, look->tree, stat, wanted);
	note_step(look, &step);
	if (!(wanted & ~step.grant.bits))
		return true;
	look->verdict = (struct access_verdict){
		.outcome = ACCESS_DENIED,
		.node = look->verdict.node,
		.blocker = node,
		.wanted = wanted,
		.grant = step.grant,
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

/* ---- Names in a directory ---- */

struct name {
	char dir[MOST_PATH + 1]; /* ends in "/.", so that the directory itself is searched */
	const char *last;
	size_t len;
};

static enum access_outcome split(const char *path, struct name *ret_name)
{
	size_t end = strlen(path), start;

	if (end >= MOST_PATH)
		return ACCESS_TOO_LONG;
	while (end > 0 && path[end - 1] == '/')
		end--;
	for (start = end; start > 0 && path[start - 1] != '/';)
		start--;
	snprintf(ret_name->dir, sizeof(ret_name->dir), "%.*s.", (int)start, path);
	ret_name->last = path + start;
	ret_name->len = end - start;
	/* The root, "." and ".." are no names in a directory. */
	return strspn(ret_name->last, ".") >= ret_name->len && ret_name->len < 3 ? ACCESS_NOT_FOUND
										  : ACCESS_ALLOWED;
}

/* fs/namei.c __check_sticky() */
static bool is_kept(const struct identity *identity, const struct tree_stat *dir,
		    const struct tree_stat *stat)
{
	return (dir->mode & STICKY) && identity->uid != stat->uid && identity->uid != dir->uid &&
	       (identity->uid != 0 || identity->no_caps);
}

/* What the directory at look->verdict.node says of a name in it. */
static void judge_name(struct look *look, const struct name *name, bool is_taken_away)
{
	node_id dir = look->verdict.node;
	node_id child = tree_child(look->tree, dir, name->last, name->len);
	struct tree_stat dir_stat, stat;
	bool is_there = !node_is_none(child) && tree_stat(look->tree, child, look->at, &stat);

	look->verdict.node = is_there ? child : NODE_NONE;
	if (resolve_is_mount(look->tree, dir) || (is_there && resolve_is_mount(look->tree, child)))
		look->verdict.outcome = ACCESS_RUNTIME;
	else if (name->len > MOST_NAME)
		look->verdict.outcome = ACCESS_TOO_LONG;
	else if (is_taken_away && !is_there)
		look->verdict.outcome = ACCESS_NOT_FOUND;
	else if (tree_stat(look->tree, dir, look->at, &dir_stat) &&
		 judge(look, dir, &dir_stat, ACCESS_WRITE | ACCESS_EXECUTE) && is_taken_away &&
		 is_kept(look->identity, &dir_stat, &stat)) {
		look->verdict.outcome = ACCESS_STICKY;
		look->verdict.blocker = dir;
	}
}

static struct access_verdict access_name(struct look *look, const char *path, bool is_taken_away)
{
	struct name name;

	look->verdict.outcome = split(path, &name);
	if (look->verdict.outcome != ACCESS_ALLOWED)
		return look->verdict;
	walk(look, NODE_ROOT, name.dir, 0);
	if (look->verdict.outcome == ACCESS_ALLOWED)
		judge_name(look, &name, is_taken_away);
	return look->verdict;
}

struct access_verdict access_create(const struct tree *tree, unsigned at,
				    const struct identity *identity, const char *path)
{
	struct look look = look_at(tree, at, identity);

	return access_name(&look, path, false);
}

struct access_verdict access_delete(const struct tree *tree, unsigned at,
				    const struct identity *identity, const char *path)
{
	struct look look = look_at(tree, at, identity);

	return access_name(&look, path, true);
}
