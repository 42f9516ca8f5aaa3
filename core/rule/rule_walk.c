/* Walks of rules; see rule_walk.h. */
#include "rule_walk.h"

enum { CANCEL_EVERY = 4096 };

void rule__walk_init(struct rule_walk *walk, const struct rule_run *run, node_id top)
{
	*walk = (struct rule_walk){ .run = run, .node = NODE_NONE };
	tree_iter_init(&walk->it, run->tree, top, run->at);
}

int rule__walk_next(struct rule_walk *walk, struct err *err)
{
	const struct rule_run *run = walk->run;

	while (tree_iter_next(&walk->it, &walk->node)) {
		if (walk->steps++ % CANCEL_EVERY == 0 && cancel_check(run->cancel, err) < 0)
			return -(int)ERR_CANCELLED;
		if (tree_stat(run->tree, walk->node, run->at, &walk->stat))
			return 1;
	}
	return 0;
}
