/*
 * The terminal: opened so that nothing exits the process, given back whatever
 * happens. Only this file and painter.c include curses.
 */
#ifndef TUI_TERMINAL_H
#define TUI_TERMINAL_H

#include "base/err.h"
#include "base/text.h"
#include "key.h"
#include "role.h"

enum color_choice { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

struct terminal;

/*
 * Standard input and output where they are a terminal, else /dev/tty.
 * ERR_UNSUPPORTED: no terminal, an unknown TERM, or one that cannot place the
 * cursor. There can be one at a time. Free with terminal_close().
 */
int terminal_open(enum color_choice color, struct terminal **ret_terminal, struct err *err);

/* Back to how it was. NULL is fine. */
void terminal_close(struct terminal *terminal);
void terminal_closep(struct terminal **terminal);

/* To poll for keys. */
int terminal_fd(const struct terminal *terminal);

enum text_charset terminal_charset(const struct terminal *terminal);
void terminal_size(const struct terminal *terminal, int *ret_rows, int *ret_columns);

/* The next key, without waiting; false: there is none. */
bool terminal_key(struct terminal *terminal, key_code *ret_key);

/* Ask the system for the size again, after SIGWINCH. */
void terminal_resize(struct terminal *terminal);

/* Draw everything anew at the next painter_flush(). */
void terminal_redraw(struct terminal *terminal);

/* Stop the process as ^Z does; returns when it goes on. */
void terminal_suspend(struct terminal *terminal);

/* Send text to the clipboard of the user's terminal (OSC 52); false: it has no such thing. */
bool terminal_copy(struct terminal *terminal, const char *bytes, size_t len);

/* How a role looks: a curses attribute and a colour pair. */
void terminal_role(const struct terminal *terminal, enum role role, unsigned *ret_attributes,
		   short *ret_pair);

#endif
