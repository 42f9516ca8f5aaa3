/*
 * le32 version, then {le16 tag, le16 perm, le32 id} for each entry. The order
 * of the entries is a promise of the kernel's format, and is checked as in
 * posix_acl_valid().
 */
#include "layer/acl.h"

enum { FORMAT = 2, HEADER_BYTES = 4, ENTRY_BYTES = 8, LARGEST = 65536 /* XATTR_SIZE_MAX */ };

static const uint32_t NO_ID = UINT32_MAX;

static uint32_t get_le16(const unsigned char *bytes)
{
	return bytes[0] | (uint32_t)bytes[1] << 8;
}

static uint32_t get_le32(const unsigned char *bytes)
{
	return get_le16(bytes) | get_le16(bytes + 2) << 16;
}

static bool is_named(enum acl_tag tag)
{
	return tag == ACL_USER || tag == ACL_GROUP;
}

struct acl_entry acl_entry(const struct acl *acl, size_t i)
{
	const unsigned char *bytes = acl->entries + i * ENTRY_BYTES;
	enum acl_tag tag = (enum acl_tag)get_le16(bytes);

	return (struct acl_entry){
		.tag = tag,
		.perm = get_le16(bytes + 2),
		.id = is_named(tag) ? (int64_t)get_le32(bytes + 4) : -1,
	};
}

/* Each tag may follow only these. */
static bool may_follow(enum acl_tag tag, enum acl_tag last, bool needs_mask)
{
	switch (tag) {
	case ACL_USER_OBJ:
		return last == 0;
	case ACL_USER:
	case ACL_GROUP_OBJ:
		return last == ACL_USER_OBJ || last == ACL_USER;
	case ACL_GROUP:
	case ACL_MASK:
		return last == ACL_GROUP_OBJ || last == ACL_GROUP;
	case ACL_OTHER:
		return last == ACL_MASK ||
		       (!needs_mask && (last == ACL_GROUP_OBJ || last == ACL_GROUP));
	}
	return false;
}

bool acl_read(const void *value, size_t len, struct acl *ret_acl)
{
	const unsigned char *bytes = value;
	struct acl acl = { 0 };
	enum acl_tag last = 0;
	bool needs_mask = false;

	if (len < HEADER_BYTES || len > LARGEST || (len - HEADER_BYTES) % ENTRY_BYTES != 0 ||
	    get_le32(bytes) != FORMAT)
		return false;
	acl.entries = bytes + HEADER_BYTES;
	acl.count = (len - HEADER_BYTES) / ENTRY_BYTES;
	for (size_t i = 0; i < acl.count; i++) {
		struct acl_entry entry = acl_entry(&acl, i);

		needs_mask |= is_named(entry.tag);
		if (entry.perm > 7 || entry.id == NO_ID || !may_follow(entry.tag, last, needs_mask))
			return false;
		acl.has_mask |= entry.tag == ACL_MASK;
		last = entry.tag;
	}
	if (acl.count > 0 && last != ACL_OTHER)
		return false;
	*ret_acl = acl;
	return true;
}

struct acl_entry acl_entry_after_chmod(const struct acl *acl, size_t i, unsigned mode)
{
	struct acl_entry entry = acl_entry(acl, i);

	if (entry.tag == ACL_USER_OBJ)
		entry.perm = mode >> 6 & 7;
	else if (entry.tag == ACL_MASK || (entry.tag == ACL_GROUP_OBJ && !acl->has_mask))
		entry.perm = mode >> 3 & 7;
	else if (entry.tag == ACL_OTHER)
		entry.perm = mode & 7;
	return entry;
}

unsigned acl_mask_after_chmod(const struct acl *acl, unsigned mode)
{
	return acl->has_mask ? mode >> 3 & 7 : 7;
}

const char *acl_tag_name(enum acl_tag tag)
{
	switch (tag) {
	case ACL_USER_OBJ:
	case ACL_USER:
		return "user";
	case ACL_GROUP_OBJ:
	case ACL_GROUP:
		return "group";
	case ACL_MASK:
		return "mask";
	case ACL_OTHER:
		return "other";
	}
	return "?";
}
