/*
 * Walk what is there after a layer: parents before children, children by the
 * bytes of their names. On the stack, nothing to free.
 *
 *	struct tree_iter it;
 *	node_id node;
 *
 *	tree_iter_init(&it, tree, NODE_ROOT, at);
 *	while (tree_iter_next(&it, &node))
 *		…
 */
#ifndef TREE_TREE_ITER_H
#define TREE_TREE_ITER_H

#include "tree/tree.h"

struct tree_iter {
	const struct tree *tree;
	node_id top, node;
	unsigned at;
	bool started, skip;
};

/* From 'top' (delivered first) down. */
void tree_iter_init(struct tree_iter *it, const struct tree *tree, node_id top, unsigned at);
bool tree_iter_next(struct tree_iter *it, node_id *ret_node);

/* Leave out the children of the node that was delivered last. */
void tree_iter_skip(struct tree_iter *it);

#endif
