/*
 * Globs over the bytes of one name, as fnmatch(3) in the C locale: "*", "?",
 * "[a-z]", "[!a-z]", and a backslash before a byte that stands for itself.
 * Fast where fnmatch(3) first decodes both in the locale's charset.
 */
#ifndef BASE_GLOB_H
#define BASE_GLOB_H

#include <stdbool.h>
#include <stddef.h>

/* Whether the first 'len' bytes of 'glob' match all of 'name'. A slash is a byte like others. */
bool glob_match(const char *glob, size_t len, const char *name);

#endif
