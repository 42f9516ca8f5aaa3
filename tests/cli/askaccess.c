/*
 * What the kernel says to the verdicts of 'imgtui ls --format json':
 *
 *	askaccess ROOT UID:GID[,GID...] <LISTING
 *
 * asks access(2) in a chroot, as that user, for each path and each of r, w and
 * x. Root has the capabilities that engines leave it. Prints every other answer
 * and a line of counts; 1 if there was one, 2 if nothing could be asked.
 */
#include <err.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/json.h"

enum { FAILED = 2, MOST_GROUPS = 64, MOST_LINKS = 40 };

struct user {
	uid_t uid;
	gid_t gid, groups[MOST_GROUPS];
	size_t group_count;
};

struct question {
	char *path;
	char *shown;     /* the path as JSON */
	char verdict[4]; /* of ls */
	bool guarded;    /* by fs.protected_symlinks, were it on */
	struct question *next;
};

struct counts {
	unsigned long checks, wrong, runtime, links;
};

static unsigned long number(char **text)
{
	char *end;
	unsigned long value = strtoul(*text, &end, 10);

	if (end == *text)
		errx(FAILED, "not a number: '%s'", *text);
	*text = end;
	return value;
}

static struct user parse_user(char *text)
{
	struct user user = { .uid = (uid_t)number(&text) };

	if (*text++ != ':')
		errx(FAILED, "no group");
	user.gid = (gid_t)number(&text);
	while (*text++ == ',' && user.group_count < MOST_GROUPS)
		user.groups[user.group_count++] = (gid_t)number(&text);
	return user;
}

/* ---- The listing ---- */

static char *path_of(const json_t *node)
{
	char *path;
	size_t len;

	if (json_get_bytes(node, "path", &path, &len, NULL) < 0 || strlen(path) != len)
		errx(FAILED, "an object without a path");
	return path;
}

/* NULL for what only the runtime knows. */
static struct question *parse_question(const char *line, struct counts *counts)
{
	json_t *node = json_loads(line, 0, NULL);
	const json_t *verdict = json_object_get(node, "access");
	struct question *question = NULL;

	if (!verdict || (!json_is_null(verdict) && json_string_length(verdict) != 3))
		errx(FAILED, "no verdict in: %s", line);
	if (json_is_null(verdict)) {
		counts->runtime++;
	} else {
		question = calloc(1, sizeof(*question));
		if (!question)
			err(FAILED, "listing");
		question->path = path_of(node);
		question->shown = json_dumps(json_object_get(node, "path"),
					     JSON_ENCODE_ANY | JSON_ENSURE_ASCII);
		memcpy(question->verdict, json_string_value(verdict), 3);
	}
	json_decref(node);
	return question;
}

static struct question *read_questions(struct counts *counts)
{
	struct question *first = NULL, **last = &first;
	char *line = NULL;
	size_t room = 0;

	while (getline(&line, &room, stdin) > 0) {
		*last = parse_question(line, counts);
		if (*last)
			last = &(*last)->next;
	}
	free(line);
	return first;
}

static void free_questions(struct question *question)
{
	while (question) {
		struct question *next = question->next;

		free(question->path);
		free(question->shown);
		free(question);
		question = next;
	}
}

/* ---- fs.protected_symlinks ---- */

static bool links_are_protected(void)
{
	int fd = open("/proc/sys/fs/protected_symlinks", O_RDONLY | O_CLOEXEC);
	char value = '0';

	if (fd >= 0 && read(fd, &value, 1) != 1)
		value = '0';
	if (fd >= 0)
		close(fd);
	return value != '0';
}

/* Whether a link in the folder is for its owner alone: neither the user's nor the folder's. */
static bool is_guarded(const char *folder, const struct stat *link, uid_t uid)
{
	struct stat there;

	return stat(folder, &there) == 0 && (there.st_mode & 01002) == 01002 &&
	       link->st_uid != uid && link->st_uid != there.st_uid;
}

