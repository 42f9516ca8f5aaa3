/* Fixes of owner and mode. The least change comes first; nothing is ever made 777. */
#include <string.h>

#include "fix_priv.h"
#include "layer/capability.h"
#include "tree/tree_iter.h"

enum { PATH_ROOM = 8192 };

/* Root's own, whoever the image runs as. A final slash: all below. */
static const struct {
	const char *path;
	bool is_secret; /* nobody else may read it either */
} GUARDED[] = {
	/* clang-format off */
	{ "/etc/group",             false },
	{ "/etc/group-",            false },
	{ "/etc/gshadow",           true },
	{ "/etc/gshadow-",          true },
	{ "/etc/passwd",            false },
	{ "/etc/passwd-",           false },
	{ "/etc/security/opasswd",  true },
	{ "/etc/shadow",            true },
	{ "/etc/shadow-",           true },
	{ "/etc/ssh/",              true },
	{ "/etc/ssl/private/",      true },
	{ "/etc/sudoers",           true },
	{ "/etc/sudoers.d/",        true },
	{ "/root/.ssh/",            true },
	{ "/bin/su",                false },
	{ "/usr/bin/su",            false },
	{ "/usr/bin/sudo",          false },
	/* clang-format on */
};

static bool is_listed(const char *path, bool only_secrets)
{
	for (size_t i = 0; i < sizeof(GUARDED) / sizeof(*GUARDED); i++) {
		const char *guarded = GUARDED[i].path;
		size_t len = strlen(guarded);

		if (only_secrets && !GUARDED[i].is_secret)
			continue;
		if (guarded[len - 1] == '/' ? strncmp(path, guarded, len) == 0
					    : strcmp(path, guarded) == 0)
			return true;
	}
	return false;
}

/* A program that runs with more rights than its caller has. */
static bool gives_rights(const struct fix_run *run, const struct tree_stat *stat)
{
	return (stat->type == TAR_FILE && (stat->mode & 06000)) ||
	       layer_extra_xattr(tree_extra(run->tree, stat), CAPABILITY_XATTR);
}

/* Whether the path lies in a folder of the system. */
static bool is_of_the_system(const char *path)
{
	static const char *const folders[] = { "/bin/",   "/boot/",   "/etc/",  "/lib/",
					       "/lib32/", "/lib64/",  "/root/", "/run/",
					       "/sbin/",  "/libx32/", "/usr/",  "/var/lib/" };

	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++) {
		if (strncmp(path, folders[i], strlen(folders[i])) == 0)
			return true;
	}
	return false;
}

/* A path in the caller's memory; NULL: longer than any system takes. */
static const char *path_of(const struct tree *tree, node_id node, char out[PATH_ROOM])
{
	size_t at = PATH_ROOM - 1;

	out[at] = '\0';
	for (; node.v != NODE_ROOT.v; node = tree_parent(tree, node)) {
		const char *name = tree_name(tree, node);
		size_t len = strlen(name);

		if (len + 1 > at)
			return NULL;
		at -= len;
		memcpy(out + at, name, len);
		out[--at] = '/';
	}
	return out[at] ? out + at : "/";
}

static bool is_below(const struct fix_run *run, node_id node, node_id top)
{
	while (node.v != top.v && node.v != NODE_ROOT.v)
		node = tree_parent(run->tree, node);
	return node.v == top.v;
}

/*
 * Whether another name of the file forbids the fix: one that is guarded itself,
 * or one outside 'top' in a folder of the system. A hard link to /bin/sh in the
 * folder of an application must not give the shell away.
 */
static bool other_name_guards(const struct fix_run *run, node_id top, const struct tree_stat *stat,
			      bool only_secrets)
{
	node_id names[MOST_NAMES];
	bool guarded = stat->links > MOST_NAMES;
	size_t count = 0;

	if (stat->links > 1 && !guarded)
		count = tree_names(run->tree, stat->inode, run->at, names, MOST_NAMES);
	for (size_t i = 0; i < count && !guarded; i++) {
		char room[PATH_ROOM];
		const char *path = path_of(run->tree, names[i], room);

		guarded = !path || is_listed(path, only_secrets) ||
			  (is_of_the_system(path) && !is_below(run, names[i], top));
	}
	return guarded;
}

/* 'top': the path that the fix is about, or a folder above it. */
static bool guards(const struct fix_run *run, node_id node, node_id top,
		   const struct tree_stat *stat, bool only_secrets)
{
	char room[PATH_ROOM];
	const char *path = path_of(run->tree, node, room);

	return !path || gives_rights(run, stat) || is_listed(path, only_secrets) ||
	       other_name_guards(run, top, stat, only_secrets);
}

bool fix__is_guarded(const struct fix_run *run, node_id node, const struct tree_stat *stat)
{
	return guards(run, node, node, stat, false);
}

/* Whether the inode alone gives the bits; folders above are other findings. */
static bool gives(const struct fix_run *run, const struct tree_stat *stat, unsigned wanted)
{
	struct access_grant grant =
		access_inode(&run->judgement->identity, run->tree, stat, wanted);

	return (grant.bits & wanted) == wanted;
}

