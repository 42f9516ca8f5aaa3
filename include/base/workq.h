/*
 * A few threads that take tasks in the order in which they were given. The
 * only file beside session/ that knows threads.
 */
#ifndef BASE_WORKQ_H
#define BASE_WORKQ_H

#include <stddef.h>

#include "base/err.h"

struct workq;

/* 'threads' 0: one per processor. ERR_IO if none can be started, ERR_NOMEM. */
int workq_new(size_t threads, struct workq **ret_queue, struct err *err);

/* Waits for all tasks, then ends the threads. NULL is fine. */
void workq_free(struct workq *queue);
void workq_freep(struct workq **queue);

size_t workq_threads(const struct workq *queue);

/* Run function(argument) on a thread. Both are borrowed until it has returned. ERR_NOMEM. */
int workq_add(struct workq *queue, void (*function)(void *argument), void *argument,
	      struct err *err);

/* Wait until no task is waiting or running. */
void workq_wait(struct workq *queue);

#endif
