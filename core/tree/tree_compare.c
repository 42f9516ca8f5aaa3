/* A join of two walks: both are in byte order. */
#include "tree/tree_compare.h"

#include <inttypes.h>
#include <string.h>

#include "base/cleanup.h"
#include "tree/tree_iter.h"
#include "tree/tree_kept.h"

static int differ(const struct tree *tree, node_id node, const char *how, struct err *err)
{
	CLEANUP(freep) char *path = tree_path_new(tree, node);

	return err_set(err, ERR_FORMAT, "'%s' %s", path ? path : "?", how);
}

static int compare_node(const struct tree *wanted, node_id want_node, const struct tree *have,
			node_id have_node, struct err *err)
{
	struct tree_stat want, got;
	char how[160];

	if (strcmp(tree_name(wanted, want_node), tree_name(have, have_node)) != 0)
		return differ(wanted, want_node, "is missing, or another path is there instead", err);
	if (!tree_stat(wanted, want_node, (unsigned)tree_layer_count(wanted), &want) ||
	    !tree_stat(have, have_node, (unsigned)tree_layer_count(have), &got))
		return differ(wanted, want_node, "is missing", err);
	if (want.type != got.type)
		return differ(wanted, want_node, "has another type", err);
	if (want.type == TAR_SYMLINK)
		want.mode = got.mode; /* the kernel gives links no mode */
	if (want.uid != got.uid || want.gid != got.gid || want.mode != got.mode) {
		snprintf(how, sizeof(how),
			 "is %04o %" PRId64 ":%" PRId64 ", not %04o %" PRId64 ":%" PRId64, got.mode,
			 got.uid, got.gid, want.mode, want.uid, want.gid);
		return differ(wanted, want_node, how, err);
	}
	if (want.type == TAR_FILE && want.size != got.size)
		return differ(wanted, want_node, "has another size", err);
	if (strcmp(want.target, got.target) != 0)
		return differ(wanted, want_node, "has another target", err);
	if (want.type != TAR_DIR && want.links != got.links)
		return differ(wanted, want_node, "shares its file with more or fewer names", err);
	if (!tree_same_xattrs(wanted, &want, have, &got))
		return differ(wanted, want_node, "has other extended attributes", err);
	return 0;
}

/* The next node but this one and what is below it. */
static bool next_but(struct tree_iter *it, node_id except, node_id *ret_node)
{
	while (tree_iter_next(it, ret_node)) {
		if (ret_node->v != except.v)
			return true;
		tree_iter_skip(it);
	}
	return false;
}

int tree_compare(const struct tree *wanted, const struct tree *have, struct err *err)
{
	return tree_compare_except(wanted, have, NULL, err);
}

int tree_compare_except(const struct tree *wanted, const struct tree *have, const char *path,
			struct err *err)
{
	node_id not_wanted = path ? tree_find(wanted, path) : NODE_NONE;
	node_id not_there = path ? tree_find(have, path) : NODE_NONE;
	struct tree_iter left, right;
	node_id want_node, have_node;
	bool more_wanted, more_there;
	int result;

	tree_iter_init(&left, wanted, NODE_ROOT, (unsigned)tree_layer_count(wanted));
	tree_iter_init(&right, have, NODE_ROOT, (unsigned)tree_layer_count(have));
	for (;;) {
		more_wanted = next_but(&left, not_wanted, &want_node);
		more_there = next_but(&right, not_there, &have_node);
		if (!more_wanted && !more_there)
			return 0;
		if (!more_there)
			return differ(wanted, want_node, "is missing", err);
		if (!more_wanted)
			return differ(have, have_node, "should not be there", err);
		if (tree_depth(wanted, want_node) != tree_depth(have, have_node))
			return differ(wanted, want_node, "is missing, or another path is there instead", err);
		result = compare_node(wanted, want_node, have, have_node, err);
		if (result < 0)
			return result;
	}
}
