/*
 * A finding's name: the same for the same finding in another judgement, so
 * that what was said of it can be kept. Raw bytes of the image are in it.
 */
#ifndef RULE_FINDING_KEY_H
#define RULE_FINDING_KEY_H

#include "rule/judge.h"

/* "ACC-004 unreadable /opt/x", with the detail behind it where there is one. free(). NULL: out of
 * memory. */
char *finding_key(const struct judgement *judgement, const struct finding *finding);

/* "ACC-004 unreadable": all of one rule and case. free(). NULL: out of memory. */
char *finding_kind_key(const struct finding *finding);

/*
 * Whether one of the keys (NULL-ended, may be NULL) names the finding or its
 * kind. 1, 0, or -ERR_NOMEM.
 */
int finding_key_among(const char *const *keys, const struct judgement *judgement,
		      const struct finding *finding);

#endif
