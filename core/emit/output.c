/*
 * A file is made without a name (O_TMPFILE) in the target's folder, so that
 * not even kill -9 leaves anything; where the file system cannot, and for
 * folders, under a temporary name beside the target.
 */
#include "emit/output.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "base/io.h"
#include "base/text.h"

struct output {
	char *path;       /* the final name */
	char *folder;     /* where it lies */
	const char *name; /* last component of path */
	char *temporary;  /* name in the folder; NULL: it has none (O_TMPFILE) */
	int folder_fd, fd;
	bool is_folder, replace;
	char *reopen;     /* a path to the unpublished output */
};

static int split_path(struct output *output, const char *path, struct err *err)
{
	const char *slash;
	size_t len = strlen(path);

	while (len > 1 && path[len - 1] == '/')
		len--;
	output->path = strndup(path, len);
	if (!output->path)
		return err_nomem(err);
	slash = strrchr(output->path, '/');
	output->name = slash ? slash + 1 : output->path;
	if (!slash)
		output->folder = strdup(".");
	else
		output->folder = strndup(output->path, slash == output->path ? 1 : (size_t)(slash - output->path));
	if (!output->folder)
		return err_nomem(err);
	if (!*output->name || strcmp(output->name, ".") == 0 || strcmp(output->name, "..") == 0)
		return err_set(err, ERR_INVALID, "'%s' is no name for an output", path);
	return 0;
}

