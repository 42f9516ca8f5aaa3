/*
 * One buffer holds all strings, each with its NUL; an id is the offset of a
 * string in it. An open-addressing table of ids finds them again.
 */
#include "base/strpool.h"

#include <string.h>

#include "base/keyed_hash.h"

enum { FIRST_SLOTS = 256, FIRST_BYTES = 4096 };

struct strpool {
	struct hash_key key;
	char *bytes;
	size_t used, room;
	uint32_t *slots; /* 0: free; a power of two of them */
	size_t slot_count;
	size_t count;
};

struct strpool *strpool_new(void)
{
	struct strpool *pool = calloc(1, sizeof(*pool));

	if (!pool)
		return NULL;
	pool->key = hash_key_new();
	pool->bytes = malloc(FIRST_BYTES);
	pool->slots = calloc(FIRST_SLOTS, sizeof(*pool->slots));
	if (!pool->bytes || !pool->slots) {
		strpool_free(pool);
		return NULL;
	}
	pool->room = FIRST_BYTES;
	pool->slot_count = FIRST_SLOTS;
	pool->bytes[0] = '\0'; /* STR_EMPTY, so that 0 marks a free slot */
	pool->used = 1;
	pool->count = 1;
	return pool;
}

void strpool_free(struct strpool *pool)
{
	if (!pool)
		return;
	free(pool->bytes);
	free(pool->slots);
	free(pool);
}

void strpool_freep(struct strpool **pool)
{
	strpool_free(*pool);
}

/* The slot of these bytes, or the free one where they belong. */
static size_t find_slot(const struct strpool *pool, const char *bytes, size_t len)
{
	size_t mask = pool->slot_count - 1;
	size_t slot = keyed_hash(&pool->key, bytes, len) & mask;

	while (pool->slots[slot]) {
		const char *there = pool->bytes + pool->slots[slot];

		if (pool->used - pool->slots[slot] > len && memcmp(there, bytes, len) == 0 &&
		    there[len] == '\0')
			break;
		slot = (slot + 1) & mask;
	}
	return slot;
}

static int grow_slots(struct strpool *pool, struct err *err)
{
	struct strpool bigger = *pool;

	bigger.slot_count = pool->slot_count * 2;
	bigger.slots = calloc(bigger.slot_count, sizeof(*bigger.slots));
	if (!bigger.slots)
		return err_nomem(err);
	for (size_t i = 0; i < pool->slot_count; i++) {
		const char *there = pool->bytes + pool->slots[i];

		if (pool->slots[i])
			bigger.slots[find_slot(&bigger, there, strlen(there))] = pool->slots[i];
	}
	free(pool->slots);
	*pool = bigger;
	return 0;
}

static int grow_bytes(struct strpool *pool, size_t len, struct err *err)
{
	size_t room = pool->room;
	char *grown;

	while (room - pool->used < len + 1)
		room *= 2;
	grown = realloc(pool->bytes, room);
	if (!grown)
		return err_nomem(err);
	pool->bytes = grown;
	pool->room = room;
	return 0;
}

int strpool_add(struct strpool *pool, const char *bytes, size_t len, str_id *ret_id,
		struct err *err)
{
	size_t slot;

	if (len == 0) {
		*ret_id = STR_EMPTY;
		return 0;
	}
	slot = find_slot(pool, bytes, len);
	if (pool->slots[slot]) {
		ret_id->v = pool->slots[slot];
		return 0;
	}
	if (len > UINT32_MAX || pool->used > UINT32_MAX - len - 1)
		return err_set(err, ERR_LIMIT, "more than 4 GiB of file names");
	if (pool->room - pool->used < len + 1 && grow_bytes(pool, len, err) < 0)
		return -ERR_NOMEM;
	if (pool->count * 3 > pool->slot_count * 2) {
		if (grow_slots(pool, err) < 0)
			return -ERR_NOMEM;
		slot = find_slot(pool, bytes, len);
	}
	memcpy(pool->bytes + pool->used, bytes, len);
	pool->bytes[pool->used + len] = '\0';
	pool->slots[slot] = (uint32_t)pool->used;
	ret_id->v = (uint32_t)pool->used;
	pool->used += len + 1;
	pool->count++;
	return 0;
}

bool strpool_find(const struct strpool *pool, const char *bytes, size_t len, str_id *ret_id)
{
	size_t slot;

	if (len == 0) {
		*ret_id = STR_EMPTY;
		return true;
	}
	slot = find_slot(pool, bytes, len);
	if (!pool->slots[slot])
		return false;
	ret_id->v = pool->slots[slot];
	return true;
}

const char *strpool_get(const struct strpool *pool, str_id id)
{
	return pool->bytes + id.v;
}

size_t strpool_count(const struct strpool *pool)
{
	return pool->count;
}

size_t strpool_memory(const struct strpool *pool)
{
	return sizeof(*pool) + pool->room + pool->slot_count * sizeof(*pool->slots);
}

void strpool_seal(struct strpool *pool)
{
	char *fitted = realloc(pool->bytes, pool->used);

	if (!fitted)
		return;
	pool->bytes = fitted;
	pool->room = pool->used;
}
