/* Judging the image and the preview of the plan, fixing all, and edits by hand, as jobs. */
#include <string.h>

#include "rule/layer_limit.h"
#include "session_priv.h"

struct judge_job {
	struct plan *plan; /* a copy: the session's may change meanwhile */
	char *user;
	size_t steps; /* that it has at first */
	bool judge_image;
	bool fix_all;
	char **rules;                /* of fix_all; NULL: all */
	char **except;               /* of fix_all: keys of findings that stay; NULL: none */
	struct fix_alike alike;      /* of fix_all; no case: the recommended fix of each */
	const struct judgement *shown; /* of an edit by hand: what it is of; NULL: none */
	struct plan_edit edit;
	node_id *nodes;
	struct plan_edit_target target;
	struct plan_edit_result edited;
	struct judgement *judgement; /* of the image, if asked for */
	struct preview preview;      /* unless the plan is empty */
};

static void free_words(char **words)
{
	for (size_t i = 0; words && words[i]; i++)
		free(words[i]);
	free(words);
}

void preview_done(struct preview *preview)
{
	plan_changes_done(&preview->changes);
	fix_result_done(&preview->result);
	forecast_free(preview->forecast);
	plan_free(preview->plan);
	*preview = (struct preview){ 0 };
}

static void judge_job_free(struct judge_job *work)
{
	judgement_free(work->judgement);
	preview_done(&work->preview);
	plan_free(work->plan);
	free(work->user);
	free_words(work->rules);
	free_words(work->except);
	free(work->nodes);
	free(work);
}

static int judge_preview(struct judge_job *work, const struct judge_input *input, struct err *err)
{
	static const char *const nothing[] = { NULL };
	const struct fix_choice choice = {
		.rules = work->fix_all ? (const char *const *)work->rules : nothing,
		.alike = work->alike.rule_case ? &work->alike : NULL,
		.except = (const char *const *)work->except,
		.cancel = input->cancel,
	};

	if (!work->fix_all && plan_is_empty(work->plan))
		return 0;
	/* With no rule chosen this only judges the preview. */
	work->preview.plan = STEAL(work->plan);
	return fix_all(work->preview.plan, input, &choice, &work->preview.result, err);
}

/* Done here, as it walks the whole tree. */
static int measure_preview(struct session *session, struct preview *preview,
			   const struct cancel *cancel, struct err *err)
{
	const struct emit_input input = {
		.image = session->image,
		.tree = session->tree,
		.plan = preview->plan,
		.preview = preview->result.tree,
		.config = preview->result.config,
		.created = session->created,
		.cancel = cancel,
		.layer_limit = layer_limit(session->profile),
	};
	struct forecast_options options = { .recompress = session->has_recompress
								  ? &session->recompress
								  : NULL };
	int result;

	if (!preview->plan)
		return 0;
	if (!session->samples)
		session->samples = calloc(session->layers.count + 1, sizeof(*session->samples));
	if (!session->samples)
		return err_nomem(err);
	options.samples = session->samples;
	result = forecast_make(&input, &options, &preview->forecast, err);
	return result < 0 ? result
			  : plan_changes_find(preview->plan, session->tree, input.preview,
					      &preview->changes, err);
}

static int judge_run(struct session *session, struct job *job, struct err *err)
{
	struct judge_job *work = job->argument;
	const struct judge_input input = {
		.image = session->image,
		.config = image_config(session->image),
		.tree = session->tree,
		.profile = session->profile,
		.user = work->user,
		.cancel = &job->cancel,
	};
	int result = 0;

	work->target.cancel = &job->cancel;
	if (work->shown && (result = plan_edit_add(work->plan, work->shown, &work->edit,
						   &work->target, &work->edited, err)) <= 0)
		return result;
	result = 0;
	if (work->judge_image)
		result = judge(&input, &work->judgement, err);
	if (result == 0)
		result = judge_preview(work, &input, err);
	return result < 0 ? result : measure_preview(session, &work->preview, &job->cancel, err);
}

/* What a judgement borrowed of the job gives way to the session's, or to nothing. */
static void adopt(const struct session *session, struct judgement *judgement)
{
	judgement->input.user = session->user;
	judgement->input.cancel = NULL;
}

/* The plan goes back to what the preview shows: nobody has seen its last change. */
static void roll_back(struct session *session)
{
	struct plan *plan = NULL;
	struct err err = { 0 };
	int result;

	if (session->preview.plan)
		result = plan_copy(session->preview.plan, &plan, &err);
	else
		result = plan_new(session->tree, image_config(session->image), &plan, &err);
	if (result < 0)
		return;
	plan_free(session->plan);
	session->plan = plan;
}

