/*
 * Wants and config edits in the order in which they were chosen, cut into
 * steps. Strings live in the plan's arena: undo only lowers counts, and redo
 * raises them again, as what lies behind them stays until it is written over.
 */
#include "plan/plan.h"

#include <assert.h>
#include <string.h>

#include "plan_priv.h"
#include "rule/packages.h"

struct step {
	struct plan_step public;
	size_t first_edit, edit_count;
};

struct plan {
	const struct tree *tree;
	const struct config *config;
	VEC(struct step) steps;
	VEC(struct tree_want) wants;
	VEC(struct config_edit) edits;
	VEC(struct plan_packages) packages;
	bool open; /* the last step takes wants, edits and packages */
	size_t redoable; /* steps behind the last one that redo would bring again */
	struct arena arena;
};

int plan_new(const struct tree *tree, const struct config *config, struct plan **ret_plan,
	     struct err *err)
{
	struct plan *plan = calloc(1, sizeof(*plan));

	if (!plan)
		return err_nomem(err);
	plan->tree = tree;
	plan->config = config;
	*ret_plan = plan;
	return 0;
}

void plan_free(struct plan *plan)
{
	if (!plan)
		return;
	VEC_DONE(&plan->steps);
	VEC_DONE(&plan->wants);
	VEC_DONE(&plan->edits);
	VEC_DONE(&plan->packages);
	arena_done(&plan->arena);
	free(plan);
}

void plan_freep(struct plan **plan)
{
	plan_free(*plan);
}

static const char *const *keep_list(struct plan *plan, const char *const *list)
{
	const char **copy;
	size_t count = 0;

	while (list[count])
		count++;
	copy = arena_alloc(&plan->arena, (count + 1) * sizeof(*copy));
	for (size_t i = 0; copy && i < count; i++) {
		copy[i] = arena_copy(&plan->arena, list[i], strlen(list[i]));
		if (!copy[i])
			return NULL;
	}
	return copy;
}

int plan_begin_step(struct plan *plan, const char *rule_id, const char *title, struct err *err)
{
	struct step step = {
		.public = { .rule_id = arena_copy(&plan->arena, rule_id, strlen(rule_id)),
			    .title = arena_copy(&plan->arena, title, strlen(title)),
			    .first_want = plan->wants.count,
			    .first_packages = plan->packages.count },
		.first_edit = plan->edits.count,
	};

	if (!step.public.rule_id || !step.public.title || VEC_PUSH(&plan->steps, step, err) < 0)
		return err_nomem(err);
	plan->open = true;
	plan->redoable = 0;
	return 0;
}

/* The names of one file follow each other with the same contents, which are kept once. */
static const void *keep_body(struct plan *plan, const struct tree_want *want)
{
	const struct tree_want *last =
		plan->wants.count ? &plan->wants.items[plan->wants.count - 1] : NULL;

	if (last && last->body && last->body_len == want->body_len &&
	    memcmp(last->body, want->body, want->body_len) == 0)
		return last->body;
	return arena_copy(&plan->arena, want->body, want->body_len);
}

int plan_want(struct plan *plan, const struct tree_want *want, struct err *err)
{
	struct tree_want kept = *want;

	assert(plan->open);
	kept.path = arena_copy(&plan->arena, want->path, strlen(want->path));
	if (want->body)
		kept.body = keep_body(plan, want);
	if (want->target)
		kept.target = arena_copy(&plan->arena, want->target, strlen(want->target));
	if (!kept.path || (want->body && !kept.body) || (want->target && !kept.target) ||
	    VEC_PUSH(&plan->wants, kept, err) < 0)
		return err_nomem(err);
	plan->steps.items[plan->steps.count - 1].public.want_count++;
	return 0;
}

int plan_edit_config(struct plan *plan, const struct config_edit *edit, struct err *err)
{
	struct config_edit kept = *edit;
	const char *const **lists[] = { &kept.env, &kept.entrypoint, &kept.cmd, &kept.expose };

	assert(plan->open);
	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
		if (*lists[i] && !(*lists[i] = keep_list(plan, *lists[i])))
			return err_nomem(err);
	}
	if ((edit->user &&
	     !(kept.user = arena_copy(&plan->arena, edit->user, strlen(edit->user)))) ||
	    (edit->working_dir && !(kept.working_dir = arena_copy(&plan->arena, edit->working_dir,
								  strlen(edit->working_dir)))) ||
	    VEC_PUSH(&plan->edits, kept, err) < 0)
		return err_nomem(err);
	plan->steps.items[plan->steps.count - 1].edit_count++;
	return 0;
}

