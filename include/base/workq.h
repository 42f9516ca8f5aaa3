/*
 * A few threads that take tasks in the order in which they were given. The
 * only file beside session/ that knows threads.
 */
#ifndef BASE_WORKQ_H
#define BASE_WORKQ_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct workq;

/* 'threads' 0: one per processor. ERR_IO if none can be started, ERR_NOMEM. */
int workq_new(size_t threads, struct workq **ret_queue, struct err *err);

/* Waits for all tasks, then ends the threads. NULL is fine. */
void workq_free(struct workq *queue);
void workq_freep(struct workq **queue);

/* How many threads can run at once, at least 1. */
size_t workq_processors(void);

size_t workq_threads(const struct workq *queue);

/* Run function(argument) on a thread. Both are borrowed until it has returned. ERR_NOMEM. */
int workq_add(struct workq *queue, void (*function)(void *argument), void *argument,
	      struct err *err);

/* Wait until no task is waiting or running. */
void workq_wait(struct workq *queue);

/* A task in the caller's memory, which can be waited for by itself. Zeroed before its first use. */
struct workq_task {
	struct workq_task *next;
	void (*function)(void *argument);
	void *argument;
	bool is_pending; /* waits or runs */
	bool is_owned;   /* by the queue */
};

/*
 * Run function(argument) on a thread; 'task' is borrowed until workq_join()
 * and must not be pending. 'queue' NULL: here, before it returns.
 */
void workq_start(struct workq *queue, struct workq_task *task, void (*function)(void *argument),
		 void *argument);

/* Wait until 'task' has run; at once if it was never started. 'queue' as for workq_start(). */
void workq_join(struct workq *queue, struct workq_task *task);

#endif
