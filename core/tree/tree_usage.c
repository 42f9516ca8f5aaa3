/* Written is what the indexes list; hidden is what of it no path shows any more. */
#include "tree/tree_usage.h"

#include <stdlib.h>

#include "tree/tree_iter.h"

static uint64_t written(const struct layer_index *index)
{
	uint64_t bytes = 0;

	for (size_t i = 0; index && i < layer_entry_count(index); i++) {
		const struct layer_entry *entry = layer_entry(index, i);

		if (entry->kind == ENTRY_NODE && entry->type == TAR_FILE)
			bytes += entry->size;
	}
	return bytes;
}

int tree_usage(const struct tree *tree, struct tree_usage *ret_usage, struct err *err)
{
	unsigned layers = (unsigned)tree_layer_count(tree);
	CLEANUP(freep) unsigned char *seen = calloc(tree_inode_count(tree) + 1, 1);
	struct tree_iter it;
	struct tree_stat stat;
	node_id node;

	if (!seen)
		return err_nomem(err);
	for (unsigned i = 0; i < layers; i++) {
		ret_usage[i].written = written(tree_layer(tree, i + 1));
		ret_usage[i].hidden = ret_usage[i].written;
	}
	tree_iter_init(&it, tree, NODE_ROOT, layers);
	while (tree_iter_next(&it, &node)) {
		/* A planned body is in no layer; the names of one inode share its bytes. */
		if (!tree_stat(tree, node, layers, &stat) || stat.type != TAR_FILE || stat.body ||
		    !stat.body_layer || seen[stat.inode.v])
			continue;
		seen[stat.inode.v] = 1;
		uint64_t *hidden = &ret_usage[stat.body_layer - 1].hidden;
		*hidden -= stat.size < *hidden ? stat.size : *hidden;
	}
	return 0;
}