int plan_install(struct plan *plan, const struct plan_packages *packages, struct err *err)
{
	const struct package_manager *manager = package_manager_find(packages->manager);
	struct plan_packages kept;

	assert(plan->open);
	if (!manager)
		return err_set(err, ERR_INVALID, "'%s' is no package manager that is known",
			       packages->manager);
	for (size_t i = 0; packages->names[i]; i++) {
		if (!package_name_is_plain(packages->names[i]))
			return err_set(err, ERR_INVALID, "'%s' is no name of a package",
				       packages->names[i]);
	}
	kept = (struct plan_packages){ manager->name, keep_list(plan, packages->names) };
	if (!kept.names || VEC_PUSH(&plan->packages, kept, err) < 0)
		return err_nomem(err);
	plan->steps.items[plan->steps.count - 1].public.packages_count++;
	return 0;
}

bool plan_has_package(const struct plan *plan, const char *manager, const char *name)
{
	for (size_t i = 0; i < plan->packages.count; i++) {
		const struct plan_packages *packages = &plan->packages.items[i];

		for (size_t n = 0; packages->names[n]; n++) {
			if (!strcmp(packages->manager, manager) &&
			    !strcmp(packages->names[n], name))
				return true;
		}
	}
	return false;
}

bool plan_undo(struct plan *plan)
{
	const struct step *last;

	if (plan->steps.count == 0)
		return false;
	last = &plan->steps.items[--plan->steps.count];
	plan->wants.count = last->public.first_want;
	plan->edits.count = last->first_edit;
	plan->packages.count = last->public.first_packages;
	/* What was never whole cannot come again. */
	plan->redoable = plan->open ? 0 : plan->redoable + 1;
	plan->open = false;
	return true;
}

void plan__cut(struct plan *plan, size_t steps)
{
	while (plan->steps.count > steps)
		plan_undo(plan);
	plan->redoable = 0;
}

bool plan_redo(struct plan *plan)
{
	const struct step *next;

	if (plan->redoable == 0)
		return false;
	next = &plan->steps.items[plan->steps.count++];
	plan->wants.count += next->public.want_count;
	plan->edits.count += next->edit_count;
	plan->packages.count += next->public.packages_count;
	plan->redoable--;
	return true;
}

bool plan_end_step(struct plan *plan)
{
	const struct step *last = &plan->steps.items[plan->steps.count - 1];

	assert(plan->open);
	plan->open = false;
	if (last->public.want_count || last->edit_count || last->public.packages_count)
		return true;
	plan->steps.count--;
	return false;
}

size_t plan_step_count(const struct plan *plan)
{
	return plan->steps.count;
}

struct plan_step plan_step(const struct plan *plan, size_t i)
{
	return plan->steps.items[i].public;
}

const struct config_edit *plan__step_edits(const struct plan *plan, size_t i, size_t *ret_count)
{
	const struct step *step = &plan->steps.items[i];

	*ret_count = step->edit_count;
	return step->edit_count ? plan->edits.items + step->first_edit : NULL;
}

const struct tree_want *plan_wants(const struct plan *plan, size_t *ret_count)
{
	*ret_count = plan->wants.count;
	return plan->wants.items;
}

const struct plan_packages *plan_packages(const struct plan *plan, size_t *ret_count)
{
	*ret_count = plan->packages.count;
	return plan->packages.items;
}

bool plan_changes_config(const struct plan *plan)
{
	return plan->edits.count > 0;
}

bool plan_is_empty(const struct plan *plan)
{
	return plan->wants.count == 0 && plan->edits.count == 0 && plan->packages.count == 0;
}

bool plan_needs_build(const struct plan *plan)
{
	return plan->wants.count == 0 && plan->edits.count == 0 && plan->packages.count > 0;
}

static int copy_step(const struct plan *plan, const struct step *step, struct plan *copy,
		     struct err *err)
{
	int result = plan_begin_step(copy, step->public.rule_id, step->public.title, err);

	for (size_t i = 0; result == 0 && i < step->public.want_count; i++)
		result = plan_want(copy, &plan->wants.items[step->public.first_want + i], err);
	for (size_t i = 0; result == 0 && i < step->edit_count; i++)
		result = plan_edit_config(copy, &plan->edits.items[step->first_edit + i], err);
	for (size_t i = 0; result == 0 && i < step->public.packages_count; i++)
		result = plan_install(copy, &plan->packages.items[step->public.first_packages + i],
				      err);
	return result;
}

int plan_copy(const struct plan *plan, struct plan **ret_plan, struct err *err)
{
	CLEANUP(plan_freep) struct plan *copy = NULL;

	if (plan_new(plan->tree, plan->config, &copy, err) < 0)
		return -ERR_NOMEM;
	for (size_t i = 0; i < plan->steps.count; i++) {
		if (copy_step(plan, &plan->steps.items[i], copy, err) < 0)
			return -ERR_NOMEM;
	}
	copy->open = false;
	*ret_plan = STEAL(copy);
	return 0;
}

