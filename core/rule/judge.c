/*
 * Judging an image by a profile: who the user is, what he may do, whether the
 * command would start; then every rule's predicate. What a predicate reports
 * comes out sorted, and each rule with a status.
 */
#include "rule/judge.h"

#include <string.h>

#include "base/glob.h"
#include "rule_priv.h"

/* Whose verdicts: --user as the engines resolve it, else the profile's target and nothing more. */
static int find_identity(struct judgement *judgement, struct err *err)
{
	const struct judge_input *input = &judgement->input;

	if (input->user)
		return identity_resolve(judgement->accounts, input->user, &judgement->identity,
					err);
	identity_fixed(judgement->accounts, profile_uid(input->profile),
		       profile_gid(input->profile), &judgement->identity);
	return 0;
}

/* Entrypoint with the platform's arguments in place of Cmd; NULL: the image's own command. */
static int platform_command(struct judgement *judgement, const char *const **ret_words,
			    struct err *err)
{
	const char *const *arguments = profile_list(judgement->input.profile, "start-arguments");
	const char **entrypoint = judgement->input.config->entrypoint, **words;
	size_t count = 0, more = 0;

	*ret_words = NULL;
	if (!arguments[0])
		return 0;
	while (entrypoint && entrypoint[count])
		count++;
	while (arguments[more])
		more++;
	words = arena_alloc(&judgement->arena, (count + more + 1) * sizeof(*words));
	if (!words)
		return err_nomem(err);
	for (size_t i = 0; i < count + more; i++)
		words[i] = i < count ? entrypoint[i] : arguments[i - count];
	*ret_words = words;
	return 0;
}

static int prepare(struct judgement *judgement, const struct content *content, struct err *err)
{
	const struct judge_input *input = &judgement->input;
	const char *line = profile_string(input->profile, "start-command", "");
	const char *const shell[] = { "/bin/sh", "-c", line, NULL };
	struct start_input start = {
		.content = content,
		.config = input->config,
		.identity = &judgement->identity,
		.command = line[0] ? shell : NULL,
	};
	int rc = accounts_load(content, &judgement->accounts, err);

	if (rc == 0)
		rc = find_identity(judgement, err);
	judgement->identity.no_caps =
		judgement->identity.uid == 0 && !profile_bool(input->profile, "root-caps", true);
	if (rc == 0 && !start.command)
		rc = platform_command(judgement, &start.command, err);
	if (rc == 0)
		rc = access_map_build(input->tree, content->at, &judgement->identity, input->cancel,
				      &judgement->map, err);
	return rc < 0 ? rc : start_follow(&start, &judgement->start, err);
}

/* A note does not fail a rule; an open question does not pass it. */
static enum rule_status status_of(const struct rule_run *run, size_t first)
{
	const struct judgement *judgement = run->judgement;

	if (run->is_undecidable)
		return RULE_OPEN;
	for (size_t i = first; i < judgement->findings.count; i++) {
		if (judgement->findings.items[i].severity > SEVERITY_INFO)
			return RULE_FAIL;
	}
	return run->is_open ? RULE_OPEN : RULE_PASS;
}

static int run_rules(struct judgement *judgement, const struct content *content, struct err *err)
{
	const struct judge_input *input = &judgement->input;
	struct rule_run run = {
		.judgement = judgement,
		.tree = input->tree,
		.at = content->at,
		.config = input->config,
		.profile = input->profile,
		.accounts = judgement->accounts,
		.identity = &judgement->identity,
		.map = judgement->map,
		.content = content,
		.cancel = input->cancel,
	};

	for (size_t i = 0; i < profile_rule_count(input->profile); i++) {
		size_t first = judgement->findings.count;

		run.rule = profile_rule(input->profile, i);
		run.is_open = run.rule->certainty == CERTAINTY_ASK;
		run.is_undecidable = false;
		int rc = cancel_check(input->cancel, err);
		if (rc == 0)
			rc = rule__predicate_find(run.rule->predicate)->judge(&run, err);
		if (rc == 0 && run.out_of_memory)
			rc = err_nomem(err);
		if (rc < 0)
			return err_wrap(err, "rule %s", run.rule->id);
		judgement->status[i] = status_of(&run, first);
	}
	return 0;
}

struct sort_key {
	struct finding finding;
	char *path; /* owned; NULL sorts first */
};

static int compare_keys(const void *a, const void *b)
{
	const struct sort_key *first = a, *second = b;

	if (first->finding.severity != second->finding.severity)
		return first->finding.severity > second->finding.severity ? -1 : 1;
	if (first->finding.rule != second->finding.rule) /* of one array, in order */
		return first->finding.rule < second->finding.rule ? -1 : 1;
	return strcmp(first->path ? first->path : "", second->path ? second->path : "");
}

static int sort_findings(struct judgement *judgement, struct err *err)
{
	size_t count = judgement->findings.count;
	CLEANUP(freep) struct sort_key *keys = calloc(count + 1, sizeof(*keys));

	if (!keys)
		return err_nomem(err);
	for (size_t i = 0; i < count; i++) {
		const struct finding *finding = &judgement->findings.items[i];

		keys[i].finding = *finding;
		if (!node_is_none(finding->node))
			keys[i].path = tree_path_new(judgement->input.tree, finding->node);
		else if (finding->path)
			keys[i].path = strdup(finding->path);
		if (!keys[i].path && (finding->path || !node_is_none(finding->node))) {
			while (i-- > 0)
				free(keys[i].path);
			return err_nomem(err);
		}
	}
	qsort(keys, count, sizeof(*keys), compare_keys);
	for (size_t i = 0; i < count; i++) {
		judgement->findings.items[i] = keys[i].finding;
		judgement->by_severity[keys[i].finding.severity]++;
		free(keys[i].path);
	}
	return 0;
}

