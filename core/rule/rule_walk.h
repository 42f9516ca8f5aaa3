/*
 * A walk over what an image has, as a rule judges it. On the stack, nothing to
 * free; tree_iter_skip(&walk.it) leaves out what is below the current node.
 *
 *	struct rule_walk walk;
 *	int rc;
 *
 *	rule__walk_init(&walk, run, NODE_ROOT);
 *	while ((rc = rule__walk_next(&walk, err)) > 0)
 *		…
 */
#ifndef RULE_RULE_WALK_H
#define RULE_RULE_WALK_H

#include "rule_priv.h"
#include "tree/tree_iter.h"

struct rule_walk {
	const struct rule_run *run;
	struct tree_iter it;
	size_t steps;
	node_id node; /* where the walk is, and what that is like */
	struct tree_stat stat;
};

/* From 'top' (delivered first) down; parents before children. */
void rule__walk_init(struct rule_walk *walk, const struct rule_run *run, node_id top);

/* 1: there is a node; 0: that was all; ERR_CANCELLED, which is tested now and then. */
int rule__walk_next(struct rule_walk *walk, struct err *err);

#endif
