/* Container engines as oracles; see engines.h. All their files lie in the folder of the test. */
#include "lib/engines.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <ftw.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/build.h"

enum { PATH_ROOM = 5000, OPEN_FOLDERS = 32 };

const char *const ENGINE_NAMES[ENGINES] = { "umoci", "podman vfs", "podman overlay" };

static const char *const DRIVERS[ENGINES] = { NULL, "vfs", "overlay" };

/* ---- Running ---- */

static void read_all(int fd, char *said, size_t room)
{
	size_t len = 0;
	ssize_t got;

	while ((got = read(fd, said + len, room - 1 - len)) > 0) {
		len += (size_t)got;
		if (len == room - 1) { /* the last words count */
			memmove(said, said + room / 2, len - room / 2);
			len -= room / 2;
		}
	}
	while (len > 0 && said[len - 1] == '\n')
		len--;
	said[len] = '\0';
}

/* In test_dir(), so that the names of images are short; both outputs go to 'said'. */
static int run(const char *const *arguments, char *said, size_t room)
{
	int ends[2], status = -1;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -1;

	pid_t child = fork();

	if (child == 0) {
		umask(022);
		if (chdir(test_dir()) == 0 && dup2(ends[1], 1) == 1 && dup2(ends[1], 2) == 2)
			execvp(arguments[0], (char *const *)(uintptr_t)arguments);
		_exit(127);
	}
	close(ends[1]);
	read_all(ends[0], said, room);
	close(ends[0]);
	return child > 0 && waitpid(child, &status, 0) == child && status == 0 ? 0 : -1;
}

static int podman(const char *driver, const char *const *words, char *said, size_t room)
{
	char root[PATH_ROOM], state[PATH_ROOM];
	const char *arguments[] = { "podman",
				    "--root",
				    root,
				    "--runroot",
				    state,
				    "--storage-driver",
				    driver,
				    words[0],
				    words[1],
				    words[2],
				    words[1] && words[2] ? words[3] : NULL,
				    NULL };

	snprintf(root, sizeof(root), "%s/store-%s", test_dir(), driver);
	snprintf(state, sizeof(state), "%s/state-%s", test_dir(), driver);
	return run(arguments, said, room);
}

/* ---- What lies in a folder ---- */

void found_add(struct found_list *list, const struct found *found)
{
	if (list->count == list->room) {
		list->room = list->room * 2 + 64;
		list->items = realloc(list->items, list->room * sizeof(*list->items));
		if (!list->items)
			abort();
	}
	list->items[list->count++] = *found;
}

static int by_path(const void *a, const void *b)
{
	const struct found *one = a, *other = b;

	return strcmp(one->path, other->path);
}

static int by_inode(const void *a, const void *b)
{
	const struct found *one = *(const struct found *const *)a;
	const struct found *other = *(const struct found *const *)b;

	if (one->inode != other->inode)
		return one->inode < other->inode ? -1 : 1;
	return strcmp(one->path, other->path);
}

void found_sort(struct found_list *list)
{
	struct found **all = calloc(list->count + 1, sizeof(struct found *));

	if (!all)
		abort();
	qsort(list->items, list->count, sizeof(*list->items), by_path);
	for (size_t i = 0; i < list->count; i++)
		all[i] = &list->items[i];
	qsort(all, list->count, sizeof(struct found *), by_inode);
	for (size_t i = 0; i < list->count; i++) {
		bool shared = i > 0 && all[i]->type != '5' && all[i]->inode == all[i - 1]->inode;

		all[i]->first_name = shared ? all[i - 1]->first_name : all[i]->path;
	}
	free(all);
}

void found_done(struct found_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		free(list->items[i].path);
		free(list->items[i].target);
	}
	free(list->items);
	*list = (struct found_list){ 0 };
}

static char type_of(mode_t mode)
{
	static const struct {
		mode_t format;
		char type;
	} TYPES[] = {
		{ S_IFREG, '0' }, { S_IFLNK, '2' }, { S_IFCHR, '3' },
		{ S_IFBLK, '4' }, { S_IFDIR, '5' }, { S_IFIFO, '6' },
	};

	for (size_t i = 0; i < sizeof(TYPES) / sizeof(*TYPES); i++)
		if ((mode & S_IFMT) == TYPES[i].format)
			return TYPES[i].type;
	return '?';
}

static void add_one(struct found_list *list, const char *path, const char *file,
		    const struct stat *status)
{
	struct found found = {
		.path = strdup(path),
		.type = type_of(status->st_mode),
		.mode = status->st_mode & 07777,
		.uid = status->st_uid,
		.gid = status->st_gid,
		.size = S_ISREG(status->st_mode) ? (uint64_t)status->st_size : 0,
		.inode = status->st_ino,
	};

	if (S_ISLNK(status->st_mode)) {
		char target[PATH_ROOM];
		ssize_t len = readlink(file, target, sizeof(target) - 1);

		target[len > 0 ? len : 0] = '\0';
		found.target = strdup(target);
	}
	found_add(list, &found);
}

