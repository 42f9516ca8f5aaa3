/*
 * The folders that the user works in: those of the rule's "scope", the working
 * directory and HOME, links followed. Never the root directory, and nothing of
 * what the rule's "system" names. A path that two of them have is met once.
 *
 *	while (rule__scope_walk_top(&walk, &top))
 *		while ((rc = rule__scope_walk_next(&walk, err)) > 0)
 *			… walk.below.node, walk.below.stat
 */
#ifndef RULE_SCOPE_WALK_H
#define RULE_SCOPE_WALK_H

#include "rule_walk.h"

struct scope_walk {
	const struct rule_run *run;
	struct node_marks marks;
	size_t named, own; /* how many of "scope", and of the two others, are done */
	node_id top;
	struct rule_walk below;
};

/* The arguments of a predicate that walks so. */
#define SCOPE_WALK_ARGUMENTS "scope", "system"

/* ERR_NOMEM; done also on failure. */
int rule__scope_walk_init(struct scope_walk *walk, const struct rule_run *run, struct err *err);
void rule__scope_walk_done(struct scope_walk *walk);

/* The next one; it need not be a directory. */
bool rule__scope_walk_top(struct scope_walk *walk, node_id *ret_top);

/* What is there from it down, itself first. As rule__walk_next(). */
int rule__scope_walk_next(struct scope_walk *walk, struct err *err);

#endif
