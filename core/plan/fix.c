/* From a finding and a fix to wants, by a table of actions; and what that costs. */
#include "plan/fix.h"

#include <string.h>

#include "fix_priv.h"
#include "tar/tar_writer.h"

static const struct {
	int (*act)(const struct fix_run *run, struct err *err); /* NULL: a build must do it */
	bool edits_accounts;
	bool reads_accounts; /* so it waits until they are edited */
} ACTS[ACTIONS] = {
	/* clang-format off */
	[ACTION_ADD_GROUP]           = { fix__add_group, true, false },
	[ACTION_ADD_USER]            = { fix__add_user, true, false },
	[ACTION_SET_USER_IDS]        = { fix__set_user_ids, true, false },
	[ACTION_SET_PRIMARY_GROUP]   = { fix__set_primary_group, true, false },
	[ACTION_CLEAN_IDENTITY_FILE] = { fix__clean_identity_file, true, false },
	[ACTION_CREATE_HOME]         = { fix__create_home, false, false },
	[ACTION_OWN_HOME]            = { fix__own_home, false, false },
	[ACTION_CHMOD_ADD]           = { fix__chmod_add, false, false },
	[ACTION_CHMOD_SEARCH]        = { fix__chmod_search, false, false },
	[ACTION_CHOWN_TARGET]        = { fix__chown_target, false, false },
	[ACTION_GIVE_GROUP]          = { fix__give_group, false, false },
	[ACTION_MAKE_DIRECTORY_MODE] = { fix__make_directory_mode, false, false },
	[ACTION_SET_CONFIG_USER]     = { fix__set_config_user, false, true },
	[ACTION_SET_CONFIG_WORKDIR]  = { fix__set_config_workdir, false, false },
	[ACTION_SET_CONFIG_ENV]      = { fix__set_config_env, false, false },
	[ACTION_REMOVE_CONFIG_ENV]   = { fix__remove_config_env, false, false },
	[ACTION_DOCKERFILE_ONLY]     = { NULL, false, false },
	/* clang-format on */
};

bool fix__edits_accounts(enum action action)
{
	return ACTS[action].edits_accounts;
}

bool fix__reads_accounts(enum action action)
{
	return ACTS[action].reads_accounts;
}

int64_t fix__int(const struct fix_run *run, const char *name, int64_t otherwise)
{
	const json_t *value =
		profile_argument(run->judgement->input.profile, run->fix->arguments, name);

	return json_is_integer(value) ? json_integer_value(value) : otherwise;
}

const char *fix__string(const struct fix_run *run, const char *name, const char *otherwise)
{
	const char *value = json_string_value(
		profile_argument(run->judgement->input.profile, run->fix->arguments, name));

	return value ? value : otherwise;
}

node_id fix__node(const struct fix_run *run, bool blocker)
{
	if (blocker && !node_is_none(run->finding->blocker))
		return run->finding->blocker;
	return run->finding->node;
}

int fix__want_node(const struct fix_run *run, node_id node, struct tree_want *want,
		   struct err *err)
{
	CLEANUP(freep) char *path = tree_path_new(run->tree, node);

	if (!path)
		return err_nomem(err);
	want->path = path + 1;
	return plan_want(run->plan, want, err);
}

int fix__make_folder(const struct fix_run *run, const char *path, uint32_t mode, int64_t uid,
		     int64_t gid, struct err *err)
{
	CLEANUP(freep) char *copy = strdup(path + strspn(path, "/"));
	struct tree_want want = { .path = copy, .create = true, .type = TAR_DIR, .set_mode = true,
				  .set_uid = true, .set_gid = true };
	int result = 0;

	if (!copy)
		return err_nomem(err);
	/* Each folder above, as a path that ends before the next slash. */
	for (char *slash = strchr(copy, '/'); result == 0 && slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		want.mode = 0755;
		if (!tree_exists(run->tree, tree_find(run->tree, copy), run->at))
			result = plan_want(run->plan, &want, err);
		*slash = '/';
	}
	want.mode = mode;
	want.uid = uid;
	want.gid = gid;
	return result < 0 ? result : plan_want(run->plan, &want, err);
}

size_t fix_options(const struct judgement *judgement, const struct finding *finding,
		   const struct rule_fix **ret_fixes, size_t room)
{
	size_t count = 0;

	(void)judgement;
	for (size_t i = 0; i < finding->rule->fix_count; i++) {
		const struct rule_fix *fix = &finding->rule->fixes[i];

		if (fix->when && strcmp(fix->when, finding->rule_case->name) != 0)
			continue;
		if (count < room)
			ret_fixes[count] = fix;
		count++;
	}
	return count;
}

int fix_add(struct plan *plan, const struct judgement *judgement, const struct finding *finding,
	    const struct rule_fix *fix, struct err *err)
{
	const struct fix_run run = {
		.plan = plan,
		.judgement = judgement,
		.finding = finding,
		.fix = fix,
		.tree = judgement->input.tree,
		.at = judgement_at(judgement),
	};
	enum action action;
	int result;

	if (!action_find(fix->action, &action) || !ACTS[action].act)
		return err_set(err, ERR_UNSUPPORTED, "%s: this needs a build: %s", finding->rule->id,
			       fix->title);
	result = plan_begin_step(plan, finding->rule->id, fix->title, err);
	if (result < 0)
		return result;
	result = ACTS[action].act(&run, err);
	if (result < 0) {
		plan_undo(plan);
		return result;
	}
	return plan_end_step(plan) ? 1 : 0;
}

/* Header, data and padding of one wanted path, as an appended layer would hold it. */
static uint64_t want_cost(const struct judgement *judgement, const struct tree_want *want)
{
	node_id node = tree_find(judgement->input.tree, want->path);
	struct tar_entry entry = { .path = want->path, .path_len = strlen(want->path), .link = "",
				   .type = want->type, .uid = want->uid, .gid = want->gid,
				   .size = want->body_len };
	struct tree_stat stat;

	if (!node_is_none(node) && tree_stat(judgement->input.tree, node, judgement_at(judgement), &stat)) {
		entry.type = stat.type;
		entry.link = stat.target;
		entry.link_len = strlen(stat.target);
		entry.size = want->body ? want->body_len : stat.size;
	}
	return tar_writer_cost(&entry);
}

int fix_cost(const struct judgement *judgement, const struct finding *finding,
	     const struct rule_fix *fix, uint64_t *ret_bytes, struct err *err)
{
	CLEANUP(plan_freep) struct plan *plan = NULL;
	CLEANUP(freep) struct tree_want *wants = NULL;
	uint64_t bytes = 0;
	size_t count;
	int result = plan_new(judgement->input.tree, judgement->input.config, &plan, err);

	if (result < 0 || (result = fix_add(plan, judgement, finding, fix, err)) < 0 ||
	    (result = plan_merge(plan, &wants, &count, err)) < 0)
		return result;
	for (size_t i = 0; i < count; i++)
		bytes += want_cost(judgement, &wants[i]);
	*ret_bytes = bytes;
	return 0;
}
