/* Pens, glyphs and lines; see tui/painter.h. */
#include "painter.h"

#define NCURSES_NOMACROS 1
#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "terminal.h"

enum { VISIBLE_ROOM = 8192 };

static const struct {
	const char *utf8, *ascii;
} GLYPH[GLYPHS] = {
	/* clang-format off */
	[GLYPH_ERROR]        = { "✗", "X" },
	[GLYPH_WARNING]      = { "!", "!" },
	[GLYPH_INFO]         = { "i", "i" },
	[GLYPH_GOOD]         = { "✓", "v" },
	[GLYPH_FOLDED]       = { "▸", "+" },
	[GLYPH_OPEN]         = { "▾", "-" },
	[GLYPH_CUT]          = { "…", "~" },
	[GLYPH_TAG]          = { "•", "#" },
	[GLYPH_DOT]          = { "·", "|" },
	[GLYPH_ARROW]        = { "→", "->" },
	[GLYPH_BAR_FULL]     = { "█", "#" },
	[GLYPH_BAR_EMPTY]    = { "░", "." },
	[GLYPH_ACROSS]       = { "─", "-" },
	[GLYPH_DOWN]         = { "│", "|" },
	[GLYPH_TOP_LEFT]     = { "┌", "+" },
	[GLYPH_TOP_RIGHT]    = { "┐", "+" },
	[GLYPH_BOTTOM_LEFT]  = { "└", "+" },
	[GLYPH_BOTTOM_RIGHT] = { "┘", "+" },
	[GLYPH_TEE_RIGHT]    = { "├", "+" },
	[GLYPH_TEE_LEFT]     = { "┤", "+" },
	[GLYPH_TEE_DOWN]     = { "┬", "+" },
	[GLYPH_TEE_UP]       = { "┴", "+" },
	[GLYPH_CROSS]        = { "┼", "+" },
	/* clang-format on */
};

void painter_init(struct painter *painter, struct terminal *terminal)
{
	painter->terminal = terminal;
	painter->charset = terminal_charset(terminal);
	terminal_size(terminal, &painter->rows, &painter->columns);
}

void painter_erase(const struct painter *painter)
{
	(void)painter;
	erase();
}

void painter_flush(const struct painter *painter)
{
	(void)painter;
	refresh();
}

void painter_cursor(const struct painter *painter, int row, int column)
{
	bool shown = row >= 0 && row < painter->rows && column < painter->columns;

	curs_set(shown);
	if (shown)
		move(row, column);
}

const char *painter_glyph(const struct painter *painter, enum glyph glyph)
{
	return painter->charset == TEXT_UTF8 ? GLYPH[glyph].utf8 : GLYPH[glyph].ascii;
}

struct pen pen_at(const struct painter *painter, int row, int column, int columns)
{
	struct pen pen = {
		.painter = painter, .row = row, .column = column, .end = column + columns
	};

	if (pen.end > painter->columns)
		pen.end = painter->columns;
	if (row < 0 || row >= painter->rows || column < 0 || pen.end < column)
		pen.end = column;
	return pen;
}

/* A row under the cursor is reversed as a whole; colours on it would be hard to read. */
static void set_look(const struct pen *pen, enum role role)
{
	unsigned attributes;
	short pair;

	terminal_role(pen->painter->terminal, role, &attributes, &pair);
	if (pen->style == PEN_CURSOR) {
		attributes |= A_REVERSE;
		pair = 0;
	} else if (pen->style == PEN_CURSOR_ELSEWHERE) {
		attributes |= A_UNDERLINE;
	}
	attr_set(attributes, pair, NULL);
}

int pen_visible(struct pen *pen, enum role role, const char *visible, size_t len)
{
	char text[VISIBLE_ROOM];
	size_t width, room = (size_t)(pen->end - pen->column);

	if (len >= sizeof(text))
		len = sizeof(text) - 1;
	memcpy(text, visible, len);
	text[len] = '\0';
	len = text_fit(text, room, &width);
	if (!len)
		return 0;
	set_look(pen, role);
	mvaddnstr(pen->row, pen->column, text, (int)len);
	pen->column += (int)width;
	return (int)width;
}

int pen_bytes(struct pen *pen, enum role role, const char *bytes, size_t len)
{
	char visible[VISIBLE_ROOM];
	size_t need = text_visible(visible, sizeof(visible), bytes, len, pen->painter->charset);
	size_t room = (size_t)(pen->end - pen->column), fit, width;
	int written;

	if (!room)
		return 0;
	if (need < sizeof(visible) && text_width(visible) <= room)
		return pen_visible(pen, role, visible, strlen(visible));
	fit = text_fit(visible, room - 1, &width);
	written = pen_visible(pen, role, visible, fit);
	return written + pen_glyph(pen, role, GLYPH_CUT);
}

int pen_text(struct pen *pen, enum role role, const char *text)
{
	return pen_bytes(pen, role, text, strlen(text));
}

int pen_printf(struct pen *pen, enum role role, const char *format, ...)
{
	char text[2048];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return pen_text(pen, role, text);
}

int pen_glyph(struct pen *pen, enum role role, enum glyph glyph)
{
	const char *text = painter_glyph(pen->painter, glyph);

	return pen_visible(pen, role, text, strlen(text));
}

void pen_to(struct pen *pen, int column, enum role role)
{
	if (column > pen->end)
		column = pen->end;
	if (column <= pen->column)
		return;
	set_look(pen, role);
	for (int i = pen->column; i < column; i++)
		mvaddnstr(pen->row, i, " ", 1);
	pen->column = column;
}

void pen_fill(struct pen *pen, enum role role)
{
	pen_to(pen, pen->end, role);
}

void pen_right(struct pen *pen, enum role role, const char *text)
{
	char visible[512];
	int width;

	text_visible(visible, sizeof(visible), text, strlen(text), pen->painter->charset);
	width = (int)text_width(visible);
	if (width > pen->end - pen->column)
		return;
	pen_to(pen, pen->end - width, role);
	pen_visible(pen, role, visible, strlen(visible));
}

void painter_corner(const struct painter *painter, int row, int column, enum glyph glyph)
{
	struct pen pen = pen_at(painter, row, column, 1);

	pen_glyph(&pen, ROLE_FRAME, glyph);
}

void painter_across(const struct painter *painter, int row, int column, int columns)
{
	for (int i = 0; i < columns; i++)
		painter_corner(painter, row, column + i, GLYPH_ACROSS);
}

void painter_down(const struct painter *painter, int row, int column, int rows)
{
	for (int i = 0; i < rows; i++)
		painter_corner(painter, row + i, column, GLYPH_DOWN);
}
