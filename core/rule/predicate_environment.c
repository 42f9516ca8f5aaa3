/* Env as a platform takes it: names that it replaces, lists that it adds to, names of no shell. */
#include <string.h>

#include "rule_priv.h"

static bool is_name(const char *name)
{
	static const char LETTERS[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";

	return name[0] && strchr(LETTERS, name[0]) &&
	       !name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"
				  "0123456789")];
}

static int env_names(struct rule_run *run, struct err *err)
{
	const struct config *config = run->config;
	int rc = 0;

	for (size_t i = 0; rc == 0 && config->env && config->env[i]; i++) {
		struct finding draft = rule__draft();
		char name[256];

		snprintf(name, sizeof(name), "%.*s", (int)strcspn(config->env[i], "="),
			 config->env[i]);
		draft.detail = rule__keep(run, name);
		if (!is_name(name))
			rc = rule__report(run, "invalid", &draft, err);
		else if (rule__listed(run, "replaced", name))
			rc = rule__report(run, "replaced", &draft, err);
		else if (rule__listed(run, "prepended", name))
			rc = rule__report(run, "prepended", &draft, err);
	}
	return rc;
}

/* The machine: of the config against those that the platform has, and of the start command. */
static int architecture(struct rule_run *run, struct err *err)
{
	const char *own = run->config->platform.architecture;
	const char *wanted = rule__string(run, "wanted", "");
	const struct start *start = run->judgement->start;
	struct finding draft = rule__draft();

	draft.detail = rule__keep(run, own[0] ? own : "not named");
	if (!rule__listed(run, "known", own))
		return rule__report(run, "unknown", &draft, err);
	if (wanted[0] && strcmp(wanted, own) != 0)
		return rule__report(run, "other", &draft, err);
	if (start->obstacle != START_WRONG_ARCHITECTURE || !start->step_count)
		return 0;
	draft.path = rule__keep(run, start->steps[start->step_count - 1].path);
	draft.detail = rule__keep(run, start->detail);
	return rule__report(run, "program", &draft, err);
}

/* clang-format off */
const struct predicate rule__environment_predicates[] = {
	{ "env-names", env_names,
	  RULE_WORDS("invalid", "replaced", "prepended"), RULE_WORDS("replaced", "prepended") },
	{ "architecture", architecture,
	  RULE_WORDS("unknown", "other", "program"), RULE_WORDS("known", "wanted") },
	{ NULL, NULL, NULL, NULL },
};
/* clang-format on */
