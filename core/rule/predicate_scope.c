/*
 * What the user must be able to read and write. Not every file of an image:
 * the working directory, HOME, folders of start scripts, volumes, directories
 * that Env names, well-known folders of applications; conda prefixes for
 * reading only. System trees and private files are no part of it.
 *
 * Findings are the topmost directories and single files. Symlinks are never
 * findings: they have no permissions of their own.
 */
#include "rule_walk.h"

#include <string.h>

#include "tree/resolve.h"

enum scope_mark {
	MARK_PRIVATE = 1,
	MARK_SYSTEM = 2,
	MARK_NOT_SYSTEM = 4, /* an application inside a system tree */
	MARK_WRITE = 8,      /* a root of the scope */
	MARK_READ = 16,      /* a root of the scope, for reading only */
	MARK_INSIDE_READ = 32,
	MARK_COUNTED = 64, /* inside a directory whose finding stands for all below */
};

struct scope {
	struct rule_run *run;
	struct node_marks marks;
	VEC(node_id) roots;
	size_t cover; /* index of the finding that stands for what is MARK_COUNTED */
};

static void scope_done(struct scope *scope)
{
	rule__marks_done(&scope->marks);
	VEC_DONE(&scope->roots);
}

/* ---- what belongs to it ---- */

static bool is_excluded(const struct scope *scope, node_id node)
{
	return rule__marks_covered(&scope->marks, node, MARK_PRIVATE) ||
	       (rule__marks_covered(&scope->marks, node, MARK_SYSTEM) &&
		!rule__marks_covered(&scope->marks, node, MARK_NOT_SYSTEM));
}

static bool is_directory(const struct scope *scope, node_id node)
{
	struct tree_stat stat;

	return tree_stat(scope->run->tree, node, scope->run->at, &stat) && stat.type == TAR_DIR;
}

/* The root directory never: a working directory "/" does not make the whole image the scope. */
static int add_node(struct scope *scope, node_id node, unsigned mark, struct err *err)
{
	if (node.v == NODE_ROOT.v || !is_directory(scope, node) || is_excluded(scope, node))
		return 0;
	bool is_known = rule__marks_has(&scope->marks, node, MARK_WRITE | MARK_READ);
	rule__marks_set(&scope->marks, node, mark);
	return is_known ? 0 : VEC_PUSH(&scope->roots, node, err);
}

static int add_path(struct scope *scope, const char *path, struct err *err)
{
	struct resolve_result found;

	if (!path || !path[0])
		return 0;
	found = resolve_path(scope->run->tree, scope->run->at, NODE_ROOT, path, true, NULL);
	return found.outcome == RESOLVE_FOUND ? add_node(scope, found.node, MARK_WRITE, err) : 0;
}

/* Each absolute path of "/a:/b". */
static int add_path_list(struct scope *scope, const char *list, struct err *err)
{
	char path[1024];
	int rc = 0;

	while (rc == 0 && *list) {
		size_t len = strcspn(list, ":");

		if (*list == '/' && len < sizeof(path)) {
			memcpy(path, list, len);
			path[len] = '\0';
			rc = add_path(scope, path, err);
		}
		list += len + (list[len] != '\0');
	}
	return rc;
}

/* "…_HOME", "…_DIR", "…_PATH", "…_ROOT", "…_CACHE…". */
static bool names_directories(const char *variable, size_t len)
{
	static const char *const ENDS[] = { "_HOME", "_DIR", "_PATH", "_ROOT" };

	for (size_t i = 0; i < sizeof(ENDS) / sizeof(*ENDS); i++) {
		size_t width = strlen(ENDS[i]);

		if (len > width && !memcmp(variable + len - width, ENDS[i], width))
			return true;
	}
	return memmem(variable, len, "_CACHE", 6) != NULL;
}

static int add_environment(struct scope *scope, struct err *err)
{
	const char **env = scope->run->config->env;
	int rc = 0;

	for (size_t i = 0; rc == 0 && env && env[i]; i++) {
		size_t len = strcspn(env[i], "=");

		if (env[i][len] == '=' && names_directories(env[i], len))
			rc = add_path_list(scope, env[i] + len + 1, err);
	}
	return rc;
}

static bool is_script_name(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot && (!strcmp(dot, ".py") || !strcmp(dot, ".sh"));
}

