/*
 * The verdict for every node of a tree at once: one walk, parents before
 * children, so that each directory is judged once.
 */
#ifndef ACCESS_ACCESS_MAP_H
#define ACCESS_ACCESS_MAP_H

#include "access/identity.h"
#include "base/cancel.h"
#include "tree/tree.h"

struct access_map;

/* tree is borrowed. ERR_CANCELLED, ERR_NOMEM. */
int access_map_build(const struct tree *tree, unsigned at, const struct identity *identity,
		     const struct cancel *cancel, struct access_map **ret_map, struct err *err);
void access_map_free(struct access_map *map);
void access_map_freep(struct access_map **map);

/*
 * What access(2) grants for the node's path: enum access_bit, links followed.
 * false: only the runtime knows.
 */
bool access_map_get(const struct access_map *map, node_id node, unsigned *ret_bits);

/* Whether every directory above the node can be searched. */
bool access_map_reachable(const struct access_map *map, node_id node);

/* The topmost directory above the node that cannot be searched; NODE_NONE. */
node_id access_map_blocker(const struct access_map *map, node_id node);

#endif
