/* What the files of stage session know of each other. */
#ifndef SESSION_PRIV_H
#define SESSION_PRIV_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/workq.h"
#include "session/session.h"

/*
 * One piece of work on a thread of its own. The main thread starts it, is woken
 * when it has finished, and takes the result over; nobody else touches it.
 */
struct job {
	int (*run)(struct session *session, struct job *job, struct err *err);
	void (*take)(struct session *session, struct job *job); /* on the main thread, at the end */
	void *argument;
	struct session *session;
	struct cancel cancel;
	struct progress progress;
	int result;
	struct err err;
	bool started; /* the thread is to be joined */
	atomic_bool finished;
	pthread_t thread;
};

/* A plan with everything that was made of it. */
struct preview {
	struct plan *plan;
	struct fix_result result;
	struct forecast *forecast; /* NULL: nothing is planned */
	struct plan_changes changes;
};

/* Layers of an image with the tree over them. */
struct layer_set {
	const struct image *image;    /* borrowed */
	struct layer_index **indexes; /* one per layer, shared where a blob is used twice */
	enum layer_state *states;
	size_t count;
	struct problem_list problems; /* layers that cannot be read */
};

struct session {
	struct session_view view; /* the main thread's */
	struct profile *profile;
	char *argument, *name, *user, *spool_folder, *profile_argument, **folders;
	int fd;
	bool has_platform, has_recompress, verify;
	enum compression recompress; /* that forecasts are for */
	struct platform platform;
	int64_t created;
	int wake_fd;

	struct job front; /* opening, judging, writing: one at a time */
	struct job verifier;

	/* Handed over by the opening job, under the lock; taken by session_poll(). */
	pthread_mutex_t lock;
	enum session_phase phase;
	struct source *source;
	struct image *image;
	struct layer_set layers;
	struct tree *tree;

	const struct layer_index **shown_layers; /* the view's copies of what is in 'layers' */
	enum layer_state *shown_states;
	size_t choice; /* image of the source; SIZE_MAX: not chosen */
	struct judgement *judgement;
	struct plan *plan;
	struct preview preview;
	struct forecast_sample *samples; /* one for each layer; of the job that judges */
	bool rejudge;      /* the plan or the user has changed since the last judgement */
	bool user_changed; /* the image itself is to be judged again too */
	struct problem_list verify_problems;
	struct write_result written;
	struct write_job *pending_write;      /* waits for the verification */
	struct cancel pending_cancel;         /* of that */
	const struct problem_list **problems; /* as session_problems() gave them last */
};

/* ---- jobs (job.c) ---- */

/* Start it; on failure the job ends at once with the error. */
void job_start(struct job *job, struct session *session,
	       int (*run)(struct session *, struct job *, struct err *),
	       void (*take)(struct session *, struct job *), void *argument);

/* Whether it was started and not yet taken. */
bool job_is_running(const struct job *job);

/* If it has finished: join the thread and call 'take'. */
bool job_poll(struct job *job);

/* Make session_wake_fd() readable. From any thread. */
void session__wake(const struct session *session);

/* ---- layers (layer_set.c): used for opening and for reading back ---- */

struct layer_set_options {
	const struct cancel *cancel;
	struct progress *progress;
	/* Called after each layer, from worker threads; NULL: nobody listens. */
	void (*ready)(void *context, size_t layer);
	void *context;
	pthread_mutex_t *lock; /* held while a layer is put in its place; NULL: none */
	struct span_hashes *hashes; /* of layers that were hashed already; NULL: none */
};

int layer_set_init(struct layer_set *set, const struct image *image, struct err *err);
void layer_set_done(struct layer_set *set);

/* Index all layers, in parallel, the largest first. ERR_CANCELLED, ERR_NOMEM, ERR_IO. */
int layer_set_index(struct layer_set *set, const struct layer_set_options *options,
		    struct err *err);

/* Compare every blob with its digest and every decoded layer with its diff ID; problems say what
 * differs. */
int layer_set_verify(const struct layer_set *set, const struct layer_set_options *options,
		     struct problem_list *problems, struct err *err);

/* ---- hashes of what was just written (span_hashes.c) ---- */

struct span_hashes;

/* Of one file. Both are borrowed; progress, which may be NULL, counts bytes. ERR_NOMEM. */
int span_hashes_new(const struct cancel *cancel, struct progress *progress,
		    struct span_hashes **ret_hashes, struct err *err);
/* Waits for what is being read. NULL is fine. */
void span_hashes_free(struct span_hashes *hashes);
void span_hashes_freep(struct span_hashes **hashes);

/* Begin to read these bytes, and go on elsewhere. A void * for emit_image_options. */
void span_hashes_add(void *hashes, const struct stream_span *span);

/* Bytes that were added since it was last asked. */
uint64_t span_hashes_take_bytes(struct span_hashes *hashes);

/*
 * The hash (SHA-256) of these bytes, by offset and length; waits for it. false:
 * they were not added, or could not be read. 'hashes' may be NULL.
 */
bool span_hashes_find(struct span_hashes *hashes, const struct stream_span *span,
		      unsigned char *ret_value);

/* ---- the steps ---- */

/* Whether the plan can be changed now. ERR_INVALID: a judgement is on its way. */
int session__check_idle(const struct session *session, struct err *err);

int session__open_run(struct session *session, struct job *job, struct err *err);
void session__open_take(struct session *session, struct job *job);
void session__start_verifying(struct session *session);
void session__start_judging(struct session *session);
void session__start_write(struct session *session);
void session__write_job_free(struct write_job *write);
void session__write_result_done(struct write_result *result);
void preview_done(struct preview *preview);

#endif
