/*
 * The kernel as oracle: a random tree is made both as a layer and on disk. In a
 * chroot, as several identities, access(2), chdir(2), mkdir(2), rename(2) and
 * unlink(2) are asked about it, and each answer is compared with ours.
 *
 * IMGTUI_SEED repeats a run. Needs root, else it is skipped.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "access/access.h"
#include "lib/world.h"

/* What is asked of each path: access(2) with each set of bits, then these. */
enum { ASK_ACCESS = 0, ASK_CHDIR = 8, ASK_RENAME, ASK_MKDIR, QUESTIONS };

enum { SHOWN = 20, LEAST = 1000000, NOT_ASKED = 255, ROOM = 8192 };

static const struct identity IDENTITIES[] = {
	{ .uid = 1000, .gid = 100 },
	{ .uid = 1000, .gid = 100, .groups = { 1000 }, .group_count = 1 },
	{ .uid = 1000, .gid = 0 },
	{ .uid = 1001, .gid = 0 },
	{ .uid = 1001, .gid = 44, .groups = { 100, 1000, 45 }, .group_count = 3 },
	{ .uid = 1002, .gid = 1002, .groups = { 45, 44 }, .group_count = 2 },
	{ .uid = 65534, .gid = 65534 },
	{ .uid = 0, .gid = 0 },
	{ .uid = 0, .gid = 0, .no_caps = true },
	{ .uid = 0, .gid = 44, .groups = { 45 }, .group_count = 1, .no_caps = true },
};
enum { WHO = sizeof(IDENTITIES) / sizeof(*IDENTITIES) };

static uint64_t seed;
static char summary[160] = "the_kernel_agrees_on_every_path";

/* ---- Paths ---- */

/* Whether the last component is a name. */
static bool ends_in_name(const char *path)
{
	const char *last = strrchr(path, '/') + 1;

	return *last && strcmp(last, ".") != 0 && strcmp(last, "..") != 0;
}

/* No node has this name. */
static void beside(char *out, const char *path)
{
	snprintf(out, ROOM, "%.*s/~", (int)(strrchr(path, '/') - path), path);
}

static void inside(char *out, const char *path)
{
	snprintf(out, ROOM, "%s/~", path);
}

/* ---- The kernel's answers ---- */

static bool become(const char *root, const struct identity *who)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[2] = { { 0 } };
	gid_t groups[IDENTITY_GROUPS];
	gid_t gid = (gid_t)who->gid;
	uid_t uid = (uid_t)who->uid;

	for (size_t i = 0; i < who->group_count; i++)
		groups[i] = (gid_t)who->groups[i];
	umask(0);
	return chroot(root) == 0 && chdir("/") == 0 && setgroups(who->group_count, groups) == 0 &&
	       setresgid(gid, gid, gid) == 0 && setresuid(uid, uid, uid) == 0 &&
	       (!who->no_caps || syscall(SYS_capset, &header, none) == 0);
}

static unsigned char answer_of(int result)
{
	return result < 0 ? (unsigned char)errno : 0;
}

/*
 * What is moved is moved back, so that every question finds the same tree: by
 * its directory, as the path may lead through what was moved.
 */
static unsigned char ask_rename(const char *path)
{
	const char *last = strrchr(path, '/') + 1;
	char other[ROOM];
	unsigned char answer;
	int dir;

	if (!ends_in_name(path))
		return NOT_ASKED;
	snprintf(other, sizeof(other), "%.*s.", (int)(last - path), path);
	dir = open(other, O_PATH | O_CLOEXEC);
	beside(other, path);
	answer = answer_of(rename(path, other));
	if (answer == 0 && renameat(dir, "~", dir, last) < 0)
		_exit(2);
	if (dir >= 0)
		close(dir);
	return answer;
}

static unsigned char ask_mkdir(const char *path)
{
	char new[ROOM];
	unsigned char answer;

	inside(new, path);
	answer = answer_of(mkdir(new, 0700));
	if (answer == 0 && rmdir(new) < 0)
		_exit(2);
	return answer;
}

static unsigned char ask_chdir(const char *path)
{
	unsigned char answer = answer_of(chdir(path));

	if (answer == 0 && chdir("/") < 0)
		_exit(2);
	return answer;
}

static void ask_all(const struct world *world, unsigned char *answers)
{
	for (size_t i = 0; i < WORLD_PATHS; i++) {
		const char *path = world->queries[i];

		for (int mode = 0; mode < ASK_CHDIR; mode++)
			*answers++ = answer_of(access(path, mode));
		*answers++ = ask_chdir(path);
		*answers++ = ask_rename(path);
		*answers++ = ask_mkdir(path);
	}
}

