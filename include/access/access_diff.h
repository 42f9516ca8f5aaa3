/*
 * Two verdict maps of one tree against each other: on which paths two
 * identities are not allowed the same.
 */
#ifndef ACCESS_ACCESS_DIFF_H
#define ACCESS_ACCESS_DIFF_H

#include "access/access_map.h"

enum { ACCESS_DIFF_FIRST = 4 };

struct access_diff {
	uint64_t count;                    /* of paths */
	node_id first[ACCESS_DIFF_FIRST];  /* in tree order; below one of them none is listed */
	size_t first_count;
};

/* Both maps are of this tree after layer 'at'. ERR_CANCELLED. */
int access_diff(const struct tree *tree, unsigned at, const struct access_map *a,
		const struct access_map *b, const struct cancel *cancel,
		struct access_diff *ret_diff, struct err *err);

#endif
