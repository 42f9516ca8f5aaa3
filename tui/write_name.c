/* Names for what is written; see tui/write_name.h. */
#include "write_name.h"

#include <stdio.h>
#include <string.h>

void write_name(const char *from, const char *ending, char *out, unsigned long room)
{
	static const char *const DROPPED[] = { ".gz", ".zst", ".xz", ".bz2", ".tgz", ".tar" };
	const char *end = from + strlen(from), *base;
	size_t len;

	while (end > from && end[-1] == '/')
		end--;
	for (base = end; base > from && base[-1] != '/'; base--)
		;
	/* A name that begins with a dash is an option for every other program. */
	base += strspn(base, "-");
	len = strcspn(base, ":/"); /* of a name: without the tag */
	for (size_t i = 0; i < sizeof(DROPPED) / sizeof(*DROPPED); i++) {
		size_t drop = strlen(DROPPED[i]);

		if (len > drop && !memcmp(base + len - drop, DROPPED[i], drop))
			len -= drop;
	}
	if (len == 0) {
		base = "image";
		len = strlen(base);
	}
	snprintf(out, room, "%.*s%s", (int)len, base, ending);
	for (char *c = out; *c; c++) {
		if (*c < ' ' || *c == 0x7f)
			*c = '_';
	}
}
