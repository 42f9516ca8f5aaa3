/* The words of "Why": what is selected, as paragraphs. */
#ifndef TUI_EXPLAIN_H
#define TUI_EXPLAIN_H

#include "page.h"

struct app;

/* Add to the page what there is to say about app->subject. */
void explain(const struct app *app, struct page *page);

#endif
