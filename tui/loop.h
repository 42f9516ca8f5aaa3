/*
 * The main loop: waits for keys, for the session, for signals; lets views do
 * slices of longer work while nobody types; draws. It blocks when nothing runs.
 */
#ifndef TUI_LOOP_H
#define TUI_LOOP_H

#include "app.h"

/* Until app->quit. ERR_IO; what made the session fail. */
int loop_run(struct app *app, struct err *err);

#endif
