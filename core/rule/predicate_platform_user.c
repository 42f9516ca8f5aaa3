/*
 * What platforms ask of the user beyond its being there: a name for its group,
 * a shell that can be started, a number in the config, ids that are allowed.
 */
#include <inttypes.h>
#include <string.h>

#include "rule_priv.h"
#include "tree/resolve.h"

static struct finding about(node_id node, const char *path)
{
	struct finding draft = rule__draft();

	draft.node = node;
	draft.path = node_is_none(node) ? path : NULL;
	return draft;
}

/* The first group with the number may have any name; another line may name it again. */
static int group_named(struct rule_run *run, struct err *err)
{
	const struct accounts *accounts = run->accounts;
	const char *name = rule__string(run, "name", "");
	const struct account_group *own = accounts_group_by_name(accounts, name);
	int64_t gid = rule__int(run, "gid", 100);
	struct finding draft = about(accounts->group_node, "/etc/group");
	char text[24];

	if (own && own->gid == gid)
		return 0;
	if (!own) {
		const struct account_group *other = accounts_group_by_id(accounts, gid);

		draft.detail = other ? other->name : NULL;
		return rule__report(run, other ? "other-name" : "missing", &draft, err);
	}
	snprintf(text, sizeof(text), "%" PRId64, own->gid);
	draft.detail = rule__keep(run, text);
	return rule__report(run, "other-gid", &draft, err);
}

/* A shell that only says no: engines do not use it, terminals of notebooks do. */
static bool is_no_shell(const char *shell)
{
	const char *name = strrchr(shell, '/');

	name = name ? name + 1 : shell;
	return !strcmp(name, "nologin") || !strcmp(name, "false");
}

static int login_shell(struct rule_run *run, struct err *err)
{
	const struct account_user *user =
		accounts_user_by_id(run->accounts, rule__int(run, "uid", 1000));
	struct finding draft = about(run->accounts->passwd_node, "/etc/passwd");

	if (!user || !user->shell || !user->shell[0])
		return 0;
	draft.detail = user->shell;
	if (is_no_shell(user->shell))
		return rule__report(run, "none", &draft, err);
	struct access_verdict verdict =
		access_path(run->tree, run->at, run->identity, user->shell, ACCESS_EXECUTE);
	if (verdict.outcome == ACCESS_DENIED)
		return rule__report(run, "denied", &draft, err);
	return verdict.outcome == ACCESS_NOT_FOUND ? rule__report(run, "missing", &draft, err) : 0;
}

/* The line of the number, its group, and its name where one is asked for. */
static int user_with_group(struct rule_run *run, struct err *err)
{
	const struct account_user *user =
		accounts_user_by_id(run->accounts, rule__int(run, "uid", 1000));
	struct finding draft = about(run->accounts->passwd_node, "/etc/passwd");
	const char *name = rule__string(run, "name", NULL);
	char gid[24];

	if (!user)
		return rule__report(run, "missing", &draft, err);
	if (user->gid != rule__int(run, "gid", 100)) {
		snprintf(gid, sizeof(gid), "%" PRId64, user->gid);
		draft.detail = rule__keep(run, gid);
		return rule__report(run, "other-group", &draft, err);
	}
	draft.detail = user->name;
	return name && strcmp(name, user->name) != 0 ? rule__report(run, "other-name", &draft, err)
						     : 0;
}

/* What the kubelet can tell is no root: a number (verifyRunAsNonRoot). */
static int user_number(struct rule_run *run, struct err *err)
{
	const char *user = run->config->user;
	size_t len = strcspn(user, ":");
	struct finding draft = rule__draft();

	draft.detail = rule__keep(run, user);
	if (!len || strspn(user, "0") == len)
		return rule__report(run, "root", &draft, err);
	return strspn(user, "0123456789") == len ? 0 : rule__report(run, "name", &draft, err);
}

/* getpwuid(3) and those who ask the environment before it. */
static int user_known(struct rule_run *run, struct err *err)
{
	static const char *const NAMES[] = { "LOGNAME", "USER", "LNAME", "USERNAME" };
	struct finding draft = about(run->accounts->passwd_node, "/etc/passwd");

	if (accounts_user_by_id(run->accounts, run->identity->uid))
		return 0;
	for (size_t i = 0; i < sizeof(NAMES) / sizeof(*NAMES); i++) {
		const char *value = config_env(run->config, NAMES[i]);

		if (value && value[0])
			return 0;
	}
	return rule__report(run, "unknown", &draft, err);
}

/* "1000:100" of the user who is judged, among those that are allowed. */
static int ids_allowed(struct rule_run *run, struct err *err)
{
	struct finding draft = rule__draft();
	char own[64];

	snprintf(own, sizeof(own), "%" PRId64 ":%" PRId64, run->identity->uid, run->identity->gid);
	if (rule__listed(run, "pairs", own))
		return 0;
	draft.detail = rule__keep(run, own);
	return rule__report(run, "other", &draft, err);
}

static int ports_low(struct rule_run *run, struct err *err)
{
	const char **ports = run->config->exposed_ports;
	int64_t limit = rule__int(run, "limit", 1024);
	int rc = 0;

	for (size_t i = 0; rc == 0 && ports && ports[i]; i++) {
		struct finding draft = rule__draft();

		if (strtoll(ports[i], NULL, 10) >= limit)
			continue;
		draft.detail = rule__keep(run, ports[i]);
		rc = rule__report(run, "low", &draft, err);
	}
	return rc;
}

/* clang-format off */
const struct predicate rule__platform_user_predicates[] = {
	{ "group-named", group_named,
	  RULE_WORDS("missing", "other-name", "other-gid"), RULE_WORDS("gid", "name") },
	{ "login-shell", login_shell,
	  RULE_WORDS("none", "missing", "denied"), RULE_WORDS("uid") },
	{ "user-with-group", user_with_group,
	  RULE_WORDS("missing", "other-group", "other-name"), RULE_WORDS("uid", "gid", "name") },
	{ "user-number", user_number,
	  RULE_WORDS("root", "name"), RULE_WORDS(NULL) },
	{ "user-known", user_known,
	  RULE_WORDS("unknown"), RULE_WORDS(NULL) },
	{ "ids-allowed", ids_allowed,
	  RULE_WORDS("other"), RULE_WORDS("pairs") },
	{ "ports-low", ports_low,
	  RULE_WORDS("low"), RULE_WORDS("limit") },
	{ NULL, NULL, NULL, NULL },
};
/* clang-format on */
