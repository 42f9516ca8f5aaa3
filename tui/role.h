/* What a piece of text means; terminal.c says how each looks. Meaning is never in the colour alone.
 */
#ifndef TUI_ROLE_H
#define TUI_ROLE_H

enum role {
	ROLE_TEXT,
	ROLE_DIM, /* less important: numbers of layers, hints */
	ROLE_STRONG,
	ROLE_FRAME,
	ROLE_TITLE,
	ROLE_FOCUS, /* the title of the pane that has the keys */
	ROLE_ERROR,
	ROLE_WARNING,
	ROLE_INFO,
	ROLE_GOOD,
	ROLE_DIRECTORY,
	ROLE_LINK,
	ROLE_PLANNED,
	ROLE_STATUS, /* the bottom line */
	ROLE_KEY,    /* a key in the bottom line */
	ROLES
};

#endif
