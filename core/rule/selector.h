/*
 * Which nodes of a tree a rule is about: by globs of paths, by a regular
 * expression over the whole path, by type. All are arguments of the rule:
 *
 *	"paths"    globs ("/opt/" "*" "/bin"); absent: the root and all below
 *	"below"    true: what is below them too
 *	"names"    globs of which the last component must match one
 *	"pattern"  PCRE2 that the absolute path must match
 *	"type"     "file", "dir", "symlink", …; absent: any
 *	"private"  globs of what is left out, with all below
 */
#ifndef RULE_SELECTOR_H
#define RULE_SELECTOR_H

#include "rule_priv.h"

/* Called for each node, parents before children; an error ends the walk. */
typedef int selector_visit(void *context, node_id node, const struct tree_stat *stat,
			   struct err *err);

/* Errors of 'visit'; ERR_INVALID (the pattern, a type), ERR_CANCELLED, ERR_NOMEM. */
int rule__select(struct rule_run *run, selector_visit *visit, void *context, struct err *err);

/* The arguments above, for a predicate's list. */
#define SELECTOR_ARGUMENTS "paths", "below", "names", "pattern", "type", "private"

#endif