int judge(const struct judge_input *input, struct judgement **ret_judgement, struct err *err)
{
	CLEANUP(judgement_freep) struct judgement *judgement = calloc(1, sizeof(*judgement));
	const struct content content = {
		.image = input->image,
		.tree = input->tree,
		.at = (unsigned)tree_layer_count(input->tree),
		.cancel = input->cancel,
	};

	if (!judgement)
		return err_nomem(err);
	judgement->input = *input;
	judgement->status =
		calloc(profile_rule_count(input->profile) + 1, sizeof(*judgement->status));
	if (!judgement->status)
		return err_nomem(err);
	int rc = prepare(judgement, &content, err);
	if (rc == 0)
		rc = run_rules(judgement, &content, err);
	if (rc == 0)
		rc = sort_findings(judgement, err);
	if (rc == 0)
		*ret_judgement = STEAL(judgement);
	return rc;
}

void judgement_free(struct judgement *judgement)
{
	if (!judgement)
		return;
	VEC_DONE(&judgement->findings);
	start_free(judgement->start);
	access_map_free(judgement->map);
	accounts_free(judgement->accounts);
	free(judgement->status);
	arena_done(&judgement->arena);
	free(judgement);
}

void judgement_freep(struct judgement **judgement)
{
	judgement_free(*judgement);
}

unsigned judgement_at(const struct judgement *judgement)
{
	return (unsigned)tree_layer_count(judgement->input.tree);
}

/* ---- what judging reads of an image ---- */

static const struct kept {
	const char *folder; /* NULL: any */
	const char *name;   /* may be a pattern */
} KEPT[] = {
	/* clang-format off */
	{ "etc", "passwd" }, { "etc", "group" }, { "etc", "shadow" }, { "etc", "gshadow" },
	{ "etc", "nsswitch.conf" }, { "etc", "os-release" }, { "usr/lib", "os-release" },
	{ "etc", "ld.so.conf" }, { "etc/ld.so.conf.d", "*.conf" },
	{ "etc", "ld.so.cache" }, { "etc", "ld-musl-*.path" }, { NULL, "pyvenv.cfg" },
	{ NULL, "run.sh" }, { NULL, "start.sh" }, { NULL, "entrypoint.sh" },
	{ NULL, "docker-entrypoint.sh" },
	/* what may hold secrets or start something; see "contents" in the profiles */
	{ "*.ssh", "*" }, { NULL, "id_*" }, { NULL, "*.pem" }, { NULL, "*.key" },
	{ NULL, "*.env" }, { NULL, ".env*" }, { "*.aws", "c*" }, { "*.docker", "config.json" },
	{ NULL, ".dockercfg" }, { NULL, ".netrc" }, { NULL, ".git*" }, { NULL, ".npmrc" },
	{ NULL, ".pypirc" }, { NULL, ".condarc" }, { NULL, "pip.conf" }, { "*.kube", "config" },
	{ NULL, "kubeconfig" }, { NULL, ".obsutilconfig" }, { NULL, ".bash*" },
	{ NULL, ".profile" }, { "etc", "crontab" }, { "etc/cron*", "*" }, { "var/spool/cron*", "*" },
	{ "etc", "ld.so.preload" }, { "*-packages", "*.pth" }, { "", "*.sh" },
	{ "usr/local/bin", "*.sh" }, { NULL, "*account*.json" },
	{ "etc/nginx", "*" }, { "etc/nginx/conf.d", "*" }, { "etc/nginx/http.d", "*" },
	{ "etc/nginx/sites-enabled", "*" }, { "etc", "supervisord.conf" },
	{ "etc/supervisor", "*" }, { "etc/supervisor/conf.d", "*" }, { "etc/supervisord.d", "*" },
	/* clang-format on */
};

/* What the start chain is made of, but not below folders with thousands of them. */
static const struct {
	const char *ends[4];
	const char *not_below[8]; /* parts of a folder */
} SCRIPTS = {
	{ ".py", ".sh", ".js", NULL },
	{ "site-packages", "dist-packages", "lib/python", "lib64/python", "usr/share",
	  "node_modules", "conda", NULL },
};

static bool is_script(const char *folder, const char *name)
{
	size_t len = strlen(name);
	bool has_end = false;

	for (size_t i = 0; SCRIPTS.ends[i]; i++)
		has_end |= len > 3 && !strcmp(name + len - 3, SCRIPTS.ends[i]);
	for (size_t i = 0; has_end && SCRIPTS.not_below[i]; i++)
		has_end = !strstr(folder, SCRIPTS.not_below[i]);
	return has_end;
}

static bool is_like(const char *pattern, const char *text)
{
	return glob_match(pattern, strlen(pattern), text);
}

/* Asked for every file of an image: most are told apart by a byte at either end. */
static bool is_kept(const void *context, const char *folder, const char *name)
{
	size_t len = strlen(name);

	(void)context;
	if (is_script(folder, name))
		return true;
	for (size_t i = 0; i < sizeof(KEPT) / sizeof(*KEPT); i++) {
		const char *pattern = KEPT[i].name;

		if (pattern[0] != '*'
			    ? pattern[0] != name[0]
			    : pattern[1] && (!len || pattern[strlen(pattern) - 1] != name[len - 1]))
			continue;
		if (is_like(pattern, name) && (!KEPT[i].folder || is_like(KEPT[i].folder, folder)))
			return true;
	}
	return false;
}

const struct layer_keep *judge_keep(void)
{
	static const struct layer_keep KEEP = { .wanted = is_kept };

	return &KEEP;
}
