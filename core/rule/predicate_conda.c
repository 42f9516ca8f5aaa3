/*
 * Conda environments. Jobs do not run in a login shell, so "conda activate" is
 * of no use: the programs of an environment must be on PATH, or be named.
 */
#include <string.h>

#include "rule_walk.h"
#include "tree/resolve.h"

/* Whether PATH names the bin folder of this prefix, links followed. */
static bool is_on_path(const struct rule_run *run, node_id prefix)
{
	const char *path = config_env(run->config, "PATH");
	node_id bin = tree_child(run->tree, prefix, "bin", 3);
	char folder[1024];

	for (; path && *path; path += strcspn(path, ":"), path += *path == ':') {
		snprintf(folder, sizeof(folder), "%.*s", (int)strcspn(path, ":"), path);
		struct resolve_result found =
			resolve_path(run->tree, run->at, NODE_ROOT, folder, true, NULL);

		if (found.outcome == RESOLVE_FOUND && found.node.v == bin.v)
			return true;
	}
	return false;
}

/* Another way to name it: the platform's own variables, or the start command. */
static bool is_named(const struct rule_run *run)
{
	const struct start *start = run->judgement->start;

	if (config_env(run->config, "ANACONDA_DIR") ||
	    config_env(run->config, "DEFAULT_CONDA_ENV_NAME"))
		return true;
	for (size_t i = 0; i < start->step_count; i++) {
		const char *path = start->steps[i].path;
		const char *name = path ? strrchr(path, '/') : NULL;

		if (name && !strcmp(name, "/conda"))
			return true;
	}
	return false;
}

/* The directory above "conda-meta". */
static int check_prefix(struct rule_run *run, node_id prefix, bool *any_on_path,
			struct finding *first, struct err *err)
{
	struct access_verdict verdict =
		access_node(run->tree, run->at, run->identity, prefix, ACCESS_EXECUTE);
	struct finding draft = rule__draft();

	draft.node = prefix;
	if (verdict.outcome == ACCESS_DENIED) {
		draft.blocker = verdict.blocker;
		draft.denied = ACCESS_EXECUTE;
		return rule__report(run, "hidden", &draft, err);
	}
	*any_on_path |= is_on_path(run, prefix);
	if (node_is_none(first->node))
		*first = draft;
	return 0;
}

static int conda_reachable(struct rule_run *run, struct err *err)
{
	struct finding first = rule__draft();
	bool any_on_path = false;
	struct rule_walk walk;
	int rc;

	rule__walk_init(&walk, run, NODE_ROOT);
	while ((rc = rule__walk_next(&walk, err)) > 0) {
		if (walk.stat.type != TAR_DIR ||
		    strcmp(tree_name(run->tree, walk.node), "conda-meta") != 0)
			continue;
		rc = check_prefix(run, tree_parent(run->tree, walk.node), &any_on_path, &first,
				  err);
		if (rc < 0)
			return rc;
	}
	if (rc < 0 || node_is_none(first.node) || any_on_path || is_named(run))
		return rc;
	return rule__report(run, "not-on-path", &first, err);
}

/* clang-format off */
const struct predicate rule__conda_predicates[] = {
	{ "conda-reachable", conda_reachable,
	  RULE_WORDS("not-on-path", "hidden"), RULE_WORDS(NULL) },
	{ NULL, NULL, NULL, NULL },
};
/* clang-format on */