/* With an ACL the group's bits are its mask. */
unsigned fix__class_shift(enum access_class class)
{
	return class == CLASS_OWNER ? 6 : class == CLASS_OTHER || class == CLASS_ROOT ? 0 : 3;
}

/* Add bits for the class that decides for the identity. */
static int add_bits(const struct fix_run *run, node_id node, unsigned bits, struct err *err)
{
	struct tree_want want = { .set_mode = true };
	struct tree_stat stat;

	if (node_is_none(node) || !tree_stat(run->tree, node, run->at, &stat) ||
	    guards(run, node, node, &stat, true))
		return 0;
	struct access_grant grant = access_inode(&run->judgement->identity, run->tree, &stat, bits);
	want.mode = stat.mode | bits << fix__class_shift(grant.class);
	stat.mode = want.mode;
	if (!gives(run, &stat, bits))
		return 0; /* an ACL's entry denies: no mode helps */
	return fix__want_node(run, node, &want, err);
}

int fix__chmod_add(const struct fix_run *run, struct err *err)
{
	return add_bits(run, fix__node(run, true), run->finding->denied, err);
}

int fix__chmod_search(const struct fix_run *run, struct err *err)
{
	return add_bits(run, fix__node(run, true), ACCESS_EXECUTE, err);
}

int fix__create_home(const struct fix_run *run, struct err *err)
{
	int64_t uid = fix__int(run, "uid", profile_uid(run->judgement->input.profile));
	int64_t gid = fix__int(run, "gid", profile_gid(run->judgement->input.profile));

	if (!run->finding->path)
		return 0;
	return fix__make_folder(run, run->finding->path, 0750, uid, gid, err);
}

/* What no user's home or working folder is made of: the root, and folders of the system right
 * below. */
static bool is_system_folder(const struct fix_run *run, node_id node)
{
	static const char *const names[] = { "bin",   "boot", "dev",  "etc",  "lib", "lib32",
					     "lib64", "opt",  "proc", "root", "run", "sbin",
					     "sys",   "tmp",  "usr",  "var" };
	const char *name = tree_name(run->tree, node);

	if (node.v == NODE_ROOT.v)
		return true;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (tree_depth(run->tree, node) == 1 && strcmp(name, names[i]) == 0)
			return true;
	}
	return false;
}

int fix__own_home(const struct fix_run *run, struct err *err)
{
	struct tree_want want = {
		.set_uid = true,
		.set_gid = true,
		.set_mode = true,
		.uid = fix__int(run, "uid", profile_uid(run->judgement->input.profile)),
		.gid = fix__int(run, "gid", profile_gid(run->judgement->input.profile)),
	};
	node_id node = fix__node(run, false);
	struct tree_stat stat;

	if (node_is_none(node) || !tree_stat(run->tree, node, run->at, &stat) ||
	    is_system_folder(run, node) || fix__is_guarded(run, node, &stat))
		return 0;
	want.mode = stat.mode | 0700;
	return fix__want_node(run, node, &want, err);
}

int fix__make_directory_mode(const struct fix_run *run, struct err *err)
{
	uint32_t mode = (uint32_t)strtoul(fix__string(run, "mode", "1777"), NULL, 8) & 07777;
	struct tree_want want = { .set_mode = true, .mode = mode };
	node_id node = fix__node(run, false);
	struct tree_stat stat;

	if (run->finding->path)
		return fix__make_folder(run, run->finding->path, mode, 0, 0, err);
	if (node_is_none(node) || !tree_stat(run->tree, node, run->at, &stat) ||
	    stat.type != TAR_DIR)
		return 0;
	return fix__want_node(run, node, &want, err);
}

/* Of the finding's own path alone, guarded or not: bits are only taken away. */
int fix__chmod_remove(const struct fix_run *run, struct err *err)
{
	uint32_t bits = (uint32_t)strtoul(fix__string(run, "bits", "0"), NULL, 8) & 07777;
	node_id node = run->finding->node;
	struct tree_stat stat;

	if (node_is_none(node) || !tree_stat(run->tree, node, run->at, &stat) ||
	    stat.type == TAR_SYMLINK || !(stat.mode & bits))
		return 0;
	struct tree_want want = { .set_mode = true, .mode = stat.mode & ~bits };
	return fix__want_node(run, node, &want, err);
}

/* 'count' of the finding is the layer. */
int fix__restore_attributes(const struct fix_run *run, struct err *err)
{
	const struct finding *finding = run->finding;
	struct tree_stat before;

	if (node_is_none(finding->node) || !finding->count || finding->count >= run->at ||
	    !tree_stat(run->tree, finding->node, (unsigned)finding->count, &before))
		return 0;
	struct tree_want want = {
		.set_mode = true,
		.mode = before.mode,
		.set_uid = true,
		.uid = before.uid,
		.set_gid = true,
		.gid = before.gid,
	};
	return fix__want_node(run, finding->node, &want, err);
}

