/* What keys do in the guide, and how it is opened. */
#ifndef TUI_VIEW_GUIDE_H
#define TUI_VIEW_GUIDE_H

struct app;

/* Open it where it was left. */
unsigned view_guide_open(struct app *app);

/* The option of the digit that was typed, the marked one for all that are alike, … */
unsigned view_guide_choose(struct app *app);
unsigned view_guide_all_alike(struct app *app);
unsigned view_guide_skip(struct app *app);
unsigned view_guide_skip_alike(struct app *app);
unsigned view_guide_back(struct app *app);

#endif
