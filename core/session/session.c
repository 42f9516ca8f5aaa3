/* The main thread's side: what runs, what comes next, what is shown. */
#include "session/session.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>

#include "session_priv.h"

/* Of source, image, unreadable layers, tree, accounts, verification, and the end. */
enum { EXTRA_LISTS = 8 };

static int copy_string(char **copy, const char *text, struct err *err)
{
	*copy = text ? strdup(text) : NULL;
	return text && !*copy ? err_nomem(err) : 0;
}

static int copy_folders(struct session *session, const char *const *folders, struct err *err)
{
	size_t count = 0;

	while (folders && folders[count])
		count++;
	session->folders = calloc(count + 1, sizeof(*session->folders));
	if (!session->folders)
		return err_nomem(err);
	for (size_t i = 0; i < count; i++) {
		if (copy_string(&session->folders[i], folders[i], err) < 0)
			return -ERR_NOMEM;
	}
	return 0;
}

static int load_profile(struct session *session, const char *name, const char *const *settings,
			struct profile **ret_profile, struct err *err)
{
	CLEANUP(profile_freep) struct profile *profile = NULL;
	int result = profile_load(name, (const char *const *)session->folders, &profile, err);

	for (size_t i = 0; result == 0 && settings && settings[i]; i++)
		result = profile_set(profile, settings[i], err);
	if (result < 0)
		return result;
	*ret_profile = STEAL(profile);
	return 0;
}

static int read_documents(const struct session_options *options, struct profile *profile,
			  struct err *err)
{
	int result = 0;

	if (options->request)
		result = profile_read_document(profile, "request", options->request, err);
	if (result == 0 && options->model_config)
		result = profile_read_document(profile, "model-config", options->model_config, err);
	return result;
}

int session_new(const struct session_options *options, struct session **ret_session,
		struct err *err)
{
	CLEANUP(session_freep) struct session *session = calloc(1, sizeof(*session));
	int result;

	if (!session) {
		if (options->fd >= 0)
			close(options->fd);
		return err_nomem(err);
	}
	pthread_mutex_init(&session->lock, NULL);
	session->fd = options->fd;
	session->choice = SIZE_MAX;
	session->created = options->created;
	session->verify = options->verify;
	session->has_platform = options->platform != NULL;
	if (options->platform)
		session->platform = *options->platform;
	session->has_recompress = options->recompress != NULL;
	if (options->recompress)
		session->recompress = *options->recompress;
	session->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (session->wake_fd < 0)
		return err_errno(err, errno, "cannot make an event descriptor");
	if ((result = copy_string(&session->argument, options->argument, err)) < 0 ||
	    (result = copy_string(&session->name, options->name, err)) < 0 ||
	    (result = copy_string(&session->user, options->user, err)) < 0 ||
	    (result = copy_string(&session->spool_folder, options->spool_folder, err)) < 0 ||
	    (result = copy_string(&session->profile_argument, options->profile, err)) < 0 ||
	    (result = copy_folders(session, options->profile_folders, err)) < 0 ||
	    (result = load_profile(session, options->profile, options->settings, &session->profile,
				   err)) < 0 ||
	    (result = read_documents(options, session->profile, err)) < 0)
		return result;
	session->view.progress = &session->front.progress;
	session->view.verify_progress = &session->verifier.progress;
	job_start(&session->front, session, session__open_run, session__open_take, NULL);
	*ret_session = STEAL(session);
	return 0;
}

static void stop_jobs(struct session *session)
{
	cancel_request(&session->verifier.cancel);
	cancel_request(&session->front.cancel);
	/* Taking a result is what frees it. */
	for (;;) {
		struct pollfd wake = { .fd = session->wake_fd, .events = POLLIN };
		uint64_t count;

		job_poll(&session->front);
		job_poll(&session->verifier);
		if (!job_is_running(&session->front) && !job_is_running(&session->verifier))
			return;
		poll(&wake, 1, -1);
		(void)!read(session->wake_fd, &count, sizeof(count));
	}
}

