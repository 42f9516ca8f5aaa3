/* How far a job is: a few atomics that the screen samples; workers never call up. */
#ifndef BASE_PROGRESS_H
#define BASE_PROGRESS_H

#include <stdatomic.h>
#include <stdint.h>

struct progress {
	_Atomic uint64_t done;  /* bytes */
	_Atomic uint64_t total; /* bytes; 0: not known */
};

/* NULL: nobody looks. */
static inline void progress_add(struct progress *progress, uint64_t bytes)
{
	if (progress)
		atomic_fetch_add_explicit(&progress->done, bytes, memory_order_relaxed);
}

static inline void progress_expect(struct progress *progress, uint64_t bytes)
{
	if (progress)
		atomic_fetch_add_explicit(&progress->total, bytes, memory_order_relaxed);
}

/* What was expected, and is now expected by somebody who knows better. */
static inline void progress_forget(struct progress *progress, uint64_t bytes)
{
	if (progress)
		atomic_fetch_sub_explicit(&progress->total, bytes, memory_order_relaxed);
}

#endif
