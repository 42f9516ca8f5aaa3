/* Random trees; see world.h. */
#include "lib/world.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/acls.h"

enum { DEEPEST = 60, WIDE = 10, PATH_ROOM = 4096 };

static const char ACL_XATTR[] = "system.posix_acl_access";

const int64_t WORLD_UIDS[] = { 0, 1000, 1001, 1002 };
const int64_t WORLD_GIDS[] = { 0, 100, 1000, 44, 45 };

/* splitmix64 */
unsigned world_draw(struct world *world, unsigned below)
{
	uint64_t z = world->number += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return (unsigned)((z ^ z >> 31) % below);
}

static char *text(const char *format, ...) __attribute__((format(printf, 1, 2)));

static char *text(const char *format, ...)
{
	char *result;
	va_list args;

	va_start(args, format);
	assert_true(vasprintf(&result, format, args) >= 0);
	va_end(args);
	return result;
}

/* ---- ACLs ---- */

enum { NAMED_MOST = 4, ROWS_MOST = 4 + 2 * NAMED_MOST };

static size_t add_named(struct world *world, struct acl_row *rows, unsigned tag, const int64_t *ids,
			unsigned id_count)
{
	size_t count = world_draw(world, NAMED_MOST);

	for (size_t i = 0; i < count; i++)
		rows[i] = (struct acl_row){ tag, world_draw(world, 8),
					    ids[world_draw(world, id_count)] };
	return count;
}

/* One that the kernel takes, into out[ACL_BYTES(ROWS_MOST)]; its length. */
static size_t random_acl(struct world *world, unsigned char *out)
{
	enum { USER_OBJ = 1, USER = 2, GROUP_OBJ = 4, GROUP = 8, MASK = 16, OTHER = 32 };
	struct acl_row rows[ROWS_MOST];
	size_t count = 0, named;

	rows[count++] = (struct acl_row){ USER_OBJ, world_draw(world, 8), -1 };
	named = add_named(world, rows + count, USER, WORLD_UIDS, WORLD_UID_COUNT);
	count += named;
	rows[count++] = (struct acl_row){ GROUP_OBJ, world_draw(world, 8), -1 };
	named += add_named(world, rows + count, GROUP, WORLD_GIDS, WORLD_GID_COUNT);
	count = named + 2;
	if (named > 0 || world_draw(world, 2))
		rows[count++] = (struct acl_row){ MASK, world_draw(world, 8), -1 };
	rows[count++] = (struct acl_row){ OTHER, world_draw(world, 8), -1 };
	return acl_bytes(out, rows, count);
}

/* ---- Nodes ---- */

static char *random_name(struct world *world)
{
	static const char *const ODD[] = { "...",      "-",   " ",  "\n", "*", "\x01", "\xff\xfe",
					   "\xc3\xa4", "..a", ".b", "$x", "'", "\"",   "\\" };
	size_t i = world->count;
	char longest[256];

	if (world_draw(world, 8) == 0)
		return text("%s%zu", ODD[world_draw(world, sizeof(ODD) / sizeof(*ODD))], i);
	if (world_draw(world, 200) > 0)
		return text("%zu", i);
	snprintf(longest, sizeof(longest), "%zu", i);
	memset(longest + strlen(longest), 'n', sizeof(longest) - 1 - strlen(longest));
	longest[sizeof(longest) - 1] = '\0';
	return text("%s", longest);
}

/* Mostly wide; now and then the last one, so that some go deep. */
static size_t random_dir(struct world *world)
{
	size_t i = world->last_dir;

	if (world_draw(world, 4) == 0 && world->nodes[i].depth < DEEPEST)
		return i;
	do
		i = world_draw(world, (unsigned)world->count);
	while (world->nodes[i].type != '5' || world->nodes[i].depth >= WIDE);
	return i;
}

static const char *random_path(struct world *world)
{
	return world->nodes[world_draw(world, (unsigned)world->count)].path;
}

static char *random_target(struct world *world, const struct world_node *dir, const char *own)
{
	const char *some = random_path(world);
	char up[3 * DEEPEST + 1] = "";

	switch (world_draw(world, 13)) {
	case 0:
		return text("%s", own); /* a loop */
	case 1:
		return text("nowhere/%u", world_draw(world, 10));
	case 2:
		return text("/%s/", some);
	case 3:
		return text("%s", world_draw(world, 2) ? "." : "..");
	case 4:
		return text("/../..//%s", some);
	case 5:
	case 6:
		for (unsigned i = 0; i < dir->depth; i++)
			memcpy(up + 3 * i, "../", sizeof("../"));
		return text("%s%s", up, *some ? some : ".");
	case 7:
	case 8:
	case 9: /* a chain: more than 40 of them are too many */
		return text("/%s", world->last_link ? world->last_link : some);
	default:
		return text("/%s", some);
	}
}

/* Of a hard link: no directory and no symlink; NULL: this draw found none. */
static char *random_original(struct world *world)
{
	const struct world_node *node = &world->nodes[world_draw(world, (unsigned)world->count)];

	return node->type == '0' || node->type == '6' ? text("%s", node->path) : NULL;
}

static unsigned random_mode(struct world *world, char type)
{
	static const unsigned USUAL[] = { 0755, 0755, 0755, 0755,  0755, 0755, 01777,
					  0777, 0750, 0711, 01775, 0770, 02775 };

	if (type == '5' && world_draw(world, 8) > 0)
		return USUAL[world_draw(world, sizeof(USUAL) / sizeof(*USUAL))];
	return world_draw(world, 010000);
}

