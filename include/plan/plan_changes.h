/* What a plan changes path by path, and what repeating each path in a layer on top costs. */
#ifndef PLAN_PLAN_CHANGES_H
#define PLAN_PLAN_CHANGES_H

#include "base/vec.h"
#include "plan/plan.h"

struct plan_change {
	const char *path; /* without leading slash; borrowed from the plan */
	uint64_t bytes;   /* header, contents and padding; a further name of a file is a header */
};

struct plan_changes {
	VEC(struct plan_change) all; /* parents before children */
};                                   /* {0}: none */

/*
 * The paths whose state in 'preview' is not that of 'tree', of those that the
 * plan names: what is wanted and so already is left out. ERR_NOMEM.
 */
int plan_changes_find(const struct plan *plan, const struct tree *tree, const struct tree *preview,
		      struct plan_changes *ret_changes, struct err *err);
void plan_changes_done(struct plan_changes *changes);

#endif
