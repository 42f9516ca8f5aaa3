/* A line editor for UTF-8; see tui/prompt.h. */
#include "prompt.h"

#include <stdio.h>
#include <string.h>

void prompt_open(struct prompt *prompt, const char *label, const char *text,
		 unsigned (*accept)(struct app *app, const char *text))
{
	prompt->label = label;
	prompt->accept = accept;
	snprintf(prompt->text, sizeof(prompt->text), "%s", text);
	prompt->len = prompt->cursor = strlen(prompt->text);
}

void prompt_close(struct prompt *prompt)
{
	prompt->label = NULL;
}

bool prompt_is_open(const struct prompt *prompt)
{
	return prompt->label;
}

static bool is_continuation(char byte)
{
	return ((unsigned char)byte & 0xc0) == 0x80;
}

static size_t before(const struct prompt *prompt, size_t at)
{
	while (at > 0 && is_continuation(prompt->text[--at]))
		;
	return at;
}

static size_t after(const struct prompt *prompt, size_t at)
{
	while (at < prompt->len && is_continuation(prompt->text[++at]))
		;
	return at;
}

static void erase_range(struct prompt *prompt, size_t from, size_t to)
{
	memmove(prompt->text + from, prompt->text + to, prompt->len - to + 1);
	prompt->len -= to - from;
	prompt->cursor = from;
}

static void insert(struct prompt *prompt, const char *bytes, size_t len)
{
	if (prompt->len + len >= sizeof(prompt->text))
		return;
	memmove(prompt->text + prompt->cursor + len, prompt->text + prompt->cursor,
		prompt->len - prompt->cursor + 1);
	memcpy(prompt->text + prompt->cursor, bytes, len);
	prompt->len += len;
	prompt->cursor += len;
}

enum prompt_result prompt_key(struct prompt *prompt, key_code key)
{
	char bytes[5];

	switch (key) {
	case K_ENTER:
		return PROMPT_ACCEPTED;
	case K_ESC:
	case K_CTRL('C'):
		return PROMPT_DROPPED;
	case K_BACKSPACE:
		if (!prompt->len)
			return PROMPT_DROPPED;
		erase_range(prompt, before(prompt, prompt->cursor), prompt->cursor);
		break;
	case K_DELETE:
		erase_range(prompt, prompt->cursor, after(prompt, prompt->cursor));
		break;
	case K_CTRL('U'):
		erase_range(prompt, 0, prompt->cursor);
		break;
	case K_LEFT:
		prompt->cursor = before(prompt, prompt->cursor);
		break;
	case K_RIGHT:
		prompt->cursor = after(prompt, prompt->cursor);
		break;
	case K_HOME:
		prompt->cursor = 0;
		break;
	case K_END:
		prompt->cursor = prompt->len;
		break;
	default:
		insert(prompt, bytes, key_utf8(key, bytes));
	}
	return PROMPT_GOES_ON;
}

/* Where the text begins on the screen, so that the cursor is in sight. */
static size_t first_shown(const struct prompt *prompt, size_t columns)
{
	size_t first = 0;

	while (prompt->cursor - first >= columns && first < prompt->cursor)
		first = after(prompt, first);
	return first;
}

void prompt_draw(const struct prompt *prompt, const struct painter *painter, int row)
{
	struct pen pen = pen_at(painter, row, 0, painter->columns);
	size_t first;

	pen_text(&pen, ROLE_STRONG, prompt->label);
	pen_to(&pen, pen.column + 1, ROLE_TEXT);
	first = first_shown(prompt, pen.end > pen.column ? (size_t)(pen.end - pen.column) : 0);
	pen_bytes(&pen, ROLE_TEXT, prompt->text + first, prompt->cursor - first);
	int cursor = pen.column;
	pen_text(&pen, ROLE_TEXT, prompt->text + prompt->cursor);
	pen_fill(&pen, ROLE_TEXT);
	painter_cursor(painter, row, cursor);
}
