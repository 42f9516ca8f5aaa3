/* Planning fixes, and steps back and forth: what 'f', 'F', 'u' and '^R' do. */
#ifndef TUI_MEND_H
#define TUI_MEND_H

#include "rule/judge.h"

struct app;

/* Plan one fix of a finding of the shown judgement; says what came of it. */
unsigned mend_with(struct app *app, const struct finding *finding, const struct rule_fix *fix);

/* 'f': the selected finding; asks where there are several ways; on a heading, the whole rule. */
unsigned mend_selected(struct app *app);
unsigned mend_all(struct app *app);
unsigned mend_undo(struct app *app);
unsigned mend_redo(struct app *app);

#endif