static void take_failure(struct session *session, const struct judge_job *work,
			 const struct err *failure)
{
	session->view.judge_error = *failure;
	if (!session->judgement) {
		session->phase = SESSION_FAILED;
		session->view.error = *failure;
		return;
	}
	session->user_changed |= work->judge_image;
	roll_back(session);
}

static void take_success(struct session *session, struct judge_job *work)
{
	err_clear(&session->view.judge_error);
	if (work->judgement) {
		judgement_free(session->judgement);
		session->judgement = STEAL(work->judgement);
		adopt(session, session->judgement);
	}
	if (work->shown)
		session->view.edited = work->edited;
	if (work->shown && !work->edited.paths)
		return; /* everything is as it was */
	preview_done(&session->preview);
	session->preview = work->preview;
	work->preview = (struct preview){ 0 };
	if (session->preview.plan)
		adopt(session, session->preview.result.judgement);
	/* Where nothing was added, what was taken back can still come again. */
	if (session->preview.plan && plan_step_count(session->preview.plan) > work->steps &&
	    plan_copy(session->preview.plan, &work->plan, &session->view.judge_error) == 0) {
		plan_free(session->plan);
		session->plan = STEAL(work->plan);
	}
	session->phase = SESSION_READY;
}

static void judge_take(struct session *session, struct job *job)
{
	struct judge_job *work = job->argument;

	session->view.judging = false;
	if (job->result < 0)
		take_failure(session, work, &job->err);
	else
		take_success(session, work);
	judge_job_free(work);
}

static struct judge_job *new_work(const struct session *session, struct err *err)
{
	struct judge_job *work = calloc(1, sizeof(*work));

	if (!work || (session->user && !(work->user = strdup(session->user))) ||
	    plan_copy(session->plan, &work->plan, err) < 0) {
		err_nomem(err);
		if (work)
			judge_job_free(work);
		return NULL;
	}
	work->steps = plan_step_count(work->plan);
	return work;
}

/* The same for what adds to the plan, which has to be the one that the preview shows. */
static int new_idle_work(const struct session *session, struct judge_job **ret_work,
			 struct err *err)
{
	int result = session__check_idle(session, err);

	if (result < 0)
		return result;
	*ret_work = new_work(session, err);
	return *ret_work ? 0 : -ERR_NOMEM;
}

static void start_work(struct session *session, struct judge_job *work)
{
	session->view.judging = true;
	job_start(&session->front, session, judge_run, judge_take, work);
}

void session__start_judging(struct session *session)
{
	struct err err = { 0 };
	struct judge_job *work = new_work(session, &err);

	session->rejudge = false;
	if (!work) {
		take_failure(session, &(struct judge_job){ 0 }, &err);
		return;
	}
	work->judge_image = session->user_changed;
	session->user_changed = false;
	start_work(session, work);
}

static char **copy_words(const char *const *words)
{
	size_t count = 0;
	char **copy;

	while (words[count])
		count++;
	copy = calloc(count + 1, sizeof(*copy));
	for (size_t i = 0; copy && i < count; i++) {
		copy[i] = strdup(words[i]);
		if (!copy[i]) {
			free_words(copy);
			return NULL;
		}
	}
	return copy;
}

/* fix_all() with the words of the caller copied; each may be NULL. */
static int start_fixing(struct session *session, const char *const *rules,
			const struct fix_alike *alike, const char *const *except, struct err *err)
{
	struct judge_job *work;
	int result = new_idle_work(session, &work, err);

	if (result < 0)
		return result;
	work->fix_all = true;
	work->alike = alike ? *alike : (struct fix_alike){ 0 };
	if ((rules && !(work->rules = copy_words(rules))) ||
	    (except && !(work->except = copy_words(except)))) {
		judge_job_free(work);
		return err_nomem(err);
	}
	start_work(session, work);
	return 0;
}

int session_fix_all(struct session *session, const char *const *rules, struct err *err)
{
	return start_fixing(session, rules, NULL, NULL, err);
}

int session_fix_alike(struct session *session, const struct finding *finding,
		      const struct rule_fix *fix, const char *const *except, struct err *err)
{
	const struct fix_alike alike = { .rule_case = finding->rule_case, .fix = fix };

	return start_fixing(session, NULL, &alike, except, err);
}

int session_edit(struct session *session, const struct plan_edit *edit, const node_id *nodes,
		 size_t count, bool below, struct err *err)
{
	struct judge_job *work;
	int result = new_idle_work(session, &work, err);

	if (result < 0)
		return result;
	work->nodes = malloc((count + 1) * sizeof(*nodes));
	if (!work->nodes) {
		judge_job_free(work);
		return err_nomem(err);
	}
	memcpy(work->nodes, nodes, count * sizeof(*nodes));
	work->edit = *edit;
	work->shown = session->view.preview;
	work->target =
		(struct plan_edit_target){ .nodes = work->nodes, .count = count, .below = below };
	start_work(session, work);
	return 0;
}
