/* Changing the plan: a fix, a step back and forth, a plan from a file. */
#include "session_priv.h"

int session_fix(struct session *session, const struct finding *finding, const struct rule_fix *fix,
		struct err *err)
{
	int result = session__check_idle(session, err);

	if (result < 0)
		return result;
	result = fix_add(session->plan, session->view.preview, finding, fix, err);
	if (result > 0) {
		session->rejudge = true;
		session_poll(session);
	}
	return result;
}

bool session_undo(struct session *session)
{
	size_t steps = session->plan ? plan_step_count(session->plan) : 0;

	return steps && session_undo_to(session, steps - 1);
}

bool session_undo_to(struct session *session, size_t steps)
{
	bool undone = false;

	while (session->plan && plan_step_count(session->plan) > steps)
		undone |= plan_undo(session->plan);
	if (!undone)
		return false;
	session->rejudge = true;
	session_poll(session);
	return true;
}

bool session_redo(struct session *session)
{
	if (!session->plan || !plan_redo(session->plan))
		return false;
	session->rejudge = true;
	session_poll(session);
	return true;
}

int session_load_plan(struct session *session, const json_t *json, struct err *err)
{
	CLEANUP(plan_freep) struct plan *plan = NULL;
	CLEANUP(tree_freep) struct tree *tree = NULL;
	CLEANUP(config_freep) struct config *config = NULL;
	int result = session__check_idle(session, err);

	/* The preview is made once here, so that a path that is not there is said now. */
	if (result < 0 ||
	    (result = plan_new(session->tree, image_config(session->image), &plan, err)) < 0 ||
	    (result = plan_from_json(plan, json, err)) < 0 ||
	    (result = plan_preview(plan, &tree, &config, err)) < 0)
		return result;
	tree_free(STEAL(tree));
	plan_free(session->plan);
	session->plan = STEAL(plan);
	session->rejudge = true;
	session_poll(session);
	return 0;
}
