/*
 * Folders that an arbitrary user shares through its group: owned by the group,
 * which may do what the owner may (g=u). OpenShift runs images in this way.
 */
#include "scope_walk.h"

static bool is_shared(const struct tree_stat *stat, int64_t gid)
{
	return stat->type == TAR_SYMLINK ||
	       (stat->gid == gid && (stat->mode >> 3 & 7) == (stat->mode >> 6 & 7));
}

/* Everybody's, as /tmp, or no folder at all. */
static bool is_left_out(const struct rule_run *run, node_id top)
{
	struct tree_stat stat;

	return !tree_stat(run->tree, top, run->at, &stat) || stat.type != TAR_DIR ||
	       (stat.mode & 01002) == 01002;
}

/* What is not shared from a folder down; one finding for the folder. */
static int check_folder(struct rule_run *run, struct scope_walk *walk, node_id top,
			struct err *err)
{
	const struct tree_stat *stat = &walk->below.stat;
	int64_t gid = rule__int(run, "gid", 0);
	struct finding draft = rule__draft();
	int rc;

	while ((rc = rule__scope_walk_next(walk, err)) > 0) {
		if (is_shared(stat, gid))
			continue;
		draft.count++;
		draft.bytes += stat->type == TAR_FILE ? stat->size : 0;
	}
	draft.node = top;
	return rc == 0 && draft.count ? rule__report(run, "not-shared", &draft, err) : rc;
}

static int group_share(struct rule_run *run, struct err *err)
{
	CLEANUP(rule__scope_walk_done) struct scope_walk walk;
	node_id top;
	int rc = rule__scope_walk_init(&walk, run, err);

	while (rc == 0 && rule__scope_walk_top(&walk, &top)) {
		if (!is_left_out(run, top))
			rc = check_folder(run, &walk, top, err);
	}
	return rc;
}

/* clang-format off */
const struct predicate rule__group_share_predicates[] = {
	{ "group-share", group_share,
	  RULE_WORDS("not-shared"), RULE_WORDS(SCOPE_WALK_ARGUMENTS, "gid") },
	{ NULL, NULL, NULL, NULL },
};
/* clang-format on */
