/*
 * Modes and attributes that stand out: scripts that nobody made executable,
 * setuid files, ACLs and capabilities, system folders that a later layer shut.
 */
#include <inttypes.h>
#include <string.h>

#include "content/content.h"
#include "layer/acl.h"
#include "layer/capability.h"
#include "scope_walk.h"

enum { FINDINGS_MOST = 100, SETID = 06000 };

/* ---- the folders that the user works in ---- */

/* Called for each path of the scope, parents first. */
typedef int scope_visit(struct rule_run *run, node_id node, const struct tree_stat *stat,
			size_t *ret_reported, struct err *err);

static int visit_folder(struct rule_run *run, struct scope_walk *walk, scope_visit *visit,
			size_t *reported, struct err *err)
{
	int rc;

	while ((rc = rule__scope_walk_next(walk, err)) > 0) {
		if (*reported < FINDINGS_MOST)
			rc = visit(run, walk->below.node, &walk->below.stat, reported, err);
		if (rc < 0)
			break;
	}
	return rc;
}

static int visit_scope(struct rule_run *run, scope_visit *visit, struct err *err)
{
	CLEANUP(rule__scope_walk_done) struct scope_walk walk;
	size_t reported = 0;
	node_id top;
	int rc = rule__scope_walk_init(&walk, run, err);

	while (rc == 0 && rule__scope_walk_top(&walk, &top))
		rc = visit_folder(run, &walk, visit, &reported, err);
	return rc;
}

/* ---- scripts ---- */

static bool ends_in(const char *name, const char *end)
{
	size_t len = strlen(name), end_len = strlen(end);

	return len > end_len && !strcmp(name + len - end_len, end);
}

/* What cannot be read is another rule's. */
static bool has_interpreter(struct rule_run *run, node_id node)
{
	CLEANUP(freep) char *bytes = NULL;
	struct err ignored = { 0 };
	size_t len;

	return content_load(run->content, node, 2, &bytes, &len, &ignored) == 0 && len == 2 &&
	       !memcmp(bytes, "#!", 2);
}

static int check_script(struct rule_run *run, node_id node, const struct tree_stat *stat,
			size_t *ret_reported, struct err *err)
{
	struct finding draft = rule__draft();
	unsigned bits;

	if (stat->type != TAR_FILE || !ends_in(tree_name(run->tree, node), ".sh") ||
	    !access_map_get(run->map, node, &bits) || !(bits & ACCESS_READ) ||
	    bits & ACCESS_EXECUTE || !has_interpreter(run, node))
		return 0;
	draft.node = draft.blocker = node;
	draft.denied = ACCESS_EXECUTE;
	++*ret_reported;
	return rule__report(run, "not-executable", &draft, err);
}

static int script_mode(struct rule_run *run, struct err *err)
{
	return visit_scope(run, check_script, err);
}

/* ---- attributes ---- */

/* The kinds of what is beside owner and mode; each is a case of its own. */
enum kind { KIND_SETUID, KIND_SETGID, KIND_ACL, KIND_ACL_TEXT, KIND_CAPABILITY, KINDS };
static const char *const KIND_CASES[KINDS] = { "setuid", "setgid", "acl", "acl-text",
					       "capability" };

static bool has_kind(enum kind kind, const struct tree_stat *stat, const struct layer_extra *extra)
{
	bool is_file = stat->type == TAR_FILE;

	switch (kind) {
	case KIND_SETUID:
		return is_file && (stat->mode & 04000);
	case KIND_SETGID:
		return is_file && (stat->mode & 02000);
	case KIND_ACL:
		return layer_extra_xattr(extra, ACL_ACCESS_XATTR) ||
		       layer_extra_xattr(extra, ACL_DEFAULT_XATTR);
	case KIND_ACL_TEXT:
		return extra && (extra->acl_access || extra->acl_default);
	case KIND_CAPABILITY:
		return layer_extra_xattr(extra, CAPABILITY_XATTR) != NULL;
	case KINDS:
		break;
	}
	return false;
}

/* One finding a kind: the first path, and how many there are. */
static int attributes_present(struct rule_run *run, struct err *err)
{
	struct finding drafts[KINDS];
	struct rule_walk walk;
	int rc;

	for (enum kind kind = 0; kind < KINDS; kind++)
		drafts[kind] = rule__draft();
	rule__walk_init(&walk, run, NODE_ROOT);
	while ((rc = rule__walk_next(&walk, err)) > 0) {
		const struct layer_extra *extra = tree_extra(run->tree, &walk.stat);

		for (enum kind kind = 0; kind < KINDS; kind++) {
			if (!has_kind(kind, &walk.stat, extra))
				continue;
			drafts[kind].node = drafts[kind].count++ ? drafts[kind].node : walk.node;
		}
	}
	for (enum kind kind = 0; rc == 0 && kind < KINDS; kind++) {
		if (drafts[kind].count)
			rc = rule__report(run, KIND_CASES[kind], &drafts[kind], err);
	}
	return rc;
}

