/*
 * Ownership in local variables: what a function owns is released when it
 * leaves, unless it is handed on with STEAL().
 */
#ifndef BASE_CLEANUP_H
#define BASE_CLEANUP_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define CLEANUP(fn) __attribute__((cleanup(fn)))
#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))

/* The value of 'p', which is NULL afterwards: ownership leaves the scope. */
#define STEAL(p)                                                                                   \
	({                                                                                         \
		__typeof__(p) steal__ = (p);                                                       \
		(p) = NULL;                                                                        \
		steal__;                                                                           \
	})

/* The same for a descriptor, which is -1 afterwards. */
static inline int steal_fd(int *fd)
{
	int taken = *fd;

	*fd = -1;
	return taken;
}

/* 'p' is the address of a pointer to malloc'ed memory. */
static inline void freep(void *p)
{
	free(*(void **)p);
}

static inline void closep(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static inline void fclosep(FILE **file)
{
	if (*file)
		fclose(*file);
}

#endif
