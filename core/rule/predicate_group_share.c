/*
 * Folders that an arbitrary user shares through its group: owned by the group,
 * which may do what the owner may (g=u). OpenShift runs images in this way.
 */
#include <string.h>

#include "rule_walk.h"
#include "tree/resolve.h"

enum { MARK_SEEN = 1, MARK_LEFT_OUT = 2 };

static bool is_shared(const struct tree_stat *stat, int64_t gid)
{
	return stat->type == TAR_SYMLINK ||
	       (stat->gid == gid && (stat->mode >> 3 & 7) == (stat->mode >> 6 & 7));
}

/* What is not shared from a folder down; one finding for the folder. */
static int check_below(struct rule_run *run, struct node_marks *marks, node_id top, struct err *err)
{
	int64_t gid = rule__int(run, "gid", 0);
	struct finding draft = rule__draft();
	struct rule_walk walk;
	int rc;

	if (rule__marks_covered(marks, top, MARK_SEEN | MARK_LEFT_OUT))
		return 0;
	rule__marks_set(marks, top, MARK_SEEN);
	rule__walk_init(&walk, run, top);
	while ((rc = rule__walk_next(&walk, err)) > 0) {
		if (is_shared(&walk.stat, gid))
			continue;
		draft.count++;
		draft.bytes += walk.stat.type == TAR_FILE ? walk.stat.size : 0;
	}
	draft.node = top;
	return rc == 0 && draft.count ? rule__report(run, "not-shared", &draft, err) : rc;
}

static int check_path(struct rule_run *run, struct node_marks *marks, const char *path,
		      struct err *err)
{
	struct resolve_result found = resolve_path(run->tree, run->at, NODE_ROOT, path, true, NULL);
	struct tree_stat stat;

	if (!path[0] || found.outcome != RESOLVE_FOUND || found.node.v == NODE_ROOT.v ||
	    !tree_stat(run->tree, found.node, run->at, &stat) || stat.type != TAR_DIR ||
	    (stat.mode & 01002) == 01002) /* everybody's, as /tmp */
		return 0;
	return check_below(run, marks, found.node, err);
}

static int group_share(struct rule_run *run, struct err *err)
{
	struct node_marks marks;
	const char *item;
	int rc = rule__marks_init(&marks, run->tree, run->at, err);

	if (rc == 0)
		rc = rule__marks_list(&marks, run, "system", MARK_LEFT_OUT, err);
	for (size_t i = 0; rc == 0 && (item = rule__item(run, "scope", i)); i++)
		rc = check_path(run, &marks, item, err);
	if (rc == 0)
		rc = check_path(run, &marks, run->config->working_dir, err);
	if (rc == 0)
		rc = check_path(run, &marks, rule__home(run), err);
	rule__marks_done(&marks);
	return rc;
}

/* clang-format off */
const struct predicate rule__group_share_predicates[] = {
	{ "group-share", group_share,
	  RULE_WORDS("not-shared"), RULE_WORDS("scope", "system", "gid") },
	{ NULL, NULL, NULL, NULL },
};
/* clang-format on */
