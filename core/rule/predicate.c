/*
 * The predicates that rules name: one table per file, each file being about one
 * thing. Here is what they share: look-up, arguments, reporting.
 */
#include "rule_priv.h"

#include <string.h>

#include "base/glob.h"

static const struct predicate *const TABLES[] = {
	rule__account_predicates, rule__identity_predicates, rule__identity_file_predicates,
	rule__config_predicates,  rule__path_predicates,     rule__scope_predicates,
	rule__tree_predicates,    rule__ask_predicates,      rule__select_predicates,
	rule__indicator_predicates,
	rule__start_predicates,   rule__command_predicates,
	rule__script_predicates,  rule__size_predicates,     rule__environment_predicates,
	rule__conda_predicates,   rule__platform_user_predicates, rule__group_share_predicates,
	rule__mode_predicates,    rule__programs_predicates,
	rule__request_predicates,
};

const struct predicate *rule__predicate(size_t i)
{
	for (size_t t = 0; t < sizeof(TABLES) / sizeof(*TABLES); t++) {
		for (const struct predicate *row = TABLES[t]; row->name; row++) {
			if (!i--)
				return row;
		}
	}
	return NULL;
}

const struct predicate *rule__predicate_find(const char *name)
{
	const struct predicate *row;

	for (size_t i = 0; (row = rule__predicate(i)); i++) {
		if (!strcmp(row->name, name))
			return row;
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

bool rule__listed(const struct rule_run *run, const char *name, const char *word)
{
	const json_t *list = profile_argument(run->profile, run->rule->arguments, name);
	const char *glob;

	for (size_t i = 0; (glob = json_string_value(json_array_get(list, i))); i++) {
		if (glob_match(glob, strlen(glob), word))
			return true;
	}
	return false;
}

const char *rule__keep(struct rule_run *run, const char *text)
{
	if (!text)
		return NULL;
	const char *copy = arena_copy(&run->judgement->arena, text, strlen(text));
	run->out_of_memory |= !copy;
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

bool rule__has_case(const struct rule_run *run, const char *case_name)
{
	for (size_t i = 0; i < run->rule->case_count; i++) {
		if (!strcmp(run->rule->cases[i].name, case_name))
			return true;
	}
	return false;
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
