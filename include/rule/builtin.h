/*
 * The files of share/profiles/ as they were when the program was built, so
 * that it needs nothing beside itself. The table is made by share/embed.sh.
 */
#ifndef RULE_BUILTIN_H
#define RULE_BUILTIN_H

#include <stddef.h>

struct builtin_profile {
	const char *name; /* of the file, without .json */
	const unsigned char *bytes;
	size_t size; /* in bytes */
};

/* Sorted by name; a NULL name ends it. */
extern const struct builtin_profile builtin_profiles[];

#endif