/* One name of several would leave the contents there: a build knows better what needs them. */
int fix__remove_path(const struct fix_run *run, struct err *err)
{
	struct tree_want want = { .remove = true };
	node_id node = run->finding->node;
	struct tree_stat stat;

	if (node_is_none(node) || !tree_stat(run->tree, node, run->at, &stat))
		return 0;
	if (stat.type == TAR_DIR || stat.links > 1)
		return err_set(err, ERR_UNSUPPORTED, "'%s' is %s: this needs a build",
			       tree_name(run->tree, node),
			       stat.type == TAR_DIR ? "a directory" : "one of several names");
	return fix__want_node(run, node, &want, err);
}

/* What one path of a subtree needs; false: nothing. */
typedef bool (*need_fn)(const struct fix_run *run, const struct tree_stat *stat,
			struct tree_want *ret_want);

/* The path that the finding names and all below it that are in need, but for guarded ones. */
static int for_subtree(const struct fix_run *run, need_fn need, struct err *err)
{
	CLEANUP(freep) unsigned char *seen = calloc(tree_inode_count(run->tree) + 1, 1);
	node_id top = fix__node(run, true), node;
	struct tree_iter it;
	int result = 0;

	if (!seen)
		return err_nomem(err);
	if (node_is_none(top) || top.v == NODE_ROOT.v)
		return 0;
	tree_iter_init(&it, run->tree, top, run->at);
	while (result == 0 && tree_iter_next(&it, &node)) {
		struct tree_want want = { 0 };
		struct tree_stat stat;

		/* One name of a file stands for all of them. */
		if (!tree_stat(run->tree, node, run->at, &stat) || seen[stat.inode.v])
			continue;
		seen[stat.inode.v] = 1;
		if (stat.type != TAR_SYMLINK && need(run, &stat, &want) &&
		    !guards(run, node, top, &stat, false))
			result = fix__want_node(run, node, &want, err);
	}
	return result;
}

static unsigned wanted_bits(const struct tree_stat *stat)
{
	return stat->type == TAR_DIR ? ACCESS_READ | ACCESS_WRITE | ACCESS_EXECUTE
				     : ACCESS_READ | ACCESS_WRITE;
}

static bool needs_owner(const struct fix_run *run, const struct tree_stat *stat,
			struct tree_want *ret_want)
{
	unsigned wanted = wanted_bits(stat);

	if (gives(run, stat, wanted))
		return false;
	ret_want->uid = fix__int(run, "uid", profile_uid(run->judgement->input.profile));
	ret_want->set_uid = ret_want->uid != stat->uid;
	ret_want->mode = stat->mode | wanted << 6;
	/* An executable stays one for its new owner. */
	if (stat->mode & 0111)
		ret_want->mode |= 0100;
	ret_want->set_mode = ret_want->mode != stat->mode;
	return ret_want->set_uid || ret_want->set_mode;
}

/* What the user is to have: of a tree all, of a file what is denied. */
static unsigned missing_bits(const struct fix_run *run, const struct tree_stat *stat)
{
	struct tree_stat top;

	if (run->finding->denied &&
	    tree_stat(run->tree, fix__node(run, true), run->at, &top) && top.type != TAR_DIR)
		return run->finding->denied;
	return wanted_bits(stat);
}

/* False also where the group's bits do not decide for the user. */
static bool needs_group(const struct fix_run *run, const struct tree_stat *stat,
			struct tree_want *ret_want)
{
	unsigned wanted = missing_bits(run, stat);
	struct tree_stat given = *stat;

	if (gives(run, stat, wanted))
		return false;
	if (stat->mode & 0111)
		wanted |= ACCESS_EXECUTE;
	given.gid = fix__int(run, "gid", profile_gid(run->judgement->input.profile));
	given.mode = stat->mode | wanted << 3;
	ret_want->gid = given.gid;
	ret_want->set_gid = given.gid != stat->gid;
	ret_want->mode = given.mode;
	ret_want->set_mode = given.mode != stat->mode;
	return gives(run, &given, wanted);
}

static bool needs_share(const struct fix_run *run, const struct tree_stat *stat,
			struct tree_want *ret_want)
{
	ret_want->gid = fix__int(run, "gid", profile_gid(run->judgement->input.profile));
	ret_want->set_gid = ret_want->gid != stat->gid;
	ret_want->mode = (stat->mode & ~070u) | (stat->mode >> 3 & 070u);
	ret_want->set_mode = ret_want->mode != stat->mode;
	return ret_want->set_gid || ret_want->set_mode;
}

int fix__share_with_group(const struct fix_run *run, struct err *err)
{
	return for_subtree(run, needs_share, err);
}

int fix__chown_target(const struct fix_run *run, struct err *err)
{
	return for_subtree(run, needs_owner, err);
}

int fix__give_group(const struct fix_run *run, struct err *err)
{
	return for_subtree(run, needs_group, err);
}
