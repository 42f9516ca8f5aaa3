/* System calls with loops; see base/io.h. */
#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "base/limits.h"
#include "base/text.h"

enum { COPY_BYTES = 1 << 20 };

int64_t io_pread(int fd, void *buffer, size_t len, uint64_t offset, struct err *err)
{
	size_t got = 0;

	while (got < len) {
		ssize_t n = pread(fd, (char *)buffer + got, len - got, (off_t)(offset + got));

		if (n == 0)
			break;
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(err, errno, "cannot read");
		got += (size_t)n;
	}
	return (int64_t)got;
}

int io_write(int fd, const void *bytes, size_t len, struct err *err)
{
	const char *p = bytes;

	while (len > 0) {
		ssize_t n = write(fd, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(err, errno, "cannot write");
		p += n;
		len -= (size_t)n;
	}
	return 0;
}

int io_pwrite(int fd, const void *bytes, size_t len, uint64_t offset, struct err *err)
{
	const char *p = bytes;

	while (len > 0) {
		ssize_t n = pwrite(fd, p, len, (off_t)offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(err, errno, "cannot write");
		p += n;
		offset += (uint64_t)n;
		len -= (size_t)n;
	}
	return 0;
}

static int copy_by_hand(int from, uint64_t from_offset, int to, uint64_t to_offset, uint64_t len,
			struct err *err)
{
	CLEANUP(freep) char *buffer = malloc(COPY_BYTES);

	if (!buffer)
		return err_nomem(err);
	while (len > 0) {
		size_t part = len < COPY_BYTES ? (size_t)len : COPY_BYTES;
		int64_t n = io_pread(from, buffer, part, from_offset, err);

		if (n < 0)
			return (int)n;
		if (n == 0)
			return err_set(err, ERR_FORMAT, "ends early");
		if (io_pwrite(to, buffer, (size_t)n, to_offset, err) < 0)
			return -ERR_IO;
		from_offset += (uint64_t)n;
		to_offset += (uint64_t)n;
		len -= (uint64_t)n;
	}
	return 0;
}

/* What file systems say that cannot copy between these two files. */
static bool cannot_copy(int errnum)
{
	return errnum == EXDEV || errnum == EINVAL || errnum == ENOSYS || errnum == EOPNOTSUPP ||
	       errnum == EPERM || errnum == EBADF;
}

int io_copy(int from, uint64_t from_offset, int to, uint64_t to_offset, uint64_t len,
	    struct err *err)
{
	while (len > 0) {
		off_t in = (off_t)from_offset, out = (off_t)to_offset;
		ssize_t n = copy_file_range(from, &in, to, &out,
					    len < SSIZE_MAX ? (size_t)len : SSIZE_MAX, 0);

		if (n < 0 && errno == EINTR)
			continue;
		/* 0: the end, or a file system that cannot (as /proc): reading tells. */
		if (n == 0 || (n < 0 && cannot_copy(errno)))
			return copy_by_hand(from, from_offset, to, to_offset, len, err);
		if (n < 0)
			return err_errno(err, errno, "cannot write");
		from_offset += (uint64_t)n;
		to_offset += (uint64_t)n;
		len -= (uint64_t)n;
	}
	return 0;
}

int io_open_unlinked(const char *folder, int *ret_fd, struct err *err)
{
	CLEANUP(freep) char *path = NULL;
	int fd;

	if (!folder)
		folder = "/tmp";
	fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd < 0) {
		if (asprintf(&path, "%s/.spool.XXXXXX", folder) < 0) {
			path = NULL;
			return err_nomem(err);
		}
		fd = mkostemp(path, O_CLOEXEC);
		if (fd >= 0)
			unlink(path);
	}
	if (fd < 0)
		return err_errno(err, errno, "cannot make a temporary file in '%s'", folder);
	*ret_fd = fd;
	return 0;
}

uint64_t io_free_space(int fd)
{
	struct statvfs there;

	if (fstatvfs(fd, &there) < 0)
		return UINT64_MAX;
	return (uint64_t)there.f_bavail * there.f_frsize;
}

int io_need_space(int fd, const char *path, const char *folder, uint64_t bytes, struct err *err)
{
	uint64_t free_bytes = io_free_space(fd);
	char need[32], have[32];

	if (bytes <= free_bytes)
		return 0;
	return err_set(err, ERR_IO, "'%s' needs %s, '%s' has %s free", path,
		       text_size(need, sizeof(need), bytes), folder,
		       text_size(have, sizeof(have), free_bytes));
}

int io_read_file(const char *path, uint64_t most, char **ret_bytes, size_t *ret_len,
		 struct err *err)
{
	CLEANUP(closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	CLEANUP(freep) char *bytes = NULL;
	struct stat there;
	int64_t len;

	if (fd < 0 || fstat(fd, &there) < 0)
		return err_errno(err, errno, "'%s'", path);
	if (!S_ISREG(there.st_mode))
		return err_set(err, ERR_IO, "'%s': is no regular file", path);
	if (limits_check((uint64_t)there.st_size, most, path, err) < 0)
		return -ERR_LIMIT;
	bytes = malloc((size_t)there.st_size + 1);
	if (!bytes)
		return err_nomem(err);
	len = io_pread(fd, bytes, (size_t)there.st_size, 0, err);
	if (len < 0)
		return err_wrap(err, "'%s'", path);
	bytes[len] = '\0';
	*ret_bytes = STEAL(bytes);
	*ret_len = (size_t)len;
	return 0;
}
