/* The bottom line: profile, user, verification, plan, keys; or progress, a message, the prompt. */
#ifndef TUI_STATUS_H
#define TUI_STATUS_H

struct app;

void status_draw(const struct app *app, int row);

#endif
