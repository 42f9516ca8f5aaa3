/*
 * /etc/ld.so.cache as glibc's loader reads it: libraries by name, sorted, with
 * the paths that ldconfig(8) found. Untrusted: every offset is checked, and what
 * a look-up costs is bounded.
 */
#ifndef ACCESS_LIBRARY_CACHE_H
#define ACCESS_LIBRARY_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/access/elf_machine.h"

/* A view of bytes that the caller keeps. */
struct library_cache {
	const char *bytes; /* NUL follows them; NULL: there is no cache */
	size_t len;
	size_t start; /* of the new format: an older one may stand before it */
	uint32_t count;
	size_t levels_at; /* the places of their names */
	uint32_t level_count;
	bool big_endian;
};

/* For a loader of this byte order; false: the loader does not take it for a cache. */
bool access__cache_open(const char *bytes, size_t len, bool big_endian,
			struct library_cache *ret_cache);

/* The path of a library, in the bytes; NULL: it is not in the cache. */
const char *access__cache_find(const struct library_cache *cache, const struct elf_machine *machine,
			       const char *name);

#endif
