/* Follows the sorted lists of children; what is not there at the layer is passed over. */
#include "tree/tree_iter.h"

void tree_iter_init(struct tree_iter *it, const struct tree *tree, node_id top, unsigned at)
{
	*it = (struct tree_iter){ .tree = tree, .top = top, .node = top, .at = at };
}

/* The first of 'node' and its later siblings that is there. */
static node_id first_there(const struct tree_iter *it, node_id node)
{
	while (!node_is_none(node) && !tree_exists(it->tree, node, it->at))
		node = tree_next_sibling(it->tree, node);
	return node;
}

static node_id step(const struct tree_iter *it)
{
	node_id node = it->node, next = NODE_NONE;

	if (!it->skip)
		next = first_there(it, tree_first_child(it->tree, node));
	while (node_is_none(next) && node.v != it->top.v) {
		next = first_there(it, tree_next_sibling(it->tree, node));
		node = tree_parent(it->tree, node);
	}
	return next;
}

bool tree_iter_next(struct tree_iter *it, node_id *ret_node)
{
	if (node_is_none(it->node))
		return false;
	if (it->started)
		it->node = step(it);
	else if (!tree_exists(it->tree, it->top, it->at))
		it->node = NODE_NONE;
	it->started = true;
	it->skip = false;
	if (node_is_none(it->node))
		return false;
	*ret_node = it->node;
	return true;
}

void tree_iter_skip(struct tree_iter *it)
{
	it->skip = true;
}
