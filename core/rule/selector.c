/* The nodes that a rule selects; see selector.h. */
#include "selector.h"

#include <string.h>

#include "base/glob.h"
#include "base/pattern.h"
#include "tree/tree_iter.h"

enum { MARK_SELECTED = 1, MARK_PRIVATE = 2, CANCEL_EVERY = 4096 };

static const struct {
	const char *name;
	enum tar_type type;
} TYPES[] = {
	{ "file", TAR_FILE },          { "dir", TAR_DIR },
	{ "symlink", TAR_SYMLINK },    { "char", TAR_CHAR },
	{ "block", TAR_BLOCK_DEVICE }, { "fifo", TAR_FIFO },
};

struct selection {
	struct rule_run *run;
	struct node_marks marks;
	struct pattern *pattern; /* NULL: every path */
	int type;                /* enum tar_type; -1: any */
	bool below, has_names;
	selector_visit *visit;
	void *context;
	size_t walked;
};

static void selection_done(struct selection *selection)
{
	rule__marks_done(&selection->marks);
	pattern_free(selection->pattern);
}

static int read_type(struct selection *selection, struct err *err)
{
	const char *name = rule__string(selection->run, "type", NULL);

	selection->type = -1;
	for (size_t i = 0; name && i < sizeof(TYPES) / sizeof(*TYPES); i++) {
		if (!strcmp(name, TYPES[i].name))
			selection->type = (int)TYPES[i].type;
	}
	if (name && selection->type < 0)
		return err_set(err, ERR_INVALID,
			       "type '%s' is none of file, dir, symlink, char, block, fifo", name);
	return 0;
}

static int read_arguments(struct selection *selection, struct err *err)
{
	struct rule_run *run = selection->run;
	const char *pattern = rule__string(run, "pattern", NULL);
	int rc = read_type(selection, err);

	if (rc == 0)
		rc = rule__marks_init(&selection->marks, run->tree, run->at, err);
	if (rc == 0)
		rc = rule__marks_list(&selection->marks, run, "paths", MARK_SELECTED, err);
	if (rc == 0)
		rc = rule__marks_list(&selection->marks, run, "private", MARK_PRIVATE, err);
	if (rc == 0 && pattern)
		rc = pattern_new(pattern, PATTERN_REGEX, 0, &selection->pattern, err);
	selection->below = rule__bool(run, "below", false);
	selection->has_names = rule__item(run, "names", 0) != NULL;
	if (rc == 0 && !profile_argument(run->profile, run->rule->arguments, "paths")) {
		rule__marks_set(&selection->marks, NODE_ROOT, MARK_SELECTED);
		selection->below = true;
	}
	return rc;
}

/* Cheap, so that few paths are put together. */
static bool matches_name(const struct selection *selection, node_id node)
{
	const char *name = tree_name(selection->run->tree, node), *glob;

	if (!selection->has_names)
		return true;
	for (size_t i = 0; (glob = rule__item(selection->run, "names", i)); i++) {
		if ((glob[0] == name[0] || strchr("*?[", glob[0])) &&
		    glob_match(glob, strlen(glob), name))
			return true;
	}
	return false;
}

static bool matches(const struct selection *selection, node_id node)
{
	if (!selection->pattern)
		return true;
	CLEANUP(freep) char *path = tree_path_new(selection->run->tree, node);
	return path && pattern_match(selection->pattern, path, strlen(path), NULL);
}

static int visit(struct selection *selection, node_id node, struct err *err)
{
	const struct rule_run *run = selection->run;
	struct tree_stat stat;

	if (++selection->walked % CANCEL_EVERY == 0 && cancel_check(run->cancel, err) < 0)
		return -(int)ERR_CANCELLED;
	if (!matches_name(selection, node) || !tree_stat(run->tree, node, run->at, &stat) ||
	    (selection->type >= 0 && (int)stat.type != selection->type) ||
	    !matches(selection, node))
		return 0;
	return selection->visit(selection->context, node, &stat, err);
}

static int walk(struct selection *selection, node_id top, struct err *err)
{
	const struct rule_run *run = selection->run;
	struct tree_iter it;
	node_id node;
	int rc = 0;

	if (!selection->below)
		return visit(selection, top, err);
	tree_iter_init(&it, run->tree, top, run->at);
	while (rc == 0 && tree_iter_next(&it, &node)) {
		if (rule__marks_has(&selection->marks, node, MARK_PRIVATE))
			tree_iter_skip(&it);
		else
			rc = visit(selection, node, err);
	}
	return rc;
}

/* A selected node below another one is walked with it. */
static bool is_top(const struct selection *selection, node_id node)
{
	const struct node_marks *marks = &selection->marks;

	if (!rule__marks_has(marks, node, MARK_SELECTED) ||
	    rule__marks_covered(marks, node, MARK_PRIVATE))
		return false;
	return !selection->below || node.v == NODE_ROOT.v ||
	       !rule__marks_covered(marks, tree_parent(selection->run->tree, node), MARK_SELECTED);
}

int rule__select(struct rule_run *run, selector_visit *visit_node, void *context, struct err *err)
{
	CLEANUP(selection_done)
	struct selection selection = { .run = run, .visit = visit_node, .context = context };
	size_t count = tree_node_count(run->tree);
	int rc = read_arguments(&selection, err);

	for (uint32_t i = 0; rc == 0 && i < count; i++) {
		node_id node = { i };

		if (is_top(&selection, node))
			rc = walk(&selection, node, err);
	}
	return rc;
}
