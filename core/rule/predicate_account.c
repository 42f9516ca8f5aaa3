/* What the passwd and group lines say: the user and the group that a platform expects. */
#include "rule_walk.h"

#include <inttypes.h>
#include <string.h>

static struct finding about_file(node_id node, const char *path)
{
	struct finding draft = rule__draft();

	draft.node = node;
	if (node_is_none(node))
		draft.path = path;
	return draft;
}

static struct finding about_passwd(const struct rule_run *run)
{
	return about_file(run->accounts->passwd_node, "/etc/passwd");
}

static int group_exists(struct rule_run *run, struct err *err)
{
	const struct accounts *accounts = run->accounts;
	const struct account_group *group =
		accounts_group_by_id(accounts, rule__int(run, "gid", 100));
	struct finding draft = about_file(accounts->group_node, "/etc/group");

	if (!accounts->group_text)
		return rule__report(run, "no-file", &draft, err);
	if (!group)
		return rule__report(run, "missing", &draft, err);
	if (!strcmp(group->name, rule__string(run, "name", group->name)))
		return 0;
	draft.detail = group->name;
	return rule__report(run, "other-name", &draft, err);
}

static int user_exists(struct rule_run *run, struct err *err)
{
	struct finding draft = about_passwd(run);

	if (accounts_user_by_id(run->accounts, rule__int(run, "uid", 1000)))
		return 0;
	return rule__report(run, "missing", &draft, err);
}

static int user_group(struct rule_run *run, struct err *err)
{
	const struct account_user *user =
		accounts_user_by_id(run->accounts, rule__int(run, "uid", 1000));
	struct finding draft = about_passwd(run);
	char gid[24];

	if (!user || user->gid == rule__int(run, "gid", 100))
		return 0;
	snprintf(gid, sizeof(gid), "%" PRId64, user->gid);
	draft.detail = rule__keep(run, gid);
	return rule__report(run, "other-group", &draft, err);
}

/* How many paths a uid owns, and the bytes of the files among them. */
static int count_owned(const struct rule_run *run, int64_t uid, struct finding *draft,
		       struct err *err)
{
	struct rule_walk walk;
	int rc;

	rule__walk_init(&walk, run, NODE_ROOT);
	while ((rc = rule__walk_next(&walk, err)) > 0) {
		if (walk.stat.uid != uid)
			continue;
		draft->count++;
		draft->bytes += walk.stat.type == TAR_FILE ? walk.stat.size : 0;
	}
	return rc;
}

static int user_name_id(struct rule_run *run, struct err *err)
{
	int64_t uid = rule__int(run, "uid", 1000);
	const char *name = rule__string(run, "name", "");
	const struct account_user *user = accounts_user_by_name(run->accounts, name);
	struct finding draft = about_passwd(run);
	char detail[300];

	if (!user || user->uid == uid)
		return 0;
	if (count_owned(run, user->uid, &draft, err) < 0)
		return -(int)ERR_CANCELLED;
	snprintf(detail, sizeof(detail), "'%s' has UID %" PRId64, name, user->uid);
	draft.detail = rule__keep(run, detail);
	return rule__report(
		run, accounts_user_by_id(run->accounts, uid) ? "other-uid-taken" : "other-uid",
		&draft, err);
}

/* clang-format off */
const struct predicate rule__account_predicates[] = {
	{ "group-exists", group_exists,
	  RULE_WORDS("no-file", "missing", "other-name"), RULE_WORDS("gid", "name") },
	{ "user-exists", user_exists,
	  RULE_WORDS("missing"), RULE_WORDS("uid") },
	{ "user-group", user_group,
	  RULE_WORDS("other-group"), RULE_WORDS("uid", "gid") },
	{ "user-name-id", user_name_id,
	  RULE_WORDS("other-uid", "other-uid-taken"), RULE_WORDS("name", "uid") },
	{ NULL, NULL, NULL, NULL },
};
/* clang-format on */
