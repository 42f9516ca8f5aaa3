/* The walkthrough's own state, for its two files. */
#ifndef PLAN_GUIDE_PRIV_H
#define PLAN_GUIDE_PRIV_H

#include "base/vec.h"
#include "plan/guide.h"
#include "rule/action.h"

/* Fixes of one case that are looked at. */
enum { GUIDE_FIXES = 16 };

/* How far things were before an answer. */
struct guide_mark {
	size_t steps, skipped;
};

struct guide {
	VEC(char *) skipped; /* keys, owned; with room for a NULL behind them */
	VEC(struct guide_mark) marks;
};

/* The stage of an action's fixes; false: what they are about decides. */
bool guide__place(enum action action, enum guide_stage *ret_stage);

/* 'key' is taken, also on failure; NULL is ERR_NOMEM. */
int guide__add_skipped(struct guide *guide, char *key, struct err *err);

#endif
