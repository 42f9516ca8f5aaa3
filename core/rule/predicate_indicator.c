/* Signs that are worth a look; none proves malicious code, and none proves that there is none. */
#include "indicator.h"

#include <fnmatch.h>
#include <string.h>

enum { FINDINGS_MOST = 50 }; /* of one case */

static void indicators_done(struct indicators *all)
{
	free(all->counts);
}

/* "setuid" ignores a case, "/opt/" "*" a path. */
static bool is_ignored(const struct indicators *all, const char *case_name,
		       const struct finding *draft)
{
	CLEANUP(freep) char *path = NULL;
	const char *item;

	if (!node_is_none(draft->node))
		path = tree_path_new(all->run->tree, draft->node);
	const char *place = path ? path : draft->path;
	for (size_t i = 0; (item = rule__item(all->run, "ignore", i)); i++) {
		if (item[0] == '/' ? place && fnmatch(item, place, 0) == 0
				   : !strcmp(item, case_name))
			return true;
	}
	return false;
}

int rule__indicate(struct indicators *all, const char *case_name, const struct finding *draft,
		   struct err *err)
{
	const struct rule *rule = all->run->rule;
	size_t i = 0;

	while (i < rule->case_count && strcmp(rule->cases[i].name, case_name) != 0)
		i++;
	if (i == rule->case_count || is_ignored(all, case_name, draft))
		return 0;
	all->all++;
	if (++all->counts[i] <= FINDINGS_MOST)
		return rule__report(all->run, case_name, draft, err);
	all->left_out++;
	return 0;
}

static int report_number(const struct indicators *all, const char *case_name, uint64_t number,
			 struct err *err)
{
	struct finding draft = rule__draft();

	draft.count = number;
	return number ? rule__report(all->run, case_name, &draft, err) : 0;
}

static int indicators(struct rule_run *run, struct err *err)
{
	static int (*const PARTS[])(struct indicators *,
				    struct err *) = { rule__indicate_modes, rule__indicate_config,
						      rule__indicate_contents };
	CLEANUP(indicators_done) struct indicators all = { .run = run };
	int rc = 0;

	run->is_undecidable = true;
	all.counts = calloc(run->rule->case_count + 1, sizeof(*all.counts));
	if (!all.counts)
		return err_nomem(err);
	for (size_t i = 0; rc == 0 && i < sizeof(PARTS) / sizeof(*PARTS); i++)
		rc = PARTS[i](&all, err);
	if (rc == 0)
		rc = report_number(&all, "sum", all.all, err);
	if (rc == 0)
		rc = report_number(&all, "more", all.left_out, err);
	return rc < 0 ? rc : report_number(&all, "unread", all.unread, err);
}

/* clang-format off */
const struct predicate rule__indicator_predicates[] = {
	{ "indicators", indicators,
	  RULE_WORDS("sum", "setuid", "setuid-known", "setgid", "setgid-known", "capability",
		     "world-writable-file", "world-writable-dir", "world-writable-path",
		     "preload-env", "preload-file", "secret-env", "secret-history", "private-key",
		     "access-key", "credentials", "hidden-secret", "authorized-keys", "sshd",
		     "cron", "program-in-tmp", "packed", "miner", "piped-download", "python-path",
		     "start-line", "more", "unread"),
	  RULE_WORDS("ignore", "private", "known-setuid", "preload-variables", "search-variables",
		     "secret-names", "secret-values", "contents") },
	{ NULL, NULL, NULL, NULL },
};
/* clang-format on */
