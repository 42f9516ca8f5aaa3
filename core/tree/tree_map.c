/* Open addressing, at most two thirds full; the key is drawn with the first item. */
#include <stdlib.h>

#include "core/tree/tree_priv.h"

enum { FIRST_ROOM = 64 };

static size_t find_slot(const struct tree_map *map, uint64_t key)
{
	size_t mask = map->room - 1;
	size_t slot = tree__mix(&map->key, key) & mask;

	while (map->slots[slot].value != NONE && map->slots[slot].key != key)
		slot = (slot + 1) & mask;
	return slot;
}

uint32_t tree__map_get(const struct tree_map *map, uint64_t key)
{
	return map->count ? map->slots[find_slot(map, key)].value : NONE;
}

static int grow(struct tree_map *map, struct err *err)
{
	struct tree_map bigger = {
		.key = map->room ? map->key : hash_key_new(),
		.room = map->room ? map->room * 2 : FIRST_ROOM,
		.count = map->count,
	};

	bigger.slots = malloc(bigger.room * sizeof(*bigger.slots));
	if (!bigger.slots)
		return err_nomem(err);
	for (size_t i = 0; i < bigger.room; i++)
		bigger.slots[i].value = NONE;
	for (size_t i = 0; i < map->room; i++)
		if (map->slots[i].value != NONE)
			bigger.slots[find_slot(&bigger, map->slots[i].key)] = map->slots[i];
	free(map->slots);
	*map = bigger;
	return 0;
}

int tree__map_put(struct tree_map *map, uint64_t key, uint32_t value, struct err *err)
{
	if (map->count * 3 >= map->room * 2 && grow(map, err) < 0)
		return -ERR_NOMEM;

	struct tree_map_slot *slot = &map->slots[find_slot(map, key)];

	if (slot->value == NONE)
		map->count++;
	*slot = (struct tree_map_slot){ key, value };
	return 0;
}

void tree__map_done(struct tree_map *map)
{
	free(map->slots);
	*map = (struct tree_map){ 0 };
}
