/*
 * One tree for all layers. A node is a path; its versions say what the path
 * was in which range of layers; inodes are apart from names, so that hard
 * links share one. "The image after layer k" is a filter over it.
 *
 * Layers are numbered from 1; "at k" is after layer k, and at 0 nothing is.
 * Node 0 is the root. Ids are dense, children are sorted by bytes.
 *
 * Merge rules: OCI image-spec layer.md; where engines differ, as overlayfs
 * shows it, with a problem "engines-disagree".
 */
#ifndef TREE_TREE_H
#define TREE_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cancel.h"
#include "base/problem.h"
#include "layer/layer_index.h"

typedef struct {
	uint32_t v;
} node_id;

typedef struct {
	uint32_t v;
} inode_id;

#define NODE_ROOT ((node_id){0})
#define NODE_NONE ((node_id){UINT32_MAX})

static inline bool node_is_none(node_id node)
{
	return node.v == UINT32_MAX;
}

struct tree;

/*
 * Merge layers, base first. The indexes are borrowed for the life of the tree.
 * A NULL index is a layer that is missing or unreadable: it changes nothing.
 * ERR_CANCELLED, ERR_LIMIT, ERR_NOMEM.
 */
int tree_build(const struct layer_index *const *layers, size_t count, const struct cancel *cancel,
	       struct tree **ret_tree, struct err *err);
void tree_free(struct tree *tree);
void tree_freep(struct tree **tree);

size_t tree_layer_count(const struct tree *tree);
const struct layer_index *tree_layer(const struct tree *tree, unsigned layer); /* from 1; may be NULL */
size_t tree_node_count(const struct tree *tree); /* ids are below; some may be gone at the top */
size_t tree_inode_count(const struct tree *tree);
const struct problem_list *tree_problems(const struct tree *tree);
size_t tree_memory(const struct tree *tree); /* without the indexes */

/* What a path is at a layer. */
enum tree_flag {
	TREE_IMPLIED = 1,   /* a parent that no layer has a header for: 0755 root:root */
	TREE_OPAQUE = 2,    /* its layer hid all lower children */
	TREE_PLANNED = 4,   /* from a plan: attributes or body differ from the image's */
	TREE_ENGINES_DISAGREE = 8,
};

struct tree_stat {
	enum tar_type type;   /* never TAR_HARDLINK */
	uint32_t mode;        /* 12 low bits */
	int64_t uid, gid;
	uint64_t size;
	int64_t mtime;
	uint32_t mtime_ns;
	uint32_t links;       /* names of the inode at that layer */
	inode_id inode;
	unsigned layer;       /* that wrote this version, from 1; 0: planned only */
	unsigned flags;
	const char *target;   /* of a symlink, raw bytes; else "" */
	const void *body;     /* planned new contents of 'size' bytes; NULL: the image's */
	unsigned body_layer;  /* where the bytes and the header are: for a hard link */
	uint32_t body_entry;  /*   the layer and entry of its file; body_layer 0: none */
	unsigned head_layer;  /* the layer and entry whose header set owner and mode; 0: none */
	uint32_t head_entry;
};

/* The version of a node after layer 'at'; false: the path is not there then. */
bool tree_stat(const struct tree *tree, node_id node, unsigned at, struct tree_stat *ret_stat);

/* Whether the path is there after layer 'at'. */
bool tree_exists(const struct tree *tree, node_id node, unsigned at);

/* xattrs and device of a version; NULL: none. Borrowed. */
const struct layer_extra *tree_extra(const struct tree *tree, const struct tree_stat *stat);

/* Names and links. All borrowed, valid for the life of the tree. */
const char *tree_name(const struct tree *tree, node_id node); /* "" for the root */
node_id tree_parent(const struct tree *tree, node_id node);    /* the root's is the root */
unsigned tree_depth(const struct tree *tree, node_id node);    /* 0 for the root */

/* All children ever, in byte order; NODE_NONE at the end. Filter by tree_exists(). */
node_id tree_first_child(const struct tree *tree, node_id node);
node_id tree_next_sibling(const struct tree *tree, node_id node);

/* A child by name; NODE_NONE. */
node_id tree_child(const struct tree *tree, node_id node, const char *name, size_t len);

/* The node of a path by names alone: no symlink is followed. NODE_NONE. */
node_id tree_find(const struct tree *tree, const char *path);

/*
 * The path with a leading slash into 'out', as snprintf(): the length needed.
 * tree_path_new(): the same, allocated; NULL: out of memory.
 */
size_t tree_path(const struct tree *tree, node_id node, char *out, size_t room);
char *tree_path_new(const struct tree *tree, node_id node);

/* What a layer did to a path. */
enum tree_change {
	CHANGE_NONE,
	CHANGE_ADDED,
	CHANGE_REMOVED,
	CHANGE_REPLACED, /* another type or other contents, as far as size and time tell */
	CHANGE_OWNER,    /* same type, size and time; other owner or mode */
	CHANGE_REPEATED, /* written again with the same attributes, size and time */
};
enum tree_change tree_change(const struct tree *tree, node_id node, unsigned layer);

/*
 * All names of an inode after layer 'at', in id order, the first 'room' of
 * them into ret_names; the number of all. Costs a walk over the tree unless
 * the inode has one name.
 */
size_t tree_names(const struct tree *tree, inode_id inode, unsigned at, node_id *ret_names,
		  size_t room);

#endif
