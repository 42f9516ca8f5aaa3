/* Quoting for sh(1); see shell_quote.h. */
#include "base/shell_quote.h"

#include <stdlib.h>
#include <string.h>

bool shell_quote_needed(const char *bytes)
{
	static const char PLAIN[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_-./:@%+=,";

	return !bytes[0] || bytes[strspn(bytes, PLAIN)];
}

void shell_quote_put(FILE *out, const char *bytes)
{
	fputc('\'', out);
	for (const char *c = bytes; *c; c++) {
		if (*c == '\'')
			fputs("'\\''", out);
		else
			fputc(*c, out);
	}
	fputc('\'', out);
}

char *shell_quote_new(const char *bytes)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		return NULL;
	shell_quote_put(out, bytes);
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}
