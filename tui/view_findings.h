/* What other parts of the screen ask of the Findings pane. */
#ifndef TUI_VIEW_FINDINGS_H
#define TUI_VIEW_FINDINGS_H

#include "view.h"

/* To the next finding, or the one before; Files moves to its path. */
unsigned view_findings_step(struct app *app, bool backwards);

/* The rule whose folded heading the cursor is on; NULL: it is on a finding. Borrowed. */
const struct rule *view_findings_heading(const struct app *app);

#endif
