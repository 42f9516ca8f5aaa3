/* What keys do that neither move nor plan: other views, user, leaving. */
#ifndef TUI_COMMAND_H
#define TUI_COMMAND_H

struct app;

unsigned command_plan(struct app *app);
unsigned command_help(struct app *app);
unsigned command_user(struct app *app);
unsigned command_profile(struct app *app);
unsigned command_copy(struct app *app);
unsigned command_redraw(struct app *app);
unsigned command_suspend(struct app *app);
unsigned command_back(struct app *app);
unsigned command_quit(struct app *app);
unsigned command_interrupt(struct app *app);

#endif