void session_free(struct session *session)
{
	if (!session)
		return;
	if (session->front.run || session->verifier.run)
		stop_jobs(session);
	session__write_job_free(session->pending_write);
	free(session->problems);
	free(session->samples);
	free(session->shown_layers);
	free(session->shown_states);
	session__write_result_done(&session->written);
	preview_done(&session->preview);
	judgement_free(session->judgement);
	plan_free(session->plan);
	tree_free(session->tree);
	layer_set_done(&session->layers);
	image_close(session->image);
	source_close(session->source);
	problem_list_done(&session->verify_problems);
	profile_free(session->profile);
	for (size_t i = 0; session->folders && session->folders[i]; i++)
		free(session->folders[i]);
	free(session->folders);
	free(session->argument);
	free(session->name);
	free(session->user);
	free(session->spool_folder);
	free(session->profile_argument);
	closep(&session->fd);
	closep(&session->wake_fd);
	pthread_mutex_destroy(&session->lock);
	free(session);
}

void session_freep(struct session **session)
{
	session_free(*session);
}

int session_wake_fd(const struct session *session)
{
	return session->wake_fd;
}

/* Workers put layers in their places while the main thread reads: the view has copies. */
static void publish_layers(struct session *session)
{
	struct session_view *view = &session->view;
	size_t count = session->layers.count;

	if (count && !session->shown_layers) {
		session->shown_layers = calloc(count, sizeof(*session->shown_layers));
		session->shown_states = calloc(count, sizeof(*session->shown_states));
	}
	if (!session->shown_layers || !session->shown_states)
		return;
	for (size_t i = 0; i < count; i++)
		session->shown_layers[i] = session->layers.indexes[i];
	memcpy(session->shown_states, session->layers.states,
	       count * sizeof(*session->shown_states));
	view->layers = session->shown_layers;
	view->layer_states = session->shown_states;
	view->layer_count = count;
}

/* What the opening job has handed over by now. */
static void publish(struct session *session)
{
	struct session_view *view = &session->view;

	pthread_mutex_lock(&session->lock);
	view->phase = session->phase;
	view->source = session->source;
	view->image = session->image;
	view->tree = session->tree;
	publish_layers(session);
	pthread_mutex_unlock(&session->lock);
	view->plan = session->plan;
	view->judgement = session->judgement;
	view->preview =
		session->preview.plan ? session->preview.result.judgement : session->judgement;
	view->changes = &session->preview.changes;
	view->verify_problems = &session->verify_problems;
}

/* The phase as the opening job, which may be running, left it last. */
static enum session_phase phase_now(struct session *session)
{
	enum session_phase phase;

	pthread_mutex_lock(&session->lock);
	phase = session->phase;
	pthread_mutex_unlock(&session->lock);
	return phase;
}

/* A write that waits for the verification can be cancelled, too. */
static void drop_cancelled_write(struct session *session)
{
	struct session_view *view = &session->view;

	if (!session->pending_write || !cancel_requested(&session->pending_cancel))
		return;
	session__write_job_free(STEAL(session->pending_write));
	view->write = WRITE_FAILED;
	err_clear(&view->write_error);
	err_set(&view->write_error, ERR_CANCELLED, "cancelled");
}

/* At most one thing comes next. */
static void start_next(struct session *session)
{
	enum session_phase phase = phase_now(session);
	bool ready = phase == SESSION_READY || phase == SESSION_JUDGING;
	bool wanted = session->verify || session->pending_write;

	/* Not before the findings are there: people wait for those. */
	if (phase == SESSION_READY && session->view.verify == VERIFY_WAITING && wanted &&
	    !job_is_running(&session->verifier))
		session__start_verifying(session);
	if (job_is_running(&session->front) || !ready)
		return;
	if (session->rejudge)
		session__start_judging(session);
	else if (session->pending_write && session->view.verify > VERIFY_RUNNING)
		session__start_write(session);
}

bool session_poll(struct session *session)
{
	uint64_t count;
	bool woken = read(session->wake_fd, &count, sizeof(count)) == (ssize_t)sizeof(count);
	bool taken = job_poll(&session->front);

	taken |= job_poll(&session->verifier);
	drop_cancelled_write(session);
	start_next(session);
	publish(session);
	return woken || taken;
}

const struct session_view *session_view(const struct session *session)
{
	return &session->view;
}

static bool is_busy(const struct session *session, bool verified)
{
	if (job_is_running(&session->front) || session->rejudge)
		return true;
	if (session->pending_write && session->phase == SESSION_READY)
		return true;
	return verified && job_is_running(&session->verifier);
}

void session_wait(struct session *session, bool verified)
{
	session_poll(session);
	while (is_busy(session, verified)) {
		struct pollfd wake = { .fd = session->wake_fd, .events = POLLIN };

		poll(&wake, 1, -1);
		session_poll(session);
	}
}

