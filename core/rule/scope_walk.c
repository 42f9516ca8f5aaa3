/* Walks over the folders that the user works in; see scope_walk.h. */
#include "scope_walk.h"

#include "tree/resolve.h"

enum { MARK_SEEN = 1, MARK_SYSTEM = 2 };

int rule__scope_walk_init(struct scope_walk *walk, const struct rule_run *run, struct err *err)
{
	*walk = (struct scope_walk){ .run = run };
	if (rule__marks_init(&walk->marks, run->tree, run->at, err) < 0)
		return -(int)ERR_NOMEM;
	return rule__marks_list(&walk->marks, run, "system", MARK_SYSTEM, err);
}

void rule__scope_walk_done(struct scope_walk *walk)
{
	rule__marks_done(&walk->marks);
}

/* NULL: that was all. */
static const char *next_path(struct scope_walk *walk)
{
	const char *own[] = { walk->run->config->working_dir, rule__home(walk->run) };
	const char *named = rule__item(walk->run, "scope", walk->named);

	if (named) {
		walk->named++;
		return named;
	}
	return walk->own < sizeof(own) / sizeof(*own) ? own[walk->own++] : NULL;
}

bool rule__scope_walk_top(struct scope_walk *walk, node_id *ret_top)
{
	const struct rule_run *run = walk->run;
	const char *path;

	while ((path = next_path(walk))) {
		struct resolve_result found =
			resolve_path(run->tree, run->at, NODE_ROOT, path, true, NULL);

		if (!path[0] || found.outcome != RESOLVE_FOUND || found.node.v == NODE_ROOT.v ||
		    rule__marks_covered(&walk->marks, found.node, MARK_SEEN | MARK_SYSTEM))
			continue;
		walk->top = *ret_top = found.node;
		rule__walk_init(&walk->below, run, found.node);
		return true;
	}
	return false;
}

int rule__scope_walk_next(struct scope_walk *walk, struct err *err)
{
	int rc;

	while ((rc = rule__walk_next(&walk->below, err)) > 0) {
		if (!rule__marks_has(&walk->marks, walk->below.node, MARK_SEEN | MARK_SYSTEM))
			return 1;
		tree_iter_skip(&walk->below.it);
	}
	rule__marks_set(&walk->marks, walk->top, MARK_SEEN);
	return rc;
}
