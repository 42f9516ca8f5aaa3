/* Two trees, path by path: parents come first, so each node's partner is a child of its parent's.
 */
#include "tree/tree_kept.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "layer/capability.h"
#include "tree/tree_iter.h"

bool tree_same_xattrs(const struct tree *a, const struct tree_stat *a_stat, const struct tree *b,
		      const struct tree_stat *b_stat)
{
	const struct layer_extra *left = tree_extra(a, a_stat), *right = tree_extra(b, b_stat);

	if ((left ? left->xattr_count : 0) != (right ? right->xattr_count : 0))
		return false;
	for (size_t i = 0; left && i < left->xattr_count; i++) {
		const struct tar_xattr *own = &left->xattrs[i];
		const struct tar_xattr *other = layer_extra_xattr(right, own->name);

		if (!other || own->len != other->len || memcmp(own->value, other->value, own->len))
			return false;
	}
	return true;
}

static void count_one(const struct tree *tree, const struct tree_stat *stat,
		      struct tree_census *census)
{
	const struct layer_extra *extra = tree_extra(tree, stat);

	census->paths++;
	census->xattrs += extra && extra->xattr_count;
	census->capabilities += layer_extra_xattr(extra, CAPABILITY_XATTR) != NULL;
	census->setid += stat->type == TAR_FILE && (stat->mode & 06000);
	census->hard_links += stat->type != TAR_DIR && stat->links > 1;
}

static void count_all(const struct tree *tree, struct tree_census *census)
{
	unsigned top = (unsigned)tree_layer_count(tree);
	struct tree_stat stat;
	struct tree_iter it;
	node_id node;

	tree_iter_init(&it, tree, NODE_ROOT, top);
	while (tree_iter_next(&it, &node)) {
		if (tree_stat(tree, node, top, &stat))
			count_one(tree, &stat, census);
	}
}

static void compare(const struct tree *before, const struct tree_stat *old,
		    const struct tree *after, const struct tree_stat *new, struct tree_kept *kept)
{
	if (old->type != new->type) {
		kept->type++;
		return;
	}
	kept->owner += old->uid != new->uid || old->gid != new->gid;
	kept->mode += old->type != TAR_SYMLINK && old->mode != new->mode;
	kept->size += old->type == TAR_FILE && old->size != new->size;
	kept->mtime += old->mtime != new->mtime || old->mtime_ns != new->mtime_ns;
	kept->links += old->type != TAR_DIR && old->links != new->links;
	kept->target += strcmp(old->target, new->target) != 0;
	kept->xattrs += !tree_same_xattrs(before, old, after, new);
}

/* The node of 'before' that has the path of 'node', whose parent's partner is known. */
static node_id partner_of(const struct tree *before, const struct tree *after, node_id node,
			  const node_id *partners)
{
	if (node.v == NODE_ROOT.v)
		return NODE_ROOT;
	const char *name = tree_name(after, node);
	node_id parent = partners[tree_parent(after, node).v];

	return node_is_none(parent) ? NODE_NONE : tree_child(before, parent, name, strlen(name));
}

int tree_kept_count(const struct tree *before, const struct tree *after, struct tree_kept *ret_kept,
		    struct err *err)
{
	CLEANUP(freep) node_id *partners = malloc((tree_node_count(after) + 1) * sizeof(*partners));
	unsigned before_top = (unsigned)tree_layer_count(before);
	unsigned after_top = (unsigned)tree_layer_count(after);
	struct tree_kept kept = { 0 };
	uint64_t shared = 0;
	struct tree_iter it;
	node_id node;

	if (!partners)
		return err_nomem(err);
	count_all(before, &kept.before);
	count_all(after, &kept.after);
	tree_iter_init(&it, after, NODE_ROOT, after_top);
	while (tree_iter_next(&it, &node)) {
		node_id partner = partner_of(before, after, node, partners);
		struct tree_stat old, new;

		partners[node.v] = partner;
		if (node_is_none(partner) || !tree_stat(before, partner, before_top, &old) ||
		    !tree_stat(after, node, after_top, &new))
			continue;
		shared++;
		compare(before, &old, after, &new, &kept);
	}
	kept.added = kept.after.paths - shared;
	kept.removed = kept.before.paths - shared;
	*ret_kept = kept;
	return 0;
}
