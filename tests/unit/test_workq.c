/* Tasks on threads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdatomic.h>
#include <stdbool.h>
#include <time.h>

#include "base/workq.h"

enum { TASKS = 1000 };

static void count_one(void *argument)
{
	atomic_int *count = argument;

	atomic_fetch_add(count, 1);
}

static void every_task_runs_once(void **state)
{
	CLEANUP(workq_freep) struct workq *queue = NULL;
	atomic_int count = 0;

	(void)state;
	assert_int_equal(workq_new(3, &queue, NULL), 0);
	assert_int_equal(workq_threads(queue), 3);
	for (int i = 0; i < TASKS; i++)
		assert_int_equal(workq_add(queue, count_one, &count, NULL), 0);
	workq_wait(queue);
	assert_int_equal(count, TASKS);
}

static void it_can_be_used_again_after_a_wait(void **state)
{
	CLEANUP(workq_freep) struct workq *queue = NULL;
	atomic_int count = 0;

	(void)state;
	assert_int_equal(workq_new(2, &queue, NULL), 0);
	workq_wait(queue);
	for (int i = 1; i <= 3; i++) {
		workq_add(queue, count_one, &count, NULL);
		workq_wait(queue);
		assert_int_equal(count, i);
	}
}

struct ordered {
	int *next;
	int number;
	bool in_order;
};

static void note_order(void *argument)
{
	struct ordered *task = argument;

	task->in_order = (*task->next)++ == task->number;
}

static void one_thread_keeps_the_order(void **state)
{
	CLEANUP(workq_freep) struct workq *queue = NULL;
	struct ordered tasks[100];
	int next = 0;

	(void)state;
	assert_int_equal(workq_new(1, &queue, NULL), 0);
	for (int i = 0; i < 100; i++) {
		tasks[i] = (struct ordered){ .next = &next, .number = i };
		assert_int_equal(workq_add(queue, note_order, &tasks[i], NULL), 0);
	}
	workq_wait(queue);
	for (int i = 0; i < 100; i++)
		assert_true(tasks[i].in_order);
}

struct nested {
	struct workq *queue;
	atomic_int count;
};

static void add_another(void *argument)
{
	struct nested *nested = argument;

	workq_add(nested->queue, count_one, &nested->count, NULL);
}

static void a_task_may_add_a_task(void **state)
{
	struct nested nested = { 0 };

	(void)state;
	assert_int_equal(workq_new(1, &nested.queue, NULL), 0);
	workq_add(nested.queue, add_another, &nested, NULL);
	workq_wait(nested.queue);
	assert_int_equal(nested.count, 1);
	workq_free(nested.queue);
}

static void sleep_and_count(void *argument)
{
	const struct timespec while_others_go_on = { .tv_nsec = 1000 * 1000 };

	nanosleep(&while_others_go_on, NULL);
	count_one(argument);
}

static void freeing_waits_for_all_tasks(void **state)
{
	struct workq *queue = NULL;
	atomic_int count = 0;

	(void)state;
	assert_int_equal(workq_new(2, &queue, NULL), 0);
	for (int i = 0; i < 20; i++)
		workq_add(queue, sleep_and_count, &count, NULL);
	workq_free(queue);
	assert_int_equal(count, 20);
}

static void no_number_means_one_per_processor(void **state)
{
	CLEANUP(workq_freep) struct workq *queue = NULL;

	(void)state;
	assert_int_equal(workq_new(0, &queue, NULL), 0);
	assert_true(workq_threads(queue) >= 1);
	workq_free(NULL);
}

static void a_task_can_be_waited_for_by_itself(void **state)
{
	CLEANUP(workq_freep) struct workq *queue = NULL;
	struct workq_task tasks[50] = { 0 };
	atomic_int counts[50] = { 0 };

	(void)state;
	assert_int_equal(workq_new(3, &queue, NULL), 0);
	for (int round = 1; round <= 20; round++) {
		for (int i = 0; i < 50; i++)
			workq_start(queue, &tasks[i], count_one, &counts[i]);
		for (int i = 49; i >= 0; i--) {
			workq_join(queue, &tasks[i]);
			assert_int_equal(counts[i], round);
		}
	}
}

static void a_task_that_was_never_started_is_not_waited_for(void **state)
{
	CLEANUP(workq_freep) struct workq *queue = NULL;
	struct workq_task task = { 0 };

	(void)state;
	assert_int_equal(workq_new(1, &queue, NULL), 0);
	workq_join(queue, &task);
}

static void without_a_queue_a_task_runs_at_once(void **state)
{
	struct workq_task task = { 0 };
	atomic_int count = 0;

	(void)state;
	workq_start(NULL, &task, count_one, &count);
	assert_int_equal(count, 1);
	workq_join(NULL, &task);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_task_runs_once),
		cmocka_unit_test(it_can_be_used_again_after_a_wait),
		cmocka_unit_test(one_thread_keeps_the_order),
		cmocka_unit_test(a_task_may_add_a_task),
		cmocka_unit_test(freeing_waits_for_all_tasks),
		cmocka_unit_test(no_number_means_one_per_processor),
		cmocka_unit_test(a_task_can_be_waited_for_by_itself),
		cmocka_unit_test(a_task_that_was_never_started_is_not_waited_for),
		cmocka_unit_test(without_a_queue_a_task_runs_at_once),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
