/* Wrapped paragraphs; see tui/page.h. */
#include "page.h"

#include <stdarg.h>
#include <string.h>

enum { PARAGRAPH_ROOM = 16384, LEAST_COLUMNS = 8 };

void page_done(struct page *page)
{
	VEC_DONE(&page->paragraphs);
	VEC_DONE(&page->rows);
	arena_done(&page->texts);
	arena_done(&page->wrapped);
}

void page_clear(struct page *page)
{
	page->paragraphs.count = 0;
	page->rows.count = 0;
	arena_done(&page->texts);
	arena_done(&page->wrapped);
}

void page_add(struct page *page, enum role role, int indent, const char *format, ...)
{
	struct page_paragraph paragraph = { .role = role, .indent = indent };
	char text[PARAGRAPH_ROOM];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	paragraph.text = arena_copy(&page->texts, text, strlen(text));
	if (paragraph.text)
		(void)!VEC_PUSH(&page->paragraphs, paragraph, NULL);
}

/* How many bytes of the rest go into a row: up to the last blank that fits, or what fits. */
static size_t row_length(const char *rest, size_t columns)
{
	size_t fit = text_fit(rest, columns, NULL), cut = fit;

	if (!rest[fit] || rest[fit] == ' ')
		return fit;
	while (cut > 0 && rest[cut - 1] != ' ')
		cut--;
	return cut ? cut : fit;
}

static void wrap_paragraph(struct page *page, const struct page_paragraph *paragraph,
			   size_t columns, enum text_charset charset)
{
	CLEANUP(freep)
	char *made = text_visible_new(paragraph->text, strlen(paragraph->text), charset);
	const char *rest = made ? arena_copy(&page->wrapped, made, strlen(made)) : NULL;
	struct page_row row = { .role = paragraph->role, .indent = paragraph->indent };

	while (rest) {
		size_t room = columns > (size_t)row.indent + LEAST_COLUMNS
				      ? columns - (size_t)row.indent
				      : LEAST_COLUMNS;

		row.visible = rest;
		row.len = row_length(rest, room);
		if (VEC_PUSH(&page->rows, row, NULL) < 0)
			return;
		rest += row.len;
		if (!row.len || !*(rest += strspn(rest, " ")))
			return;
		row.indent = paragraph->indent + 2;
	}
}

void page_wrap(struct page *page, int columns, enum text_charset charset)
{
	page->rows.count = 0;
	arena_done(&page->wrapped);
	for (size_t i = 0; i < page->paragraphs.count; i++)
		wrap_paragraph(page, &page->paragraphs.items[i], (size_t)columns, charset);
}

void page_draw_row(const struct page *page, size_t row, struct pen *pen)
{
	const struct page_row *shown = &page->rows.items[row];

	pen_to(pen, pen->column + shown->indent, ROLE_TEXT);
	pen_visible(pen, shown->role, shown->visible, shown->len);
}

size_t page_row_text(const struct page *page, size_t row, char *out, size_t room)
{
	size_t len = page->rows.items[row].len;

	if (len > room)
		len = room;
	memcpy(out, page->rows.items[row].visible, len);
	return len;
}
