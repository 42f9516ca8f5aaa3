/*
 * Growing arrays, and sizes that are computed from input.
 *
 *	VEC(struct finding) found = {0};
 *	if (VEC_PUSH(&found, finding, err) < 0)
 *		return -ERR_NOMEM;
 *	for (size_t i = 0; i < found.count; i++)
 *		use(&found.items[i]);
 *	VEC_DONE(&found);
 */
#ifndef BASE_VEC_H
#define BASE_VEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define VEC(type)                                                                                  \
	struct {                                                                                   \
		type *items;                                                                       \
		size_t count;                                                                      \
		size_t room;                                                                       \
	}

/* Append one item. 0 or -ERR_NOMEM; on failure the array is as before. */
#define VEC_PUSH(vec, item, err)                                                                   \
	(VEC_RESERVE((vec), 1, (err)) < 0 ? -(int)ERR_NOMEM                                        \
					  : ((vec)->items[(vec)->count++] = (item), 0))

/* Make room for 'more' further items. 0 or -ERR_NOMEM. */
#define VEC_RESERVE(vec, more, err)                                                                \
	vec_reserve((void **)&(vec)->items, &(vec)->room, (vec)->count, (more),                    \
		    sizeof(*(vec)->items), (err))

/* Free the array, not what its items own. It is empty and usable again. */
#define VEC_DONE(vec)                                                                              \
	(free((vec)->items), (vec)->items = NULL, (vec)->count = 0, (vec)->room = 0)

int vec_reserve(void **items, size_t *room, size_t count, size_t more, size_t item_size,
		struct err *err);

/* a + b and a * b into '*ret'; false if the result does not fit. */
static inline MUST_CHECK bool size_add(uint64_t a, uint64_t b, uint64_t *ret)
{
	return !__builtin_add_overflow(a, b, ret);
}

static inline MUST_CHECK bool size_mul(uint64_t a, uint64_t b, uint64_t *ret)
{
	return !__builtin_mul_overflow(a, b, ret);
}

#endif
