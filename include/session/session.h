/*
 * An opened image with its jobs. Work is done on threads; the main thread owns
 * the session, calls session_poll() when the wake descriptor is readable, and
 * reads session_view(): what is in it never changes once it is published.
 *
 * The command line uses the same session and waits.
 */
#ifndef SESSION_SESSION_H
#define SESSION_SESSION_H

#include "base/progress.h"
#include "emit/emit.h"
#include "emit/forecast.h"
#include "plan/fix.h"
#include "plan/plan_changes.h"
#include "plan/plan_edit.h"
#include "rule/judge.h"
#include "tree/tree_kept.h"

enum session_phase {
	SESSION_OPENING,   /* reading the outer archive, spooling */
	SESSION_CHOOSING,  /* several images: session_choose() */
	SESSION_INDEXING,  /* layers, in parallel */
	SESSION_MERGING,
	SESSION_JUDGING,
	SESSION_READY,
	SESSION_FAILED,    /* view->error */
};

enum verify_state {
	VERIFY_WAITING,
	VERIFY_RUNNING,
	VERIFY_DONE,       /* all digests and diff IDs are right */
	VERIFY_MISMATCH,   /* a problem says which */
	VERIFY_FAILED,     /* could not be read: view->verify_error */
};

enum layer_state { LAYER_WAITING, LAYER_READY, LAYER_UNREADABLE };

enum write_kind { WRITE_IMAGE, WRITE_LAYER, WRITE_SCRIPT, WRITE_DOCKERFILE };

enum write_state { WRITE_NONE, WRITE_RUNNING, WRITE_DONE, WRITE_FAILED };

struct write_request {
	enum write_kind kind;
	enum emit_mode mode;       /* of an image */
	enum source_format format; /* of an image */
	const char *path;
	const char *tag;           /* NULL: the image's own */
	const enum compression *recompress; /* of an image's layers; NULL: as they are */
	bool replace;
	bool in_place;             /* add to the OCI layout that the image is in; no path */
	struct session *const *others; /* of the same OCI source, ready and verified, NULL-ended: their
					  images and plans go into the same output, and their views
					  tell what was written; NULL: none */
};

struct write_result {
	char *path;
	uint64_t bytes;
	char digest[DIGEST_TEXT];  /* of the image's config, or of the layer; "" for scripts */
	char diff_id[DIGEST_TEXT]; /* of a layer */
	size_t by_severity[3];     /* findings left, judged again from what was written; for a layer
				      or a script: with the image's own config, which stays */
	bool judged;               /* false: Dockerfiles */
	bool has_kept;             /* of an image: the input against what was read back */
	struct tree_kept kept;
	struct problem_list notes; /* what the output does not carry */
};

struct session_view {
	enum session_phase phase;
	struct err error;                     /* SESSION_FAILED */
	const struct source *source;          /* NULL until opened; so are the next ones */
	const struct image *image;
	size_t layer_count;
	const struct layer_index *const *layers; /* NULL: not there yet, or unreadable */
	const enum layer_state *layer_states;
	const struct tree *tree;
	const struct judgement *judgement;    /* of the image */
	const struct judgement *preview;      /* of the plan; equal to judgement while it is empty */
	const struct plan *plan;
	const struct plan_changes *changes;   /* of the preview */
	bool judging;                         /* a new judgement is on its way */
	struct err judge_error;               /* the last user, profile or fix that failed */
	struct plan_edit_result edited;       /* of the last session_edit(), when it is judged */
	enum verify_state verify;
	struct err verify_error;
	const struct problem_list *verify_problems;
	enum write_state write;
	struct err write_error;
	const struct write_result *written;
	struct progress *progress;            /* of the job in front; sampled at any time */
	struct progress *verify_progress;
};

struct session;

struct session_options {
	const char *argument;          /* IMAGE; NULL with 'fd' */
	int fd;                        /* taken; -1: none */
	const char *name;              /* of the fd, for messages */
	const char *profile;           /* NAME or FILE */
	const char *const *profile_folders; /* NULL-ended; NULL: none */
	const char *const *settings;   /* NAME=VALUE, NULL-ended; NULL: none */
	const char *request;           /* files that are judged with the image; NULL: none */
	const char *model_config;
	const char *user;              /* NULL: the profile's target */
	const struct platform *platform; /* NULL: the host's */
	const enum compression *recompress; /* what forecasts take for granted; NULL: layers stay as
					       they are compressed */
	const char *spool_folder;      /* NULL: /tmp */
	int64_t created;               /* SOURCE_DATE_EPOCH, or now */
	bool verify;                   /* hash uncompressed layers in the background */
};

