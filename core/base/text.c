/*
 * Strict UTF-8, then a table of what is never shown, then libc's word on what
 * can be printed and how wide it is: ncurses asks the same wcwidth().
 */
#include "base/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

enum { MOST_MARKS = 4, PIECE = 16 };

/*
 * Decode one character of strict UTF-8 (RFC 3629: no overlong forms, no
 * surrogates). Its length, or 0 if there is none at the beginning.
 */
static size_t decode(const char *bytes, size_t len, uint32_t *ret_point)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *p = (const unsigned char *)bytes;
	uint32_t point;
	size_t length;

	if (len == 0)
		return 0;
	if (p[0] < 0x80) {
		*ret_point = p[0];
		return 1;
	}
	length = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
	if (p[0] < 0xc2 || p[0] > 0xf4 || len < length)
		return 0;
	point = p[0] & (0x7fu >> length);
	for (size_t i = 1; i < length; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		point = point << 6 | (p[i] & 0x3f);
	}
	if (point < least[length] || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
		return 0;
	*ret_point = point;
	return length;
}

/* Characters that libc may call printable, and that change what is around them or show nothing. */
static const struct {
	uint32_t first, last;
} NEVER[] = {
	{ 0x80, 0x9f },     /* C1 controls */
	{ 0xad, 0xad },     /* soft hyphen */
	{ 0x034f, 0x034f }, /* combining grapheme joiner */
	{ 0x0600, 0x0605 }, /* Arabic number signs: they reach over what follows */
	{ 0x061c, 0x061c }, /* Arabic letter mark */
	{ 0x06dd, 0x06dd },   { 0x070f, 0x070f }, /* Syriac abbreviation mark */
	{ 0x0890, 0x0891 },   { 0x08e2, 0x08e2 },
	{ 0x115f, 0x1160 }, /* Hangul fillers */
	{ 0x17b4, 0x17b5 },   { 0x180b, 0x180f },
	{ 0x200b, 0x200f },                       /* zero width, bidi marks */
	{ 0x2028, 0x202e },                       /* line separators, bidi embeddings */
	{ 0x2060, 0x206f },                       /* bidi isolates, invisible operators */
	{ 0x3164, 0x3164 },   { 0xe000, 0xf8ff }, /* private use */
	{ 0xfe00, 0xfe0f },                       /* variation selectors */
	{ 0xfeff, 0xfeff },   { 0xffa0, 0xffa0 },
	{ 0xfff0, 0xffff }, /* specials, the replacement character, noncharacters */
	{ 0x110bd, 0x110bd }, { 0x110cd, 0x110cd },
	{ 0x13430, 0x1345f }, /* hieroglyph joiners */
	{ 0x1bca0, 0x1bca3 }, /* shorthand format controls */
	{ 0x1d173, 0x1d17a }, /* musical format controls */
	{ 0xe0000, 0x10ffff } /* tags, variation selectors, private use */
};

static bool is_never_shown(uint32_t point)
{
	for (size_t i = 0; i < sizeof(NEVER) / sizeof(*NEVER); i++) {
		if (point >= NEVER[i].first && point <= NEVER[i].last)
			return true;
	}
	return (point & 0xfffe) == 0xfffe;
}

/* Columns of a character that may be shown; -1: escape it. */
static int point_width(uint32_t point, enum text_charset charset)
{
	if (point < 0x7f)
		return point >= 0x20 ? 1 : -1;
	if (charset == TEXT_ASCII || is_never_shown(point) || !iswprint((wint_t)point))
		return -1;
	return wcwidth((wchar_t)point);
}

static size_t escape_byte(unsigned char byte, char *piece)
{
	static const char named[] = "\nn\tt\rr\033e\\\\";

	for (const char *name = named; *name; name += 2) {
		if ((unsigned char)name[0] == byte)
			return (size_t)snprintf(piece, PIECE, "\\%c", name[1]);
	}
	return (size_t)snprintf(piece, PIECE, "\\x%02x", byte);
}

/*
 * The visible form of what stands at the beginning into 'piece'; returns the
 * bytes of input that it stands for. *marks counts combining marks in a row.
 */
