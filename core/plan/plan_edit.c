/*
 * What each chosen path needs is found first, once for each file, then further
 * names of hard links are looked for in one walk: asking for them file by file
 * would cost a walk each. The step is made at the end, when its title is known.
 */
#include "plan/plan_edit.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tree/resolve.h"
#include "tree/tree_iter.h"

enum { CANCEL_EACH = 4096 };

static const int64_t ID_MOST = UINT32_MAX - 1; /* the last one means "as it is" to chown(2) */

/* ---- reading ---- */

/* Digits alone; false: they are not, or no id is so large. */
static bool read_id(const char *text, size_t len, int64_t *ret_id)
{
	int64_t id = 0;

	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9' || id > ID_MOST)
			return false;
		id = id * 10 + (text[i] - '0');
	}
	*ret_id = id;
	return len && id <= ID_MOST;
}

static int read_user(const char *name, const struct accounts *accounts, struct plan_edit *edit,
		     const struct account_user **ret_user, struct err *err)
{
	*ret_user = accounts_user_by_name(accounts, name);
	edit->set_uid = true;
	if (*ret_user) {
		edit->uid = (*ret_user)->uid;
		return 0;
	}
	if (!read_id(name, strlen(name), &edit->uid))
		return err_set(err, ERR_INVALID, "'%s' is no user of the image, and no number",
			       name);
	*ret_user = accounts_user_by_id(accounts, edit->uid);
	return 0;
}

static int read_group(const char *name, const struct accounts *accounts,
		      const struct account_user *user, struct plan_edit *edit, struct err *err)
{
	const struct account_group *group = accounts_group_by_name(accounts, name);

	edit->set_gid = true;
	if (!*name && !user)
		return err_set(err, ERR_INVALID, "write a group behind ':'");
	if (!*name || group)
		edit->gid = *name ? group->gid : user->gid;
	else if (!read_id(name, strlen(name), &edit->gid))
		return err_set(err, ERR_INVALID, "'%s' is no group of the image, and no number",
			       name);
	return 0;
}

static void write_owner(struct plan_edit *edit, const char *more)
{
	char uid[24] = "", gid[24] = "";

	if (edit->set_uid)
		snprintf(uid, sizeof(uid), "%" PRId64, edit->uid);
	if (edit->set_gid)
		snprintf(gid, sizeof(gid), "%" PRId64, edit->gid);
	snprintf(edit->text, sizeof(edit->text), "%s %s%s%s%s", edit->set_uid ? "owner" : "group",
		 uid, edit->set_uid && edit->set_gid ? ":" : "", gid, more);
}

int plan_edit_read_owner(const char *text, const struct accounts *accounts,
			 struct plan_edit *ret_edit, struct err *err)
{
	const char *colon = strchr(text, ':');
	CLEANUP(freep) char *name = strndup(text, strcspn(text, ":"));
	const struct account_user *user = NULL;
	struct plan_edit edit = { 0 };
	int result = 0;

	if (!name)
		return err_nomem(err);
	if (!*name && !colon)
		return err_set(err, ERR_INVALID, "write an owner as USER, USER:GROUP or :GROUP");
	if (*name)
		result = read_user(name, accounts, &edit, &user, err);
	if (result == 0 && colon)
		result = read_group(colon + 1, accounts, user, &edit, err);
	if (result < 0)
		return result;
	write_owner(&edit, "");
	*ret_edit = edit;
	return 0;
}

int plan_edit_read_mode(const char *text, struct plan_edit *ret_edit, struct err *err)
{
	struct plan_edit edit = { 0 };
	int result = mode_text_read(text, &edit.mode, err);

	if (result < 0)
		return result;
	snprintf(edit.text, sizeof(edit.text), "mode %s", text);
	*ret_edit = edit;
	return 0;
}

