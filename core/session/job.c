/* Work on a thread; see session_priv.h. */
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "session_priv.h"

void session__wake(const struct session *session)
{
	uint64_t one = 1;
	ssize_t n;

	do
		n = write(session->wake_fd, &one, sizeof(one));
	while (n < 0 && errno == EINTR);
}

static void *run(void *argument)
{
	struct job *job = argument;

	job->result = job->run(job->session, job, &job->err);
	atomic_store(&job->finished, true);
	session__wake(job->session);
	return NULL;
}

void job_start(struct job *job, struct session *session,
	       int (*function)(struct session *, struct job *, struct err *),
	       void (*take)(struct session *, struct job *), void *argument)
{
	int failure;

	memset(job, 0, sizeof(*job));
	job->run = function;
	job->take = take;
	job->argument = argument;
	job->session = session;
	failure = pthread_create(&job->thread, NULL, run, job);
	job->started = failure == 0;
	if (failure) {
		job->result = err_errno(&job->err, failure, "cannot start a thread");
		atomic_store(&job->finished, true);
		session__wake(session);
	}
}

bool job_is_running(const struct job *job)
{
	return job->run != NULL;
}

bool job_poll(struct job *job)
{
	void (*take)(struct session *, struct job *) = job->take;

	if (!job->run || !atomic_load(&job->finished))
		return false;
	if (job->started)
		pthread_join(job->thread, NULL);
	job->started = false;
	job->run = NULL;
	take(job->session, job);
	return true;
}
