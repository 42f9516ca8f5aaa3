/* What keys do in the guide, and how it is opened. */
#ifndef TUI_VIEW_GUIDE_H
#define TUI_VIEW_GUIDE_H

#include <jansson.h>

#include "base/err.h"

struct app;

/* The answers of a plan that was just loaded; the plan with its answers. Errors of guide_…_json().
 */
int view_guide_from_json(struct app *app, const json_t *json, struct err *err);
int view_guide_to_json(struct app *app, json_t **ret_json, struct err *err);

/* Open it where it was left. */
unsigned view_guide_open(struct app *app);

/* The option of the digit that was typed, the marked one for all that are alike, … */
unsigned view_guide_choose(struct app *app);
unsigned view_guide_all_alike(struct app *app);
unsigned view_guide_skip(struct app *app);
unsigned view_guide_skip_alike(struct app *app);
unsigned view_guide_back(struct app *app);

#endif
