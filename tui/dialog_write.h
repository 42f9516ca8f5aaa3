/* What other parts of the screen ask of the write dialog. */
#ifndef TUI_DIALOG_WRITE_H
#define TUI_DIALOG_WRITE_H

struct app;

/* Open it; says why not, where nothing can be written. */
unsigned dialog_write_open(struct app *app);

/*
 * A name for what is written beside the input: "/data/x.tar.gz" gives
 * "x" and the ending. 'from' is a path or an image name; out has 'room' bytes.
 */
void dialog_write_name(const char *from, const char *ending, char *out, unsigned long room);

#endif
