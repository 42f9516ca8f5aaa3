/*
 * Directories that the user cannot search, and so hide a tree: what they hide,
 * and whether something that the user needs points into it.
 */
#include "rule_walk.h"

#include <stdarg.h>
#include <string.h>

#include "tree/resolve.h"

enum { MARK_PRIVATE = 1 };

struct blocker {
	node_id node;
	uint64_t count, bytes; /* files and links below */
	const char *pointer;   /* what points into it, first seen; NULL: nothing */
};

struct hidden {
	struct rule_run *run;
	struct node_marks marks;
	VEC(struct blocker) blockers; /* by node id, once collected */
};

static void hidden_done(struct hidden *hidden)
{
	rule__marks_done(&hidden->marks);
	VEC_DONE(&hidden->blockers);
}

/* ---- the directories ---- */

static int add_blocker(struct hidden *hidden, node_id node, const struct tree_stat *stat,
		       struct err *err)
{
	struct blocker blocker = { .node = node };
	unsigned bits;

	if (stat->type != TAR_DIR || !access_map_get(hidden->run->map, node, &bits) ||
	    bits & ACCESS_EXECUTE)
		return 0;
	return VEC_PUSH(&hidden->blockers, blocker, err);
}

/* Parents come first: what cannot be reached is below the blocker that was seen last. */
static void count_hidden(struct hidden *hidden, const struct tree_stat *stat)
{
	struct blocker *blocker;

	if (!hidden->blockers.count || stat->type == TAR_DIR)
		return;
	blocker = &hidden->blockers.items[hidden->blockers.count - 1];
	blocker->count++;
	blocker->bytes += stat->type == TAR_FILE ? stat->size : 0;
}

static int compare_blockers(const void *a, const void *b)
{
	uint32_t first = ((const struct blocker *)a)->node.v;
	uint32_t second = ((const struct blocker *)b)->node.v;

	return first < second ? -1 : first > second;
}

static int collect(struct hidden *hidden, struct err *err)
{
	const struct rule_run *run = hidden->run;
	struct rule_walk walk;
	int rc;

	rule__walk_init(&walk, run, NODE_ROOT);
	while ((rc = rule__walk_next(&walk, err)) > 0) {
		if (!access_map_reachable(run->map, walk.node)) {
			count_hidden(hidden, &walk.stat);
			continue;
		}
		rc = add_blocker(hidden, walk.node, &walk.stat, err);
		if (rc < 0)
			return rc;
	}
	if (hidden->blockers.count)
		qsort(hidden->blockers.items, hidden->blockers.count, sizeof(struct blocker),
		      compare_blockers);
	return rc;
}

/* ---- what points into them ---- */

static struct blocker *find_blocker(struct hidden *hidden, node_id node)
{
	struct blocker key = { .node = node };

	return bsearch(&key, hidden->blockers.items, hidden->blockers.count, sizeof(key),
		       compare_blockers);
}

/* The blocker in the way of an existing path, or NULL. */
static struct blocker *in_the_way(struct hidden *hidden, const char *path, unsigned wanted)
{
	const struct rule_run *run = hidden->run;
	struct access_verdict verdict =
		access_path(run->tree, run->at, run->identity, path, wanted);

	if (verdict.outcome != ACCESS_DENIED)
		return NULL;
	if (resolve_path(run->tree, run->at, NODE_ROOT, path, true, NULL).outcome != RESOLVE_FOUND)
		return NULL;
	return find_blocker(hidden, verdict.blocker);
}

static void PRINTF_LIKE(3, 4)
	point(struct hidden *hidden, struct blocker *blocker, const char *format, ...)
{
	char text[600];
	va_list args;

	if (!blocker || blocker->pointer)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	blocker->pointer = rule__keep(hidden->run, text);
}

static void follow_start(struct hidden *hidden)
{
	const struct start *start = hidden->run->judgement->start;

	for (size_t i = 0; i < start->step_count; i++) {
		const struct start_step *step = &start->steps[i];

		if (step->verdict.outcome == ACCESS_DENIED && step->path)
			point(hidden, in_the_way(hidden, step->path, 0), "the start command (%s)",
			      step->path);
	}
}