static void list_folder(const char *folder, struct found_list *list)
{
	char *const roots[] = { (char *)(uintptr_t)folder, NULL };
	FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	FTSENT *at;

	if (!walk)
		abort();
	while ((at = fts_read(walk))) {
		const char *path = at->fts_path + strlen(folder);

		/* overlayfs lists whiteouts of what is in no layer: names that cannot be looked up.
		 */
		if (at->fts_info != FTS_DP && at->fts_info != FTS_NS)
			add_one(list, path + (*path == '/'), at->fts_path, at->fts_statp);
	}
	fts_close(walk);
	found_sort(list);
}

/* ---- Unpacking ---- */

/*
 * A whiteout of ".." makes umoci 0.4 remove the folder that the root lies in. So the root lies
 * two folders deep.
 */
static int unpack_umoci(const char *name, char *folder, char *said, size_t room)
{
	char image[PATH_ROOM];
	int len = snprintf(folder, PATH_ROOM, "%s/umoci-%s", test_dir(), name);

	mkdir(folder, 0700);
	snprintf(folder + len, PATH_ROOM - (size_t)len, "/root");
	snprintf(image, sizeof(image), "%s:t", name);

	const char *const words[] = { "umoci", "raw", "unpack", "--image", image, folder, NULL };

	return run(words, said, room);
}

static int unpack_podman(const char *driver, const char *name, char *folder, char *said,
			 size_t room)
{
	char image[PATH_ROOM];

	snprintf(image, sizeof(image), "oci:%s:t", name);

	const char *const pull[] = { "pull", "-q", image, NULL };

	if (podman(driver, pull, said, room) < 0)
		return -1;

	/* The id stands in the last line. */
	const char *line = strrchr(said, '\n');
	char id[80];

	snprintf(id, sizeof(id), "%s", line ? line + 1 : said);

	const char *const mount[] = { "image", "mount", id, NULL };

	if (podman(driver, mount, said, room) < 0)
		return -1;
	line = strrchr(said, '\n');
	snprintf(folder, PATH_ROOM, "%s", line ? line + 1 : said);
	return 0;
}

int engine_unpack(enum engine engine, const char *name, struct found_list *ret_list, char *said,
		  size_t room)
{
	char folder[PATH_ROOM];
	const char *driver = DRIVERS[engine];
	int r = driver ? unpack_podman(driver, name, folder, said, room)
		       : unpack_umoci(name, folder, said, room);

	if (r == 0)
		list_folder(folder, ret_list);
	return r;
}

/* ---- Mounts ---- */

static bool make_private(void)
{
	return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

/* Whether what is mounted at a path is seen in other namespaces: the optional field says so. */
static bool is_shared(const char *path)
{
	FILE *mounts = fopen("/proc/self/mountinfo", "re");
	char line[PATH_ROOM], place[PATH_ROOM], field[80];
	bool found = true;

	while (mounts && fgets(line, sizeof(line), mounts))
		if (sscanf(line, "%*s %*s %*s %*s %4999s %*s %79s", place, field) == 2 &&
		    strcmp(place, path) == 0)
			found = strncmp(field, "shared:", 7) == 0;
	if (mounts)
		fclose(mounts);
	return found;
}

/*
 * In a chroot '/' is no mount, which podman wants it to be. What lies around it cannot be made
 * private, only tried.
 */
static bool mount_root(void)
{
	static const char PLACE[] = "/tmp";
	char folder[PATH_ROOM];

	if (!getcwd(folder, sizeof(folder)) || mount(PLACE, PLACE, NULL, MS_BIND, NULL) < 0)
		return false;

	bool is_seen = is_shared(PLACE);

	umount2(PLACE, MNT_DETACH);
	return !is_seen && mount("/", PLACE, NULL, MS_BIND | MS_REC, NULL) == 0 &&
	       chroot(PLACE) == 0 && chdir(folder) == 0 && make_private();
}

bool engines_enter(void)
{
	if (unshare(CLONE_NEWNS) < 0 || (!make_private() && !mount_root()))
		return false;
	/* podman asks first which cgroups there are. */
	if (access("/sys/fs/cgroup", F_OK) < 0 && mount("sysfs", "/sys", "sysfs", 0, NULL) < 0)
		perror("# /sys");
	return true;
}

/* The newest first, as one may lie on another. */
static void unmount_all(void)
{
	for (bool more = true; more;) {
		FILE *mounts = fopen("/proc/self/mountinfo", "re");
		char line[PATH_ROOM], path[PATH_ROOM], last[PATH_ROOM] = "";

		if (!mounts)
			return;
		while (fgets(line, sizeof(line), mounts))
			if (sscanf(line, "%*s %*s %*s %*s %4999s", path) == 1 &&
			    strncmp(path, test_dir(), strlen(test_dir())) == 0)
				memcpy(last, path, sizeof(last));
		fclose(mounts);
		more = *last && umount2(last, MNT_DETACH) == 0;
	}
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *ftw)
{
	(void)status;
	(void)kind;
	(void)ftw;
	if (strcmp(path, test_dir()) != 0)
		remove(path);
	return 0;
}

void engines_reset(void)
{
	unmount_all();
	nftw(test_dir(), remove_one, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}