static bool same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Going up from where the output lies, the input's folder is not met. */
static int check_outside(const struct output *output, const struct source *input, struct err *err)
{
	CLEANUP(closep) int fd = openat(output->folder_fd, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct stat here, above;

	if (fd < 0 || fstat(fd, &here) < 0)
		return err_errno(err, errno, "cannot tell where '%s' lies", output->path);
	while (!source_is(input, &here)) {
		int parent = openat(fd, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);

		close(fd);
		fd = parent;
		if (fd < 0 || fstat(fd, &above) < 0)
			return err_errno(err, errno, "cannot tell where '%s' lies", output->path);
		if (same_file(&here, &above))
			return 0; /* the root */
		here = above;
	}
	return err_set(err, ERR_INVALID, "'%s' lies in the image's own folder", output->path);
}

int output_spares(const struct output *output, const struct source *input, struct err *err)
{
	struct stat target;

	if (fstatat(output->folder_fd, output->name, &target, AT_SYMLINK_NOFOLLOW) == 0 &&
	    source_is(input, &target))
		return err_set(err, ERR_INVALID, "'%s' is the input, which is never written over",
			       output->path);
	return source_format(input) == SOURCE_OCI_LAYOUT ? check_outside(output, input, err) : 0;
}

/* Refuse what would destroy something: a folder, a device, an existing file without --force. */
static int check_target(const struct output *output, const struct output_options *options,
			struct err *err)
{
	struct stat target;

	if (fstatat(output->folder_fd, output->name, &target, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : err_errno(err, errno, "'%s'", output->path);
	/* The link itself would be replaced, and not what the user means. */
	if (S_ISLNK(target.st_mode))
		return err_set(err, ERR_INVALID, "'%s' is a link: name what it leads to",
			       output->path);
	if (options->folder)
		return err_set(err, ERR_EXISTS, "'%s' is there already; name a new folder",
			       output->path);
	if (!S_ISREG(target.st_mode))
		return err_set(err, ERR_INVALID, "'%s' is no regular file", output->path);
	if (!options->replace)
		return err_set(err, ERR_EXISTS, "'%s' is there already; --force replaces it",
			       output->path);
	return 0;
}

static int make_temporary_name(struct output *output, struct err *err)
{
	static _Atomic unsigned counter;

	free(output->temporary);
	if (asprintf(&output->temporary, ".%.200s.%ld.%u.part", output->name, (long)getpid(),
		     counter++) < 0) {
		output->temporary = NULL;
		return err_nomem(err);
	}
	return 0;
}

static int reopen_by_name(struct output *output, struct err *err)
{
	if (asprintf(&output->reopen, "%s/%s", output->folder, output->temporary) >= 0)
		return 0;
	output->reopen = NULL;
	return err_nomem(err);
}

/* 1: not here. */
static int open_unnamed(struct output *output, struct err *err)
{
	output->fd = openat(output->folder_fd, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);
	if (output->fd < 0)
		return 1;
	if (asprintf(&output->reopen, "/proc/self/fd/%d", output->fd) < 0) {
		output->reopen = NULL;
		return err_nomem(err);
	}
	/* Without /proc it could not be given a name later. */
	if (access(output->reopen, R_OK) == 0)
		return 0;
	free(STEAL(output->reopen));
	close(steal_fd(&output->fd));
	return 1;
}

static int open_named(struct output *output, struct err *err)
{
	do {
		if (make_temporary_name(output, err) < 0)
			return -ERR_NOMEM;
		output->fd = openat(output->folder_fd, output->temporary,
				    O_CREAT | O_EXCL | O_NOFOLLOW | O_RDWR | O_CLOEXEC, 0666);
	} while (output->fd < 0 && errno == EEXIST);
	if (output->fd < 0) {
		int failure = errno;

		free(STEAL(output->temporary));
		return err_errno(err, failure, "cannot write '%s'", output->path);
	}
	return reopen_by_name(output, err);
}

static int open_file(struct output *output, struct err *err)
{
	int result = open_unnamed(output, err);

	return result <= 0 ? result : open_named(output, err);
}

static int open_folder(struct output *output, struct err *err)
{
	int made;

	do {
		if (make_temporary_name(output, err) < 0)
			return -ERR_NOMEM;
		made = mkdirat(output->folder_fd, output->temporary, 0777);
	} while (made < 0 && errno == EEXIST);
	if (made < 0) {
		int failure = errno;

		free(STEAL(output->temporary));
		return err_errno(err, failure, "cannot make '%s'", output->path);
	}
	output->fd = openat(output->folder_fd, output->temporary,
			    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (output->fd < 0)
		return err_errno(err, errno, "cannot open '%s'", output->path);
	return reopen_by_name(output, err);
}

int output_open(const char *path, const struct output_options *options, struct output **ret_output,
		struct err *err)
{
	CLEANUP(output_closep) struct output *output = calloc(1, sizeof(*output));
	int result;

	if (!output)
		return err_nomem(err);
	output->fd = output->folder_fd = -1;
	output->is_folder = options->folder;
	output->replace = options->replace;
	if ((result = split_path(output, path, err)) < 0)
		return result;
	output->folder_fd = open(output->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (output->folder_fd < 0)
		return err_errno(err, errno, "cannot write to folder '%s'", output->folder);
	if ((options->input && (result = output_spares(output, options->input, err)) < 0) ||
	    (result = check_target(output, options, err)) < 0 ||
	    (result = io_need_space(output->folder_fd, output->path, output->folder,
				    options->expected, err)) < 0 ||
	    (result = options->folder ? open_folder(output, err) : open_file(output, err)) < 0)
		return result;
	*ret_output = STEAL(output);
	return 0;
}

int output_fd(const struct output *output)
{
	return output->fd;
}

const char *output_reopen_path(const struct output *output)
{
	return output->reopen;
}

/* ---- the name ---- */

static int cannot_name(const struct output *output, int failure, struct err *err)
{
	return failure == EEXIST ? err_set(err, ERR_EXISTS, "'%s' is there already", output->path)
				 : err_errno(err, failure, "cannot name '%s'", output->path);
}

/* What a call says that the file system (NFS, FUSE) or the system has not. */
static bool is_lacking(int failure)
{
	return failure == EINVAL || failure == ENOSYS || failure == EOPNOTSUPP ||
	       failure == EPERM || failure == ENOENT;
}

/* A file that cannot get a name any more: the same bytes in one that has a temporary name. */
static int copy_to_named(struct output *output, struct err *err)
{
	CLEANUP(closep) int from = steal_fd(&output->fd);
	struct stat info;
	int result;

	free(STEAL(output->reopen));
	if (fstat(from, &info) < 0)
		return err_errno(err, errno, "cannot write '%s'", output->path);
	if ((result = open_named(output, err)) < 0 ||
	    (result = io_copy(from, 0, output->fd, 0, (uint64_t)info.st_size, err)) < 0)
		return result;
	return fsync(output->fd) < 0 ? err_errno(err, errno, "cannot write '%s'", output->path) : 0;
}

/* A file without a name gets its name; or a temporary one, since linkat() cannot replace. */
static int name_file(struct output *output, struct err *err)
{
	int linked, failure;

	do {
		if (output->replace && make_temporary_name(output, err) < 0)
			return -ERR_NOMEM;
		linked = linkat(AT_FDCWD, output->reopen, output->folder_fd,
				output->replace ? output->temporary : output->name,
				AT_SYMLINK_FOLLOW);
	} while (linked < 0 && errno == EEXIST && output->replace);
	if (linked == 0)
		return 0;
	failure = errno;
	free(STEAL(output->temporary));
	return is_lacking(failure) ? copy_to_named(output, err) : cannot_name(output, failure, err);
}

/* A second name is exclusive, too. What can have none is renamed if nothing is seen there. */
static int rename_to_free(const struct output *output)
{
	struct stat there;

	if (!output->is_folder) {
		if (linkat(output->folder_fd, output->temporary, output->folder_fd, output->name,
			   0) == 0) {
			unlinkat(output->folder_fd, output->temporary, 0);
			return 0;
		}
		if (!is_lacking(errno))
			return -1;
	}
	if (fstatat(output->folder_fd, output->name, &there, AT_SYMLINK_NOFOLLOW) == 0)
		return errno = EEXIST, -1;
	return renameat(output->folder_fd, output->temporary, output->folder_fd, output->name);
}

static int rename_output(struct output *output, struct err *err)
{
	unsigned flags = output->replace ? 0 : RENAME_NOREPLACE;

	if (renameat2(output->folder_fd, output->temporary, output->folder_fd, output->name,
		      flags) < 0 &&
	    (output->replace || !is_lacking(errno) || rename_to_free(output) < 0))
		return cannot_name(output, errno, err);
	free(STEAL(output->temporary));
	return 0;
}

int output_publish(struct output *output, struct err *err)
{
	int result;

	if (fsync(output->fd) < 0)
		return err_errno(err, errno, "cannot write '%s'", output->path);
	if (!output->temporary && (result = name_file(output, err)) < 0)
		return result;
	if (output->temporary && (result = rename_output(output, err)) < 0)
		return result;
	fsync(output->folder_fd);
	return 0;
}

/* Everything in a folder that was not published: at most two levels, as an OCI layout has. */
static void remove_contents(int folder_fd, const char *name, unsigned levels)
{
	CLEANUP(closep) int fd = openat(folder_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	const struct dirent *item;
	DIR *list;
	int copy;

	if (fd < 0)
		return;
	copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	list = copy < 0 ? NULL : fdopendir(copy);
	while (list && (item = readdir(list))) {
		if (strcmp(item->d_name, ".") == 0 || strcmp(item->d_name, "..") == 0)
			continue;
		if (unlinkat(fd, item->d_name, 0) == 0)
			continue;
		if (levels)
			remove_contents(fd, item->d_name, levels - 1);
		unlinkat(fd, item->d_name, AT_REMOVEDIR);
	}
	if (list)
		closedir(list);
	else if (copy >= 0)
		close(copy);
}

void output_close(struct output *output)
{
	if (!output)
		return;
	if (output->temporary && output->is_folder) {
		remove_contents(output->folder_fd, output->temporary, 2);
		unlinkat(output->folder_fd, output->temporary, AT_REMOVEDIR);
	} else if (output->temporary) {
		unlinkat(output->folder_fd, output->temporary, 0);
	}
	closep(&output->fd);
	closep(&output->folder_fd);
	free(output->path);
	free(output->folder);
	free(output->temporary);
	free(output->reopen);
	free(output);
}

void output_closep(struct output **output)
{
	output_close(*output);
}
