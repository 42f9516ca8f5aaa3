/* What nobody can tell from an image, or from what was given: the rule says what decides it. */
#include "rule_priv.h"

static int ask(struct rule_run *run, struct err *err)
{
	(void)err;
	run->is_open = true;
	return 0;
}

/* clang-format off */
const struct predicate rule__ask_predicates[] = {
	{ "ask", ask, RULE_WORDS(NULL), RULE_WORDS(NULL) },
	{ NULL, NULL, NULL, NULL },
};
/* clang-format on */
