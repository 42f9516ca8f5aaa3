/*
 * The cache of glibc's loader; see library_cache.h. The layout is that of
 * sysdeps/generic/dl-cache.h, the search that of elf/dl-cache.c.
 */
#include "core/access/library_cache.h"

#include <string.h>

static const char MAGIC[] = "glibc-ld.so.cache1.1", OLD_MAGIC[] = "ld.so-1.7.0";

/* Sizes and places in bytes; of an entry, an extension and a section from its own start. */
enum {
	OLD_HEADER = 16,
	OLD_COUNT_AT = 12,
	OLD_ENTRY = 12,
	HEADER = 48,
	COUNT_AT = 20,
	BYTE_ORDER_AT = 28, /* 0: not said */
	EXTENSION_AT = 32,
	ENTRY = 24,
	KEY_AT = 4,
	VALUE_AT = 8,
	HWCAP_LOW_AT = 16, /* the halves in the order of little endian */
	HWCAP_HIGH_AT = 20,
	EXTENSION_HEADER = 8,
	SECTION = 16,
};

/* Beyond these nothing is looked at: of a string, of entries of one name on each side. */
enum { STRING_MOST = 4096, SAME_MOST = 256 };

enum { LITTLE_ENDIAN_CACHE = 2, BIG_ENDIAN_CACHE = 3, BYTE_ORDER_MASK = 3 };

static const uint32_t EXTENSION_MAGIC = 0xeaa42174, LEVELS_SECTION = 1, SECTIONS_MOST = 64;

/* In the upper half of the hwcap: the lower half is an index into the names of levels. */
static const uint32_t IS_LEVEL = 1 << 30;

/* The caller has checked that it lies in the bytes. */
static uint32_t number(const struct library_cache *cache, size_t at)
{
	const unsigned char *bytes = (const unsigned char *)cache->bytes + at;
	uint32_t value = 0;

	for (size_t i = 0; i < 4; i++)
		value = value << 8 | bytes[cache->big_endian ? i : 3 - i];
	return value;
}

/* ---- The header ---- */

static bool has_magic(const struct library_cache *cache, size_t at, const char *magic)
{
	size_t len = strlen(magic);

	return at <= cache->len && cache->len - at >= len &&
	       memcmp(cache->bytes + at, magic, len) == 0;
}

/* Where the new format starts; the compatible one has it behind the old one, aligned. */
static bool find_start(struct library_cache *cache)
{
	if (has_magic(cache, 0, MAGIC))
		return true;
	if (!has_magic(cache, 0, OLD_MAGIC) || cache->len < OLD_HEADER)
		return false;

	uint64_t end = OLD_HEADER + (uint64_t)number(cache, OLD_COUNT_AT) * OLD_ENTRY;

	if (end > cache->len)
		return false;
	for (uint64_t alignment = 8; alignment >= 4; alignment /= 2) { /* 4: of the i386 */
		cache->start = (size_t)((end + alignment - 1) & ~(alignment - 1));
		if (has_magic(cache, cache->start, MAGIC))
			return true;
	}
	return false;
}

/* The names of levels are listed in a section; without it there are none. */
static void find_levels(struct library_cache *cache)
{
	size_t at = number(cache, cache->start + EXTENSION_AT);

	if (at == 0 || at > cache->len || cache->len - at < EXTENSION_HEADER ||
	    number(cache, at) != EXTENSION_MAGIC)
		return;

	uint32_t sections = number(cache, at + 4);

	at += EXTENSION_HEADER;
	if (sections > SECTIONS_MOST || (cache->len - at) / SECTION < sections)
		return;
	for (; sections > 0; sections--, at += SECTION) {
		size_t offset = number(cache, at + 8), size = number(cache, at + 12);

		if (number(cache, at) != LEVELS_SECTION || offset > cache->len ||
		    size > cache->len - offset)
			continue;
		cache->levels_at = offset;
		cache->level_count = (uint32_t)(size / 4);
	}
}

bool access__cache_open(const char *bytes, size_t len, bool big_endian,
			struct library_cache *ret_cache)
{
	struct library_cache cache = { .bytes = bytes, .len = len, .big_endian = big_endian };

	if (!find_start(&cache) || len - cache.start < HEADER)
		return false;

	unsigned order = (unsigned char)bytes[cache.start + BYTE_ORDER_AT];

	if (order && (order & BYTE_ORDER_MASK) !=
			     (unsigned)(big_endian ? BIG_ENDIAN_CACHE : LITTLE_ENDIAN_CACHE))
		return false;
	cache.count = number(&cache, cache.start + COUNT_AT);
	if ((len - cache.start - HEADER) / ENTRY < cache.count)
		return false;
	find_levels(&cache);
	*ret_cache = cache;
	return true;
}