static size_t show_one(const char *bytes, size_t len, enum text_charset charset, unsigned *marks,
		       char *piece, size_t *ret_piece)
{
	uint32_t point;
	size_t used = decode(bytes, len, &point);
	int width = used ? point_width(point, charset) : -1;

	*marks = width == 0 ? *marks + 1 : 0;
	if (width >= 0 && *marks <= MOST_MARKS && point != '\\') {
		memcpy(piece, bytes, used);
		*ret_piece = used;
	} else if (used > 1) {
		*ret_piece = (size_t)snprintf(piece, PIECE, "\\u{%04x}", point);
	} else {
		*ret_piece = escape_byte((unsigned char)*bytes, piece);
		used = 1;
	}
	return used;
}

size_t text_visible(char *out, size_t room, const char *bytes, size_t len,
		    enum text_charset charset)
{
	size_t needed = 0, written = 0;
	unsigned marks = MOST_MARKS; /* a mark with nothing before it is escaped */
	bool full = room == 0;

	while (len > 0) {
		char piece[PIECE];
		size_t piece_len;
		size_t used = show_one(bytes, len, charset, &marks, piece, &piece_len);

		if (!full && written + piece_len < room) {
			memcpy(out + written, piece, piece_len);
			written += piece_len;
		} else {
			full = true;
		}
		needed += piece_len;
		bytes += used;
		len -= used;
	}
	if (room > 0)
		out[written] = '\0';
	return needed;
}

char *text_visible_new(const char *bytes, size_t len, enum text_charset charset)
{
	size_t needed = text_visible(NULL, 0, bytes, len, charset);
	char *text = malloc(needed + 1);

	if (text)
		text_visible(text, needed + 1, bytes, len, charset);
	return text;
}

void text_visible_print(FILE *file, const char *bytes, size_t len, enum text_charset charset)
{
	unsigned marks = MOST_MARKS;

	while (len > 0) {
		char piece[PIECE];
		size_t piece_len;
		size_t used = show_one(bytes, len, charset, &marks, piece, &piece_len);

		fwrite(piece, 1, piece_len, file);
		bytes += used;
		len -= used;
	}
}

bool text_is_utf8(const char *bytes, size_t len)
{
	uint32_t point;

	while (len > 0) {
		size_t used = decode(bytes, len, &point);

		if (used == 0)
			return false;
		bytes += used;
		len -= used;
	}
	return true;
}

size_t text_fit(const char *visible, size_t columns, size_t *ret_width)
{
	size_t width = 0, used = 0;

	while (visible[used]) {
		uint32_t point = 0;
		size_t length = decode(visible + used, strnlen(visible + used, 4), &point);
		int wide = length > 1 ? wcwidth((wchar_t)point) : 1;

		if (length == 0 || wide < 0)
			length = wide = 1;
		if (width + (size_t)wide > columns)
			break;
		width += (size_t)wide;
		used += length;
	}
	if (ret_width)
		*ret_width = width;
	return used;
}

size_t text_width(const char *visible)
{
	size_t width;

	text_fit(visible, SIZE_MAX, &width);
	return width;
}

const char *text_size(char *out, size_t room, unsigned long long bytes)
{
	static const char *const units[] = { "KB", "MB", "GB", "TB", "PB", "EB" };
	double value = (double)bytes / 1000;
	size_t unit = 0;

	if (bytes < 1000) {
		snprintf(out, room, "%llu B", bytes);
		return out;
	}
	while (value >= 999.95 && unit + 1 < sizeof(units) / sizeof(*units)) {
		value /= 1000;
		unit++;
	}
	snprintf(out, room, "%.*f %s", unit >= 2 && value < 10 ? 2 : 1, value, units[unit]);
	return out;
}

const char *text_mode(char *out, char type_letter, unsigned mode)
{
	static const char letters[] = "rwxrwxrwx";
	static const struct {
		unsigned bit, column;
		char with_x, without_x;
	} special[] = {
		{ 04000, 3, 's', 'S' },
		{ 02000, 6, 's', 'S' },
		{ 01000, 9, 't', 'T' },
	};

	out[0] = type_letter;
	for (unsigned i = 0; i < 9; i++)
		out[i + 1] = mode & (0400u >> i) ? letters[i] : '-';
	for (size_t i = 0; i < sizeof(special) / sizeof(*special); i++) {
		if (mode & special[i].bit)
			out[special[i].column] = out[special[i].column] == 'x'
							 ? special[i].with_x
							 : special[i].without_x;
	}
	out[10] = '\0';
	return out;
}
