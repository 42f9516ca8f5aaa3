/* A text of paragraphs, wrapped to a width: Why, the plan, help. */
#ifndef TUI_PAGE_H
#define TUI_PAGE_H

#include "base/arena.h"
#include "base/text.h"
#include "base/vec.h"
#include "painter.h"

struct page_paragraph {
	enum role role;
	int indent;
	const char *text; /* raw */
};

struct page_row {
	enum role role;
	int indent;
	const char *visible; /* what text_visible() made of it */
	size_t len;
};

struct page {
	VEC(struct page_paragraph) paragraphs;
	VEC(struct page_row) rows;
	struct arena texts, wrapped;
}; /* {0}: empty */

void page_done(struct page *page);

/* No paragraphs, no rows. */
void page_clear(struct page *page);

/* Add a paragraph; what there is no memory for is left out. Raw bytes are fine. "": an empty row.
 */
void page_add(struct page *page, enum role role, int indent, const char *format, ...)
	PRINTF_LIKE(4, 5);

/* Make rows for this width; further rows of a paragraph are two columns further in. */
void page_wrap(struct page *page, int columns, enum text_charset charset);

void page_draw_row(const struct page *page, size_t row, struct pen *pen);
size_t page_row_text(const struct page *page, size_t row, char *out, size_t room);

#endif
