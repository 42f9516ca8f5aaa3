/*
 * For LD_PRELOAD: lets the Nth call of one function fail, once.
 *
 *	FAULT=pwrite:3:28    the third pwrite() fails with errno 28
 *	FAULT=flip:3:0       the third pwrite() of more than zeros and a header writes another last byte
 *	FAULT_COUNT=FILE     gets the number of calls, at exit
 *
 * Calls on standard output and error are not counted; of allocations those that
 * the program makes itself: libcrypto does not survive one in its own start.
 */
#include <dlfcn.h>
#include <errno.h>
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
WRAP(int, fsync, (int fd), (fd), true)
WRAP(int, close, (int fd), (fd), fd > 2)
WRAP(int, ftruncate, (int fd, off_t len), (fd, len), true)
WRAP(int, rename, (const char *from, const char *to), (from, to), true)
WRAP(int, renameat, (int a, const char *from, int b, const char *to), (a, from, b, to), true)
WRAP(int, renameat2, (int a, const char *from, int b, const char *to, unsigned flags),
     (a, from, b, to, flags), true)
WRAP(int, linkat, (int a, const char *from, int b, const char *to, int flags),
     (a, from, b, to, flags), true)
WRAP(int, mkdirat, (int fd, const char *path, mode_t mode), (fd, path, mode), true)

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
