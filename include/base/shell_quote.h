/* Words of sh(1) that stand for given bytes, whatever these are. */
#ifndef BASE_SHELL_QUOTE_H
#define BASE_SHELL_QUOTE_H

#include <stdbool.h>
#include <stdio.h>

/* Whether the bytes are no word of their own: empty, or not plain all through. */
bool shell_quote_needed(const char *bytes);

/* One word in single quotes, each quote of its own as '\''. */
void shell_quote_put(FILE *out, const char *bytes);

/* The same; free(). NULL: out of memory. */
char *shell_quote_new(const char *bytes);

#endif