void plan_edit_give(const struct identity *identity, struct plan_edit *ret_edit)
{
	struct plan_edit edit = {
		.set_uid = true, .set_gid = true, .uid = identity->uid, .gid = identity->gid
	};

	(void)mode_text_read("u+rwX", &edit.mode, NULL);
	write_owner(&edit, " with u+rwX");
	*ret_edit = edit;
}

/* ---- choosing ---- */

struct chosen {
	node_id node;
	struct tree_want want; /* without a path */
};

struct run {
	const struct plan_edit *edit;
	const struct plan_edit_target *target;
	const struct tree *tree;
	unsigned at;
	VEC(struct chosen) chosen;
	unsigned char *met; /* per node: it was asked for */
	uint32_t *by_inode; /* index in 'chosen', from 1: the first name that was met */
	bool has_links;     /* one of them has further names */
	uint64_t seen;
	struct plan_edit_result result;
};

static void run_done(struct run *run)
{
	VEC_DONE(&run->chosen);
	free(run->by_inode);
	free(run->met);
}

/* What the node needs; false: nothing. */
static bool needs(const struct run *run, const struct tree_stat *stat, struct tree_want *ret_want)
{
	const struct plan_edit *edit = run->edit;
	struct tree_want want = {
		.set_uid = edit->set_uid && edit->uid != stat->uid,
		.set_gid = edit->set_gid && edit->gid != stat->gid,
		.uid = edit->uid,
		.gid = edit->gid,
	};

	if (stat->type != TAR_SYMLINK) {
		want.mode = mode_text_apply(&edit->mode, stat->mode, stat->type == TAR_DIR);
		want.set_mode = want.mode != stat->mode;
	}
	*ret_want = want;
	return want.set_uid || want.set_gid || want.set_mode;
}

static int choose(struct run *run, node_id node, struct err *err)
{
	struct chosen chosen = { .node = node };
	struct tree_stat stat;

	if (++run->seen % CANCEL_EACH == 0 && cancel_check(run->target->cancel, err) < 0)
		return -ERR_CANCELLED;
	run->met[node.v] = 1;
	if (!tree_stat(run->tree, node, run->at, &stat) || run->by_inode[stat.inode.v] ||
	    !needs(run, &stat, &chosen.want))
		return 0;
	if (VEC_PUSH(&run->chosen, chosen, err) < 0)
		return -ERR_NOMEM;
	run->by_inode[stat.inode.v] = (uint32_t)run->chosen.count;
	run->has_links |= stat.links > 1;
	if (stat.type == TAR_FILE && (chosen.want.set_uid || chosen.want.set_gid))
		run->result.set_ids += (chosen.want.mode & 06000) != 0;
	return 0;
}

/* Whether the runtime's own file system hides the node. */
static bool is_below_mount(const struct tree *tree, node_id node)
{
	while (node.v != NODE_ROOT.v) {
		node = tree_parent(tree, node);
		if (resolve_is_mount(tree, node))
			return true;
	}
	return false;
}

static int choose_below(struct run *run, node_id top, struct err *err)
{
	struct tree_iter it;
	node_id node;
	int result = 0;

	tree_iter_init(&it, run->tree, top, run->at);
	while (result == 0 && tree_iter_next(&it, &node)) {
		bool is_mount = resolve_is_mount(run->tree, node);

		/* A directory that was met was gone through to its end. */
		if (run->met[node.v] || is_mount)
			tree_iter_skip(&it);
		if (run->met[node.v])
			continue;
		run->result.skipped += is_mount && !node_is_none(tree_first_child(run->tree, node));
		result = choose(run, node, err);
	}
	return result;
}

static int choose_all(struct run *run, struct err *err)
{
	const struct plan_edit_target *target = run->target;
	int result = 0;

	for (size_t i = 0; result == 0 && i < target->count; i++) {
		if (is_below_mount(run->tree, target->nodes[i]))
			run->result.skipped++;
		else if (target->below)
			result = choose_below(run, target->nodes[i], err);
		else
			result = choose(run, target->nodes[i], err);
	}
	return result;
}

