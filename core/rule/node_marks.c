/* Bits on the nodes of a tree, set by patterns of paths; see rule_priv.h. */
#include "rule_priv.h"

#include <fnmatch.h>
#include <string.h>

#include "base/path.h"

enum { COMPONENT_ROOM = 256 };

struct node_list {
	VEC(node_id) all;
};

int rule__marks_init(struct node_marks *marks, const struct tree *tree, unsigned at,
		     struct err *err)
{
	*marks = (struct node_marks){ .tree = tree, .at = at };
	marks->bits = calloc(tree_node_count(tree) + 1, 1);
	return marks->bits ? 0 : err_nomem(err);
}

void rule__marks_done(struct node_marks *marks)
{
	free(marks->bits);
	marks->bits = NULL;
}

/* The children of 'node' that a component names. */
static int add_children(const struct node_marks *marks, node_id node, const char *component,
			struct node_list *found, struct err *err)
{
	if (!strpbrk(component, "*?[")) {
		node_id child = tree_child(marks->tree, node, component, strlen(component));

		return node_is_none(child) || !tree_exists(marks->tree, child, marks->at)
			       ? 0
			       : VEC_PUSH(&found->all, child, err);
	}
	for (node_id child = tree_first_child(marks->tree, node); !node_is_none(child);
	     child = tree_next_sibling(marks->tree, child)) {
		if (fnmatch(component, tree_name(marks->tree, child), 0) == 0 &&
		    tree_exists(marks->tree, child, marks->at) &&
		    VEC_PUSH(&found->all, child, err) < 0)
			return -(int)ERR_NOMEM;
	}
	return 0;
}

/* One component further: the children of all 'nodes', which are replaced by them. */
static int descend(const struct node_marks *marks, const char *component, struct node_list *nodes,
		   struct err *err)
{
	struct node_list found = { 0 };
	int rc = 0;

	for (size_t i = 0; i < nodes->all.count && rc == 0; i++)
		rc = add_children(marks, nodes->all.items[i], component, &found, err);
	VEC_DONE(&nodes->all);
	*nodes = found;
	return rc;
}

int rule__marks_glob(struct node_marks *marks, const char *pattern, unsigned bit, struct err *err)
{
	struct node_list nodes = { 0 };
	const char *rest = pattern, *name;
	char component[COMPONENT_ROOM];
	size_t len;
	int rc = VEC_PUSH(&nodes.all, NODE_ROOT, err);

	while (rc == 0 && (name = path_next(&rest, &len))) {
		snprintf(component, sizeof(component), "%.*s", (int)len, name);
		rc = descend(marks, component, &nodes, err);
	}
	for (size_t i = 0; i < nodes.all.count && rc == 0; i++)
		rule__marks_set(marks, nodes.all.items[i], bit);
	VEC_DONE(&nodes.all);
	return rc;
}

int rule__marks_list(struct node_marks *marks, const struct rule_run *run, const char *name,
		     unsigned bit, struct err *err)
{
	const char *pattern;
	int rc = 0;

	for (size_t i = 0; rc == 0 && (pattern = rule__item(run, name, i)); i++)
		rc = rule__marks_glob(marks, pattern, bit, err);
	return rc;
}

bool rule__marks_covered(const struct node_marks *marks, node_id node, unsigned bits)
{
	while (!rule__marks_has(marks, node, bits)) {
		if (node.v == NODE_ROOT.v)
			return false;
		node = tree_parent(marks->tree, node);
	}
	return true;
}