/* ---- what a chown must not touch ---- */

static int check_guarded(struct rule_run *run, node_id node, const struct tree_stat *stat,
			 size_t *ret_reported, struct err *err)
{
	const struct layer_extra *extra = tree_extra(run->tree, stat);
	struct finding draft = rule__draft();
	const char *what = has_kind(KIND_SETUID, stat, extra)       ? "setuid"
			   : has_kind(KIND_SETGID, stat, extra)     ? "setgid"
			   : has_kind(KIND_CAPABILITY, stat, extra) ? "capability"
								    : NULL;

	if (!what)
		return 0;
	draft.node = node;
	++*ret_reported;
	return rule__report(run, what, &draft, err);
}

static int guarded_in_scope(struct rule_run *run, struct err *err)
{
	return visit_scope(run, check_guarded, err);
}

/* ---- setuid files that the base has not ---- */

static int setid_added(struct rule_run *run, struct err *err)
{
	struct rule_walk walk;
	const struct tree_stat *stat = &walk.stat;
	size_t reported = 0;
	int rc;

	rule__walk_init(&walk, run, NODE_ROOT);
	while ((rc = rule__walk_next(&walk, err)) > 0) {
		struct finding draft = rule__draft();

		if (stat->type != TAR_FILE || !(stat->mode & SETID) || stat->uid != 0 ||
		    stat->layer < 2 ||
		    rule__listed(run, "known", tree_name(run->tree, walk.node)) ||
		    ++reported > FINDINGS_MOST)
			continue;
		draft.node = walk.node;
		draft.layer = stat->head_layer ? stat->head_layer : stat->layer;
		rc = rule__report(run, "added", &draft, err);
		if (rc < 0)
			break;
	}
	return rc;
}

/* ---- system folders ---- */

/*
 * Whether somebody may do less with it than before: by the mode, or because the
 * old owner or group is now among the others. Root as an owner may all.
 */
static bool is_stricter(const struct tree_stat *now, const struct tree_stat *before)
{
	bool lost_owner = before->uid != now->uid && before->uid != 0;
	bool lost_group = before->gid != now->gid;

	return (before->mode & ~now->mode & 0777) ||
	       (lost_owner && (before->mode >> 6 & ~now->mode & 07)) ||
	       (lost_group && (before->mode >> 3 & ~now->mode & 07));
}

/* The last layer after which more was allowed than at the top; 0: none. */
static unsigned looser_layer(const struct rule_run *run, node_id node, const struct tree_stat *now,
			     struct tree_stat *ret_before)
{
	for (unsigned layer = (unsigned)tree_layer_count(run->tree); layer-- > 1;) {
		if (!tree_stat(run->tree, node, layer, ret_before) || ret_before->type != TAR_DIR)
			return 0;
		if (is_stricter(now, ret_before))
			return layer;
	}
	return 0;
}

static int folder_stricter(struct rule_run *run, struct err *err)
{
	const char *path;
	int rc = 0;

	for (size_t i = 0; rc == 0 && (path = rule__item(run, "folders", i)); i++) {
		node_id node = tree_find(run->tree, path);
		struct finding draft = rule__draft();
		struct tree_stat now, before;
		char text[100];

		if (node_is_none(node) || !tree_stat(run->tree, node, run->at, &now) ||
		    now.type != TAR_DIR)
			continue;
		unsigned layer = looser_layer(run, node, &now, &before);
		if (!layer)
			continue;
		snprintf(text, sizeof(text), "%04o %" PRId64 ":%" PRId64 " after layer %u",
			 before.mode, before.uid, before.gid, layer);
		draft.node = node;
		draft.layer = now.head_layer;
		draft.count = layer;
		draft.detail = rule__keep(run, text);
		rc = rule__report(run, "stricter", &draft, err);
	}
	return rc;
}

/* clang-format off */
const struct predicate rule__mode_predicates[] = {
	{ "script-mode", script_mode,
	  RULE_WORDS("not-executable"), RULE_WORDS(SCOPE_WALK_ARGUMENTS) },
	{ "attributes-present", attributes_present,
	  RULE_WORDS("setuid", "setgid", "acl", "acl-text", "capability"), RULE_WORDS(NULL) },
	{ "guarded-in-scope", guarded_in_scope,
	  RULE_WORDS("setuid", "setgid", "capability"), RULE_WORDS(SCOPE_WALK_ARGUMENTS) },
	{ "setid-added", setid_added,
	  RULE_WORDS("added"), RULE_WORDS("known") },
	{ "folder-stricter", folder_stricter,
	  RULE_WORDS("stricter"), RULE_WORDS("folders") },
	{ NULL, NULL, NULL, NULL },
};
/* clang-format on */
