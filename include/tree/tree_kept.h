/* What a written image has kept of the one it was made from, counted at the tops of both trees. */
#ifndef TREE_TREE_KEPT_H
#define TREE_TREE_KEPT_H

#include "tree/tree.h"

/* What a tree has; each is a number of paths. */
struct tree_census {
	uint64_t paths;
	uint64_t xattrs;       /* with extended attributes of any kind */
	uint64_t capabilities; /* with security.capability */
	uint64_t setid;        /* with setuid or setgid */
	uint64_t hard_links;   /* that share their file with another path */
};

struct tree_kept {
	struct tree_census before, after;
	/* Of the paths that both have: */
	uint64_t owner, mode, size, mtime, xattrs, links, target, type;
	uint64_t added, removed;
};

/* ERR_NOMEM. */
int tree_kept_count(const struct tree *before, const struct tree *after,
		    struct tree_kept *ret_kept, struct err *err);

/* Whether the extended attributes of two versions are the same, in any order. */
bool tree_same_xattrs(const struct tree *a, const struct tree_stat *a_stat, const struct tree *b,
		      const struct tree_stat *b_stat);

#endif
