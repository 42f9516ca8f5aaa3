/* Chunks of at least CHUNK bytes in a list; the newest one is filled. */
#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

enum { CHUNK = 16 * 1024 };

struct arena_chunk {
	struct arena_chunk *next;
	size_t used;
	size_t room;
	alignas(max_align_t) unsigned char bytes[];
};

static struct arena_chunk *add_chunk(struct arena *arena, size_t size)
{
	size_t room = size > CHUNK ? size : CHUNK;
	struct arena_chunk *chunk;

	if (room > PTRDIFF_MAX - sizeof(*chunk))
		return NULL;
	chunk = calloc(1, sizeof(*chunk) + room);
	if (!chunk)
		return NULL;
	chunk->room = room;
	/* A large object gets a chunk of its own behind the one being filled. */
	if (arena->chunks && size > CHUNK) {
		chunk->next = arena->chunks->next;
		arena->chunks->next = chunk;
	} else {
		chunk->next = arena->chunks;
		arena->chunks = chunk;
	}
	return chunk;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	const size_t align = alignof(max_align_t);
	struct arena_chunk *chunk = arena->chunks;
	void *bytes;

	if (size > PTRDIFF_MAX - align)
		return NULL;
	size = (size + align - 1) / align * align;
	if (!chunk || chunk->room - chunk->used < size) {
		chunk = add_chunk(arena, size);
		if (!chunk)
			return NULL;
	}
	bytes = chunk->bytes + chunk->used;
	chunk->used += size;
	return bytes;
}

char *arena_copy(struct arena *arena, const void *bytes, size_t len)
{
	char *copy;

	if (len == SIZE_MAX)
		return NULL;
	copy = arena_alloc(arena, len + 1);
	if (copy && len)
		memcpy(copy, bytes, len);
	return copy;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	CLEANUP(freep) char *text = NULL;
	va_list args;
	int len;

	va_start(args, format);
	len = vasprintf(&text, format, args);
	va_end(args);
	if (len < 0) {
		text = NULL;
		return NULL;
	}
	return arena_copy(arena, text, (size_t)len);
}

void arena_done(struct arena *arena)
{
	struct arena_chunk *chunk = arena->chunks;

	while (chunk) {
		struct arena_chunk *next = chunk->next;

		free(chunk);
		chunk = next;
	}
	arena->chunks = NULL;
}
