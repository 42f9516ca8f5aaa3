/* Entries that a rewritten layer has not any more: of what the plan removes, and what would lie. */
#include "rewrite_edits.h"

static bool is_among(const node_id *nodes, node_id node)
{
	for (; !node_is_none(*nodes); nodes++) {
		if (nodes->v == node.v)
			return true;
	}
	return false;
}

/*
 * What older layers have at the path comes to light where the newest entry
 * goes, so all of them go: each must be an entry that nothing else needs.
 */
static int check_removed(const struct rewrite *rewrite, const node_id *removed, struct err *err)
{
	const struct tree *tree = rewrite->input->tree;

	if (node_is_none(*removed))
		return 0;
	for (unsigned layer = 1; layer <= emit__top(rewrite->input); layer++) {
		if (!tree_layer(tree, layer))
			return err_set(err, ERR_UNSUPPORTED,
				       "layer %u is not there, so nothing can be taken out of it; "
				       "use --mode append",
				       layer);
	}
	for (; !node_is_none(*removed); removed++) {
		if (!node_is_none(tree_first_child(tree, *removed)))
			return err_set(err, ERR_UNSUPPORTED,
				       "'%s' is a directory in an older layer; use --mode append",
				       tree_name(tree, *removed));
	}
	return 0;
}

static int collect_drop(struct rewrite *rewrite, const node_id *removed, size_t i, node_id node,
			struct err *err)
{
	const struct edit edit = { .kind = EDIT_DROP, .entry = (uint32_t)i, .node = node };
	const struct layer_entry *entry = layer_entry(rewrite->index, i);
	const char *link = layer_string(rewrite->index, entry->link);

	if (!node_is_none(node) && is_among(removed, node)) {
		if (entry->type == TAR_DIR)
			return err_set(err, ERR_UNSUPPORTED,
				       "'%s' is a directory here; use --mode append",
				       layer_string(rewrite->index, entry->name));
		return VEC_PUSH(&rewrite->edits, edit, err);
	}
	if (entry->type == TAR_HARDLINK && is_among(removed, tree_find(rewrite->input->tree, link)))
		return err_set(err, ERR_UNSUPPORTED, "'%s' is a link to '%s'; use --mode append",
			       layer_string(rewrite->index, entry->name), link);
	return 0;
}

int emit__collect_drops(struct rewrite *rewrite, struct err *err)
{
	CLEANUP(freep) node_id *removed = NULL;
	node_id folder_node = NODE_NONE;
	str_id folder = STR_EMPTY;
	int result = emit__removed(rewrite->input, &removed, err);

	if (result == 0)
		result = check_removed(rewrite, removed, err);
	if (result < 0 || node_is_none(*removed))
		return result;
	for (size_t i = 0; result == 0 && i < layer_entry_count(rewrite->index); i++) {
		const struct layer_entry *entry = layer_entry(rewrite->index, i);

		if (entry->kind == ENTRY_NODE)
			result = collect_drop(rewrite, removed, i,
					      emit__entry_node(rewrite->input->tree,
							       rewrite->index, entry, &folder_node,
							       &folder),
					      err);
	}
	return result;
}

/* The table is the last entry; the plan may want it changed or removed. */
int emit__collect_contents(struct rewrite *rewrite, struct err *err)
{
	struct edit edit = { .kind = EDIT_DROP, .node = NODE_NONE };
	size_t count = rewrite->edits.count;

	if (!emit__contents_entry(rewrite->input, rewrite->layer, &edit.entry))
		return 0;
	if (count && rewrite->edits.items[count - 1].entry == edit.entry)
		rewrite->edits.count--;
	return VEC_PUSH(&rewrite->edits, edit, err);
}
