/*
 * POSIX ACLs as fs/posix_acl.c posix_acl_permission() reads them, after the
 * chmod() that engines end with. One entry decides: the first that names the
 * user, else one group entry that has all that is wanted, else other.
 */
#include "access_priv.h"

/* What counts: a malformed one is a problem of its layer, and is as none. */
static bool find_acl(const struct tree *tree, const struct tree_stat *stat, struct acl *ret_acl)
{
	const struct tar_xattr *xattr =
		layer_extra_xattr(tree_extra(tree, stat), ACL_ACCESS_XATTR);

	return xattr && acl_read(xattr->value, xattr->len, ret_acl) && ret_acl->count > 0;
}

/* Whether an entry is one of the identity's groups; a match gets its id. */
static bool is_own_group(const struct identity *identity, const struct tree_stat *stat,
			 struct acl_entry *entry)
{
	if (entry->tag == ACL_GROUP_OBJ)
		entry->id = stat->gid;
	return (entry->tag == ACL_GROUP || entry->tag == ACL_GROUP_OBJ) &&
	       identity_in_group(identity, entry->id);
}

static struct access_grant grant_by(enum access_class class, const struct acl_entry *entry,
				    unsigned mask)
{
	return (struct access_grant){
		.class = class, .bits = entry->perm & mask, .entry = *entry, .mask = mask
	};
}

static struct access_grant decide(const struct acl *acl, const struct identity *identity,
				  const struct tree_stat *stat, unsigned wanted)
{
	unsigned mask = acl_mask_after_chmod(acl, stat->mode);
	struct access_grant grant = { .class = CLASS_OTHER, .bits = stat->mode & 7 };

	for (size_t i = 0; i < acl->count; i++) {
		struct acl_entry entry = acl_entry_after_chmod(acl, i, stat->mode);

		if (entry.tag == ACL_USER && entry.id == identity->uid)
			return grant_by(CLASS_ACL_USER, &entry, mask);
		if (!is_own_group(identity, stat, &entry))
			continue;
		if ((entry.perm & wanted) == wanted)
			return grant_by(CLASS_ACL_GROUP, &entry, mask);
		if (grant.class != CLASS_ACL_GROUP)
			grant = grant_by(CLASS_ACL_GROUP, &entry, mask);
	}
	return grant;
}

bool access__acl(const struct identity *identity, const struct tree *tree,
		 const struct tree_stat *stat, unsigned wanted, struct access_grant *ret_grant)
{
	struct acl acl;

	/* fs/namei.c acl_permission_check(): without a bit for the group it is not read. */
	if (!(stat->mode & 070) || !find_acl(tree, stat, &acl))
		return false;
	*ret_grant = decide(&acl, identity, stat, wanted);
	return true;
}
