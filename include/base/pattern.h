/* PCRE2 patterns over path bytes, with limits; globs become patterns. */
#ifndef BASE_PATTERN_H
#define BASE_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct pattern;

enum pattern_kind {
	PATTERN_REGEX,
	PATTERN_GLOB, /* "*" stays within a component, two stars cross; whole path */
	PATTERN_TEXT, /* literal, found anywhere */
};

enum { PATTERN_IGNORE_CASE = 1 };

/* ERR_INVALID with the offset in the pattern. Free with pattern_free(); NULL is fine there. */
int pattern_new(const char *text, enum pattern_kind kind, unsigned flags,
		struct pattern **ret_pattern, struct err *err);
void pattern_free(struct pattern *pattern);
void pattern_freep(struct pattern **pattern);

/*
 * Whether it matches. A pattern that costs too much on these bytes is
 * reported by *ret_too_costly (may be NULL), never as "no match" in silence.
 */
bool pattern_match(const struct pattern *pattern, const char *bytes, size_t len,
		   bool *ret_too_costly);

#endif
