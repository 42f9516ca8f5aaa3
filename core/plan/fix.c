/* From a finding and a fix to wants, by a table of actions; and what that costs. */
#include "plan/fix.h"

#include <string.h>

#include "base/path.h"
#include "fix_priv.h"
#include "tar/tar_writer.h"
#include "tree/resolve.h"

static const struct {
	int (*act)(const struct fix_run *run, struct err *err); /* NULL: a build must do it */
	bool edits_accounts;
	bool reads_accounts; /* so it waits until they are edited */
} ACTS[ACTIONS] = {
	/* clang-format off */
	[ACTION_ADD_GROUP]           = { fix__add_group, true, false },
	[ACTION_ADD_GROUP_ALIAS]     = { fix__add_group_alias, true, false },
	[ACTION_SET_LOGIN_SHELL]     = { fix__set_login_shell, true, false },
	[ACTION_CLEAR_CONFIG_USER]   = { fix__clear_config_user, false, false },
	[ACTION_NUMBER_CONFIG_USER]  = { fix__number_config_user, false, true },
	[ACTION_SHARE_WITH_GROUP]    = { fix__share_with_group, false, false },
	[ACTION_ADD_USER]            = { fix__add_user, true, false },
	[ACTION_SET_USER_IDS]        = { fix__set_user_ids, true, false },
	[ACTION_SET_PRIMARY_GROUP]   = { fix__set_primary_group, true, false },
	[ACTION_CLEAN_IDENTITY_FILE] = { fix__clean_identity_file, true, false },
	[ACTION_CREATE_HOME]         = { fix__create_home, false, false },
	[ACTION_OWN_HOME]            = { fix__own_home, false, false },
	[ACTION_CHMOD_ADD]           = { fix__chmod_add, false, false },
	[ACTION_CHMOD_REMOVE]        = { fix__chmod_remove, false, false },
	[ACTION_RESTORE_ATTRIBUTES]  = { fix__restore_attributes, false, false },
	[ACTION_REMOVE_PATH]         = { fix__remove_path, false, false },
	[ACTION_CHMOD_SEARCH]        = { fix__chmod_search, false, false },
	[ACTION_CHOWN_TARGET]        = { fix__chown_target, false, false },
	[ACTION_GIVE_GROUP]          = { fix__give_group, false, false },
	[ACTION_MAKE_DIRECTORY_MODE] = { fix__make_directory_mode, false, false },
	[ACTION_SET_CONFIG_USER]     = { fix__set_config_user, false, true },
	[ACTION_SET_CONFIG_WORKDIR]  = { fix__set_config_workdir, false, false },
	[ACTION_SET_CONFIG_ENV]      = { fix__set_config_env, false, false },
	[ACTION_REMOVE_CONFIG_ENV]   = { fix__remove_config_env, false, false },
	[ACTION_PREPEND_CONFIG_PATH] = { fix__prepend_config_path, false, false },
	[ACTION_WRITE_RUN_SCRIPT]    = { fix__write_run_script, false, false },
	[ACTION_CLEAN_SCRIPT]        = { fix__clean_script, false, false },
	[ACTION_SET_CONFIG_CMD]      = { fix__set_config_cmd, false, false },
	[ACTION_SET_CONFIG_ENTRYPOINT] = { fix__set_config_entrypoint, false, false },
	[ACTION_EXPOSE_PORT]         = { fix__expose_port, false, false },
	[ACTION_LINK_TO_STDOUT]      = { fix__link_to_stdout, false, false },
	[ACTION_INSTALL_PACKAGES]    = { fix__install_packages, false, false },
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

bool fix__is_first_name(const struct tree *tree, unsigned at, node_id node,
			const struct tree_stat *stat)
{
	node_id first = node;

	if (stat->links > 1)
		tree_names(tree, stat->inode, at, &first, 1);
	return first.v == node.v;
}

static int want_path(const struct fix_run *run, node_id node, struct tree_want *want,
		     struct err *err)
{
	CLEANUP(freep) char *path = tree_path_new(run->tree, node);

	if (!path)
		return err_nomem(err);
	want->path = path + 1;
	return plan_want(run->plan, want, err);
}

int fix__want_node(const struct fix_run *run, node_id node, struct tree_want *want, struct err *err)
{
	node_id names[MOST_NAMES];
	struct tree_stat stat = { .links = 1 };
	size_t count = 0;
	int result;

	if (tree_stat(run->tree, node, run->at, &stat)) {
		want->set_mode &= want->mode != stat.mode && stat.type != TAR_SYMLINK;
		want->set_uid &= want->uid != stat.uid;
		want->set_gid &= want->gid != stat.gid;
	}
	/* A want of nothing would keep fix_all() going for ever. */
	if (!want->set_mode && !want->set_uid && !want->set_gid && !want->body && !want->remove)
		return 0;
	if (!run->only_cost && stat.links > 1 && stat.links <= MOST_NAMES)
		count = tree_names(run->tree, stat.inode, run->at, names, MOST_NAMES);
	result = want_path(run, node, want, err);
	for (size_t i = 0; i < count && result == 0; i++) {
		if (names[i].v != node.v)
			result = want_path(run, names[i], want, err);
	}
	return result;
}

static int no_place(const char *path, const char *why, struct err *err)
{
	return err_set(err, ERR_UNSUPPORTED, "'%s' %s: this needs a build", path, why);
}

/*
 * Walk down 'path' while its components are there. *ret_node is the last one,
 * *ret_rest what is missing below it.
 */
static int walk_down(const struct fix_run *run, const char *path, node_id *ret_node,
		     const char **ret_rest, struct err *err)
{
	const char *rest = path, *name;
	node_id node = NODE_ROOT;
	size_t len;

	for (*ret_rest = rest; (name = path_next(&rest, &len)); *ret_rest = rest) {
		node_id child = tree_child(run->tree, node, name, len);
		struct resolve_result found;
		char *copy;

		if (node_is_none(child) || !tree_exists(run->tree, child, run->at))
			break;
		copy = strndup(name, len);
		if (!copy)
			return err_nomem(err);
		found = resolve_path(run->tree, run->at, node, copy, true, NULL);
		free(copy);
		if (found.outcome != RESOLVE_FOUND)
			return no_place(path, "leads to what is not there", err);
		node = found.node;
	}
	*ret_node = node;
	return 0;
}

/* Where 'path' is once its links are followed, without leading slash. free(). */
static int find_place(const struct fix_run *run, const char *path, char **ret_place,
		      struct err *err)
{
	CLEANUP(freep) char *above = NULL;
	const char *rest, *name, *look;
	struct tree_stat stat;
	node_id node;
	size_t len;
	int result = walk_down(run, path, &node, &rest, err);

	if (result < 0)
		return result;
	for (look = rest; (name = path_next(&look, &len));) {
		if ((len == 1 && name[0] == '.') || (len == 2 && memcmp(name, "..", 2) == 0))
			return no_place(path, "has a '.' or '..' in it", err);
	}
	rest += strspn(rest, "/");
	if (*rest && (!tree_stat(run->tree, node, run->at, &stat) || stat.type != TAR_DIR))
		return no_place(path, "lies below what is no directory", err);
	above = tree_path_new(run->tree, node);
	if (!above ||
	    asprintf(ret_place, "%s%s%s", above + 1, above[1] && *rest ? "/" : "", rest) < 0)
		return err_nomem(err);
	len = strlen(*ret_place);
	while (len > 0 && (*ret_place)[len - 1] == '/')
		(*ret_place)[--len] = '\0';
	return 0;
}

static int want_parents(const struct fix_run *run, char *place, struct err *err)
{
	struct tree_want want = { .path = place,
				  .create = true,
				  .type = TAR_DIR,
				  .set_mode = true,
				  .set_uid = true,
				  .set_gid = true,
				  .mode = 0755 };
	int result = 0;

	/* Each folder above, as a path that ends before the next slash. */
	for (char *slash = strchr(place, '/'); result == 0 && slash;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (!tree_exists(run->tree, tree_find(run->tree, place), run->at))
			result = plan_want(run->plan, &want, err);
		*slash = '/';
	}
	return result;
}

/* A link in the place of a file that nothing else names, and that nobody guards. */
static bool may_replace(const struct fix_run *run, node_id node, const struct tree_stat *stat,
			const struct tree_want *want)
{
	return want->type == TAR_SYMLINK && stat->type == TAR_FILE && stat->links == 1 &&
	       !(stat->flags & TREE_PLANNED) && !fix__is_guarded(run, node, stat);
}

int fix__make(const struct fix_run *run, const char *path, struct tree_want *want, struct err *err)
{
	CLEANUP(freep) char *place = NULL;
	struct tree_stat stat;
	node_id node;
	int result = find_place(run, path, &place, err);

	if (result < 0)
		return result;
	node = tree_find(run->tree, place);
	if (tree_stat(run->tree, node, run->at, &stat) && !may_replace(run, node, &stat, want) &&
	    (stat.type != want->type || want->type != TAR_DIR))
		return no_place(path, "is there, and not as it should be", err);
	result = want_parents(run, place, err);
	want->path = place;
	want->create = want->set_mode = want->set_uid = want->set_gid = true;
	if (result == 0)
		result = plan_want(run->plan, want, err);
	want->path = NULL;
	return result;
}

int fix__make_folder(const struct fix_run *run, const char *path, uint32_t mode, int64_t uid,
		     int64_t gid, struct err *err)
{
	struct tree_want want = { .type = TAR_DIR, .mode = mode, .uid = uid, .gid = gid };

	return fix__make(run, path, &want, err);
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

static struct fix_run make_run(struct plan *plan, const struct judgement *judgement,
			       const struct finding *finding, const struct rule_fix *fix)
{
	return (struct fix_run){
		.plan = plan,
		.judgement = judgement,
		.finding = finding,
		.fix = fix,
		.tree = judgement->input.tree,
		.at = judgement_at(judgement),
	};
}

/* As fix_add(). */
static int act(const struct fix_run *run, struct err *err)
{
	const char *rule_id = run->finding->rule->id, *title = run->fix->title;
	enum action action;
	int result;

	if (!action_find(run->fix->action, &action) || !ACTS[action].act)
		return err_set(err, ERR_UNSUPPORTED, "%s: this needs a build: %s", rule_id, title);
	result = plan_begin_step(run->plan, rule_id, title, err);
	if (result < 0)
		return result;
	result = ACTS[action].act(run, err);
	if (result < 0) {
		plan_undo(run->plan);
		return result;
	}
	return plan_end_step(run->plan) ? 1 : 0;
}

int fix_add(struct plan *plan, const struct judgement *judgement, const struct finding *finding,
	    const struct rule_fix *fix, struct err *err)
{
	const struct fix_run run = make_run(plan, judgement, finding, fix);

	return act(&run, err);
}

/* Header, data and padding of one wanted path, as an appended layer would hold it. */
static uint64_t want_cost(const struct judgement *judgement, const struct tree_want *want)
{
	node_id node = tree_find(judgement->input.tree, want->path);
	struct tar_entry entry = { .path = want->path,
				   .path_len = strlen(want->path),
				   .link = "",
				   .type = want->type,
				   .uid = want->uid,
				   .gid = want->gid,
				   .size = want->body_len };
	struct tree_stat stat;
	uint32_t links = 1;

	if (!node_is_none(node) &&
	    tree_stat(judgement->input.tree, node, judgement_at(judgement), &stat)) {
		entry.type = stat.type;
		entry.link = stat.target;
		entry.link_len = strlen(stat.target);
		entry.size = want->body ? want->body_len : stat.size;
		links = stat.links;
	}
	/* The other names are links to the first one. */
	return tar_writer_cost(&entry) + (uint64_t)(links - 1) * TAR_BLOCK;
}

int fix_cost(const struct judgement *judgement, const struct finding *finding,
	     const struct rule_fix *fix, uint64_t *ret_bytes, struct err *err)
{
	CLEANUP(plan_freep) struct plan *plan = NULL;
	CLEANUP(freep) struct tree_want *wants = NULL;
	struct fix_run run;
	uint64_t bytes = 0;
	size_t count;
	int result = plan_new(judgement->input.tree, judgement->input.config, &plan, err);

	if (result < 0)
		return result;
	run = make_run(plan, judgement, finding, fix);
	run.only_cost = true;
	if ((result = act(&run, err)) < 0)
		return result;
	if (plan_needs_build(plan))
		return err_set(err, ERR_UNSUPPORTED, "%s: this needs a build: %s",
			       finding->rule->id, fix->title);
	if ((result = plan_merge(plan, &wants, &count, err)) < 0)
		return result;
	for (size_t i = 0; i < count; i++)
		bytes += want_cost(judgement, &wants[i]);
	*ret_bytes = bytes;
	return 0;
}
