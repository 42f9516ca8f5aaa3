/*
 * Memory that is freed all at once: big objects own one arena and never free
 * single parts. Pointers stay valid until arena_done().
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

#include "base/cleanup.h"

struct arena_chunk;

struct arena {
	struct arena_chunk *chunks; /* newest first; {0} is an empty arena */
};

/* 'size' zeroed bytes, aligned for any object; NULL: out of memory. */
void *arena_alloc(struct arena *arena, size_t size);

/* A copy of 'len' bytes and a NUL; NULL: out of memory. */
char *arena_copy(struct arena *arena, const void *bytes, size_t len);

/* As asprintf(); NULL: out of memory. */
char *arena_printf(struct arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);

/* Free everything. The arena is empty and usable again. */
void arena_done(struct arena *arena);

#endif
