/*
 * A tree with some final states on top of another one: the preview of a plan.
 * It borrows the base's arrays, gives new nodes ids behind them and keeps a
 * small map of what is replaced. Only its top (at == tree_layer_count()) differs.
 */
#ifndef TREE_TREE_OVER_H
#define TREE_TREE_OVER_H

#include "tree/tree.h"

/* The wanted state of one path; what is not set stays. */
struct tree_want {
	const char *path;        /* normalised, without leading slash */
	bool set_mode, set_uid, set_gid;
	bool remove; /* is not there: a file or link without further names; nothing else counts then
		      */
	bool create;             /* may be new: with the type below, its parent must be there or be wanted before */
	enum tar_type type;      /* of a new one: TAR_FILE, TAR_DIR, TAR_SYMLINK */
	uint32_t mode;
	int64_t uid, gid;
	const void *body;        /* new contents of a file; NULL: as they are (a new file: empty) */
	size_t body_len;
	const char *target;      /* of a new symlink */
};

/*
 * Wants are applied in order, to the path itself (no link is followed); all
 * names of an inode change together. A symlink may take the place of a file
 * that has no other name. What is to be removed and not there stays so. 'base' and the bodies are
 * borrowed for the life of the result. ERR_NOT_FOUND (a path or parent that is not there),
 * ERR_INVALID (contents for what is no file; to create what is there as
 * another type; to remove a directory or one of several names), ERR_NOMEM.
 */
int tree_over(const struct tree *base, const struct tree_want *wants, size_t count,
	      struct tree **ret_tree, struct err *err);

/* The tree below, or NULL. */
const struct tree *tree_base(const struct tree *tree);

#endif