/* Start opening. Strings are copied. ERR_INVALID, ERR_NOT_FOUND (the profile), ERR_FORMAT, ERR_NOMEM, ERR_IO. */
int session_new(const struct session_options *options, struct session **ret_session,
		struct err *err);

/* Cancels what runs and waits for it. NULL is fine. */
void session_free(struct session *session);
void session_freep(struct session **session);

/* Readable when session_poll() has something to take over. */
int session_wake_fd(const struct session *session);

/* Take over what jobs have finished, start what comes next; true: the view has changed. */
bool session_poll(struct session *session);

/* Borrowed; its contents change only inside session_ calls. */
const struct session_view *session_view(const struct session *session);

/* Poll until nothing is running any more but verification; or that too. */
void session_wait(struct session *session, bool verified);

/* Stop the job in front (opening, indexing, writing). Safe in a signal handler. */
void session_cancel(struct session *session);

/* In SESSION_CHOOSING: go on with image i of the source. */
void session_choose(struct session *session, size_t i);

/* Judge for another user or profile; the plan stays. The result comes by session_poll(). */
int session_set_user(struct session *session, const char *user, struct err *err);
int session_set_profile(struct session *session, const char *profile, struct err *err);

const struct profile *session_profile(const struct session *session);

/* What it was asked for by: a name or a file. Borrowed until the profile changes. */
const char *session_profile_argument(const struct session *session);

/*
 * Change the plan; the preview follows by session_poll(). fix: of the
 * preview's finding. 1: changed, 0: nothing to do, or an error of fix_add().
 * ERR_INVALID while a judgement is on its way.
 */
int session_fix(struct session *session, const struct finding *finding,
		const struct rule_fix *fix, struct err *err);
bool session_undo(struct session *session);

/* Bring the step again that was taken back last; false: there is none. */
bool session_redo(struct session *session);

/* Undo until the plan has no more than so many steps. */
bool session_undo_to(struct session *session, size_t steps);

/* fix_all() as a job. rules: NULL-ended, NULL: all. */
int session_fix_all(struct session *session, const char *const *rules, struct err *err);

/* The same for all findings of the preview that are like this one, by one fix; but not those of these
 * keys of rule/finding_key.h (NULL-ended). */
int session_fix_alike(struct session *session, const struct finding *finding,
		      const struct rule_fix *fix, const char *const *except, struct err *err);

/*
 * plan_edit_add() for nodes of the preview's tree, as a job; nodes are copied.
 * What came of it is in view->edited or view->judge_error. ERR_INVALID while a
 * judgement is on its way, ERR_NOMEM.
 */
int session_edit(struct session *session, const struct plan_edit *edit, const node_id *nodes,
		 size_t count, bool below, struct err *err);

/* Replace the plan by one from JSON. */
int session_load_plan(struct session *session, const json_t *json, struct err *err);

/*
 * Write as a job: emit, read back by our own reader, compare with the preview,
 * publish. Waits for verification first; refused for damaged input.
 * ERR_INVALID (nothing planned, no file changed for a layer, a job runs, in_place and no OCI
 * layout, others and no OCI archive or layout), ERR_DIGEST (damaged).
 * Until it is done nothing may be asked of the others; they are freed later than this one's job.
 */
int session_write(struct session *session, const struct write_request *request, struct err *err);

/* Where the descriptor of a layer at 'path' is written, too; free with free(), NULL: out of memory. */
char *session_descriptor_path(const char *path);

/* What writing the plan costs, by each way; borrowed until the plan changes. NULL: nothing is planned,
 * or the preview is not there yet. */
const struct forecast *session_forecast(const struct session *session);

/* All problem lists that are known by now, NULL-ended; valid until the next call. */
const struct problem_list *const *session_problems(struct session *session);

/* Whether any of them is damage. */
bool session_is_damaged(const struct session *session);

#endif
