/* Caches for tests; see cache.h. */
#include "lib/cache.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROOM = 1 << 16, HEADER = 48, ENTRY = 24 };

struct builder {
	const struct cache_spec *spec;
	char *bytes;
	size_t start, end;
	size_t level_names[16]; /* from the start of the file */
	const char *levels[16];
	unsigned level_count;
};

static void put(struct builder *cache, size_t at, uint64_t value, size_t size)
{
	assert_true(at + size < ROOM);
	for (size_t i = 0; i < size; i++) {
		size_t place = cache->spec->big_endian ? size - 1 - i : i;

		cache->bytes[at + place] = (char)(value >> 8 * i);
	}
}

static size_t add_text(struct builder *cache, const char *text)
{
	size_t at = cache->end;

	assert_true(at + strlen(text) + 1 < ROOM);
	memcpy(cache->bytes + at, text, strlen(text) + 1);
	cache->end += strlen(text) + 1;
	return at;
}

static uint64_t hwcap_of(struct builder *cache, const struct cache_row *row)
{
	unsigned i = 0;

	if (!row->level)
		return row->hwcap;
	while (i < cache->level_count && strcmp(cache->levels[i], row->level) != 0)
		i++;
	if (i == cache->level_count) {
		cache->levels[i] = row->level;
		cache->level_names[i] = add_text(cache, row->level);
		cache->level_count++;
	}
	return 1ull << 62 | i;
}

static void put_row(struct builder *cache, size_t at, const struct cache_row *row)
{
	put(cache, at, row->flags ? row->flags : 0x0303, 4);
	put(cache, at + 4, add_text(cache, row->name) - cache->start, 4);
	put(cache, at + 8, add_text(cache, row->path) - cache->start, 4);
	put(cache, at + 16, hwcap_of(cache, row), 8);
}

/* A section with who made it, and one with the levels. */
static void put_extension(struct builder *cache)
{
	size_t at, list;

	cache->end = (cache->end + 3) / 4 * 4;
	at = cache->end;
	list = at + 8 + 2 * 16;
	put(cache, cache->start + 32, at, 4);
	put(cache, at, 0xeaa42174, 4);
	put(cache, at + 4, 2, 4);
	put(cache, at + 8 + 8, cache->start, 4);
	put(cache, at + 24, 1, 4);
	put(cache, at + 24 + 8, list, 4);
	put(cache, at + 24 + 12, 4 * cache->level_count, 4);
	for (unsigned i = 0; i < cache->level_count; i++)
		put(cache, list + 4 * i, cache->level_names[i], 4);
	cache->end = list + 4 * cache->level_count;
}

char *cache_build(const struct cache_spec *spec, size_t *ret_len)
{
	struct builder cache = { .spec = spec, .bytes = calloc(1, ROOM) };

	assert_non_null(cache.bytes);
	if (spec->old_count) {
		memcpy(cache.bytes, "ld.so-1.7.0", 11);
		put(&cache, 12, spec->old_count, 4);
		cache.start = 16 + 12 * spec->old_count + spec->old_gap;
	}
	memcpy(cache.bytes + cache.start, "glibc-ld.so.cache1.1", 20);
	put(&cache, cache.start + 20, spec->count, 4);
	cache.bytes[cache.start + 28] = spec->big_endian ? 3 : 2;
	cache.end = cache.start + HEADER + ENTRY * spec->count;
	for (size_t i = 0; i < spec->count; i++)
		put_row(&cache, cache.start + HEADER + ENTRY * i, &spec->rows[i]);
	if (cache.level_count)
		put_extension(&cache);
	*ret_len = cache.end;
	return cache.bytes;
}

void tb_cache(struct tb *tar, const struct cache_spec *spec)
{
	size_t len;
	char *bytes = cache_build(spec, &len);

	tb_add(tar, &(struct tb_entry){ .path = "etc/ld.so.cache",
					.type = '0',
					.mode = 0644,
					.body = bytes,
					.size = len });
	free(bytes);
}
