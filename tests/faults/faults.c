/*
 * For LD_PRELOAD: lets the Nth call of one function fail, once.
 *
 *	FAULT=pwrite:3:28    the third pwrite() fails with errno 28
 *	FAULT=flip:3:0       the third pwrite() of more than zeros and a header writes another last byte
 *	FAULT_COUNT=FILE     gets the number of calls, at exit
 *	FAULT_SYNCED=FILE    gets the path of each descriptor that was synced
 *	LACKS=tmpfile,link   what the system has not: each such call fails
 *
 * It may lack: tmpfile (files without a name), proc (/proc/self/fd), descriptor-link (linkat() by it),
 * noreplace (RENAME_NOREPLACE), link (hard links).
 *
 * Calls on standard output and error are not counted; of allocations those that
 * the program makes itself: libcrypto does not survive one in its own start.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static char wanted[32];
static long fail_at;
static int fail_errno;
static atomic_long calls;
static uintptr_t text_begin, text_end; /* the program's code */

/* The executable mapping of /proc/self/exe. */
static void find_text(void)
{
	char own[4096] = "", line[4500], path[4096], mode[8];
	FILE *file = fopen("/proc/self/maps", "r");
	uintptr_t from, to;

	if (readlink("/proc/self/exe", own, sizeof(own) - 1) < 0 || !file)
		abort();
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%lx-%lx %7s %*s %*s %*s %4095[^\n]", &from, &to, mode, path) ==
			    4 &&
		    strchr(mode, 'x') && strcmp(path, own) == 0) {
			text_begin = from;
			text_end = to;
		}
	}
	fclose(file);
}

__attribute__((constructor)) static void begin(void)
{
	const char *text = getenv("FAULT");

	find_text();
	if (text)
		sscanf(text, "%31[a-z0-9_]:%ld:%d", wanted, &fail_at, &fail_errno);
}

__attribute__((destructor)) static void end(void)
{
	const char *path = getenv("FAULT_COUNT");
	FILE *file = path ? fopen(path, "w") : NULL;

	if (file) {
		fprintf(file, "%ld\n", atomic_load(&calls));
		fclose(file);
	}
}

/* Whether this call of the function is the one that fails. */
static bool fails(const char *name)
{
	if (!wanted[0] || strcmp(name, wanted) != 0)
		return false;
	if (atomic_fetch_add(&calls, 1) + 1 != fail_at)
		return false;
	errno = fail_errno;
	return true;
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

#define WRAP(type, name, parameters, arguments, counted)                                           \
	type name parameters;                                                                      \
	type name parameters                                                                       \
	{                                                                                          \
		static __typeof__(&name) next;                                                     \
                                                                                                   \
		if (!next)                                                                         \
			next = NEXT(name);                                                         \
		return (counted) && fails(#name) ? (type)-1 : next arguments;                      \
	}

WRAP(ssize_t, write, (int fd, const void *bytes, size_t len), (fd, bytes, len), fd > 2)
WRAP(ssize_t, pread, (int fd, void *bytes, size_t len, off_t at), (fd, bytes, len, at), true)
WRAP(int, close, (int fd), (fd), fd > 2)
WRAP(int, ftruncate, (int fd, off_t len), (fd, len), true)
WRAP(int, rename, (const char *from, const char *to), (from, to), true)
WRAP(int, renameat, (int a, const char *from, int b, const char *to), (a, from, b, to), true)
WRAP(int, mkdirat, (int fd, const char *path, mode_t mode), (fd, path, mode), true)

/* ---- what the system lacks ---- */

static bool lacks(const char *what, int failure)
{
	const char *text = getenv("LACKS");
	size_t len = strlen(what);

	while (text && *text) {
		if (strncmp(text, what, len) == 0 && strchr(",", text[len])) {
			errno = failure;
			return true;
		}
		text += strcspn(text, ",");
		text += *text == ',';
	}
	return false;
}

int access(const char *path, int mode)
{
	static __typeof__(&access) next;

	if (!next)
		next = NEXT(access);
	return strncmp(path, "/proc/self/fd/", 14) == 0 && lacks("proc", ENOENT) ? -1
										 : next(path, mode);
}

/* Only those that make a file are counted. */
int openat(int folder, const char *path, int flags, ...)
{
	static __typeof__(&openat) next;
	mode_t mode = 0;
	va_list rest;

	if (!next)
		next = NEXT(openat);
	if (flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE) {
		va_start(rest, flags);
		mode = va_arg(rest, mode_t);
		va_end(rest);
	}
	if ((flags & O_TMPFILE) == O_TMPFILE && lacks("tmpfile", EOPNOTSUPP))
		return -1;
	return flags & O_CREAT && fails("openat") ? -1 : next(folder, path, flags, mode);
}

int renameat2(int a, const char *from, int b, const char *to, unsigned flags)
{
	static __typeof__(&renameat2) next;

	if (!next)
		next = NEXT(renameat2);
	if (flags & RENAME_NOREPLACE && lacks("noreplace", EINVAL))
		return -1;
	return fails("renameat2") ? -1 : next(a, from, b, to, flags);
}

int linkat(int a, const char *from, int b, const char *to, int flags)
{
	static __typeof__(&linkat) next;

	if (!next)
		next = NEXT(linkat);
	if (flags & AT_SYMLINK_FOLLOW ? lacks("descriptor-link", ENOENT) : lacks("link", EPERM))
		return -1;
	return fails("linkat") ? -1 : next(a, from, b, to, flags);
}

/* ---- the others that are not alike ---- */

static void note_synced(int fd)
{
	const char *name = getenv("FAULT_SYNCED");
	FILE *file = name ? fopen(name, "a") : NULL;
	char link[64], path[4096] = "";

	if (!file)
		return;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	if (readlink(link, path, sizeof(path) - 1) > 0)
		fprintf(file, "%s\n", path);
	fclose(file);
}

int fsync(int fd)
{
	static __typeof__(&fsync) next;

	if (!next)
		next = NEXT(fsync);
	note_synced(fd);
	return fails("fsync") ? -1 : next(fd);
}

ssize_t pwrite64(int fd, const void *bytes, size_t len, off64_t at)
{
	static __typeof__(&pwrite64) next;
	unsigned char other;

	if (!next)
		next = NEXT(pwrite64);
	if (fails("pwrite"))
		return -1;
	if (len <= 1024 || !fails("flip"))
		return next(fd, bytes, len, at);
	other = ((const unsigned char *)bytes)[len - 1] ^ 1;
	if (next(fd, bytes, len - 1, at) != (ssize_t)len - 1)
		return -1;
	return next(fd, &other, 1, at + (off64_t)len - 1) == 1 ? (ssize_t)len : -1;
}

ssize_t pwrite(int fd, const void *bytes, size_t len, off_t at)
{
	return pwrite64(fd, bytes, len, at);
}

ssize_t copy_file_range(int from, off64_t *from_at, int to, off64_t *to_at, size_t len,
			unsigned flags)
{
	static __typeof__(&copy_file_range) next;

	if (!next)
		next = NEXT(copy_file_range);
	return fails("copy_file_range") ? -1 : next(from, from_at, to, to_at, len, flags);
}

static bool allocation_fails(const void *caller)
{
	return (uintptr_t)caller >= text_begin && (uintptr_t)caller < text_end && fails("malloc");
}

/* glibc's own, as dlsym() allocates. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);

void *malloc(size_t size)
{
	return allocation_fails(__builtin_return_address(0)) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return allocation_fails(__builtin_return_address(0)) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	return allocation_fails(__builtin_return_address(0)) ? NULL : __libc_realloc(old, size);
}
