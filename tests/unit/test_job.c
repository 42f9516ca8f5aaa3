/* Work on a thread: finished, taken, cancelled. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <poll.h>
#include <sys/eventfd.h>

#include "core/session/session_priv.h"

static int taken;

static void take(struct session *session, struct job *job)
{
	(void)session;
	assert_ptr_equal(job->argument, &taken);
	taken++;
}

static int work(struct session *session, struct job *job, struct err *err)
{
	(void)session;
	(void)err;
	progress_add(&job->progress, 5);
	return 42;
}

static int fail_work(struct session *session, struct job *job, struct err *err)
{
	(void)session;
	(void)job;
	return err_set(err, ERR_FORMAT, "no good");
}

static int work_until_cancelled(struct session *session, struct job *job, struct err *err)
{
	(void)session;
	while (!cancel_requested(&job->cancel))
		usleep(100);
	return cancel_check(&job->cancel, err);
}

static void start(struct session *session, struct job *job,
		  int (*run)(struct session *, struct job *, struct err *))
{
	*session = (struct session){ .wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK) };
	assert_true(session->wake_fd >= 0);
	taken = 0;
	job_start(job, session, run, take, &taken);
}

static void finish(struct session *session, struct job *job)
{
	while (!job_poll(job)) {
		struct pollfd wake = { .fd = session->wake_fd, .events = POLLIN };

		assert_int_equal(poll(&wake, 1, 10000), 1);
	}
	assert_int_equal(taken, 1);
	assert_false(job_is_running(job));
	assert_false(job_poll(job));
	close(session->wake_fd);
}

static void a_job_wakes_and_is_taken_once(void **state)
{
	struct session session;
	struct job job = { 0 };

	(void)state;
	assert_false(job_is_running(&job));
	assert_false(job_poll(&job));
	start(&session, &job, work);
	assert_true(job_is_running(&job));
	finish(&session, &job);
	assert_int_equal(job.result, 42);
	assert_int_equal(job.progress.done, 5);
}

static void a_failure_is_handed_over(void **state)
{
	struct session session;
	struct job job = { 0 };

	(void)state;
	start(&session, &job, fail_work);
	finish(&session, &job);
	assert_int_equal(job.result, -ERR_FORMAT);
	assert_string_equal(job.err.text, "no good");
}

static void a_job_can_be_cancelled(void **state)
{
	struct session session;
	struct job job = { 0 };

	(void)state;
	start(&session, &job, work_until_cancelled);
	assert_false(job_poll(&job));
	cancel_request(&job.cancel);
	finish(&session, &job);
	assert_int_equal(job.result, -ERR_CANCELLED);
}

static void a_job_may_be_started_again(void **state)
{
	struct session session;
	struct job job = { 0 };

	(void)state;
	for (int i = 0; i < 3; i++) {
		start(&session, &job, work_until_cancelled);
		/* An old request does not count. */
		assert_false(cancel_requested(&job.cancel));
		cancel_request(&job.cancel);
		finish(&session, &job);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_job_wakes_and_is_taken_once),
		cmocka_unit_test(a_failure_is_handed_over),
		cmocka_unit_test(a_job_can_be_cancelled),
		cmocka_unit_test(a_job_may_be_started_again),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