/* Each node is asked for by one identity, as afterwards it is gone. */
static void ask_unlink(const struct world *world, size_t first, unsigned char *answers)
{
	for (size_t i = first ? first : WHO; i < WORLD_NODES; i += WHO)
		answers[i] = answer_of(unlink(world->queries[i]));
}

enum phase { PHASE_ALL, PHASE_UNLINK };

static void ask_kernel(const struct world *world, const char *root, size_t who, enum phase phase,
		       unsigned char *answers)
{
	int status;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		if (!become(root, &IDENTITIES[who]))
			_exit(1);
		if (phase == PHASE_ALL)
			ask_all(world, answers);
		else
			ask_unlink(world, who, answers);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

/* ---- Ours ---- */

static int errno_of(const struct access_verdict *verdict)
{
	static const int ERRNOS[] = {
		[ACCESS_ALLOWED] = 0,        [ACCESS_DENIED] = EACCES,
		[ACCESS_NOT_FOUND] = ENOENT, [ACCESS_NOT_DIRECTORY] = ENOTDIR,
		[ACCESS_LOOP] = ELOOP,       [ACCESS_TOO_LONG] = ENAMETOOLONG,
		[ACCESS_RUNTIME] = -1,       [ACCESS_STICKY] = EPERM,
	};

	return ERRNOS[verdict->outcome];
}

static bool is_dir(const struct tree *tree, node_id node)
{
	struct tree_stat stat;

	return !node_is_none(node) && tree_stat(tree, node, 1, &stat) && stat.type == TAR_DIR;
}

/* That it is no directory is said before it is searched. */
static int chdir_errno(const struct tree *tree, const struct access_verdict *verdict)
{
	bool is_reached = !node_is_none(verdict->node);

	return is_reached && !is_dir(tree, verdict->node) ? ENOTDIR : errno_of(verdict);
}

static int unlink_errno(const struct tree *tree, const struct access_verdict *verdict)
{
	int result = errno_of(verdict);

	return result == 0 && is_dir(tree, verdict->node) ? EISDIR : result;
}

/* ---- Comparing ---- */

struct tally {
	bool protects_links;
	size_t checks, skipped, wrong;
	size_t seen[256]; /* by errno */
};

/* A link that fs.protected_symlinks=1 would not follow. */
static bool is_skipped(struct tally *tally, const struct access_verdict *verdict)
{
	bool is_protected = verdict->outcome == ACCESS_DENIED && verdict->wanted == 0;

	if (!is_protected || tally->protects_links)
		return false;
	tally->skipped++;
	return true;
}

static void compare(struct tally *tally, const struct identity *who, const char *path,
		    unsigned question, int kernel, int ours)
{
	char out[128];

	tally->checks++;
	tally->seen[kernel]++;
	if (kernel != ours && tally->wrong++ < SHOWN)
		print_message("# %s%s asks %u: the kernel says %d, we say %d of '%.900s'\n",
			      identity_text(who, out), who->no_caps ? " without capabilities" : "",
			      question, kernel, ours, path);
}

static void compare_bits(const struct world *world, const struct identity *who, const char *path,
			 const unsigned char *answers, struct tally *tally)
{
	const struct tree *tree = world->tf.tree;
	struct access_verdict verdict = { 0 };

	for (unsigned mode = 0; mode < ASK_CHDIR; mode++) {
		verdict = access_path(tree, 1, who, path, mode);
		if (!is_skipped(tally, &verdict))
			compare(tally, who, path, mode, answers[mode], errno_of(&verdict));
	}
	verdict = access_path(tree, 1, who, path, ACCESS_EXECUTE);
	if (!is_skipped(tally, &verdict))
		compare(tally, who, path, ASK_CHDIR, answers[ASK_CHDIR],
			chdir_errno(tree, &verdict));
}

static void compare_names(const struct world *world, const struct identity *who, const char *path,
			  const unsigned char *answers, struct tally *tally)
{
	const struct tree *tree = world->tf.tree;
	struct access_verdict verdict;
	char new[ROOM];

	if (answers[ASK_RENAME] != NOT_ASKED) {
		verdict = access_delete(tree, 1, who, path);
		compare(tally, who, path, ASK_RENAME, answers[ASK_RENAME], errno_of(&verdict));
	}
	inside(new, path);
	verdict = access_create(tree, 1, who, new);
	compare(tally, who, path, ASK_MKDIR, answers[ASK_MKDIR], errno_of(&verdict));
}

static void compare_map(const struct world *world, const struct access_map *map,
			const struct identity *who, size_t i, const unsigned char *answers,
			struct tally *tally)
{
	const struct tree *tree = world->tf.tree;
	node_id node = tree_find(tree, world->nodes[i].path);
	struct access_verdict verdict = access_node(tree, 1, who, node, 0);
	unsigned bits;

	if (is_skipped(tally, &verdict))
		return;
	assert_true(access_map_get(map, node, &bits));
	for (unsigned bit = ACCESS_EXECUTE; bit <= ACCESS_READ; bit <<= 1)
		compare(tally, who, world->queries[i], bit, answers[bit] != 0, !(bits & bit));
}

static void compare_all(const struct world *world, const struct identity *who,
			const unsigned char *answers, struct tally *tally)
{
	struct access_map *map;
	struct err err = { 0 };

	assert_int_equal(access_map_build(world->tf.tree, 1, who, NULL, &map, &err), 0);
	for (size_t i = 0; i < WORLD_PATHS; i++) {
		const unsigned char *own = answers + i * QUESTIONS;

		compare_bits(world, who, world->queries[i], own, tally);
		compare_names(world, who, world->queries[i], own, tally);
		if (i < WORLD_NODES)
			compare_map(world, map, who, i, own, tally);
	}
	access_map_free(map);
}

static void compare_unlink(const struct world *world, const unsigned char *answers,
			   struct tally *tally)
{
	const struct tree *tree = world->tf.tree;

	for (size_t i = 1; i < WORLD_NODES; i++) {
		const struct identity *who = &IDENTITIES[i % WHO];
		struct access_verdict verdict = access_delete(tree, 1, who, world->queries[i]);

		compare(tally, who, world->queries[i], QUESTIONS, answers[i],
			unlink_errno(tree, &verdict));
	}
}

/* ---- The test ---- */

static bool protects_links(void)
{
	FILE *file = fopen("/proc/sys/fs/protected_symlinks", "re");
	bool result = file && fgetc(file) == '1';

	if (file)
		fclose(file);
	return result;
}

static void report(const struct world *world, const struct tally *tally)
{
	static const struct {
		int number;
		const char *name;
	} SHOWN_ERRNOS[] = {
		{ 0, "allowed" },       { EACCES, "EACCES" },
		{ EPERM, "EPERM" },     { ENOENT, "ENOENT" },
		{ ENOTDIR, "ENOTDIR" }, { EISDIR, "EISDIR" },
		{ ELOOP, "ELOOP" },     { ENAMETOOLONG, "ENAMETOOLONG" },
	};

	snprintf(summary, sizeof(summary), "%zu checks, %zu disagreements, seed %llu%s",
		 tally->checks, tally->wrong, (unsigned long long)seed,
		 world->has_acls ? "" : ", without ACLs: the disk keeps none");
	print_message("# %s; %zu skipped\n", summary, tally->skipped);
	for (size_t i = 0; i < sizeof(SHOWN_ERRNOS) / sizeof(*SHOWN_ERRNOS); i++)
		print_message("# %s: %zu\n", SHOWN_ERRNOS[i].name,
			      tally->seen[SHOWN_ERRNOS[i].number]);
}

static void the_kernel_agrees_on_every_path(void **state)
{
	static struct world world;
	const size_t size = (size_t)WORLD_PATHS * QUESTIONS;
	unsigned char *answers =
		mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	const char *root = test_path("root");
	struct tally tally = { .protects_links = protects_links() };

	(void)state;
	assert_ptr_not_equal(answers, MAP_FAILED);
	print_message("# seed %llu\n", (unsigned long long)seed);
	world_make(&world, seed, root);
	for (size_t i = 0; i < WHO; i++) {
		ask_kernel(&world, root, i, PHASE_ALL, answers);
		compare_all(&world, &IDENTITIES[i], answers, &tally);
	}
	for (size_t i = 0; i < WHO; i++)
		ask_kernel(&world, root, i, PHASE_UNLINK, answers);
	compare_unlink(&world, answers, &tally);
	report(&world, &tally);
	world_done(&world);
	munmap(answers, size);
	assert_true(tally.checks >= LEAST);
	assert_int_equal(tally.wrong, 0);
}

/* Not every root may change its root, and not every disk runs programs. */
static bool may_ask(void)
{
	struct statvfs disk;
	int status = 1;
	pid_t child;

	if (geteuid() != 0 || statvfs(test_dir(), &disk) < 0 || (disk.f_flag & ST_NOEXEC))
		return false;
	child = fork();
	if (child == 0)
		_exit(chroot("/") < 0 || setresuid(1000, 1000, 1000) < 0);
	return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

int main(void)
{
	/* Its name becomes the summary, so that 'make check' shows it. */
	const struct CMUnitTest tests[] = {
		{ summary, the_kernel_agrees_on_every_path, NULL, NULL, NULL },
	};
	const char *wanted = getenv("IMGTUI_SEED");

	if (!may_ask()) {
		printf("1..0 # SKIP not root\n");
		return 0;
	}
	seed = wanted ? strtoull(wanted, NULL, 10) : (uint64_t)time(NULL);
	umask(0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
