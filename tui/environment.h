/* What the process was given besides its arguments: locale, colours, folders, the time. */
#ifndef TUI_ENVIRONMENT_H
#define TUI_ENVIRONMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "terminal.h"

enum { ENVIRONMENT_FOLDERS = 8 };

struct environment {
	enum text_charset charset;
	int64_t created;                                /* SOURCE_DATE_EPOCH, or now */
	const char *spool_folder;                       /* TMPDIR; NULL: not set */
	char *profile_folders[ENVIRONMENT_FOLDERS + 1]; /* NULL-ended; owned */
};

/* Sets the locale too. ERR_INVALID (SOURCE_DATE_EPOCH), ERR_NOMEM. Free with environment_done(). */
int environment_read(struct environment *environment, struct err *err);
void environment_done(struct environment *environment);

/*
 * Whether to colour what goes to 'fd': --color, else NO_COLOR, else
 * CLICOLOR_FORCE, else whether it is a terminal that can.
 */
bool environment_color(enum color_choice choice, int fd);

/* Whether 'fd' is a terminal on which a line can be written again. */
bool environment_is_terminal(int fd);

/* Milliseconds of a clock that only goes forwards. */
int64_t environment_now_ms(void);

#endif
