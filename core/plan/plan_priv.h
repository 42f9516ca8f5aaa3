/* What the files of stage plan know of each other. */
#ifndef PLAN_PRIV_H
#define PLAN_PRIV_H

#include "plan/plan.h"

/* The config edits of step i; borrowed until the plan changes. */
const struct config_edit *plan__step_edits(const struct plan *plan, size_t i, size_t *ret_count);

/* Back to so many steps; no redo brings the others again. */
void plan__cut(struct plan *plan, size_t steps);

#endif