/* All names of a file are wanted alike, so that whoever reads the plan sees them. */
static int choose_other_names(struct run *run, struct err *err)
{
	struct tree_iter it;
	node_id node;

	tree_iter_init(&it, run->tree, NODE_ROOT, run->at);
	while (run->has_links && tree_iter_next(&it, &node)) {
		struct tree_stat stat;
		struct chosen other = { .node = node };
		uint32_t first;

		if (++run->seen % CANCEL_EACH == 0 && cancel_check(run->target->cancel, err) < 0)
			return -ERR_CANCELLED;
		if (!tree_stat(run->tree, node, run->at, &stat) || stat.links < 2)
			continue;
		first = run->by_inode[stat.inode.v];
		if (!first || run->chosen.items[first - 1].node.v == node.v)
			continue;
		other.want = run->chosen.items[first - 1].want;
		if (VEC_PUSH(&run->chosen, other, err) < 0)
			return -ERR_NOMEM;
		run->result.other_names += !run->met[node.v];
	}
	return 0;
}

/* ---- the step ---- */

/* The lowest directory that everything lies in or is. */
static node_id common_top(const struct run *run)
{
	node_id top = run->chosen.items[0].node;

	for (size_t i = 1; i < run->chosen.count; i++) {
		node_id node = run->chosen.items[i].node;

		while (tree_depth(run->tree, node) > tree_depth(run->tree, top))
			node = tree_parent(run->tree, node);
		while (tree_depth(run->tree, top) > tree_depth(run->tree, node))
			top = tree_parent(run->tree, top);
		while (top.v != node.v) {
			top = tree_parent(run->tree, top);
			node = tree_parent(run->tree, node);
		}
	}
	return top;
}

static int begin_step(const struct run *run, struct plan *plan, struct err *err)
{
	CLEANUP(freep) char *path = tree_path_new(run->tree, common_top(run));
	CLEANUP(freep) char *title = NULL;
	size_t count = run->chosen.count;

	if (!path || (count == 1 ? asprintf(&title, "%s for %s", run->edit->text, path)
				 : asprintf(&title, "%s for %zu paths under %s", run->edit->text,
					    count, path)) < 0)
		return title = NULL, err_nomem(err);
	return plan_begin_step(plan, PLAN_EDIT_RULE, title, err);
}

static int add_wants(const struct run *run, struct plan *plan, struct err *err)
{
	int result = 0;

	for (size_t i = 0; result == 0 && i < run->chosen.count; i++) {
		CLEANUP(freep) char *path = tree_path_new(run->tree, run->chosen.items[i].node);
		struct tree_want want = run->chosen.items[i].want;

		if (!path)
			return err_nomem(err);
		if (i % CANCEL_EACH == 0 && cancel_check(run->target->cancel, err) < 0)
			return -ERR_CANCELLED;
		want.path = path + 1;
		result = plan_want(plan, &want, err);
	}
	return result;
}

int plan_edit_add(struct plan *plan, const struct judgement *judgement,
		  const struct plan_edit *edit, const struct plan_edit_target *target,
		  struct plan_edit_result *ret_result, struct err *err)
{
	CLEANUP(run_done)
	struct run run = {
		.edit = edit,
		.target = target,
		.tree = judgement->input.tree,
		.at = judgement_at(judgement),
	};
	int result;

	run.by_inode = calloc(tree_inode_count(run.tree) + 1, sizeof(*run.by_inode));
	run.met = calloc(tree_node_count(run.tree) + 1, 1);
	if (!run.by_inode || !run.met)
		return err_nomem(err);
	if ((result = choose_all(&run, err)) < 0 || (result = choose_other_names(&run, err)) < 0)
		return result;
	run.result.paths = run.chosen.count;
	*ret_result = run.result;
	if (!run.chosen.count)
		return 0;
	if ((result = begin_step(&run, plan, err)) < 0)
		return result;
	if ((result = add_wants(&run, plan, err)) < 0) {
		plan_undo(plan);
		return result;
	}
	return plan_end_step(plan) ? 1 : 0;
}
