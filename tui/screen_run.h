/* The screen over a session: what 'imgtui IMAGE' starts. */
#ifndef TUI_SCREEN_RUN_H
#define TUI_SCREEN_RUN_H

#include "session/session.h"
#include "terminal.h"

struct screen_options {
	enum color_choice color; /* of --color, with NO_COLOR heeded by the caller */
	const json_t *plan;      /* to begin with; NULL: none */
	json_t **ret_plan; /* set to what it is at the end, where it is known; NULL: not wanted */
};

/*
 * Until the user leaves. The session is borrowed and may still be opening.
 *
 * Returns the exit code: 0; 2 no usable terminal; 3 the image cannot be read;
 * 128 + the number of the signal. err is set for 2 and 3 (ERR_CANCELLED where
 * the user stopped the opening); the terminal is given back before it returns.
 */
int screen_run(struct session *session, const struct screen_options *options, struct err *err);

#endif
