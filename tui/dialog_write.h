/* What other parts of the screen ask of the write dialog. */
#ifndef TUI_DIALOG_WRITE_H
#define TUI_DIALOG_WRITE_H

struct app;

/* Open it; says why not, where nothing can be written. */
unsigned dialog_write_open(struct app *app);

#endif
