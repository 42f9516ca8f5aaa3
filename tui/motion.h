/* Moving: the functions of the table of actions that go somewhere. */
#ifndef TUI_MOTION_H
#define TUI_MOTION_H

#include "base/pattern.h"

struct app;

unsigned motion_up(struct app *app);
unsigned motion_down(struct app *app);
unsigned motion_page_up(struct app *app);
unsigned motion_page_down(struct app *app);
unsigned motion_half_up(struct app *app);
unsigned motion_half_down(struct app *app);
unsigned motion_home(struct app *app);
unsigned motion_end(struct app *app);
unsigned motion_left(struct app *app);
unsigned motion_right(struct app *app);
unsigned motion_enter(struct app *app);

unsigned motion_next_pane(struct app *app);
unsigned motion_previous_pane(struct app *app);
unsigned motion_pane_1(struct app *app);
unsigned motion_pane_2(struct app *app);
unsigned motion_pane_3(struct app *app);
unsigned motion_pane_4(struct app *app);

/* As people mean it: in small letters it finds capitals, too. ERR_INVALID. */
int motion_pattern(const char *text, struct pattern **ret_pattern, struct err *err);

/* Ask for a pattern, a path; search again. */
unsigned motion_search(struct app *app);
unsigned motion_search_next(struct app *app);
unsigned motion_search_previous(struct app *app);
unsigned motion_go_to(struct app *app);
unsigned motion_next_finding(struct app *app);
unsigned motion_previous_finding(struct app *app);

#endif
