/*
 * One layer being merged, and what may be done to a living node. A node is in
 * its parent's list of children while it is alive, and then its parent is a
 * living directory.
 */
#ifndef TREE_MERGE_PRIV_H
#define TREE_MERGE_PRIV_H

#include "core/tree/tree_priv.h"

/* A directory of a lower layer, and the first entry of this one below it. */
struct passed {
	uint32_t node, entry;
};

struct merge {
	struct tree *tree;
	const struct layer_index *layer;
	uint16_t k;
	struct tree_map folders;   /* folder string of the layer → node */
	struct tree_map opaques;   /* node → entry of its opaque mark */
	struct tree_map metadata;  /* path string of AUFS metadata → its entry */
	struct tree_map adopted;   /* the same → inode, once a hard link has asked for it */
	VEC(uint32_t) marks;       /* entries: whiteouts and opaque marks */
	VEC(struct passed) passed; /* lower directories that entries lie below */
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

/* Whether this layer has made the node already, and not only because of what lies below. */
static inline bool merge_is_duplicate(const struct merge *m, uint32_t node)
{
	const struct version *version = merge_alive(m, node);

	return version && version->born == m->k && !(version->flags & TREE_IMPLIED);
}

/* From this layer on engines disagree; an earlier one that they disagreed on stays. */
static inline void merge_dispute(const struct merge *m, uint16_t *disputed)
{
	if (*disputed == 0)
		*disputed = m->k;
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

/*
 * An inode of this layer: its bytes are those of entry 'body', its header is that of 'head'.
 * ERR_LIMIT, ERR_NOMEM.
 */
int tree__add_own_inode(struct merge *m, uint32_t node, uint32_t body, uint32_t head,
			uint32_t *ret_inode);

/* A directory that no header tells of, because of 'entry'. */
int tree__make_implied(struct merge *m, uint32_t node, uint32_t entry);

/* ---- tree_merge.c ---- */

/*
 * The living node of a path by names, or NONE. If a component that should be
 * a directory is something else, *ret_blocker is it (else NONE).
 */
uint32_t tree__walk(const struct merge *m, uint32_t node, const char *path, uint32_t *ret_blocker);

/* ---- tree_link.c ---- */

/* Entry i at 'node' is a hard link; one to nothing is a problem. ERR_LIMIT, ERR_NOMEM. */
int tree__write_link(struct merge *m, uint32_t node, uint32_t i, const struct layer_entry *entry);

/* ---- Where container engines differ (tree_engines.c) ---- */

/* The layer (0: implied) and entry of the header that counts last for an inode. */
void tree__newest_head(const struct merge *m, uint32_t inode, uint16_t *ret_layer,
		       uint32_t *ret_entry);

/*
 * Entry i lies below a living directory; and below those of an entry's folder.
 * Of a lower layer's ones the first such entry is remembered. ERR_NOMEM.
 */
int tree__pass_dir(struct merge *m, uint32_t node, uint32_t i);
int tree__pass_dirs(struct merge *m, uint32_t i, const struct layer_entry *entry);

/* When the layer is merged: mark those that overlayfs shows with another owner or mode. */
void tree__review_passed(struct merge *m);

/* Entry i is the root's: engines differ on what it sets. */
void tree__compare_root(struct merge *m, uint32_t i);

/* Who makes what of a parent that is no directory, as 'node' is alive and to be one; NULL: it is
 * dead. */
const char *tree__blocker_why(const struct merge *m, uint32_t node);

/* 'node' has become an implied directory because of entry i. 'mark': an opaque mark above, or NONE.
 */
void tree__review_implied(struct merge *m, uint32_t node, uint32_t i, uint32_t mark);

/*
 * Entry i has made 'node', itself or as an implied directory, where there was no such before:
 * mark it if the kernel gives it an ACL by the default one of its directory.
 */
void tree__review_made(struct merge *m, uint32_t node, uint32_t i);

/* Entry i sets 'node', a directory; 'kept': the flags of the one that was there, or 0. */
void tree__note_default_acl(struct merge *m, uint32_t node, uint32_t i, unsigned kept);

/* Whiteout i is of a path that is there all the same. */
void tree__review_whiteout(struct merge *m, uint32_t node, uint32_t i);

/* Hard link i at 'node' to an inode: mark all its names where owner or mode are not the same. */
void tree__compare_heads(struct merge *m, uint32_t node, uint32_t i, uint32_t inode);

/* Container engines make different trees of entry i: mark 'node' (may be NONE) and say why. */
void tree__disagree(struct merge *m, uint32_t node, uint32_t i, const char *why);

/* Entry i is of a path that the layer has already. */
void tree__tell_duplicate(struct merge *m, uint32_t node, uint32_t i);

#endif
