/* "Stop": set by one thread, tested by the one that works. */
#ifndef BASE_CANCEL_H
#define BASE_CANCEL_H

#include <stdatomic.h>
#include <stdbool.h>

#include "base/err.h"

struct cancel {
	atomic_bool requested; /* {0}: go on */
};

/* May be called from a signal handler. */
static inline void cancel_request(struct cancel *cancel)
{
	atomic_store_explicit(&cancel->requested, true, memory_order_relaxed);
}

/* NULL: never. */
static inline bool cancel_requested(const struct cancel *cancel)
{
	return cancel && atomic_load_explicit(&cancel->requested, memory_order_relaxed);
}

/* 0, or ERR_CANCELLED. */
static inline int cancel_check(const struct cancel *cancel, struct err *err)
{
	return cancel_requested(cancel) ? err_set(err, ERR_CANCELLED, "cancelled") : 0;
}

#endif
