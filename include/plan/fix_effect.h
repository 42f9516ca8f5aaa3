/* What a fix would do, told before it is chosen: bytes, paths, layers. */
#ifndef PLAN_FIX_EFFECT_H
#define PLAN_FIX_EFFECT_H

#include "plan/fix.h"

enum { FIX_EFFECT_LAYERS = 4 };

enum fix_outcome {
	FIX_CHANGES,
	FIX_NOTHING,     /* it is so already, or guarded: nothing would change */
	FIX_NEEDS_BUILD, /* not from here */
	FIX_IN_BUILD,    /* a line of the Dockerfile that is written */
};

struct fix_effect {
	enum fix_outcome outcome;
	size_t paths;   /* whose owner, mode or contents change, or that are made */
	uint64_t bytes; /* when appended as a layer; rewriting adds none to the decoded layers */
	unsigned layers[FIX_EFFECT_LAYERS]; /* the first of those that rewriting changes, from 1 */
	size_t layer_count;                 /* of all that it changes */
	bool config;                        /* changes the config */
};

/* 'judgement' is of the plan's present preview. ERR_IO, ERR_NOMEM. */
int fix_effect(const struct judgement *judgement, const struct finding *finding,
	       const struct rule_fix *fix, struct fix_effect *ret_effect, struct err *err);

/* "1 path: +512 B as a new layer, or +0 B rewritten, which gives layer 3 a new digest". free().
 * NULL: out of memory. */
char *fix_effect_words(const struct fix_effect *effect);

#endif
