/*
 * The kernel as oracle: a random tree is made both as a layer and on disk,
 * access(2) is asked in a chroot as several identities, and each answer is
 * compared with access_path() and access_map_get().
 *
 * IMGTUI_SEED repeats a run. Needs root, else it is skipped.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "access/access.h"
#include "lib/build.h"
#include "lib/trees.h"

enum { NODES = 6000, PATHS = 9500, DEEPEST = 10, SHOWN = 20 };

struct made {
	char *path; /* from the root, without slash */
	char type;  /* of a tar entry: '0' '2' '5' '6' */
	unsigned depth;
};

struct world {
	struct made nodes[NODES];
	size_t count;
	struct tb tar;
	struct tf tf;
	char *queries[PATHS]; /* with leading slash; the first 'count' are the nodes */
	bool protects_links;
};

static const struct identity IDENTITIES[] = {
	{ .uid = 1000, .gid = 100 },
	{ .uid = 1000, .gid = 100, .groups = { 1000 }, .group_count = 1 },
	{ .uid = 1001, .gid = 0 },
	{ .uid = 0, .gid = 0 },
};
enum { WHO = sizeof(IDENTITIES) / sizeof(*IDENTITIES), MODES = 3 };

static const unsigned WANTED[MODES] = { ACCESS_READ, ACCESS_WRITE, ACCESS_EXECUTE };

static uint64_t seed, number;

