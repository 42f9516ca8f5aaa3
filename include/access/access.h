/*
 * What an identity may do with a path, as the kernel decides it in a container:
 * path_resolution(7), then owner, else ACL or group, else other, without falling
 * through (fs/namei.c acl_permission_check); root by CAP_DAC_OVERRIDE.
 */
#ifndef ACCESS_ACCESS_H
#define ACCESS_ACCESS_H

#include "access/access_map.h"
#include "access/identity.h"
#include "layer/acl.h"
#include "tree/tree.h"

enum access_bit { ACCESS_EXECUTE = 1, ACCESS_WRITE = 2, ACCESS_READ = 4 };

/* Which permissions of an inode decide. */
enum access_class {
	CLASS_OWNER,
	CLASS_GROUP,
	CLASS_OTHER,
	CLASS_ROOT,
	CLASS_ACL_USER,  /* an ACL's entry for the user */
	CLASS_ACL_GROUP, /* or for one of the groups, the owning one too */
};

/* "owner", "group", "other", "root", "acl user", "acl group". */
const char *access_class_name(enum access_class class);

/* What an inode gives, and which part of it decided. */
struct access_grant {
	enum access_class class;
	unsigned bits;          /* enum access_bit */
	struct acl_entry entry; /* of CLASS_ACL_*: the entry, its id always set … */
	unsigned mask;          /* … and what it is cut to */
};

/*
 * What an inode alone gives to one who asks for all of 'wanted' at once;
 * ancestors are not looked at. Only with an ACL does 'wanted' matter: of
 * several group entries one must have all of it. 'stat' may have another owner
 * or mode than the tree's, to see what a change would give.
 */
struct access_grant access_inode(const struct identity *identity, const struct tree *tree,
				 const struct tree_stat *stat, unsigned wanted);

/* The bits that an inode gives to one who asks for each by itself. */
unsigned access_inode_bits(const struct identity *identity, const struct tree *tree,
			   const struct tree_stat *stat);

enum access_outcome {
	ACCESS_ALLOWED,
	ACCESS_DENIED, /* EACCES */
	ACCESS_NOT_FOUND,
	ACCESS_NOT_DIRECTORY,
	ACCESS_LOOP,
	ACCESS_TOO_LONG,
	ACCESS_RUNTIME, /* only the runtime knows: below /proc, /sys, /dev */
	ACCESS_STICKY,  /* EPERM: only owners take names out of the directory */
};

struct access_verdict {
	enum access_outcome outcome;
	node_id node;            /* what the path leads to; NODE_NONE if it was not reached */
	node_id blocker;         /* denied: the directory without search, the node itself, or a link
				    that may not be followed (wanted is 0); else NODE_NONE */
	unsigned wanted;         /* denied: the bits that were asked of the blocker */
	struct access_grant grant; /* denied: what it gives */
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

/*
 * Whether a name may be made (mkdir(2), open(2) with O_CREAT) or taken away
 * (unlink(2), rmdir(2), rename(2)): by the mode of its directory, and a sticky
 * one lets only the owner of the directory or of what is in it do so. The last
 * component is not followed; slashes behind it do not matter. 'node' is what
 * has the name: it need be there only to be taken away. What is in a directory
 * that is taken away is not looked at.
 */
struct access_verdict access_create(const struct tree *tree, unsigned at,
				    const struct identity *identity, const char *path);
struct access_verdict access_delete(const struct tree *tree, unsigned at,
				    const struct identity *identity, const char *path);

/* One look at a directory or at the target on the way: for "why". */
struct access_step {
	node_id node;
	struct tree_stat stat;
	unsigned wanted; /* 0: a link that was followed */
	struct access_grant grant;
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