/* The folders of the scripts that the start command names. */
static int add_start(struct scope *scope, struct err *err)
{
	const struct start *start = scope->run->judgement->start;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < start->step_count; i++) {
		const struct start_step *step = &start->steps[i];

		if (!step->path ||
		    (strcmp(step->what, "script") != 0 && !is_script_name(step->path)))
			continue;
		struct resolve_result found = resolve_path(scope->run->tree, scope->run->at,
							   NODE_ROOT, step->path, true, NULL);
		if (found.outcome == RESOLVE_FOUND)
			rc = add_node(scope, tree_parent(scope->run->tree, found.node), MARK_WRITE,
				      err);
	}
	return rc;
}

/* Whether the directory holds a script, itself or in a directory of it. */
static bool holds_scripts(const struct scope *scope, node_id top)
{
	const struct tree *tree = scope->run->tree;
	unsigned deepest = tree_depth(tree, top) + 2;
	struct tree_iter it;
	node_id node;

	tree_iter_init(&it, tree, top, scope->run->at);
	while (tree_iter_next(&it, &node)) {
		if (tree_depth(tree, node) >= deepest)
			tree_iter_skip(&it);
		if (is_script_name(tree_name(tree, node)) && !is_directory(scope, node))
			return true;
	}
	return false;
}

static int add_script_holders(struct scope *scope, const char *path, struct err *err)
{
	const struct tree *tree = scope->run->tree;
	struct resolve_result found =
		resolve_path(tree, scope->run->at, NODE_ROOT, path, true, NULL);
	int rc = 0;

	if (found.outcome != RESOLVE_FOUND)
		return 0;
	for (node_id child = tree_first_child(tree, found.node); rc == 0 && !node_is_none(child);
	     child = tree_next_sibling(tree, child)) {
		if (is_directory(scope, child) && holds_scripts(scope, child))
			rc = add_node(scope, child, MARK_WRITE, err);
	}
	return rc;
}

/* Directories with "conda-meta" in them. */
static int add_conda_prefixes(struct scope *scope, struct err *err)
{
	const struct tree *tree = scope->run->tree;
	struct rule_walk walk;
	int rc;

	rule__walk_init(&walk, scope->run, NODE_ROOT);
	while ((rc = rule__walk_next(&walk, err)) > 0) {
		if (walk.stat.type != TAR_DIR ||
		    strcmp(tree_name(tree, walk.node), "conda-meta") != 0)
			continue;
		rc = add_node(scope, tree_parent(tree, walk.node), MARK_READ, err);
		if (rc < 0)
			break;
	}
	return rc;
}

static int add_named(struct scope *scope, struct err *err)
{
	struct rule_run *run = scope->run;
	const char **volumes = run->config->volumes;
	const char *path;
	int rc = add_path(scope, run->config->working_dir, err);

	if (rc == 0)
		rc = add_path(scope, rule__home(run), err);
	for (size_t i = 0; rc == 0 && volumes && volumes[i]; i++)
		rc = add_path(scope, volumes[i], err);
	for (size_t i = 0; rc == 0 && (path = rule__item(run, "scope", i)); i++)
		rc = add_path(scope, path, err);
	for (size_t i = 0; rc == 0 && (path = rule__item(run, "scripts-below", i)); i++)
		rc = add_script_holders(scope, path, err);
	return rc;
}

static int collect(struct scope *scope, struct err *err)
{
	const struct rule_run *run = scope->run;
	struct node_marks *marks = &scope->marks;
	int rc = rule__marks_list(marks, run, "private", MARK_PRIVATE, err);

	if (rc == 0)
		rc = rule__marks_list(marks, run, "system", MARK_SYSTEM, err);
	if (rc == 0)
		rc = rule__marks_list(marks, run, "not-system", MARK_NOT_SYSTEM, err);
	if (rc == 0)
		rc = add_named(scope, err);
	if (rc == 0)
		rc = add_environment(scope, err);
	if (rc == 0)
		rc = add_start(scope, err);
	return rc < 0 ? rc : add_conda_prefixes(scope, err);
}

/* ---- what is wrong in it ---- */

/* Whether a walk from another root comes by. */
static bool is_inside_another(const struct scope *scope, node_id node)
{
	return rule__marks_covered(&scope->marks, tree_parent(scope->run->tree, node),
				   MARK_WRITE | MARK_READ);
}

static int report(struct scope *scope, const char *name, node_id node, unsigned denied,
		  struct err *err)
{
	struct finding draft = rule__draft();

	draft.node = draft.blocker = node;
	draft.denied = denied;
	return rule__report(scope->run, name, &draft, err);
}

/* A directory that cannot be written stands for everything below that cannot. */
static int report_unwritable_directory(struct scope *scope, node_id node, struct err *err)
{
	size_t before = scope->run->judgement->findings.count;
	int rc = report(scope, "unwritable-directory", node, ACCESS_WRITE, err);

	if (rc == 0 && scope->run->judgement->findings.count > before) {
		scope->cover = before;
		rule__marks_set(&scope->marks, node, MARK_COUNTED);
	}
	return rc;
}

