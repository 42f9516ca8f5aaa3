/* What "fix" prints: the plan before it is carried out, or what was written. */
#ifndef TUI_FIX_REPORT_H
#define TUI_FIX_REPORT_H

#include "image_run.h"

/* Before and after, a forecast, and what will be left. Errors of report_plan_text(). */
int fix_report_plan(struct image_run *run, struct err *err);

/* The output with its size and digests, what it cannot carry, and 'left': findings by severity.
 * ERR_NOMEM. */
int fix_report_written(struct image_run *run, const size_t left[3], struct err *err);

/* "imgtui.fix/1", one object in one line. ERR_NOMEM. */
int fix_report_json(struct image_run *run, const size_t left[3], struct err *err);

#endif
