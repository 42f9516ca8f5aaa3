/* Paths as bytes; see base/path.h. */
#include "base/path.h"

#include <string.h>

/* Back to the end of the component before 'used'; at the root it stays. */
static size_t drop_component(const char *bytes, size_t used)
{
	while (used > 0 && bytes[used - 1] != '/')
		used--;
	return used > 0 ? used - 1 : 0;
}

size_t path_normalise(char *bytes, size_t len, unsigned *ret_oddity)
{
	unsigned oddity = 0;
	size_t used = 0, at = 0;

	if (len > 0 && bytes[0] == '/')
		oddity |= PATH_WAS_ABSOLUTE;
	if (len > 1 && bytes[len - 1] == '/')
		oddity |= PATH_HAD_SLASH_END;
	while (at < len) {
		const char *slash = memchr(bytes + at, '/', len - at);
		size_t start = at;

		at = slash ? (size_t)(slash - bytes) : len;
		if (at - start == 2 && bytes[start] == '.' && bytes[start + 1] == '.') {
			oddity |= used == 0 ? PATH_HAD_DOTDOT | PATH_LEFT_ROOT : PATH_HAD_DOTDOT;
			used = drop_component(bytes, used);
		} else if (at > start && !(at - start == 1 && bytes[start] == '.')) {
			if (used > 0)
				bytes[used++] = '/';
			if (used != start)
				memmove(bytes + used, bytes + start, at - start);
			used += at - start;
		}
		at++;
	}
	if (ret_oddity)
		*ret_oddity = oddity;
	return used;
}

size_t path_parent_length(const char *path, size_t len)
{
	return drop_component(path, len);
}

const char *path_next(const char **rest, size_t *ret_len)
{
	const char *start = *rest + strspn(*rest, "/");
	size_t len = strcspn(start, "/");

	*rest = start + len;
	*ret_len = len;
	return len ? start : NULL;
}

const char *path_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}
