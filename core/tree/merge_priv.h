/*
 * One layer being merged, and what may be done to a living node. A node is in
 * its parent's list of children while it is alive, and then its parent is a
 * living directory.
 */
#ifndef TREE_MERGE_PRIV_H
#define TREE_MERGE_PRIV_H

#include "core/tree/tree_priv.h"

struct merge {
	struct tree *tree;
	const struct layer_index *layer;
	uint16_t k;
	struct tree_map folders;  /* folder string of the layer → node */
	struct tree_map opaques;  /* node → entry of its opaque mark */
	struct tree_map metadata; /* path string of AUFS metadata → its entry */
	struct tree_map adopted;  /* the same → inode, once a hard link has asked for it */
	VEC(uint32_t) marks;      /* entries: whiteouts and opaque marks */
	struct err *err;
};

static inline struct node *merge_node(const struct merge *m, uint32_t node)
{
	return &m->tree->nodes.items[node];
}

static inline struct inode *merge_inode(const struct merge *m, uint32_t inode)
{
	return &m->tree->inodes.items[inode];
}

/* The living version of a node, or NULL. */
static inline struct version *merge_alive(const struct merge *m, uint32_t node)
{
	uint32_t version = merge_node(m, node)->version;

	if (version == NONE || m->tree->versions.items[version].died != NEVER)
		return NULL;
	return &m->tree->versions.items[version];
}

static inline bool merge_is_dir(const struct merge *m, uint32_t node)
{
	const struct version *version = merge_alive(m, node);

	return version && (version->flags & VERSION_DIR);
}

/* End the living version of a node that has no living children. */
void tree__kill_one(struct merge *m, uint32_t node);
void tree__kill_children(struct merge *m, uint32_t top);

/*
 * What the path is from this layer on; it comes alive if it was not. Marks of
 * an earlier entry of the layer stay. ERR_LIMIT, ERR_NOMEM.
 */
int tree__set_version(struct merge *m, uint32_t node, uint32_t inode, unsigned flags);

/* The id of a new inode, which the caller fills. ERR_LIMIT, ERR_NOMEM. */
int tree__add_inode(struct merge *m, uint32_t *ret_inode);

/* A directory that no header tells of, because of 'entry'. */
int tree__make_implied(struct merge *m, uint32_t node, uint32_t entry);

/* Container engines make different trees of entry i: mark 'node' (may be NONE) and say why. */
void tree__disagree(struct merge *m, uint32_t node, uint32_t i, const char *why);

#endif
