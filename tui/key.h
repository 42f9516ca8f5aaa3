/*
 * Keys as numbers and as the names that people read ("k", "Up", "^L").
 * Knows no curses: terminal.c translates.
 */
#ifndef TUI_KEY_H
#define TUI_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A Unicode character, or one of the keys above them. */
typedef uint32_t key_code;

enum {
	K_NONE = 0,
	K_TAB = '\t',
	K_ENTER = '\r',
	K_ESC = 0x1b,
	K_SPACE = ' ',
	K_BACKSPACE = 0x7f,
	K_UP = 0x110000,
	K_DOWN,
	K_LEFT,
	K_RIGHT,
	K_PAGE_UP,
	K_PAGE_DOWN,
	K_HOME,
	K_END,
	K_DELETE,
	K_BACK_TAB,
	K_F1,
	K_RESIZE,
};

#define K_CTRL(letter) ((key_code)((letter)&0x1f))

enum { KEY_LABEL = 16 };

/* The key that a name of 'len' bytes means; false if there is none. */
bool key_parse(const char *name, size_t len, key_code *ret_key);

/* Its name into out; returns 'out'. */
const char *key_label(key_code key, char out[KEY_LABEL]);

/*
 * Step through key names that are parted by blanks: returns false at the end
 * or at a name that is none, which *rest then points to.
 *
 *	const char *rest = "k Up";
 *	while (key_next(&rest, &key))
 */
bool key_next(const char **rest, key_code *ret_key);

/* The character of a key as UTF-8; 0: it is no printable character. */
size_t key_utf8(key_code key, char out[5]);

#endif