/* splitmix64 */
static unsigned draw(unsigned below)
{
	uint64_t z = number += 0x9e3779b97f4a7c15u;

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

/* ---- The tree ---- */

static char *random_name(size_t i)
{
	static const char *const ODD[] = { "...",      "-",   " ",  "\n", "*", "\x01", "\xff\xfe",
					   "\xc3\xa4", "..a", ".b", "$x", "'", "\"",   "\\" };
	char longest[256];

	if (draw(8) == 0)
		return text("%s%zu", ODD[draw(sizeof(ODD) / sizeof(*ODD))], i);
	if (draw(200) > 0)
		return text("%zu", i);
	snprintf(longest, sizeof(longest), "%zu", i);
	memset(longest + strlen(longest), 'n', sizeof(longest) - 1 - strlen(longest));
	longest[sizeof(longest) - 1] = '\0';
	return text("%s", longest);
}

static size_t random_dir(const struct world *world)
{
	size_t i;

	do
		i = draw((unsigned)world->count);
	while (world->nodes[i].type != '5' || world->nodes[i].depth >= DEEPEST);
	return i;
}

static char *random_target(const struct world *world, const struct made *dir, const char *own)
{
	const char *some = world->nodes[draw((unsigned)world->count)].path;
	char up[4 * DEEPEST] = "";

	switch (draw(10)) {
	case 0:
		return text("%s", own); /* a loop */
	case 1:
		return text("nowhere/%u", draw(10));
	case 2:
		return text("/%s/", some);
	case 3:
		return text("%s", draw(2) ? "." : "..");
	case 4:
		return text("/../..//%s", some);
	case 5:
	case 6:
		for (unsigned i = 0; i < dir->depth; i++)
			memcpy(up + 3 * i, "../", sizeof("../"));
		return text("%s%s", up, *some ? some : ".");
	default:
		return text("/%s", some);
	}
}

static unsigned random_mode(char type)
{
	if (type == '5' && draw(3) > 0)
		return 0755 | (draw(4) == 0 ? 01777 : 0);
	return draw(010000);
}

static void make_on_disk(const char *path, const struct tb_entry *entry)
{
	if (entry->type == '5')
		assert_int_equal(mkdir(path, 0700), 0);
	else if (entry->type == '2')
		assert_int_equal(symlink(entry->link, path), 0);
	else if (entry->type == '6')
		assert_int_equal(mkfifo(path, 0600), 0);
	else
		test_write(path, "", 0);
	assert_int_equal(lchown(path, (uid_t)entry->uid, (gid_t)entry->gid), 0);
	if (entry->type != '2')
		assert_int_equal(chmod(path, entry->mode), 0);
}

static void make_node(struct world *world, const char *root)
{
	static const unsigned UIDS[] = { 0, 1000, 1001 }, GIDS[] = { 0, 100, 1000 };
	static const char TYPES[] = "0000555522226";
	const struct made *dir = &world->nodes[random_dir(world)];
	char *name = random_name(world->count);
	char *path = text("%s%s%s", dir->path, *dir->path ? "/" : "", name);
	char *on_disk = text("%s/%s", root, path);
	char type = TYPES[draw(sizeof(TYPES) - 1)];
	char *target = type == '2' ? random_target(world, dir, name) : NULL;
	const struct tb_entry entry = {
		.path = path,
		.type = type,
		.mode = random_mode(type),
		.uid = UIDS[draw(3)],
		.gid = GIDS[draw(3)],
		.link = target,
	};

	tb_add(&world->tar, &entry);
	make_on_disk(on_disk, &entry);
	world->nodes[world->count++] =
		(struct made){ .path = path, .type = type, .depth = dir->depth + 1 };
	free(name);
	free(on_disk);
	free(target);
}

static char *random_query(const struct world *world)
{
	const char *some = world->nodes[draw((unsigned)world->count)].path;
	const char *other = world->nodes[draw((unsigned)world->count)].path;
	const char *base = strrchr(other, '/') ? strrchr(other, '/') + 1 : other;

	switch (draw(7)) {
	case 0:
		return text("/%s/", some);
	case 1:
		return text("/%s/.", some);
	case 2:
		return text("//%s/..", some);
	case 3:
		return text("/%s/../%s", some, base);
	case 4:
		return text("/%s/%0256d", some, 0);
	case 5:
		return text("/%s/./..//%s", some, other);
	default:
		return text("/%s/%s", some, base);
	}
}

static void make_world(struct world *world, const char *root)
{
	*world = (struct world){ .count = 1, .nodes[0] = { .path = text("%s", ""), .type = '5' } };
	tb_dir(&world->tar, "./", 0755, 0, 0);
	assert_int_equal(mkdir(root, 0755), 0);
	assert_int_equal(chmod(root, 0755), 0);
	while (world->count < NODES)
		make_node(world, root);
	tf_layer(&world->tf, &world->tar);
	tf_build(&world->tf);
	for (size_t i = 0; i < PATHS; i++)
		world->queries[i] =
			i < NODES ? text("/%s", world->nodes[i].path) : random_query(world);

	FILE *file = fopen("/proc/sys/fs/protected_symlinks", "re");

	world->protects_links = file && fgetc(file) == '1';
	if (file)
		fclose(file);
}

static void free_world(struct world *world)
{
	for (size_t i = 0; i < NODES; i++)
		free(world->nodes[i].path);
	for (size_t i = 0; i < PATHS; i++)
		free(world->queries[i]);
	tf_done(&world->tf);
}

/* ---- The kernel's answers ---- */

/* In the child: become the identity in the tree and note the errno of each question. */
static int answer(const struct world *world, const char *root, const struct identity *who,
		  unsigned char *answers)
{
	static const int KERNEL[MODES] = { R_OK, W_OK, X_OK };
	gid_t groups[IDENTITY_GROUPS];
	gid_t gid = (gid_t)who->gid;
	uid_t uid = (uid_t)who->uid;

	for (size_t i = 0; i < who->group_count; i++)
		groups[i] = (gid_t)who->groups[i];
	if (chroot(root) < 0 || chdir("/") < 0 || setgroups(who->group_count, groups) < 0 ||
	    setresgid(gid, gid, gid) < 0 || setresuid(uid, uid, uid) < 0)
		return 1;
	for (size_t i = 0; i < PATHS; i++)
		for (size_t mode = 0; mode < MODES; mode++)
			*answers++ = access(world->queries[i], KERNEL[mode]) < 0
					     ? (unsigned char)errno
					     : 0;
	return 0;
}

static void ask_kernel(const struct world *world, const char *root, const struct identity *who,
		       unsigned char *answers)
{
	int status;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0)
		_exit(answer(world, root, who, answers));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

/* ---- Comparing ---- */

static int errno_of(enum access_outcome outcome)
{
	static const int ERRNOS[] = {
		[ACCESS_ALLOWED] = 0,        [ACCESS_DENIED] = EACCES,
		[ACCESS_NOT_FOUND] = ENOENT, [ACCESS_NOT_DIRECTORY] = ENOTDIR,
		[ACCESS_LOOP] = ELOOP,       [ACCESS_TOO_LONG] = ENAMETOOLONG,
		[ACCESS_RUNTIME] = -1,       [ACCESS_STICKY] = EPERM,
	};

	return ERRNOS[outcome];
}

struct tally {
	size_t pairs, skipped, wrong;
	size_t seen[256]; /* by errno */
};

static void compare(struct tally *tally, const struct identity *who, const char *query,
		    unsigned wanted, int kernel, int ours)
{
	char out[128];

	tally->pairs++;
	tally->seen[kernel]++;
	if (kernel != ours && tally->wrong++ < SHOWN)
		print_message("# %s wants %u of '%s': the kernel says %d, we say %d\n",
			      identity_text(who, out), wanted, query, kernel, ours);
}

static void compare_all(const struct world *world, const struct identity *who,
			const unsigned char *answers, struct tally *tally)
{
	const struct tree *tree = world->tf.tree;
	struct access_map *map;
	struct err err = { 0 };

	assert_int_equal(access_map_build(tree, 1, who, NULL, &map, &err), 0);
	for (size_t i = 0; i < PATHS; i++) {
		for (size_t mode = 0; mode < MODES; mode++) {
			int kernel = answers[i * MODES + mode];
			struct access_verdict verdict =
				access_path(tree, 1, who, world->queries[i], WANTED[mode]);
			unsigned bits;

			if (!world->protects_links && verdict.outcome == ACCESS_DENIED &&
			    verdict.wanted == 0) {
				tally->skipped++;
				continue;
			}
			compare(tally, who, world->queries[i], WANTED[mode], kernel,
				errno_of(verdict.outcome));
			if (i >= NODES)
				continue;
			assert_true(
				access_map_get(map, tree_find(tree, world->nodes[i].path), &bits));
			compare(tally, who, world->queries[i], WANTED[mode], kernel != 0,
				!(bits & WANTED[mode]));
		}
	}
	access_map_free(map);
}

static void the_kernel_agrees_on_every_path(void **state)
{
	static struct world world;
	const size_t size = (size_t)PATHS * MODES;
	unsigned char *answers =
		mmap(NULL, size * WHO, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	const char *root = test_path("root");
	struct tally tally = { 0 };

	(void)state;
	assert_ptr_not_equal(answers, MAP_FAILED);
	make_world(&world, root);
	for (size_t i = 0; i < WHO; i++) {
		ask_kernel(&world, root, &IDENTITIES[i], answers + i * size);
		compare_all(&world, &IDENTITIES[i], answers + i * size, &tally);
	}
	print_message("# seed %llu: %zu pairs, %zu skipped, %zu wrong; allowed %zu, EACCES %zu, "
		      "ENOENT %zu, ENOTDIR %zu, ELOOP %zu, ENAMETOOLONG %zu\n",
		      (unsigned long long)seed, tally.pairs, tally.skipped, tally.wrong,
		      tally.seen[0], tally.seen[EACCES], tally.seen[ENOENT], tally.seen[ENOTDIR],
		      tally.seen[ELOOP], tally.seen[ENAMETOOLONG]);
	free_world(&world);
	munmap(answers, size * WHO);
	assert_true(tally.pairs >= 100000);
	assert_int_equal(tally.wrong, 0);
}

/* Not every root may change its root. */
static bool may_chroot(void)
{
	int status = 1;
	pid_t child = fork();

	if (child == 0)
		_exit(chroot("/") < 0 || setresuid(1000, 1000, 1000) < 0);
	return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_kernel_agrees_on_every_path),
	};
	const char *wanted = getenv("IMGTUI_SEED");

	if (geteuid() != 0 || !may_chroot()) {
		printf("1..0 # SKIP not root\n");
		return 0;
	}
	seed = wanted ? strtoull(wanted, NULL, 10) : (uint64_t)time(NULL);
	number = seed;
	umask(0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
