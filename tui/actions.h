/*
 * Everything that a key can do, in one table. Key dispatch, the help screen,
 * the hints in the bottom line and the tests read it, so that nothing can be
 * bound and not be documented.
 */
#ifndef TUI_ACTIONS_H
#define TUI_ACTIONS_H

#include "key.h"
#include "view.h"

#define IN_VIEW(view) (1u << (view))

struct ui_action {
	const char *name; /* stable, as "search-next" */
	const char *keys; /* names for key_next(), the main one first */
	const char *hint; /* one word for the bottom line; NULL: not there */
	const char *help;
	unsigned views;                   /* IN_VIEW() of those it works in */
	unsigned (*run)(struct app *app); /* returns what is stale */
};

/* The table; a NULL name ends it. */
extern const struct ui_action actions[];

/* What a key does in a view; NULL: nothing. */
const struct ui_action *actions_find(key_code key, enum view_id view);

#endif
