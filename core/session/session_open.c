/*
 * From an argument to a judged tree, on the opening job's thread. Each part is
 * handed over as soon as it is there.
 */
#include <string.h>

#include "session_priv.h"

static void hand_over(struct session *session, enum session_phase phase)
{
	pthread_mutex_lock(&session->lock);
	session->phase = phase;
	pthread_mutex_unlock(&session->lock);
	session__wake(session);
}

static int open_source(struct session *session, struct job *job, struct err *err)
{
	const struct source_options options = {
		.cancel = &job->cancel,
		.progress = &job->progress,
		.spool_folder = session->spool_folder,
	};
	struct source *source = NULL;
	int result;

	if (session->fd >= 0)
		result = source_open_fd(steal_fd(&session->fd), session->name, &options, &source,
					err);
	else
		result = source_open(session->argument, &options, &source, err);
	if (result < 0)
		return result;
	pthread_mutex_lock(&session->lock);
	session->source = source;
	pthread_mutex_unlock(&session->lock);
	return 0;
}

/* 1: go on with session->choice; 0: the user has to choose. */
static int choose(struct session *session, struct err *err)
{
	struct err failure = { 0 };
	int result;

	if (session->choice != SIZE_MAX)
		return 1;
	result = source_choose(session->source, session->has_platform ? &session->platform : NULL,
			       &session->choice, &failure);
	if (result == 0)
		return 1;
	session->choice = SIZE_MAX;
	if (failure.code == ERR_AMBIGUOUS)
		return 0;
	return err_set(err, failure.code, "%s", failure.text);
}

static int open_image(struct session *session, struct err *err)
{
	struct image *image = NULL;
	struct layer_set layers;
	int result = image_open(session->source, session->choice, NULL, &image, err);

	if (result < 0)
		return result;
	result = layer_set_init(&layers, image, err);
	if (result < 0) {
		image_close(image);
		return result;
	}
	pthread_mutex_lock(&session->lock);
	session->image = image;
	session->layers = layers;
	pthread_mutex_unlock(&session->lock);
	return 0;
}

static void layer_is_ready(void *context, size_t layer)
{
	(void)layer;
	session__wake(context);
}

static int index_layers(struct session *session, struct job *job, struct err *err)
{
	const struct layer_set_options options = {
		.cancel = &job->cancel,
		.progress = &job->progress,
		.ready = layer_is_ready,
		.context = session,
		.lock = &session->lock,
	};

	/* Spooling counted other bytes. */
	atomic_store(&job->progress.done, 0);
	atomic_store(&job->progress.total, 0);
	return layer_set_index(&session->layers, &options, err);
}

static int merge(struct session *session, struct job *job, struct err *err)
{
	const struct layer_index *const *indexes =
		(const struct layer_index *const *)session->layers.indexes;
	struct tree *tree = NULL;
	int result = tree_build(indexes, session->layers.count, &job->cancel, &tree, err);

	if (result < 0)
		return result;
	pthread_mutex_lock(&session->lock);
	session->tree = tree;
	pthread_mutex_unlock(&session->lock);
	return 0;
}

int session__open_run(struct session *session, struct job *job, struct err *err)
{
	int result = 0;

	if (!session->source)
		result = open_source(session, job, err);
	if (result < 0)
		return result;
	result = choose(session, err);
	if (result <= 0)
		return result;
	result = open_image(session, err);
	if (result < 0)
		return result;
	hand_over(session, SESSION_INDEXING);
	result = index_layers(session, job, err);
	if (result < 0)
		return result;
	hand_over(session, SESSION_MERGING);
	result = merge(session, job, err);
	if (result == 0)
		hand_over(session, SESSION_JUDGING);
	return result;
}

void session__open_take(struct session *session, struct job *job)
{
	if (job->result < 0) {
		session->phase = SESSION_FAILED;
		session->view.error = job->err;
		return;
	}
	if (session->choice == SIZE_MAX) {
		session->phase = SESSION_CHOOSING;
		return;
	}
	if (plan_new(session->tree, image_config(session->image), &session->plan,
		     &session->view.error) < 0) {
		session->phase = SESSION_FAILED;
		return;
	}
	session->user_changed = true;
	session->rejudge = true;
}

/* Problems are the job's own until it is taken: others may read the session's meanwhile. */
static int verify_run(struct session *session, struct job *job, struct err *err)
{
	const struct layer_set_options options = { .cancel = &job->cancel,
						   .progress = &job->progress };

	return layer_set_verify(&session->layers, &options, job->argument, err);
}

static void verify_take(struct session *session, struct job *job)
{
	struct session_view *view = &session->view;
	struct problem_list *problems = job->argument;

	problem_list_done(&session->verify_problems);
	session->verify_problems = *problems;
	free(problems);
	if (job->result < 0) {
		view->verify = VERIFY_FAILED;
		view->verify_error = job->err;
	} else {
		view->verify = session->verify_problems.damaged ? VERIFY_MISMATCH : VERIFY_DONE;
	}
}

void session__start_verifying(struct session *session)
{
	struct session_view *view = &session->view;
	struct problem_list *problems = calloc(1, sizeof(*problems));

	if (!problems) {
		view->verify = VERIFY_FAILED;
		err_nomem(&view->verify_error);
		return;
	}
	view->verify = VERIFY_RUNNING;
	job_start(&session->verifier, session, verify_run, verify_take, problems);
}