void session_cancel(struct session *session)
{
	int kept = errno;

	cancel_request(&session->front.cancel);
	cancel_request(&session->pending_cancel);
	session__wake(session);
	errno = kept;
}

void session_choose(struct session *session, size_t i)
{
	if (job_is_running(&session->front) || session->phase != SESSION_CHOOSING ||
	    i >= source_image_count(session->source))
		return;
	session->choice = i;
	session->phase = SESSION_OPENING;
	job_start(&session->front, session, session__open_run, session__open_take, NULL);
}

int session__check_idle(const struct session *session, struct err *err)
{
	if (!job_is_running(&session->front) && session->phase == SESSION_READY &&
	    !session->rejudge)
		return 0;
	return err_set(err, ERR_INVALID, "wait until the image is judged");
}

int session_set_user(struct session *session, const char *user, struct err *err)
{
	struct identity identity;
	char *copy;
	int result = session__check_idle(session, err);

	if (result < 0)
		return result;
	if (user &&
	    (result = identity_resolve(session->judgement->accounts, user, &identity, err)) < 0)
		return result;
	if (copy_string(&copy, user, err) < 0)
		return -ERR_NOMEM;
	/* The judgements in use borrow the old one until they are replaced. */
	session->judgement->input.user = NULL;
	if (session->preview.plan)
		session->preview.result.judgement->input.user = NULL;
	free(session->user);
	session->user = copy;
	session->user_changed = session->rejudge = true;
	session_poll(session);
	return 0;
}

int session_set_profile(struct session *session, const char *name, struct err *err)
{
	CLEANUP(freep) char *argument = NULL;
	struct profile *profile;
	int result = session__check_idle(session, err);

	if (result < 0 || (result = copy_string(&argument, name, err)) < 0 ||
	    (result = load_profile(session, name, NULL, &profile, err)) < 0)
		return result;
	free(session->profile_argument);
	session->profile_argument = STEAL(argument);
	/* Findings point into the old profile. */
	preview_done(&session->preview);
	judgement_free(STEAL(session->judgement));
	profile_free(session->profile);
	session->profile = profile;
	session->phase = SESSION_JUDGING;
	session->user_changed = session->rejudge = true;
	session_poll(session);
	return 0;
}

const struct profile *session_profile(const struct session *session)
{
	return session->profile;
}

const char *session_profile_argument(const struct session *session)
{
	return session->profile_argument;
}

const struct forecast *session_forecast(const struct session *session)
{
	return session->preview.forecast;
}

/* All lists, most of them the layers', NULL-ended. 'all' has room for the layers and EXTRA_LISTS.
 */
static void collect_problems(const struct session *session, const struct problem_list **all)
{
	size_t count = 0;

	if (session->view.source)
		all[count++] = source_problems(session->view.source);
	if (session->view.image)
		all[count++] = image_problems(session->view.image);
	/* The opening job is done with it then. */
	if (session->view.phase > SESSION_INDEXING && session->view.image)
		all[count++] = &session->layers.problems;
	for (size_t i = 0; i < session->view.layer_count; i++) {
		if (session->view.layers[i])
			all[count++] = layer_problems(session->view.layers[i]);
	}
	if (session->view.tree)
		all[count++] = tree_problems(session->view.tree);
	if (session->judgement)
		all[count++] = &session->judgement->accounts->problems;
	if (session->view.verify > VERIFY_RUNNING)
		all[count++] = &session->verify_problems;
	all[count] = NULL;
}

const struct problem_list *const *session_problems(struct session *session)
{
	static const struct problem_list *const none[] = { NULL };
	size_t room = session->view.layer_count + EXTRA_LISTS;

	free(session->problems);
	session->problems = calloc(room, sizeof(*session->problems));
	if (!session->problems)
		return none;
	collect_problems(session, session->problems);
	return session->problems;
}

bool session_is_damaged(const struct session *session)
{
	CLEANUP(freep)
	const struct problem_list **all =
		calloc(session->view.layer_count + EXTRA_LISTS, sizeof(*all));

	/* Out of memory: nothing can be written then either. */
	if (!all)
		return true;
	collect_problems(session, all);
	for (size_t i = 0; all[i]; i++) {
		if (all[i]->damaged)
			return true;
	}
	return false;
}
