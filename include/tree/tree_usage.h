/*
 * What of each layer's contents is seen after the last layer, and what is only
 * carried along: files that a later layer replaced or removed.
 */
#ifndef TREE_TREE_USAGE_H
#define TREE_TREE_USAGE_H

#include "tree/tree.h"

/* Bytes of files. */
struct tree_usage {
	uint64_t written; /* by the layer */
	uint64_t hidden;  /* of these: by a later layer, or by itself where a path is there twice */
};

/* ret_usage: tree_layer_count() items, layer 1 first. ERR_NOMEM. */
int tree_usage(const struct tree *tree, struct tree_usage *ret_usage, struct err *err);

#endif
