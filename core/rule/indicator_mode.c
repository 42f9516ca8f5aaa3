/* Signs in owner, mode and attributes: what gains rights, and what everybody may change. */
#include "indicator.h"
#include "layer/capability.h"
#include "rule_walk.h"

enum { MARK_PRIVATE = 1 };
enum { MODE_SETUID = 04000, MODE_SETGID = 02000, MODE_STICKY = 01000, MODE_OTHER_WRITE = 02 };

static const struct {
	unsigned bit;
	const char *case_name, *known_name;
} GAINS[] = {
	{ MODE_SETUID, "setuid", "setuid-known" },
	{ MODE_SETGID, "setgid", "setgid-known" },
};

static int check_gains(struct indicators *all, const struct finding *draft,
		       const struct tree_stat *stat, struct err *err)
{
	const char *name = tree_name(all->run->tree, draft->node);
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < sizeof(GAINS) / sizeof(*GAINS); i++) {
		if (!(stat->mode & GAINS[i].bit))
			continue;
		bool is_known = rule__listed(all->run, "known-setuid", name);
		rc = rule__indicate(all, is_known ? GAINS[i].known_name : GAINS[i].case_name, draft,
				    err);
	}
	return rc;
}

static int check_capability(struct indicators *all, struct finding draft,
			    const struct tree_stat *stat, struct err *err)
{
	const struct tar_xattr *xattr =
		layer_extra_xattr(tree_extra(all->run->tree, stat), CAPABILITY_XATTR);
	struct capabilities capabilities;
	char text[CAPABILITY_ROOM];

	if (!xattr || !capabilities_read(xattr->value, xattr->len, &capabilities))
		return 0;
	draft.detail = rule__keep(all->run, capabilities_text(&capabilities, text));
	return rule__indicate(all, "capability", &draft, err);
}

static int check_node(struct indicators *all, node_id node, const struct tree_stat *stat,
		      struct err *err)
{
	struct finding draft = rule__draft();
	int rc = 0;

	if (stat->type == TAR_SYMLINK)
		return 0;
	draft.node = node;
	if (stat->type == TAR_FILE) {
		rc = check_gains(all, &draft, stat, err);
		if (rc == 0)
			rc = check_capability(all, draft, stat, err);
	}
	if (rc < 0 || !(stat->mode & MODE_OTHER_WRITE))
		return rc;
	if (stat->type == TAR_FILE)
		return rule__indicate(all, "world-writable-file", &draft, err);
	if (stat->type == TAR_DIR && !(stat->mode & MODE_STICKY))
		return rule__indicate(all, "world-writable-dir", &draft, err);
	return 0;
}

static int check_tree(struct indicators *all, const struct node_marks *marks, struct err *err)
{
	struct rule_walk walk;
	int rc;

	rule__walk_init(&walk, all->run, NODE_ROOT);
	while ((rc = rule__walk_next(&walk, err)) > 0) {
		if (rule__marks_has(marks, walk.node, MARK_PRIVATE)) {
			tree_iter_skip(&walk.it);
			continue;
		}
		rc = check_node(all, walk.node, &walk.stat, err);
		if (rc < 0)
			break;
	}
	return rc;
}

int rule__indicate_modes(struct indicators *all, struct err *err)
{
	const struct rule_run *run = all->run;
	CLEANUP(rule__marks_done) struct node_marks marks = { 0 };
	int rc = rule__marks_init(&marks, run->tree, run->at, err);

	if (rc == 0)
		rc = rule__marks_list(&marks, run, "private", MARK_PRIVATE, err);
	return rc < 0 ? rc : check_tree(all, &marks, err);
}
