/*
 * A cursor in rows that are drawn on demand: movement, scrolling, search.
 * Rows are numbers; what they hold is the view's affair. Knows no screen.
 */
#ifndef TUI_LIST_H
#define TUI_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/pattern.h"

struct list {
	size_t count;
	size_t cursor; /* below count; 0 while there is none */
	size_t top;    /* first row that is shown */
	size_t height; /* rows that are shown; 0 while hidden */
};                     /* {0}: empty */

/* Other rows or another height; the cursor stays inside and on the screen. */
void list_set_count(struct list *list, size_t count);
void list_set_height(struct list *list, size_t height);

/* Put the cursor on a row (the last one if there are fewer), and scroll as little as needed. */
void list_goto(struct list *list, size_t row);

/* Up (negative) or down, stopping at the ends. Returns whether the cursor moved. */
bool list_move(struct list *list, long rows);

/* Scroll without a cursor, as texts do: the top moves, the cursor with it. */
bool list_scroll(struct list *list, long rows);

/* The text of a row to search in; its length, cut at 'room'. */
typedef size_t list_text_fn(void *context, size_t row, char *out, size_t room);

enum list_found { LIST_FOUND, LIST_WRAPPED, LIST_NOT_FOUND };

/* The next row that matches after the cursor, or before it, going round the end. Moves the cursor.
 */
enum list_found list_search(struct list *list, const struct pattern *pattern, bool backwards,
			    list_text_fn *text, void *context);

#endif
