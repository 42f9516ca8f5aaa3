/*
 * A random tree, made both on disk and as a layer in the order and with the
 * calls of an engine (lchown, lsetxattr, chmod), and paths that ask about it.
 * The disk needs root.
 */
#ifndef TESTS_LIB_WORLD_H
#define TESTS_LIB_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/trees.h"

enum { WORLD_NODES = 7000, WORLD_PATHS = 10500 };

struct world_node {
	char *path; /* from the root, without slash; the root's is "" */
	char type;  /* of a tar entry: '0' '1' '2' '5' '6' */
	unsigned depth;
};

struct world {
	uint64_t number; /* of the generator: set it to the seed */
	struct world_node nodes[WORLD_NODES];
	size_t count;
	size_t last_dir; /* a node */
	const char *last_link;
	bool has_acls; /* the disk keeps them */
	struct tb tar;
	struct tf tf;                /* one layer */
	char *queries[WORLD_PATHS]; /* with leading slash; the first WORLD_NODES are the nodes */
};

extern const int64_t WORLD_UIDS[], WORLD_GIDS[];
enum { WORLD_UID_COUNT = 4, WORLD_GID_COUNT = 5 };

/* 'root' is made as a new folder. */
void world_make(struct world *world, uint64_t seed, const char *root);
void world_done(struct world *world);

/* A number from 0 on. */
unsigned world_draw(struct world *world, unsigned below);

#endif