static int look_at_unwritable(struct scope *scope, node_id node, const struct tree_stat *stat,
			      struct err *err)
{
	if (rule__marks_has(&scope->marks, node, MARK_COUNTED)) {
		struct finding *cover = &scope->run->judgement->findings.items[scope->cover];

		cover->count++;
		cover->bytes += stat->type == TAR_FILE ? stat->size : 0;
		return 0;
	}
	if (stat->type == TAR_DIR)
		return report_unwritable_directory(scope, node, err);
	return report(scope, "unwritable", node, ACCESS_WRITE, err);
}

/* The marks that hold for all below a directory go from parent to child. */
static void inherit(struct scope *scope, node_id node)
{
	struct node_marks *marks = &scope->marks;
	node_id parent = tree_parent(scope->run->tree, node);

	if (rule__marks_has(marks, node, MARK_READ) ||
	    (rule__marks_has(marks, parent, MARK_INSIDE_READ) &&
	     !rule__marks_has(marks, node, MARK_WRITE)))
		rule__marks_set(marks, node, MARK_INSIDE_READ);
	if (rule__marks_has(marks, parent, MARK_COUNTED))
		rule__marks_set(marks, node, MARK_COUNTED);
}

static bool is_left_out(const struct scope *scope, node_id node)
{
	return rule__marks_has(&scope->marks, node, MARK_PRIVATE) ||
	       (rule__marks_has(&scope->marks, node, MARK_SYSTEM) &&
		!rule__marks_has(&scope->marks, node, MARK_NOT_SYSTEM));
}

/* 1: what is below need not be looked at. */
static int look_at(struct scope *scope, node_id node, const struct tree_stat *stat,
		   struct err *err)
{
	unsigned bits;
	int rc = 0;

	if (is_left_out(scope, node) || !access_map_get(scope->run->map, node, &bits))
		return 1;
	inherit(scope, node);
	if (stat->type != TAR_DIR && stat->type != TAR_FILE)
		return 0;
	bool is_dir = stat->type == TAR_DIR;
	unsigned denied = (is_dir ? ACCESS_READ | ACCESS_EXECUTE : ACCESS_READ) & ~bits;
	bool is_unwritable =
		!(bits & ACCESS_WRITE) && !rule__marks_has(&scope->marks, node, MARK_INSIDE_READ);
	if (denied)
		rc = report(scope, is_dir ? "unreadable-directory" : "unreadable", node,
			    denied | (is_unwritable ? ACCESS_WRITE : 0), err);
	else if (is_unwritable)
		rc = look_at_unwritable(scope, node, stat, err);
	return rc < 0 ? rc : is_dir && (denied & ACCESS_EXECUTE);
}

static int look_below(struct scope *scope, node_id root, struct err *err)
{
	struct rule_walk walk;
	int rc;

	rule__walk_init(&walk, scope->run, root);
	while ((rc = rule__walk_next(&walk, err)) > 0) {
		rc = look_at(scope, walk.node, &walk.stat, err);
		if (rc < 0)
			break;
		if (rc > 0)
			tree_iter_skip(&walk.it);
	}
	return rc;
}

static int look_at_root(struct scope *scope, node_id root, struct err *err)
{
	if (access_map_reachable(scope->run->map, root))
		return look_below(scope, root, err);
	struct finding draft = rule__draft();
	draft.node = root;
	draft.blocker = access_map_blocker(scope->run->map, root);
	draft.denied = ACCESS_EXECUTE;
	return rule__report(scope->run, "hidden", &draft, err);
}

static int scope_accessible(struct rule_run *run, struct err *err)
{
	CLEANUP(scope_done) struct scope scope = { .run = run };
	int rc = rule__marks_init(&scope.marks, run->tree, run->at, err);

	if (rc == 0)
		rc = collect(&scope, err);
	for (size_t i = 0; rc == 0 && i < scope.roots.count; i++) {
		if (!is_inside_another(&scope, scope.roots.items[i]))
			rc = look_at_root(&scope, scope.roots.items[i], err);
	}
	return rc;
}

/* clang-format off */
const struct predicate rule__scope_predicates[] = {
	{ "scope-accessible", scope_accessible,
	  RULE_WORDS("hidden", "unreadable", "unreadable-directory", "unwritable",
		"unwritable-directory"),
	  RULE_WORDS("scope", "scripts-below", "private", "system", "not-system") },
	{ NULL, NULL, NULL, NULL },
};
/* clang-format on */