/* "NAME=/a:/b". HOME may be the directory itself: another rule asks whether it is usable. */
static void follow_variable(struct hidden *hidden, const char *variable)
{
	size_t name = strcspn(variable, "=");
	unsigned wanted = name == 4 && !memcmp(variable, "HOME", 4) ? 0 : ACCESS_EXECUTE;
	const char *at = variable + name;
	char path[1024];

	while (*at) {
		size_t len = strcspn(++at, ":");

		if (*at == '/' && len < sizeof(path)) {
			memcpy(path, at, len);
			path[len] = '\0';
			point(hidden, in_the_way(hidden, path, wanted), "%.*s=%s", (int)name,
			      variable, path);
		}
		at += len;
	}
}

static void follow_config(struct hidden *hidden)
{
	const struct config *config = hidden->run->config;

	for (size_t i = 0; config->env && config->env[i]; i++)
		follow_variable(hidden, config->env[i]);
	if (config->working_dir[0] == '/')
		point(hidden, in_the_way(hidden, config->working_dir, 0), "WorkingDir %s",
		      config->working_dir);
}

static void follow_link(struct hidden *hidden, node_id link)
{
	const struct rule_run *run = hidden->run;
	struct access_verdict verdict = access_node(run->tree, run->at, run->identity, link, 0);
	struct blocker *blocker =
		verdict.outcome == ACCESS_DENIED ? find_blocker(hidden, verdict.blocker) : NULL;

	if (!blocker || blocker->pointer)
		return;
	if (resolve_path(run->tree, run->at, tree_parent(run->tree, link),
			 tree_name(run->tree, link), true, NULL)
		    .outcome != RESOLVE_FOUND)
		return;
	CLEANUP(freep) char *path = tree_path_new(run->tree, link);
	point(hidden, blocker, "%s", path ? path : "a link");
}

/* Links outside of what is hidden. */
static int follow_links(struct hidden *hidden, struct err *err)
{
	const struct rule_run *run = hidden->run;
	struct rule_walk walk;
	int rc;

	rule__walk_init(&walk, run, NODE_ROOT);
	while ((rc = rule__walk_next(&walk, err)) > 0) {
		if (walk.stat.type == TAR_SYMLINK && access_map_reachable(run->map, walk.node))
			follow_link(hidden, walk.node);
	}
	return rc;
}

static int report(struct hidden *hidden, const struct blocker *blocker, struct err *err)
{
	struct finding draft = rule__draft();

	if (!blocker->count || rule__marks_covered(&hidden->marks, blocker->node, MARK_PRIVATE))
		return 0;
	draft.node = draft.blocker = blocker->node;
	draft.denied = ACCESS_EXECUTE;
	draft.count = blocker->count;
	draft.bytes = blocker->bytes;
	draft.detail = blocker->pointer;
	return rule__report(hidden->run, blocker->pointer ? "pointed-into" : "hidden", &draft, err);
}

static int hidden_trees(struct rule_run *run, struct err *err)
{
	CLEANUP(hidden_done) struct hidden hidden = { .run = run };
	int rc = rule__marks_init(&hidden.marks, run->tree, run->at, err);

	if (rc == 0)
		rc = rule__marks_list(&hidden.marks, run, "private", MARK_PRIVATE, err);
	if (rc == 0)
		rc = collect(&hidden, err);
	if (rc < 0 || !hidden.blockers.count)
		return rc;
	follow_start(&hidden);
	follow_config(&hidden);
	rc = follow_links(&hidden, err);
	for (size_t i = 0; rc == 0 && i < hidden.blockers.count; i++)
		rc = report(&hidden, &hidden.blockers.items[i], err);
	return rc;
}

/* clang-format off */
const struct predicate rule__tree_predicates[] = {
	{ "hidden-trees", hidden_trees,
	  RULE_WORDS("pointed-into", "hidden"), RULE_WORDS("private") },
	{ NULL, NULL, NULL, NULL },
};
/* clang-format on */
