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

/* The same without looking at one path, which may be in one, in both or in none. NULL: all are looked at. */
int tree_compare_except(const struct tree *wanted, const struct tree *have, const char *path,
			struct err *err);

#endif
