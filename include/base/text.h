/*
 * What of an untrusted string may be shown. The one way for bytes of an image
 * (names, link targets, labels, history, errors that quote them) to reach a
 * terminal, a log or a comment of a script.
 *
 * Printable characters of strict UTF-8 pass. Everything else is escaped so
 * that it can be told apart and turned back: control bytes (\n \t \r \e, else
 * \xNN), bytes that are not UTF-8 (\xNN), C1 controls, bidi and other format
 * characters, private and unassigned ones (\u{NNNN}), the fifth and further
 * combining mark on one character, and the backslash itself (\\).
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* ASCII: every byte above 0x7e is escaped, for locales that are not UTF-8. */
enum text_charset { TEXT_UTF8, TEXT_ASCII };

/*
 * Write the visible form of 'len' bytes to 'out', at most 'room' bytes with
 * the NUL; never cuts a character or an escape in two. Returns the bytes that
 * the whole form needs without the NUL, as snprintf() does.
 */
size_t text_visible(char *out, size_t room, const char *bytes, size_t len,
		    enum text_charset charset);

/* The same as a new string; NULL: out of memory. Free with free(). */
char *text_visible_new(const char *bytes, size_t len, enum text_charset charset);

/* The same to a file. */
void text_visible_print(FILE *file, const char *bytes, size_t len, enum text_charset charset);

/* Whether the bytes are strict UTF-8 (no surrogates, no overlong forms). */
bool text_is_utf8(const char *bytes, size_t len);

/*
 * Columns that visible text takes on a terminal, and the bytes of it that fit
 * into 'columns'. Only for output of text_visible().
 */
size_t text_width(const char *visible);
size_t text_fit(const char *visible, size_t columns, size_t *ret_width);

/* "0 B", "999 B", "1.2 KB", "9.4 MB", "1.20 GB" (powers of 1000); room >= 16. */
const char *text_size(char *out, size_t room, unsigned long long bytes);

/* "drwxr-xr-x": type letter by 'type_letter', mode is the 12 low bits; out[11]. */
const char *text_mode(char *out, char type_letter, unsigned mode);

#endif
