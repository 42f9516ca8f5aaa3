/*
 * Paths of a tar or of an image, as bytes. Inside the program a path of an
 * image has no leading slash, no "." and no "..", no doubled or trailing
 * slash; the root is the empty string. It is shown with a leading slash.
 */
#ifndef BASE_PATH_H
#define BASE_PATH_H

#include <stdbool.h>
#include <stddef.h>

/* What path_normalise() met; a set of bits. */
enum path_oddity {
	PATH_WAS_ABSOLUTE = 1,
	PATH_HAD_DOTDOT = 2,     /* resolved by name, as the engines do */
	PATH_LEFT_ROOT = 4,      /* a ".." above the root, which stays there */
	PATH_HAD_SLASH_END = 8,
};

/*
 * Normalise 'len' bytes in place; returns the new length (<= len), not
 * NUL-terminated. "./a//b/../c/" becomes "a/c". ret_oddity may be NULL.
 */
size_t path_normalise(char *bytes, size_t len, unsigned *ret_oddity);

/* Of a normalised path: the length of its parent ("" for "a"), 0 for the root. */
size_t path_parent_length(const char *path, size_t len);

/*
 * Step through the components of any path: skips slashes, returns the next
 * component with its length, NULL at the end.
 *
 *	const char *rest = path;
 *	while ((name = path_next(&rest, &len)))
 */
const char *path_next(const char **rest, size_t *ret_len);

/* The last component of a NUL-terminated path; "" for the root. */
const char *path_base(const char *path);

#endif
