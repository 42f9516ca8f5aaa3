/* Fixes that change the image's configuration: no layer, no bytes. */
#include <inttypes.h>
#include <string.h>

#include "fix_priv.h"

/* What User would be once the plan's accounts are written. */
int fix__set_config_user(const struct fix_run *run, struct err *err)
{
	int64_t uid = fix__int(run, "uid", profile_uid(run->judgement->input.profile));
	int64_t gid = fix__int(run, "gid", profile_gid(run->judgement->input.profile));
	const struct account_user *line = accounts_user_by_id(run->judgement->accounts, uid);
	char user[64];
	struct config_edit edit = { .user = user };

	/* An explicit group takes away supplementary ones (OCI config.md, "User"). */
	if (line && line->gid == gid)
		snprintf(user, sizeof(user), "%" PRId64, uid);
	else
		snprintf(user, sizeof(user), "%" PRId64 ":%" PRId64, uid, gid);
	if (strcmp(user, run->judgement->input.config->user) == 0)
		return 0;
	return plan_edit_config(run->plan, &edit, err);
}

int fix__set_config_workdir(const struct fix_run *run, struct err *err)
{
	struct config_edit edit = { .working_dir = fix__string(run, "path", NULL) };

	if (!edit.working_dir ||
	    strcmp(edit.working_dir, run->judgement->input.config->working_dir) == 0)
		return 0;
	return plan_edit_config(run->plan, &edit, err);
}

int fix__set_config_env(const struct fix_run *run, struct err *err)
{
	const char *name = fix__string(run, "name", NULL), *value = fix__string(run, "value", "");
	const char *now = name ? config_env(run->judgement->input.config, name) : NULL;
	CLEANUP(freep) char *assignment = NULL;
	const char *env[2] = { NULL };
	struct config_edit edit = { .env = env };

	if (!name || (now && strcmp(now, value) == 0))
		return 0;
	if (asprintf(&assignment, "%s=%s", name, value) < 0) {
		assignment = NULL;
		return err_nomem(err);
	}
	env[0] = assignment;
	return plan_edit_config(run->plan, &edit, err);
}

int fix__remove_config_env(const struct fix_run *run, struct err *err)
{
	const char *env[2] = { fix__string(run, "name", NULL) };
	struct config_edit edit = { .env = env };

	if (!env[0] || !config_env(run->judgement->input.config, env[0]))
		return 0;
	return plan_edit_config(run->plan, &edit, err);
}

int fix__prepend_config_path(const struct fix_run *run, struct err *err)
{
	const char *name = fix__string(run, "name", "PATH"),
		   *folder = fix__string(run, "folder", "");
	const char *now = config_env(run->judgement->input.config, name);
	CLEANUP(freep) char *path = NULL;
	CLEANUP(freep) char *assignment = NULL;
	const char *env[2] = { NULL };
	struct config_edit edit = { .env = env };

	if (node_is_none(run->finding->node))
		return 0;
	path = tree_path_new(run->tree, run->finding->node);
	if (!path || asprintf(&assignment, "%s=%s%s%s%s%s", name, path, *folder ? "/" : "", folder,
			      now && *now ? ":" : "", now ? now : "") < 0) {
		assignment = NULL;
		return err_nomem(err);
	}
	env[0] = assignment;
	return plan_edit_config(run->plan, &edit, err);
}

int fix__clear_config_user(const struct fix_run *run, struct err *err)
{
	struct config_edit edit = { .user = "" };

	return run->judgement->input.config->user[0] ? plan_edit_config(run->plan, &edit, err) : 0;
}

/* The group of the user's line goes with the number, as it does with the name. */
int fix__number_config_user(const struct fix_run *run, struct err *err)
{
	const struct judgement *judgement = run->judgement;
	struct identity identity;
	char user[64];
	struct config_edit edit = { .user = user };
	struct err cause = { 0 };

	if (identity_resolve(judgement->accounts, judgement->input.config->user, &identity,
			     &cause) < 0)
		return err_set(err, ERR_UNSUPPORTED, "%s", cause.text);
	if (identity.uid == 0)
		return err_set(err, ERR_UNSUPPORTED, "User is root by another name");
	snprintf(user, sizeof(user),
		 strchr(judgement->input.config->user, ':') ? "%" PRId64 ":%" PRId64 : "%" PRId64,
		 identity.uid, identity.gid);
	return plan_edit_config(run->plan, &edit, err);
}