/* Puts the target of the link in the place of its name; false at the end of the chain. */
static bool follow(char *path, uid_t uid, bool *ret_guarded)
{
	char target[PATH_MAX], folder[PATH_MAX];
	char *name = strrchr(path, '/');
	struct stat link;

	if (!name || lstat(path, &link) < 0 || !S_ISLNK(link.st_mode))
		return false;

	ssize_t len = readlink(path, target, sizeof(target) - 1);

	if (len < 0)
		return false;
	target[len] = '\0';
	name[1] = '\0';
	snprintf(folder, sizeof(folder), "%s", path);
	*ret_guarded = is_guarded(folder, &link, uid);
	return snprintf(path, PATH_MAX, "%s%s", *target == '/' ? "" : folder, target) < PATH_MAX;
}

/* Only a link that is the last component is looked at by the kernel. */
static bool meets_guarded_link(const char *start, uid_t uid)
{
	char path[PATH_MAX];
	bool guarded = false;

	if (snprintf(path, sizeof(path), "%s", start) >= PATH_MAX)
		return false;
	for (int i = 0; i < MOST_LINKS && !guarded && follow(path, uid, &guarded); i++)
		;
	return guarded;
}

static void mark_guarded(struct question *question, uid_t uid)
{
	for (; question; question = question->next)
		question->guarded = meets_guarded_link(question->path, uid);
}

/* ---- The kernel ---- */

/* moby/profiles, containerd/oci: what root has by default. */
static void keep_default_capabilities(void)
{
	static const unsigned DEFAULT[] = {
		CAP_CHOWN,       CAP_DAC_OVERRIDE,     CAP_FSETID,     CAP_FOWNER,
		CAP_MKNOD,       CAP_NET_RAW,          CAP_SETGID,     CAP_SETUID,
		CAP_SETFCAP,     CAP_SETPCAP,          CAP_SYS_CHROOT, CAP_KILL,
		CAP_AUDIT_WRITE, CAP_NET_BIND_SERVICE,
	};
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { 0 }, had[2];

	if (syscall(SYS_capget, &header, had) < 0)
		err(FAILED, "capget");
	for (size_t i = 0; i < sizeof(DEFAULT) / sizeof(*DEFAULT); i++)
		data[0].permitted |= had[0].permitted & (1u << DEFAULT[i]);
	data[0].effective = data[0].permitted;
	if (syscall(SYS_capset, &header, data) < 0)
		err(FAILED, "capset");
}

/* Nothing but root's own rights survives the change of all three ids. */
static void become(const struct user *user)
{
	if (setgroups(user->group_count, user->groups) < 0)
		err(FAILED, "setgroups");
	if (setresgid(user->gid, user->gid, user->gid) < 0)
		err(FAILED, "setresgid");
	if (user->uid == 0)
		keep_default_capabilities();
	if (setresuid(user->uid, user->uid, user->uid) < 0)
		err(FAILED, "setresuid");
}

static void ask(const struct question *question, struct counts *counts)
{
	static const int ASKED[] = { R_OK, W_OK, X_OK };
	char answer[] = "rwx";

	for (size_t i = 0; i < 3; i++)
		if (access(question->path, ASKED[i]) < 0)
			answer[i] = '-';
	counts->checks++;
	if (strcmp(answer, question->verdict) == 0)
		return;
	counts->wrong++;
	printf("%s: ls %s, kernel %s\n", question->shown, question->verdict, answer);
}

int main(int argc, char **argv)
{
	struct counts counts = { 0 };

	if (argc != 3)
		errx(FAILED, "usage: askaccess ROOT UID:GID[,GID...] <LISTING");

	struct user user = parse_user(argv[2]);
	struct question *questions = read_questions(&counts);
	bool protected = links_are_protected();

	if (chroot(argv[1]) < 0 || chdir("/") < 0)
		err(FAILED, "%s", argv[1]);
	if (!protected)
		mark_guarded(questions, user.uid);
	become(&user);
	for (const struct question *question = questions; question; question = question->next)
		if (question->guarded)
			counts.links++;
		else
			ask(question, &counts);
	free_questions(questions);
	printf("%lu checks, %lu disagreements, %lu left to the runtime, %lu by unprotected links\n",
	       counts.checks, counts.wrong, counts.runtime, counts.links);
	fflush(stdout);
	/* No exit handlers: the leak check of a sanitized build needs the /proc of the host. */
	_exit(counts.wrong ? 1 : 0);
}
