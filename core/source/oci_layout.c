/*
 * An OCI layout folder. Blobs may be links (official layouts have them), as
 * long as every link stays below the folder; only regular files are read.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "base/json.h"
#include "core/source/source_priv.h"

enum { OPEN_FLAGS = O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY };

static bool real_path(int fd, char *out, size_t room)
{
	char link[64];

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	ssize_t len = readlink(link, out, room);

	if (len <= 0 || (size_t)len >= room)
		return false;
	out[len] = '\0';
	return true;
}

/*
 * Where openat2() is missing or forbidden: look at the file without opening
 * it, see where it really lies, then open that very file.
 */
static int open_checked(int folder, const char *name)
{
	char inside[4096], real[4096], again[64];
	CLEANUP(closep) int fd = openat(folder, name, O_PATH | O_CLOEXEC);
	struct stat info;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &info) < 0)
		return -errno;
	if (!real_path(folder, inside, sizeof(inside)) || !real_path(fd, real, sizeof(real)))
		return -EXDEV;
	size_t len = strlen(inside);

	if (strncmp(inside, real, len) != 0 || (real[len] != '/' && real[len] != '\0' && len > 1))
		return -EXDEV;
	if (!S_ISREG(info.st_mode))
		return -EINVAL;
	snprintf(again, sizeof(again), "/proc/self/fd/%d", fd);
	int opened = open(again, OPEN_FLAGS);

	return opened < 0 ? -errno : opened;
}

/* A descriptor, or -errno; EXDEV is "leaves the folder". */
static int open_beneath(int folder, const char *name)
{
	struct open_how how = {
		.flags = OPEN_FLAGS,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS,
	};
	int fd = (int)syscall(SYS_openat2, folder, name, &how, sizeof(how));

	if (fd >= 0)
		return fd;
	if (errno == ENOSYS || errno == EPERM || errno == EAGAIN)
		return open_checked(folder, name);
	return -errno;
}

int oci_layout__open(int folder, const char *name, int *ret_fd, uint64_t *ret_length,
		     struct err *err)
{
	CLEANUP(closep) int fd = open_beneath(folder, name);
	struct stat info;

	if (fd == -ENOENT || fd == -ENOTDIR)
		return err_set(err, ERR_NOT_FOUND, "the folder has no '%s'", name);
	if (fd == -EXDEV || fd == -ELOOP)
		return err_set(err, ERR_FORMAT,
			       "'%s' is a link that leaves the folder or goes in a circle", name);
	if (fd < 0 && fd != -EINVAL && fd != -ENXIO)
		return err_errno(err, -fd, "cannot read '%s'", name);
	if (fd < 0 || fstat(fd, &info) < 0 || !S_ISREG(info.st_mode))
		return err_set(err, ERR_FORMAT, "'%s' is not a regular file", name);
	*ret_length = (uint64_t)info.st_size;
	*ret_fd = steal_fd(&fd);
	return 0;
}

int oci_layout__check(struct source *source, struct err *err)
{
	CLEANUP(freep) char *bytes = NULL;
	CLEANUP(json_decrefp) json_t *json = NULL;
	struct err why = { 0 };
	size_t len;
	int r = source__document(source, "oci-layout", &bytes, &len, &why);

	if (r == -ERR_NOT_FOUND) {
		problem_add(&source->problems, PROBLEM_ODD_VALUE, PROBLEM_NOWHERE,
			    "there is no file 'oci-layout', so the version of the layout is not "
			    "known");
		return 0;
	}
	if (r < 0)
		return err_set(err, why.code, "%s", why.text);
	r = json_parse(bytes, len, "oci-layout", &source->limits, &source->problems, &json, err);
	if (r < 0)
		return r;
	const char *version = json_get_string(json, "imageLayoutVersion");

	if (!version)
		return err_set(err, ERR_FORMAT, "oci-layout: 'imageLayoutVersion' is missing");
	if (strcmp(version, "1.0.0") != 0)
		return err_set(err, ERR_UNSUPPORTED,
			       "oci-layout: version '%.50s' is not read, only 1.0.0 is", version);
	return 0;
}
