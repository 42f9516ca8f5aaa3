/* What the guide says on the screen: above its options, and below them. */
#ifndef TUI_GUIDE_PAGE_H
#define TUI_GUIDE_PAGE_H

#include "page.h"
#include "plan/guide.h"

struct app;

/* The finding that a question is about. */
void guide_page_question(const struct app *app, const struct guide_question *question,
			 struct page *head);

/* What one option does; then the reasons and the rule's source. */
void guide_page_details(const struct app *app, const struct guide_question *question, size_t option,
			struct page *details);

/* Nothing is left to ask: what is planned or written; commands, and what is not from here. */
void guide_page_end(const struct app *app, struct page *head);
void guide_page_rest(const struct app *app, struct page *details);

/* What is planned now has been written. */
bool guide_page_is_written(const struct app *app);

#endif
