/*
 * The only code that puts text on the screen. Every text goes through
 * text_visible(), so no control byte of an image can reach the terminal.
 *
 * A pen writes from left to right into one stretch of one row and clips there.
 */
#ifndef TUI_PAINTER_H
#define TUI_PAINTER_H

#include <stddef.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "role.h"

struct terminal;

/* Marks, each with its form for locales that are not UTF-8. */
enum glyph {
	GLYPH_ERROR,
	GLYPH_WARNING,
	GLYPH_INFO,
	GLYPH_GOOD,
	GLYPH_FOLDED,
	GLYPH_OPEN,
	GLYPH_CUT, /* text goes on */
	GLYPH_TAG,
	GLYPH_DOT, /* between parts of a line */
	GLYPH_ARROW,
	GLYPH_BAR_FULL,
	GLYPH_BAR_EMPTY,
	GLYPH_ACROSS,
	GLYPH_DOWN,
	GLYPH_TOP_LEFT,
	GLYPH_TOP_RIGHT,
	GLYPH_BOTTOM_LEFT,
	GLYPH_BOTTOM_RIGHT,
	GLYPH_TEE_RIGHT, /* a branch to the right, and so on */
	GLYPH_TEE_LEFT,
	GLYPH_TEE_DOWN,
	GLYPH_TEE_UP,
	GLYPH_CROSS,
	GLYPHS
};

struct painter {
	struct terminal *terminal;
	enum text_charset charset;
	int rows, columns;
};

/* How a whole stretch looks, above the roles of its parts. */
enum pen_style { PEN_PLAIN, PEN_CURSOR, PEN_CURSOR_ELSEWHERE };

struct pen {
	const struct painter *painter;
	int row, column, end; /* the next column, and the one behind the last */
	enum pen_style style;
};

/* As the terminal is now. Owns nothing. */
void painter_init(struct painter *painter, struct terminal *terminal);

void painter_erase(const struct painter *painter);
void painter_flush(const struct painter *painter);

/* The text cursor: shown at a place, or hidden with row -1. */
void painter_cursor(const struct painter *painter, int row, int column);

const char *painter_glyph(const struct painter *painter, enum glyph glyph);

/* Clipped to the screen: a pen outside of it writes nothing. */
struct pen pen_at(const struct painter *painter, int row, int column, int columns);

/* Raw bytes, made visible; what does not fit ends with a mark. Returns the columns written. */
int pen_bytes(struct pen *pen, enum role role, const char *bytes, size_t len);
int pen_text(struct pen *pen, enum role role, const char *text);
int pen_printf(struct pen *pen, enum role role, const char *format, ...) PRINTF_LIKE(3, 4);

/* What text_visible() has made already, as it is; cut without a mark. */
int pen_visible(struct pen *pen, enum role role, const char *visible, size_t len);

int pen_glyph(struct pen *pen, enum role role, enum glyph glyph);

/* Blanks up to a column of the screen, or up to the end. */
void pen_to(struct pen *pen, int column, enum role role);
void pen_fill(struct pen *pen, enum role role);

/* The text at the right end of what is left, if it fits. */
void pen_right(struct pen *pen, enum role role, const char *text);

/* Straight lines of one glyph. */
void painter_across(const struct painter *painter, int row, int column, int columns);
void painter_down(const struct painter *painter, int row, int column, int rows);
void painter_corner(const struct painter *painter, int row, int column, enum glyph glyph);

#endif
