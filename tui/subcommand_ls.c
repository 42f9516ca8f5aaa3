/* imgtui ls IMAGE [PATH]: the tree, after a layer or what one layer did. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "image_run.h"
#include "interrupt.h"
#include "subcommand.h"
#include "tree/resolve.h"
#include "tree/tree_iter.h"

enum { PROBLEMS_MOST = 20 };

struct listing {
	const struct cli *cli;
	const struct judgement *judgement;
	struct report_options options;
};

static int (*const NODES[])(const struct judgement *, node_id, unsigned,
			    const struct report_options *, struct err *) = {
	[FORMAT_TEXT] = report_node_text,
	[FORMAT_JSON] = report_node_json,
};

static int write_node(struct listing *listing, node_id node, unsigned at, struct err *err)
{
	return NODES[listing->cli->format](listing->judgement, node, at, &listing->options, err);
}

/* The tree below a node as it is after layer 'at'. */
static int list_tree(struct listing *listing, node_id top, unsigned at, struct err *err)
{
	struct tree_iter it;
	node_id node;
	int result = 0;

	tree_iter_init(&it, listing->judgement->input.tree, top, at);
	while (result == 0 && !interrupt_signal() && !ferror(stdout) && tree_iter_next(&it, &node))
		result = write_node(listing, node, at, err);
	return result;
}

/* Depth first over all that ever was, within 'top'. */
static node_id next_node(const struct tree *tree, node_id node, node_id top)
{
	node_id next = tree_first_child(tree, node);

	if (!node_is_none(next))
		return next;
	for (; node.v != top.v; node = tree_parent(tree, node)) {
		next = tree_next_sibling(tree, node);
		if (!node_is_none(next))
			return next;
	}
	return NODE_NONE;
}

/* What a layer did below a node; what it removed is shown as it was before. */
static int list_changes(struct listing *listing, node_id top, unsigned layer, struct err *err)
{
	static const char *const NAMES[] = {
		[CHANGE_NONE] = NULL,         [CHANGE_ADDED] = "added",
		[CHANGE_REMOVED] = "removed", [CHANGE_REPLACED] = "replaced",
		[CHANGE_OWNER] = "owner",     [CHANGE_REPEATED] = "repeated",
	};
	const struct tree *tree = listing->judgement->input.tree;
	int result = 0;

	for (node_id node = top; result == 0 && !interrupt_signal() && !node_is_none(node);
	     node = next_node(tree, node, top)) {
		enum tree_change change = tree_change(tree, node, layer);

		listing->options.change = NAMES[change];
		if (change != CHANGE_NONE)
			result = write_node(listing, node,
					    change == CHANGE_REMOVED ? layer - 1 : layer, err);
	}
	return result;
}

/* Below a node that is there after the layer, or before it where the layer is listed. */
static bool find_top(const struct listing *listing, const char *path, unsigned at, node_id *ret_top)
{
	const struct tree *tree = listing->judgement->input.tree;
	struct resolve_result found = { .outcome = RESOLVE_FOUND, .node = NODE_ROOT };

	for (unsigned i = 0; path && i <= (listing->cli->layer ? 1u : 0u); i++) {
		found = resolve_path(tree, at - i, NODE_ROOT, path, false, NULL);
		if (found.outcome == RESOLVE_FOUND)
			break;
	}
	/* Below /proc and the like the image may still hold something. */
	if (found.outcome == RESOLVE_RUNTIME) {
		found.node = tree_find(tree, path);
		if (node_is_none(found.node))
			return false;
	}
	*ret_top = found.node;
	return found.outcome == RESOLVE_FOUND || found.outcome == RESOLVE_RUNTIME;
}

/* ---- What is odd about the listed part ---- */

/* A tree's problem reads "layer N: …'PATH…": whether it is of a listed layer, below 'top'. */
static bool is_listed(const struct cli *cli, unsigned at, const char *top, const char *text)
{
	unsigned long layer = 0;
	const char *path = strchr(text, '\'');
	size_t len = strlen(top);

	if (strncmp(text, "layer ", 6) == 0)
		layer = strtoul(text + 6, NULL, 10);
	if (layer > at || (cli->layer && layer != at))
		return false;
	return len == 0 || (path && strncmp(path + 1, top, len) == 0 &&
			    (path[1 + len] == '/' || path[1 + len] == '\''));
}

static void tell_problems(const struct image_run *run, const struct listing *listing, node_id top,
			  unsigned at)
{
	const struct tree *tree = listing->judgement->input.tree;
	const struct problem_list *list = tree_problems(tree);
	CLEANUP(freep) char *path = tree_path_new(tree, top);
	uint64_t count = 0;

	if (run->cli->quiet || run->cli->format != FORMAT_TEXT || !path)
		return;
	for (size_t i = 0; i < list->all.count; i++) {
		const struct problem *problem = &list->all.items[i];

		if (is_listed(run->cli, at, path + 1, problem->text) && count++ < PROBLEMS_MOST)
			image_run_say(run, "%s: %s", problem_name(problem->kind), problem->text);
	}
	/* What was not kept may be about any part. */
	count += list->dropped;
	if (count > PROBLEMS_MOST)
		image_run_say(run, "and %" PRIu64 " more; 'imgtui check' lists all",
			      count - PROBLEMS_MOST);
}

static int list(struct image_run *run, struct listing *listing, unsigned at)
{
	const struct cli *cli = listing->cli;
	const struct judgement *judgement = listing->judgement;
	const char *path = cli->operands.count > 1 ? cli->operands.items[1] : NULL;
	CLEANUP(access_map_freep) struct access_map *map = NULL;
	struct err err = { 0 };
	node_id top;
	int result = 0;

	if (!find_top(listing, path, at, &top)) {
		image_run_say(run, "%s: is not there", path);
		return EXIT_USAGE;
	}
	if (at != judgement_at(judgement))
		result = access_map_build(judgement->input.tree, at, &judgement->identity, NULL,
					  &map, &err);
	listing->options.map = map;
	if (result == 0)
		result = cli->layer ? list_changes(listing, top, at, &err)
				    : list_tree(listing, top, at, &err);
	if (result == 0) {
		fflush(stdout);
		tell_problems(run, listing, top, at);
		return EXIT_CLEAN;
	}
	image_run_say(run, "%s", err.text);
	return EXIT_UNREADABLE;
}

int subcommand_ls(const struct cli *cli)
{
	CLEANUP(image_run_done) struct image_run run;
	struct listing listing = { .cli = cli };
	unsigned long at = cli->layer ? cli->layer : cli->at;
	int code = image_run_open(&run, cli, cli->operands.items[0], false);

	if (code != EXIT_CLEAN)
		return code;
	listing.judgement = run.view->judgement;
	listing.options = image_run_report(&run);
	if (at > judgement_at(listing.judgement)) {
		image_run_say(&run, "there is no layer %lu: the last one is %u", at,
			      judgement_at(listing.judgement));
		return EXIT_USAGE;
	}
	code = list(&run, &listing, at ? (unsigned)at : judgement_at(listing.judgement));
	fflush(stdout);
	return code != EXIT_CLEAN ? code : image_run_damage(&run);
}
