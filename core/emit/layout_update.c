/* Adding to an OCI layout; see emit/layout_update.h. */
#include "emit/layout_update.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "base/io.h"
#include "base/json.h"
#include "base/vec.h"
#include "emit_priv.h"

struct layout_update {
	int fd;
	mode_t mode; /* of index.json */
	json_t *index;
	VEC(char *) added; /* blobs that were not there */
};

/* What is written to is neither elsewhere nor another's. */
static int check_folders(const struct layout_update *update, struct err *err)
{
	static const char *const FOLDERS[] = { "blobs", "blobs/sha256" };

	for (size_t i = 0; i < sizeof(FOLDERS) / sizeof(*FOLDERS); i++) {
		struct stat info;

		if (fstatat(update->fd, FOLDERS[i], &info, AT_SYMLINK_NOFOLLOW) < 0)
			return err_errno(err, errno, "'%s'", FOLDERS[i]);
		if (!S_ISDIR(info.st_mode))
			return err_set(err, ERR_INVALID, "'%s' is a link, and no folder to add to",
				       FOLDERS[i]);
	}
	return 0;
}

static int read_index(struct layout_update *update, struct err *err)
{
	const struct limits *limits = limits_default();
	CLEANUP(closep)
	int fd = openat(update->fd, "index.json", O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	CLEANUP(freep) char *bytes = NULL;
	struct stat info;
	int64_t count;

	if (fd < 0 && errno == ELOOP)
		return err_set(err, ERR_INVALID, "index.json is a link, which is not replaced");
	if (fd < 0 || fstat(fd, &info) < 0)
		return err_errno(err, errno, "cannot read index.json");
	if (limits_check((uint64_t)info.st_size, limits->json_bytes, "index.json", err) < 0)
		return -(int)ERR_LIMIT;
	bytes = malloc((size_t)info.st_size + 1);
	if (!bytes)
		return err_nomem(err);
	count = io_pread(fd, bytes, (uint64_t)info.st_size, 0, err);
	if (count < 0)
		return (int)count;
	update->mode = info.st_mode & 0777;
	return json_parse(bytes, (size_t)count, "index.json", limits, NULL, &update->index, err);
}

int layout_update_open(const char *path, struct layout_update **ret_update, struct err *err)
{
	CLEANUP(layout_update_closep) struct layout_update *update = calloc(1, sizeof(*update));
	int result;

	if (!update)
		return err_nomem(err);
	update->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (update->fd < 0)
		return err_errno(err, errno, "cannot write to '%s'", path);
	if (flock(update->fd, LOCK_EX | LOCK_NB) < 0)
		return errno == EWOULDBLOCK
			       ? err_set(err, ERR_EXISTS, "another program writes to '%s'", path)
			       : err_errno(err, errno, "cannot lock '%s'", path);
	if ((result = check_folders(update, err)) < 0 || (result = read_index(update, err)) < 0)
		return err_wrap(err, "%s", path);
	unlinkat(update->fd, LAYOUT_UPDATE_INDEX, 0); /* of one that was killed */
	*ret_update = STEAL(update);
	return 0;
}

int layout_update_fd(const struct layout_update *update)
{
	return update->fd;
}

json_t *layout_update_index(struct layout_update *update)
{
	return update->index;
}

bool emit__update_has(const struct layout_update *update, const char *name)
{
	return faccessat(update->fd, name, F_OK, 0) == 0;
}

int emit__update_note(struct layout_update *update, const char *name, struct err *err)
{
	char *copy = strdup(name);

	if (copy && VEC_PUSH(&update->added, copy, err) == 0)
		return 0;
	free(copy);
	return err_nomem(err);
}

int layout_update_publish(struct layout_update *update, struct err *err)
{
	int result = emit__sync_folder(update->fd, "blobs/sha256", err);

	if (result < 0)
		return result;
	if (fchmodat(update->fd, LAYOUT_UPDATE_INDEX, update->mode, 0) < 0 ||
	    renameat(update->fd, LAYOUT_UPDATE_INDEX, update->fd, "index.json") < 0)
		return err_errno(err, errno, "cannot write index.json");
	for (size_t i = 0; i < update->added.count; i++)
		free(update->added.items[i]);
	update->added.count = 0;
	fsync(update->fd);
	return 0;
}

void layout_update_close(struct layout_update *update)
{
	if (!update)
		return;
	for (size_t i = 0; i < update->added.count; i++) {
		unlinkat(update->fd, update->added.items[i], 0);
		free(update->added.items[i]);
	}
	if (update->index) { /* the lock is ours */
		unlinkat(update->fd, LAYOUT_UPDATE_INDEX, 0);
		unlinkat(update->fd, EMIT_UNNAMED, 0);
	}
	VEC_DONE(&update->added);
	json_decref(update->index);
	closep(&update->fd);
	free(update);
}

void layout_update_closep(struct layout_update **update)
{
	layout_update_close(*update);
}