/* ---- Entries ---- */

/* From the start of the file; NULL: it lies outside, or has no end. */
static const char *string_at(const struct library_cache *cache, size_t at)
{
	size_t most = at < cache->len ? cache->len - at : 0;

	if (most > STRING_MOST)
		most = STRING_MOST;
	return most && memchr(cache->bytes + at, '\0', most) ? cache->bytes + at : NULL;
}

static size_t entry_at(const struct library_cache *cache, uint32_t i)
{
	return cache->start + HEADER + (size_t)i * ENTRY;
}

static const char *key(const struct library_cache *cache, uint32_t i)
{
	return string_at(cache, cache->start + number(cache, entry_at(cache, i) + KEY_AT));
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static uint32_t take_number(const char **text)
{
	uint32_t value = 0;

	while (is_digit(**text))
		value = value * 10 + (uint32_t)(*(*text)++ - '0');
	return value;
}

/* _dl_cache_libcmp(): numbers by value, and behind all else. */
static int compare(const char *a, const char *b)
{
	while (*a) {
		if (is_digit(*a) != is_digit(*b))
			return is_digit(*a) ? 1 : -1;
		if (is_digit(*a)) {
			uint32_t first = take_number(&a), second = take_number(&b);

			if (first != second)
				return first > second ? 1 : -1;
		} else if (*a != *b) {
			return *a - *b;
		} else {
			a++, b++;
		}
	}
	return *a - *b;
}

/* Some entry of this name; the greatest name stands first. */
static bool find_name(const struct library_cache *cache, const char *name, uint32_t *ret_i)
{
	uint32_t left = 0, right = cache->count; /* one behind the last */

	while (left < right) {
		uint32_t middle = left + (right - left) / 2;
		const char *other = key(cache, middle);

		if (!other)
			return false;

		int order = compare(name, other);

		if (order == 0) {
			*ret_i = middle;
			return true;
		}
		if (order < 0)
			left = middle + 1;
		else
			right = middle;
	}
	return false;
}

static bool is_named(const struct library_cache *cache, uint32_t i, const char *name)
{
	const char *other = key(cache, i);

	return other && compare(name, other) == 0;
}

/* How good a level is: 1 the best, 0: not for this machine. */
static unsigned level_rank(const struct library_cache *cache, const struct elf_machine *machine,
			   uint32_t index)
{
	const char *name = NULL;

	if (index < cache->level_count)
		name = string_at(cache, number(cache, cache->levels_at + 4 * (size_t)index));
	for (unsigned i = 0; name && machine->levels[i]; i++)
		if (strcmp(name, machine->levels[i]) == 0)
			return i + 1;
	return 0;
}

/* 0: not for this machine; else the lower the better. */
static unsigned entry_rank(const struct library_cache *cache, const struct elf_machine *machine,
			   uint32_t i)
{
	size_t at = entry_at(cache, i);
	uint32_t low = number(cache, at + (cache->big_endian ? HWCAP_HIGH_AT : HWCAP_LOW_AT));
	uint32_t high = number(cache, at + (cache->big_endian ? HWCAP_LOW_AT : HWCAP_HIGH_AT));

	if (machine->cache_flags && number(cache, at) != machine->cache_flags)
		return 0;
	if (high == IS_LEVEL)
		return level_rank(cache, machine, low);
	/* Copies for what few machines have, as older versions made them. */
	return high || low ? 0 : LEVELS_MOST + 1;
}

static const char *entry_path(const struct library_cache *cache, uint32_t i)
{
	return string_at(cache, cache->start + number(cache, entry_at(cache, i) + VALUE_AT));
}

const char *access__cache_find(const struct library_cache *cache, const struct elf_machine *machine,
			       const char *name)
{
	const char *best = NULL;
	unsigned best_rank = LEVELS_MOST + 2;
	uint32_t i;

	if (!cache->bytes || !find_name(cache, name, &i))
		return NULL;
	for (unsigned n = 0; n < SAME_MOST && i > 0 && is_named(cache, i - 1, name); n++)
		i--;
	for (unsigned n = 0; n < SAME_MOST && i < cache->count && is_named(cache, i, name);
	     n++, i++) {
		unsigned rank = entry_rank(cache, machine, i);

		if (!rank || rank >= best_rank || !entry_path(cache, i))
			continue;
		best = entry_path(cache, i);
		best_rank = rank;
	}
	return best;
}
