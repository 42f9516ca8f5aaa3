/* Turns a finding and one of its rule's fixes into wants of a plan. */
#ifndef PLAN_FIX_H
#define PLAN_FIX_H

#include "plan/plan.h"

/*
 * Add the fix as one step. 'judgement' must be of the plan's present preview
 * (or of the image, for an empty plan): edited files are edited on.
 * Guarded paths (setuid, capabilities, sudoers, shadow) are left out.
 * Returns 1 if the plan changed, 0 if there was nothing to do, or an error:
 * ERR_UNSUPPORTED (needs a package: Dockerfile only), ERR_IO, ERR_NOMEM.
 */
int fix_add(struct plan *plan, const struct judgement *judgement, const struct finding *finding,
	    const struct rule_fix *fix, struct err *err);

/* The fixes of a finding that fit its case; at most 'room'; the count. Recommended first. */
size_t fix_options(const struct judgement *judgement, const struct finding *finding,
		   const struct rule_fix **ret_fixes, size_t room);

/* What it would cost in bytes when appended as a layer (rewriting adds none to the decoded layers). */
int fix_cost(const struct judgement *judgement, const struct finding *finding,
	     const struct rule_fix *fix, uint64_t *ret_bytes, struct err *err);

/* One fix for all findings of one rule and case. */
struct fix_alike {
	const struct rule_case *rule_case;
	const struct rule_fix *fix;
};

/* Which findings fix_all() takes. */
struct fix_choice {
	const char *const *rules;      /* those of these ids, NULL-ended; NULL: all */
	const struct fix_alike *alike; /* only those, by that fix; NULL: all, by the recommended one */
	const char *const *except;     /* keys of rule/finding_key.h that stay, NULL-ended; NULL */
	const struct cancel *cancel;
};

/*
 * Apply the recommended fix (or that of 'alike') of every finding that is
 * chosen, judge the preview again, and go on until nothing more can be mended. 'judgement' is of the plan's present
 * preview. On success *ret_judgement is of the final preview; it borrows
 * *ret_tree and *ret_config: free it first.
 */
struct fix_result {
	struct judgement *judgement;
	struct tree *tree;
	struct config *config;
};
int fix_all(struct plan *plan, const struct judge_input *input, const struct fix_choice *choice,
	    struct fix_result *ret_result, struct err *err);
void fix_result_done(struct fix_result *result);

#endif
