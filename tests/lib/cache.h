/*
 * Caches of glibc's loader, built in code; independent of the product's reader.
 *
 *	tb_cache(&tar, &(struct cache_spec){
 *			       CACHE_ROWS(CACHE_ROW("libz.so.1", "/opt/libz.so.1")) });
 */
#ifndef TESTS_LIB_CACHE_H
#define TESTS_LIB_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/build.h"

struct cache_row {
	const char *name, *path;
	const char *level; /* of glibc-hwcaps; NULL: none */
	uint32_t flags;    /* 0: of x86-64 */
	uint64_t hwcap;    /* where there is no level */
};

struct cache_spec {
	const struct cache_row *rows; /* in the order of ldconfig(8): the greatest name first */
	size_t count;
	bool big_endian;
	size_t old_count; /* of entries in an older format that stands before; 0: there is none */
	size_t old_gap;   /* bytes between the two */
};

/* Level, flags and hwcap by name behind the path. */
#define CACHE_ROW(of, at, ...)                                                                     \
	{                                                                                          \
		.name = (of), .path = (at), __VA_ARGS__                                            \
	}

#define CACHE_ROWS(...)                                                                            \
	.rows = (const struct cache_row[]){ __VA_ARGS__ },                                         \
	.count = sizeof((const struct cache_row[]){ __VA_ARGS__ }) / sizeof(struct cache_row)

/* free() the bytes. */
char *cache_build(const struct cache_spec *spec, size_t *ret_len);

/* As /etc/ld.so.cache. */
void tb_cache(struct tb *tar, const struct cache_spec *spec);

#endif