/* By path, then by age. A parent's path is a prefix of its child's, so it comes first. */
static int compare_wants(const void *a, const void *b)
{
	const struct tree_want *const *left = a, *const *right = b;
	int by_path = strcmp((*left)->path, (*right)->path);

	return by_path ? by_path : (*left > *right) - (*left < *right);
}

/* 'later' on top of 'want', member by member. */
static void merge_want(struct tree_want *want, const struct tree_want *later)
{
	/* Gone is gone, and nothing that was wanted of it before matters. */
	if (later->remove || want->remove) {
		*want = (struct tree_want){ .path = want->path, .remove = true };
		return;
	}
	if (later->set_mode) {
		want->set_mode = true;
		want->mode = later->mode;
	}
	if (later->set_uid) {
		want->set_uid = true;
		want->uid = later->uid;
	}
	if (later->set_gid) {
		want->set_gid = true;
		want->gid = later->gid;
	}
	if (later->create && !want->create) {
		want->create = true;
		want->type = later->type;
	}
	if (later->body) {
		want->body = later->body;
		want->body_len = later->body_len;
	}
	if (later->target)
		want->target = later->target;
}

int plan_merge(const struct plan *plan, struct tree_want **ret_wants, size_t *ret_count,
	       struct err *err)
{
	size_t count = plan->wants.count, merged = 0;
	CLEANUP(freep) const struct tree_want **sorted = calloc(count + 1, sizeof(*sorted));
	CLEANUP(freep) struct tree_want *wants = calloc(count + 1, sizeof(*wants));

	if (!sorted || !wants)
		return err_nomem(err);
	for (size_t i = 0; i < count; i++)
		sorted[i] = &plan->wants.items[i];
	qsort(sorted, count, sizeof(*sorted), compare_wants);
	for (size_t i = 0; i < count; i++) {
		if (merged && strcmp(wants[merged - 1].path, sorted[i]->path) == 0)
			merge_want(&wants[merged - 1], sorted[i]);
		else
			wants[merged++] = *sorted[i];
	}
	*ret_wants = STEAL(wants);
	*ret_count = merged;
	return 0;
}

/* All edits as one. Strings stay the plan's, the lists that grow are here. */
struct merged_edit {
	struct config_edit edit;
	VEC(const char *) env, expose;
};

static void merged_edit_done(struct merged_edit *merged)
{
	VEC_DONE(&merged->env);
	VEC_DONE(&merged->expose);
}

static int merge_edit(struct merged_edit *merged, const struct config_edit *edit, struct err *err)
{
	struct config_edit *all = &merged->edit;

	all->user = edit->user ? edit->user : all->user;
	all->working_dir = edit->working_dir ? edit->working_dir : all->working_dir;
	all->entrypoint = edit->entrypoint ? edit->entrypoint : all->entrypoint;
	all->cmd = edit->cmd ? edit->cmd : all->cmd;
	for (size_t i = 0; edit->env && edit->env[i]; i++) {
		if (VEC_PUSH(&merged->env, edit->env[i], err) < 0)
			return -(int)ERR_NOMEM;
	}
	for (size_t i = 0; edit->expose && edit->expose[i]; i++) {
		if (VEC_PUSH(&merged->expose, edit->expose[i], err) < 0)
			return -(int)ERR_NOMEM;
	}
	return 0;
}

static int merge_edits(const struct plan *plan, struct merged_edit *merged, struct err *err)
{
	int result = 0;

	for (size_t i = 0; result == 0 && i < plan->edits.count; i++)
		result = merge_edit(merged, &plan->edits.items[i], err);
	if (result < 0 || VEC_PUSH(&merged->env, NULL, err) < 0 ||
	    VEC_PUSH(&merged->expose, NULL, err) < 0)
		return -(int)ERR_NOMEM;
	merged->edit.env = merged->env.items;
	merged->edit.expose = merged->expose.count > 1 ? merged->expose.items : NULL;
	return 0;
}

int plan_preview(const struct plan *plan, struct tree **ret_tree, struct config **ret_config,
		 struct err *err)
{
	CLEANUP(freep) struct tree_want *wants = NULL;
	CLEANUP(merged_edit_done) struct merged_edit merged = { 0 };
	CLEANUP(config_freep) struct config *config = NULL;
	size_t count;
	int result;

	if ((result = plan_merge(plan, &wants, &count, err)) < 0 ||
	    (result = merge_edits(plan, &merged, err)) < 0 ||
	    (result = config_edit(plan->config, &merged.edit, &config, err)) < 0 ||
	    (result = tree_over(plan->tree, wants, count, ret_tree, err)) < 0)
		return result;
	*ret_config = STEAL(config);
	return 0;
}
