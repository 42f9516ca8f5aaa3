/*
 * A POSIX ACL as Linux keeps it in the attributes system.posix_acl_access and
 * system.posix_acl_default (fs/posix_acl.c). What the kernel refuses is no ACL.
 */
#ifndef LAYER_ACL_H
#define LAYER_ACL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ACL_ACCESS_XATTR "system.posix_acl_access"
#define ACL_DEFAULT_XATTR "system.posix_acl_default"

enum acl_tag {
	ACL_USER_OBJ = 0x01,
	ACL_USER = 0x02,
	ACL_GROUP_OBJ = 0x04,
	ACL_GROUP = 0x08,
	ACL_MASK = 0x10,
	ACL_OTHER = 0x20,
};

struct acl_entry {
	enum acl_tag tag;
	unsigned perm; /* r 4, w 2, x 1 */
	int64_t id;    /* of ACL_USER and ACL_GROUP; else -1 */
};

/* A view of the attribute's value: valid as long as it is. In order of the tags. */
struct acl {
	const unsigned char *entries;
	size_t count; /* 0: an ACL without entries, which is as none */
	bool has_mask;
};

/* False: the kernel does not take it. */
bool acl_read(const void *value, size_t len, struct acl *ret_acl);

struct acl_entry acl_entry(const struct acl *acl, size_t i);

/*
 * The same entry after chmod(mode), which engines call last: owner and other
 * are the mode's, and the mask is the mode's group; without a mask the group is.
 */
struct acl_entry acl_entry_after_chmod(const struct acl *acl, size_t i, unsigned mode);

/* What entries of users and groups are cut to after chmod(mode). */
unsigned acl_mask_after_chmod(const struct acl *acl, unsigned mode);

/* "user", "group", "mask", "other"; the owner's entries are "user" and "group", too. */
const char *acl_tag_name(enum acl_tag tag);

#endif
