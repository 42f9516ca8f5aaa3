/*
 * The arrays of a tree. All references are indexes; NONE is "nothing there".
 *
 * A node has a chain of versions, newest first, each visible in the layers
 * [born, died). A version names an inode; an inode names the entries that its
 * body and its header come from, so attributes are read from the layer index
 * and stored nowhere else.
 */
#ifndef TREE_TREE_PRIV_H
#define TREE_TREE_PRIV_H

#include "base/keyed_hash.h"
#include "base/strpool.h"
#include "base/vec.h"
#include "tree/tree.h"

#define NONE UINT32_MAX
#define NEVER UINT16_MAX    /* 'died' of a living version */
#define GROUPED 0x80000000u /* in inode.name: the rest is a group */

struct node {
	uint32_t parent;
	uint32_t name;        /* in tree.names */
	uint32_t first_child; /* while merging: of the living children */
	uint32_t next_sibling;
	uint32_t version; /* newest */
};

/* Private flags of a version, beside enum tree_flag. */
enum {
	VERSION_DIR = 1u << 8,
	VERSION_PASSED = 1u << 9,       /* while merging: in merge.passed */
	VERSION_DEFAULT_ACL = 1u << 10, /* of its own, or handed down by a directory above */
	VERSION_ACL_TOLD = 1u << 11,    /* a problem of it, or of a directory above, says so */
};

struct version {
	uint32_t older;
	uint32_t inode;
	uint16_t born, died;
	uint16_t flags;    /* without TREE_ENGINES_DISAGREE */
	uint16_t disputed; /* the layer from which on engines disagree; 0: none */
};

struct inode {
	uint32_t body_entry, head_entry;
	/* 0: none, an implied directory; head_entry is then the entry that implied it. */
	uint16_t body_layer, head_layer;
	uint32_t name; /* its only node, or GROUPED and its group */
};

/* A header that came later than the inode's first one: by a hard link. */
struct head {
	uint32_t older;
	uint32_t entry;
	uint16_t layer;
	struct layer_extra *extra; /* owned: the file's attributes and the links', where a link had any */
};

/* An inode that had several names. */
struct group {
	uint32_t inode;
	uint32_t head;         /* newest */
	uint16_t disputed;     /* of all its names, as in a version */
	uint32_t first, count; /* in group_nodes, group_births, group_deaths */
};

struct tree_over_map;

struct tree {
	const struct layer_index **layers;
	size_t layer_count;
	struct strpool *names;
	VEC(struct node) nodes;
	VEC(struct version) versions;
	VEC(struct inode) inodes;
	VEC(struct head) heads;
	VEC(struct group) groups;
	/* Per group, one item for each version that names the inode; each sorted by itself. */
	uint32_t *group_nodes;
	uint16_t *group_births, *group_deaths;
	uint32_t *slots; /* (parent, name) → node + 1; 0: free; a power of two of them */
	size_t slot_count;
	struct hash_key key;
	VEC(uint32_t) prev; /* while merging: the way back in the lists of living children */
	struct problem_list problems;
	struct tree_over_map *over; /* NULL unless made by tree_over() */
};

/* An empty tree with its root. 'entries': how many nodes there may be, about. ERR_NOMEM. */
struct tree *tree__new(size_t layer_count, size_t entries, struct err *err);

/* The child with this name id, or NONE. */
uint32_t tree__lookup(const struct tree *tree, uint32_t parent, uint32_t name);

/* A new child, dead and in no list of children. ERR_NOMEM, ERR_LIMIT. */
int tree__add_node(struct tree *tree, uint32_t parent, uint32_t name, uint32_t *ret_node,
		   struct err *err);

/* Sort children, group names; give back spare memory. ERR_NOMEM. */
int tree__finish(struct tree *tree, struct err *err);

/* Merge layer k on top. ERR_CANCELLED, ERR_LIMIT, ERR_NOMEM. */
int tree__merge(struct tree *tree, unsigned k, const struct cancel *cancel, struct err *err);

/*
 * The attributes that an inode has once hard link 'head' has set 'own' on top of 'before', into
 * head->extra; each may be NULL. ERR_NOMEM.
 */
int tree__join_extra(struct head *head, const struct layer_extra *before,
		     const struct layer_extra *own, struct err *err);
size_t tree__extra_memory(const struct head *head);

/* The version that is visible at a layer, or NULL. 'node' is not a planned one. */
const struct version *tree__version_at(const struct tree *tree, uint32_t node, unsigned at);

/* ---- From 64-bit keys to 32-bit values; {0} is empty ---- */

struct tree_map {
	struct hash_key key;
	struct tree_map_slot {
		uint64_t key;
		uint32_t value; /* NONE: free */
	} * slots;
	size_t count, room;
};

uint32_t tree__map_get(const struct tree_map *map, uint64_t key); /* NONE: not there */
int tree__map_put(struct tree_map *map, uint64_t key, uint32_t value, struct err *err);
void tree__map_done(struct tree_map *map);

/* Mixes a key so that an image cannot choose where it lands. */
static inline uint64_t tree__mix(const struct hash_key *key, uint64_t value)
{
	value = (value ^ key->k0) * 0x9e3779b97f4a7c15u;
	value = (value ^ value >> 32) * (key->k1 | 1);
	return value ^ value >> 29;
}

static inline uint64_t tree__pair(uint32_t high, uint32_t low)
{
	return (uint64_t)high << 32 | low;
}

/* ---- Previews: what tree.c hands on to tree_over.c ---- */

bool tree__over_stat(const struct tree *tree, uint32_t node, struct tree_stat *ret_stat);
node_id tree__over_child(const struct tree *tree, node_id node, const char *name, size_t len);
node_id tree__over_first_child(const struct tree *tree, node_id node);
node_id tree__over_next_sibling(const struct tree *tree, node_id node);
node_id tree__over_parent(const struct tree *tree, node_id node);
const char *tree__over_name(const struct tree *tree, node_id node);
size_t tree__over_names(const struct tree *tree, inode_id inode, unsigned at, node_id *ret_names,
			size_t room);
size_t tree__over_node_count(const struct tree *tree);
size_t tree__over_inode_count(const struct tree *tree);
size_t tree__over_memory(const struct tree *tree);
void tree__over_free(struct tree_over_map *over);

#endif
