/* Whether two trees show the same at their tops: what was written against what was wanted. */
#ifndef TREE_TREE_COMPARE_H
#define TREE_TREE_COMPARE_H

#include "tree/tree.h"

/*
 * Paths, types, owners, modes, sizes, link targets, the number of names and
 * extended attributes; not times. 0, or
 * ERR_FORMAT naming the first path that differs and how.
 */
int tree_compare(const struct tree *wanted, const struct tree *have, struct err *err);

#endif
