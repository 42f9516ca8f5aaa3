/* One line of text that the user types, in the bottom row. */
#ifndef TUI_PROMPT_H
#define TUI_PROMPT_H

#include <stdbool.h>
#include <stddef.h>

#include "key.h"
#include "painter.h"

struct app;

enum { PROMPT_ROOM = 1024 };

struct prompt {
	const char *label;                                     /* NULL: there is no prompt */
	unsigned (*accept)(struct app *app, const char *text); /* returns what is stale */
	char text[PROMPT_ROOM];                                /* UTF-8 */
	size_t len, cursor;                                    /* bytes */
};                                                             /* {0}: none */

enum prompt_result { PROMPT_GOES_ON, PROMPT_ACCEPTED, PROMPT_DROPPED };

/* label  borrowed; text: what stands there at first. */
void prompt_open(struct prompt *prompt, const char *label, const char *text,
		 unsigned (*accept)(struct app *app, const char *text));
void prompt_close(struct prompt *prompt);
bool prompt_is_open(const struct prompt *prompt);

/* A key for it. The caller closes it and calls 'accept' by the result. */
enum prompt_result prompt_key(struct prompt *prompt, key_code key);

/* Draw it, with the text cursor. */
void prompt_draw(const struct prompt *prompt, const struct painter *painter, int row);

#endif
