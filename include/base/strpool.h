/*
 * Interned byte strings: equal bytes have equal ids, so names are compared as
 * numbers and stored once. Strings hold no NUL byte (tar names cannot).
 *
 * The hash is keyed with random bytes: an image cannot choose names that
 * collide.
 */
#ifndef BASE_STRPOOL_H
#define BASE_STRPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

typedef struct {
	uint32_t v;
} str_id;

struct strpool;

/* The empty string is in every pool, as this id. */
#define STR_EMPTY ((str_id){0})

/* NULL: out of memory. Free with strpool_free(); NULL is fine there. */
struct strpool *strpool_new(void);
void strpool_free(struct strpool *pool);
void strpool_freep(struct strpool **pool);

/* The id of these bytes, added if new. ERR_NOMEM; ERR_LIMIT above 4 GiB of names. */
int strpool_add(struct strpool *pool, const char *bytes, size_t len, str_id *ret_id,
		struct err *err);

/* The id of these bytes, or false. Also after strpool_seal(). */
bool strpool_find(const struct strpool *pool, const char *bytes, size_t len, str_id *ret_id);

/* NUL-terminated, borrowed; valid until the next strpool_add(). */
const char *strpool_get(const struct strpool *pool, str_id id);

/* The number of strings, and the bytes of memory that the pool holds. */
size_t strpool_count(const struct strpool *pool);
size_t strpool_memory(const struct strpool *pool);

/* Nothing will be added any more: give back spare memory. */
void strpool_seal(struct strpool *pool);

/* The same, and nothing will be looked up: only strpool_get() from now on. */
void strpool_seal_for_reading(struct strpool *pool);

#endif
