/* See attributed.h. */
#include "lib/attributed.h"

static struct account_user users[] = {
	{ .name = "ma-user", .home = "/", .shell = "", .uid = 1000, .gid = 100, .line = 1 },
};
static struct account_group groups[] = { { .name = "video", .gid = 44, .line = 1 } };
static uint32_t first[] = { 0 };

const struct accounts ATTRIBUTED_ACCOUNTS = {
	.users = users,
	.user_count = 1,
	.groups = groups,
	.group_count = 1,
	.users_by_id = first,
	.users_by_name = first,
	.groups_by_id = first,
	.groups_by_name = first,
};

enum { ROWS = 7 };

static const struct acl_row ACL[ROWS] = {
	{ 1, 7, -1 }, { 2, 7, 1000 }, { 2, 4, 7 },   { 4, 4, -1 },
	{ 8, 2, 44 }, { 16, 6, -1 },  { 32, 5, -1 },
};

static const unsigned char CAPABILITY[20] = { 1, 0, 0, 2, 0, 0x20 };
static const char LABEL[] = "system_u:object_r:bin_t:s0"; /* with its NUL */

void attributed_open(struct attributed *attributed)
{
	static const char *const TEXT[] = { "SCHILY.acl.access=user::rwx", NULL };
	unsigned char bytes[ACL_BYTES(ROWS)];
	size_t len = acl_bytes(bytes, ACL, ROWS);
	const struct tb_xattr acls[] = { { "system.posix_acl_access", bytes, len },
					 { "system.posix_acl_default", bytes, len },
					 { NULL, NULL, 0 } };
	const struct tb_xattr one[] = { acls[0], acls[2] };
	const struct tb_xattr bad[] = { { "system.posix_acl_access", bytes, len - 1 },
					{ "security.capability", bytes, 4 },
					{ NULL, NULL, 0 } };
	const struct tb_xattr all[] = { { "security.capability", CAPABILITY, sizeof(CAPABILITY) },
					{ "security.selinux", LABEL, sizeof(LABEL) },
					{ "user.note", "hello", 5 },
					{ NULL, NULL, 0 } };
	const struct tb_entry entries[] = {
		{ .path = "plain", .type = '0', .mode = 0644 },
		{ .path = "acl", .type = '0', .mode = 0640, .xattrs = acls },
		{ .path = "hidden", .type = '0', .mode = 0604, .xattrs = one },
		{ .path = "bad", .type = '0', .mode = 0640, .xattrs = bad },
		{ .path = "all", .type = '0', .mode = 06755, .uid = 1000, .gid = 9, .xattrs = all,
		  .pax = TEXT },
		{ .path = "dir", .type = '5', .mode = 03755, .gid = 44 },
	};
	struct tb tar = { 0 };

	*attributed = (struct attributed){ 0 };
	for (size_t i = 0; i < sizeof(entries) / sizeof(*entries); i++)
		tb_add(&tar, &entries[i]);
	tf_layer(&attributed->tf, &tar);
	tf_build(&attributed->tf);
}

void attributed_done(struct attributed *attributed)
{
	tf_done(&attributed->tf);
}
