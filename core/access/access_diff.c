/* One walk. What differs below a path that differs is counted, not listed. */
#include "access/access_diff.h"

#include "tree/tree_iter.h"

enum { CANCEL_EVERY = 4096 };

static bool differs(const struct access_map *a, const struct access_map *b, node_id node)
{
	unsigned first = 0, second = 0;
	bool is_known = access_map_get(a, node, &first);

	return is_known != access_map_get(b, node, &second) || (is_known && first != second);
}

int access_diff(const struct tree *tree, unsigned at, const struct access_map *a,
		const struct access_map *b, const struct cancel *cancel,
		struct access_diff *ret_diff, struct err *err)
{
	struct access_diff diff = { 0 };
	struct tree_iter it;
	node_id node;
	unsigned listed_depth = UINT32_MAX; /* of the last one listed, while we are below it */
	size_t steps = 0;

	tree_iter_init(&it, tree, NODE_ROOT, at);
	while (tree_iter_next(&it, &node)) {
		if (++steps % CANCEL_EVERY == 0 && cancel_check(cancel, err) < 0)
			return -ERR_CANCELLED;

		unsigned depth = tree_depth(tree, node);

		if (depth <= listed_depth)
			listed_depth = UINT32_MAX;
		if (!differs(a, b, node))
			continue;
		diff.count++;
		if (listed_depth != UINT32_MAX || diff.first_count == ACCESS_DIFF_FIRST)
			continue;
		diff.first[diff.first_count++] = node;
		listed_depth = depth;
	}
	*ret_diff = diff;
	return cancel_check(cancel, err);
}
