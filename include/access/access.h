/*
 * What an identity may do with a path, as the kernel decides it in a container:
 * path_resolution(7), then owner, else group, else other, without falling
 * through (fs/namei.c acl_permission_check); root by CAP_DAC_OVERRIDE.
 */
#ifndef ACCESS_ACCESS_H
#define ACCESS_ACCESS_H

#include "access/access_map.h"
#include "access/identity.h"
#include "tree/tree.h"

enum access_bit { ACCESS_EXECUTE = 1, ACCESS_WRITE = 2, ACCESS_READ = 4 };

/* Which permissions of an inode decide. */
enum access_class { CLASS_OWNER, CLASS_GROUP, CLASS_OTHER, CLASS_ROOT };

/* "owner", "group", "other", "root". */
const char *access_class_name(enum access_class class);

/* The bits that an inode alone gives; ancestors are not looked at. */
unsigned access_inode(const struct identity *identity, const struct tree_stat *stat,
		      enum access_class *ret_class);

enum access_outcome {
	ACCESS_ALLOWED,
	ACCESS_DENIED, /* EACCES */
	ACCESS_NOT_FOUND,
	ACCESS_NOT_DIRECTORY,
	ACCESS_LOOP,
	ACCESS_TOO_LONG,
	ACCESS_RUNTIME, /* only the runtime knows: below /proc, /sys, /dev */
};

struct access_verdict {
	enum access_outcome outcome;
	node_id node;            /* what the path leads to; NODE_NONE if it was not reached */
	node_id blocker;         /* denied: the directory without search, the node itself, or a link
				    that may not be followed (wanted is 0); else NODE_NONE */
	enum access_class class; /* denied: which class of the blocker decided */
	unsigned wanted;         /* denied: the bits that were asked of the blocker */
	unsigned granted;        /* denied: the bits it gives */
};

/*
 * access(2): links followed. 'path' is absolute. As with fs.protected_symlinks=1
 * a link in a sticky directory that all may write is the last component only for
 * its owner, or if it is the directory owner's.
 */
struct access_verdict access_path(const struct tree *tree, unsigned at,
				  const struct identity *identity, const char *path,
				  unsigned wanted);

/* The same for a node: the path by its own names, its last component followed if it is a link. */
struct access_verdict access_node(const struct tree *tree, unsigned at,
				  const struct identity *identity, node_id node, unsigned wanted);

/* One look at a directory or at the target on the way: for "why". */
struct access_step {
	node_id node;
	struct tree_stat stat;
	enum access_class class;
	unsigned wanted, granted; /* 0 wanted: a link that was followed */
};

/*
 * Every step up to the first denial or the target. 'steps' gets at most 'room';
 * *ret_count is how many there are. The verdict as access_path().
 */
struct access_verdict access_explain(const struct tree *tree, unsigned at,
				     const struct identity *identity, const char *path,
				     unsigned wanted, struct access_step *steps, size_t room,
				     size_t *ret_count);

#endif
