/* A list of tasks under one lock; see base/workq.h. */
#include "base/workq.h"

#include <pthread.h>

struct workq {
	pthread_mutex_t lock;
	pthread_cond_t work; /* there is a task, or the end */
	pthread_cond_t done; /* a task has run */
	struct workq_task *first, **end;
	size_t running;
	bool closing;
	size_t thread_count;
	pthread_t threads[];
};

enum { MOST_THREADS = 64 };

/* Under the lock, but for the task itself. */
static void run_first(struct workq *queue)
{
	struct workq_task *task = queue->first;

	queue->first = task->next;
	if (!queue->first)
		queue->end = &queue->first;
	queue->running++;
	pthread_mutex_unlock(&queue->lock);
	task->function(task->argument);
	pthread_mutex_lock(&queue->lock);
	queue->running--;
	task->is_pending = false;
	if (task->is_owned)
		free(task);
	pthread_cond_broadcast(&queue->done);
}

static void *work(void *argument)
{
	struct workq *queue = argument;

	pthread_mutex_lock(&queue->lock);
	while (queue->first || !queue->closing) {
		if (queue->first)
			run_first(queue);
		else
			pthread_cond_wait(&queue->work, &queue->lock);
	}
	pthread_mutex_unlock(&queue->lock);
	return NULL;
}

size_t workq_processors(void)
{
	long count = sysconf(_SC_NPROCESSORS_ONLN);

	return count < 1 ? 1 : (size_t)count;
}

int workq_new(size_t threads, struct workq **ret_queue, struct err *err)
{
	struct workq *queue;
	int failure = 0;

	if (threads == 0)
		threads = workq_processors();
	if (threads > MOST_THREADS)
		threads = MOST_THREADS;
	queue = calloc(1, sizeof(*queue) + threads * sizeof(*queue->threads));
	if (!queue)
		return err_nomem(err);
	pthread_mutex_init(&queue->lock, NULL);
	pthread_cond_init(&queue->work, NULL);
	pthread_cond_init(&queue->done, NULL);
	queue->end = &queue->first;
	while (queue->thread_count < threads) {
		failure = pthread_create(&queue->threads[queue->thread_count], NULL, work, queue);
		if (failure)
			break;
		queue->thread_count++;
	}
	if (queue->thread_count == 0) {
		workq_free(queue);
		return err_errno(err, failure, "cannot start a thread");
	}
	*ret_queue = queue;
	return 0;
}

void workq_free(struct workq *queue)
{
	if (!queue)
		return;
	pthread_mutex_lock(&queue->lock);
	queue->closing = true;
	pthread_cond_broadcast(&queue->work);
	pthread_mutex_unlock(&queue->lock);
	for (size_t i = 0; i < queue->thread_count; i++)
		pthread_join(queue->threads[i], NULL);
	pthread_cond_destroy(&queue->done);
	pthread_cond_destroy(&queue->work);
	pthread_mutex_destroy(&queue->lock);
	free(queue);
}

void workq_freep(struct workq **queue)
{
	workq_free(*queue);
}

size_t workq_threads(const struct workq *queue)
{
	return queue->thread_count;
}

static void push(struct workq *queue, struct workq_task *task)
{
	pthread_mutex_lock(&queue->lock);
	*queue->end = task;
	queue->end = &task->next;
	pthread_cond_signal(&queue->work);
	pthread_mutex_unlock(&queue->lock);
}

int workq_add(struct workq *queue, void (*function)(void *argument), void *argument,
	      struct err *err)
{
	struct workq_task *task = calloc(1, sizeof(*task));

	if (!task)
		return err_nomem(err);
	task->function = function;
	task->argument = argument;
	task->is_owned = true;
	push(queue, task);
	return 0;
}

void workq_wait(struct workq *queue)
{
	pthread_mutex_lock(&queue->lock);
	while (queue->first || queue->running > 0)
		pthread_cond_wait(&queue->done, &queue->lock);
	pthread_mutex_unlock(&queue->lock);
}

void workq_start(struct workq *queue, struct workq_task *task, void (*function)(void *argument),
		 void *argument)
{
	if (!queue) {
		function(argument);
		return;
	}
	*task = (struct workq_task){
		.function = function, .argument = argument, .is_pending = true
	};
	push(queue, task);
}

void workq_join(struct workq *queue, struct workq_task *task)
{
	if (!queue)
		return;
	pthread_mutex_lock(&queue->lock);
	while (task->is_pending)
		pthread_cond_wait(&queue->done, &queue->lock);
	pthread_mutex_unlock(&queue->lock);
}