static void create(const char *root, const char *path, const struct tb_entry *entry)
{
	char original[PATH_ROOM + 256];

	if (entry->type == '5') {
		assert_int_equal(mkdir(path, 0700), 0);
	} else if (entry->type == '2') {
		assert_int_equal(symlink(entry->link, path), 0);
	} else if (entry->type == '6') {
		assert_int_equal(mkfifo(path, 0600), 0);
	} else if (entry->type == '1') {
		snprintf(original, sizeof(original), "%s/%s", root, entry->link);
		assert_int_equal(link(original, path), 0);
	} else {
		test_write(path, "", 0);
	}
}

static void make_on_disk(const char *root, const struct tb_entry *entry)
{
	char *path = text("%s/%s", root, entry->path);
	const struct tb_xattr *xattr = entry->xattrs;

	create(root, path, entry);
	assert_int_equal(lchown(path, (uid_t)entry->uid, (gid_t)entry->gid), 0);
	if (xattr)
		assert_int_equal(lsetxattr(path, xattr->name, xattr->value, xattr->len, 0), 0);
	if (entry->type != '2')
		assert_int_equal(chmod(path, entry->mode), 0);
	free(path);
}

static void note_node(struct world *world, const struct tb_entry *entry, char *path, unsigned depth)
{
	if (entry->type == '5')
		world->last_dir = world->count;
	if (entry->type == '2')
		world->last_link = path;
	world->nodes[world->count++] =
		(struct world_node){ .path = path, .type = entry->type, .depth = depth };
}

static char *random_link(struct world *world, const struct world_node *dir, const char *name,
			 char type)
{
	return type == '2' ? random_target(world, dir, name)
	       : type == '1' ? random_original(world)
			     : NULL;
}

static void make_node(struct world *world, const char *root)
{
	static const char TYPES[] = "00001555522226";
	const struct world_node *dir = &world->nodes[random_dir(world)];
	char *name = random_name(world);
	char *path = text("%s%s%s", dir->path, *dir->path ? "/" : "", name);
	char type = TYPES[world_draw(world, sizeof(TYPES) - 1)];
	char *target = random_link(world, dir, name, type);
	unsigned char acl[ACL_BYTES(ROWS_MOST)];
	struct tb_xattr xattrs[2] = { { ACL_XATTR, acl, random_acl(world, acl) },
				      { NULL, NULL, 0 } };
	struct tb_entry entry = {
		.path = path,
		.type = type == '1' && !target ? '0' : type,
		.mode = random_mode(world, type),
		.uid = WORLD_UIDS[world_draw(world, WORLD_UID_COUNT)],
		.gid = WORLD_GIDS[world_draw(world, WORLD_GID_COUNT)],
		.link = target,
	};

	if (world->has_acls && type != '1' && type != '2' &&
	    world_draw(world, type == '5' ? 8 : 2) == 0)
		entry.xattrs = xattrs;
	tb_add(&world->tar, &entry);
	make_on_disk(root, &entry);
	note_node(world, &entry, path, dir->depth + 1);
	free(name);
	free(target);
}

/* ---- Questions ---- */

/* Dots up to about the length that no path may have. */
static char *random_length(struct world *world)
{
	char path[PATH_ROOM + 8];
	size_t len = PATH_ROOM - 4 + world_draw(world, 8);
	size_t used = (size_t)snprintf(path, sizeof(path), "/%s/", random_path(world));

	for (; used < len; used++)
		path[used] = used % 2 ? '.' : '/';
	path[used] = '\0';
	return text("%s", path);
}

static char *random_query(struct world *world)
{
	const char *some = random_path(world), *other = random_path(world);
	const char *base = strrchr(other, '/') ? strrchr(other, '/') + 1 : other;

	switch (world_draw(world, 50)) {
	case 0:
		return random_length(world);
	case 1:
	case 2:
		return text("/%s/%0256d", some, 0);
	default:
		break;
	}
	switch (world_draw(world, 6)) {
	case 0:
		return text("/%s/", some);
	case 1:
		return text("/%s/.", some);
	case 2:
		return text("//%s/..", some);
	case 3:
		return text("/%s/../%s", some, base);
	case 4:
		return text("/%s/./..//%s", some, other);
	default:
		return text("/%s/%s", some, base);
	}
}

/* ---- All of it ---- */

static bool keeps_acls(const char *root)
{
	static const struct acl_row ROWS[] = {
		{ 1, 7, -1 }, { 2, 7, 1 }, { 4, 5, -1 }, { 16, 7, -1 }, { 32, 5, -1 }
	};
	unsigned char bytes[ACL_BYTES(5)];

	return lsetxattr(root, ACL_XATTR, bytes, acl_bytes(bytes, ROWS, 5), 0) == 0 &&
	       lremovexattr(root, ACL_XATTR) == 0;
}

void world_make(struct world *world, uint64_t seed, const char *root)
{
	*world = (struct world){
		.number = seed, .count = 1, .nodes[0] = { .path = text("%s", ""), .type = '5' }
	};
	tb_dir(&world->tar, "./", 0755, 0, 0);
	assert_int_equal(mkdir(root, 0755), 0);
	world->has_acls = keeps_acls(root);
	assert_int_equal(chmod(root, 0755), 0);
	while (world->count < WORLD_NODES)
		make_node(world, root);
	tf_layer(&world->tf, &world->tar);
	tf_build(&world->tf);
	for (size_t i = 0; i < WORLD_PATHS; i++)
		world->queries[i] = i < WORLD_NODES ? text("/%s", world->nodes[i].path)
						    : random_query(world);
}

void world_done(struct world *world)
{
	for (size_t i = 0; i < WORLD_NODES; i++)
		free(world->nodes[i].path);
	for (size_t i = 0; i < WORLD_PATHS; i++)
		free(world->queries[i]);
	tf_done(&world->tf);
}
