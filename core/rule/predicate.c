/*
 * The predicates that rules name, in one table, and what they share: arguments
 * and reporting. The predicates themselves are grouped by what they look at.
 */
#include "rule_priv.h"

#include <string.h>

#define WORDS(...) ((const char *const[]){ __VA_ARGS__, NULL })

/* clang-format off */
const struct predicate rule__predicates[] = {
	{ "group-exists", rule__group_exists,
	  WORDS("no-file", "missing", "other-name"), WORDS("gid", "name") },
	{ "user-exists", rule__user_exists,
	  WORDS("missing"), WORDS("uid") },
	{ "user-group", rule__user_group,
	  WORDS("other-group"), WORDS("uid", "gid") },
	{ "user-name-id", rule__user_name_id,
	  WORDS("other-uid", "other-uid-taken"), WORDS("name", "uid") },
	{ "identity-files", rule__identity_files,
	  WORDS("no-passwd", "unreadable", "malformed", "crlf", "no-final-newline", "duplicate-id",
		"other-databases"), WORDS("uid") },
	{ "home-owned", rule__home_owned,
	  WORDS("missing", "not-directory", "hidden", "not-writable", "not-owned"),
	  WORDS("uid", "home") },
	{ "identity-differs", rule__identity_differs,
	  WORDS("differs"), WORDS("uid", "gid") },
	{ "config-user", rule__config_user,
	  WORDS("unresolved", "other", "other-lenient"), WORDS("uid", "strict") },
	{ "config-flag", rule__config_flag,
	  WORDS("missing", "off"), WORDS("name", "programs") },
	{ "config-workdir", rule__config_workdir,
	  WORDS("other", "other-relative"), WORDS("path") },
	{ "start-usable", rule__start_usable,
	  WORDS("no-command", "not-found", "script-not-found", "hidden", "denied",
		"not-executable", "bad-interpreter", "bad-format", "wrong-architecture",
		"no-library", "unknown"), WORDS(NULL) },
	{ "workdir-usable", rule__workdir_usable,
	  WORDS("missing", "not-directory", "broken-path", "hidden", "not-searchable",
		"not-writable", "system-not-searchable", "system-not-writable", "root"),
	  WORDS("system", "not-system") },
	{ "home-usable", rule__home_usable,
	  WORDS("no-line", "root", "missing", "not-directory", "hidden", "not-searchable",
		"not-writable", "env-root", "env-missing", "env-not-directory", "env-hidden",
		"env-not-searchable", "env-not-writable"), WORDS("home") },
	{ "shared-writable", rule__shared_writable,
	  WORDS("missing", "missing-optional", "not-directory", "not-writable", "not-sticky"),
	  WORDS("required", "optional") },
	{ "scope-accessible", rule__scope_accessible,
	  WORDS("hidden", "unreadable", "unreadable-directory", "unwritable",
		"unwritable-directory"),
	  WORDS("scope", "scripts-below", "private", "system", "not-system") },
	{ "hidden-trees", rule__hidden_trees,
	  WORDS("pointed-into", "hidden"), WORDS("private") },
	{ NULL, NULL, NULL, NULL },
};
/* clang-format on */

const struct predicate *rule__predicate_find(const char *name)
{
	for (const struct predicate *i = rule__predicates; i->name; i++) {
		if (!strcmp(i->name, name))
			return i;
	}
	return NULL;
}

int64_t rule__int(const struct rule_run *run, const char *name, int64_t otherwise)
{
	const json_t *value = profile_argument(run->profile, run->rule->arguments, name);

	return json_is_integer(value) ? json_integer_value(value) : otherwise;
}

bool rule__bool(const struct rule_run *run, const char *name, bool otherwise)
{
	const json_t *value = profile_argument(run->profile, run->rule->arguments, name);

	return json_is_boolean(value) ? json_is_true(value) : otherwise;
}

const char *rule__string(const struct rule_run *run, const char *name, const char *otherwise)
{
	const json_t *value = profile_argument(run->profile, run->rule->arguments, name);

	return json_is_string(value) ? json_string_value(value) : otherwise;
}

const char *rule__item(const struct rule_run *run, const char *name, size_t i)
{
	const json_t *value = profile_argument(run->profile, run->rule->arguments, name);

	return json_string_value(json_array_get(value, i));
}

const char *rule__keep(struct rule_run *run, const char *text)
{
	if (!text)
		return NULL;
	const char *copy = arena_copy(&run->judgement->arena, text, strlen(text));
	return copy ? copy : "";
}

const char *rule__home(const struct rule_run *run)
{
	const char *home = config_env(run->config, "HOME");

	return home && home[0] ? home : run->identity->home;
}

struct finding rule__draft(void)
{
	return (struct finding){ .node = NODE_NONE, .blocker = NODE_NONE };
}

/* A denial is made by whoever set the mode, everything else by whoever wrote the version. */
static unsigned guilty_layer(const struct rule_run *run, const struct finding *finding)
{
	node_id node = node_is_none(finding->blocker) ? finding->node : finding->blocker;
	struct tree_stat stat;

	if (node_is_none(node) || !tree_stat(run->tree, node, run->at, &stat))
		return 0;
	return finding->denied && stat.head_layer ? stat.head_layer : stat.layer;
}

int rule__report(struct rule_run *run, const char *case_name, const struct finding *draft,
		 struct err *err)
{
	struct finding finding = *draft;

	for (size_t i = 0; i < run->rule->case_count; i++) {
		if (strcmp(run->rule->cases[i].name, case_name) != 0)
			continue;
		finding.rule = run->rule;
		finding.rule_case = &run->rule->cases[i];
		finding.severity = finding.rule_case->severity;
		if (!finding.layer)
			finding.layer = guilty_layer(run, &finding);
		return VEC_PUSH(&run->judgement->findings, finding, err);
	}
	return 0;
}
