/*
 * One buffer holds all strings, each with its NUL; an id is the offset of a
 * string in it. An open-addressing table of ids finds them again; each slot
 * keeps its string's hash, so that probing and growing touch no other string.
 */
#include "base/strpool.h"

#include <assert.h>
#include <string.h>

#include "base/keyed_hash.h"

enum { FIRST_SLOTS = 256, FIRST_BYTES = 4096 };

struct slot {
	uint32_t id; /* 0: free */
	uint32_t hash;
};

struct strpool {
	struct hash_key key;
	char *bytes;
	size_t used, room;
	struct slot *slots; /* a power of two of them; NULL: sealed for reading */
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

static uint32_t hash_of(const struct strpool *pool, const char *bytes, size_t len)
{
	return (uint32_t)keyed_hash(&pool->key, bytes, len);
}

static bool is_string(const struct strpool *pool, uint32_t id, const char *bytes, size_t len)
{
	const char *there = pool->bytes + id;

	return pool->used - id > len && memcmp(there, bytes, len) == 0 && there[len] == '\0';
}

/* The slot of these bytes, or the free one where they belong. */
static struct slot *find_slot(const struct strpool *pool, uint32_t hash, const char *bytes,
			      size_t len)
{
	size_t mask = pool->slot_count - 1, i = hash & mask;

	assert(pool->slots);
	while (pool->slots[i].id &&
	       !(pool->slots[i].hash == hash && is_string(pool, pool->slots[i].id, bytes, len)))
		i = (i + 1) & mask;
	return &pool->slots[i];
}

static int grow_slots(struct strpool *pool, struct err *err)
{
	size_t count = pool->slot_count * 2, mask = count - 1;
	struct slot *slots = calloc(count, sizeof(*slots));

	if (!slots)
		return err_nomem(err);
	for (size_t from = 0; from < pool->slot_count; from++) {
		size_t to = pool->slots[from].hash & mask;

		if (!pool->slots[from].id)
			continue;
		while (slots[to].id)
			to = (to + 1) & mask;
		slots[to] = pool->slots[from];
	}
	free(pool->slots);
	pool->slots = slots;
	pool->slot_count = count;
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
	struct slot *slot;
	uint32_t hash;

	if (len == 0) {
		*ret_id = STR_EMPTY;
		return 0;
	}
	hash = hash_of(pool, bytes, len);
	slot = find_slot(pool, hash, bytes, len);
	if (slot->id) {
		ret_id->v = slot->id;
		return 0;
	}
	if (len > UINT32_MAX || pool->used > UINT32_MAX - len - 1)
		return err_set(err, ERR_LIMIT, "more than 4 GiB of file names");
	if (pool->room - pool->used < len + 1 && grow_bytes(pool, len, err) < 0)
		return -ERR_NOMEM;
	if (pool->count * 3 > pool->slot_count * 2) {
		if (grow_slots(pool, err) < 0)
			return -ERR_NOMEM;
		slot = find_slot(pool, hash, bytes, len);
	}
	memcpy(pool->bytes + pool->used, bytes, len);
	pool->bytes[pool->used + len] = '\0';
	*slot = (struct slot){ .id = (uint32_t)pool->used, .hash = hash };
	ret_id->v = slot->id;
	pool->used += len + 1;
	pool->count++;
	return 0;
}

bool strpool_find(const struct strpool *pool, const char *bytes, size_t len, str_id *ret_id)
{
	const struct slot *slot;

	if (len == 0) {
		*ret_id = STR_EMPTY;
		return true;
	}
	slot = find_slot(pool, hash_of(pool, bytes, len), bytes, len);
	if (!slot->id)
		return false;
	ret_id->v = slot->id;
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

void strpool_seal_for_reading(struct strpool *pool)
{
	strpool_seal(pool);
	free(pool->slots);
	pool->slots = NULL;
	pool->slot_count = 0;
}
