/*
 * Life and death of nodes while a layer is merged. Killing a subtree touches
 * the living only, and every version dies once.
 */
#include "core/tree/merge_priv.h"

static void list_add(struct merge *m, uint32_t node)
{
	struct node *self = merge_node(m, node), *parent = merge_node(m, self->parent);
	uint32_t *prev = m->tree->prev.items;

	self->next_sibling = parent->first_child;
	prev[node] = NONE;
	if (self->next_sibling != NONE)
		prev[self->next_sibling] = node;
	parent->first_child = node;
}

static void list_remove(struct merge *m, uint32_t node)
{
	const struct node *self = merge_node(m, node);
	uint32_t *prev = m->tree->prev.items;

	if (self->next_sibling != NONE)
		prev[self->next_sibling] = prev[node];
	if (prev[node] != NONE)
		merge_node(m, prev[node])->next_sibling = self->next_sibling;
	else
		merge_node(m, self->parent)->first_child = self->next_sibling;
}

void tree__kill_one(struct merge *m, uint32_t node)
{
	merge_alive(m, node)->died = m->k;
	list_remove(m, node);
}

/* Deepest first, without recursion: a path may have any number of levels. */
void tree__kill_children(struct merge *m, uint32_t top)
{
	uint32_t node = top;

	while (node != top || merge_node(m, top)->first_child != NONE) {
		uint32_t child = merge_node(m, node)->first_child;

		if (child != NONE) {
			node = child;
			continue;
		}
		tree__kill_one(m, node);
		node = merge_node(m, node)->parent;
	}
}

int tree__set_version(struct merge *m, uint32_t node, uint32_t inode, unsigned flags)
{
	struct version *newest = merge_alive(m, node);
	uint32_t at = merge_node(m, node)->version, older = at;
	uint16_t disputed = 0;

	if (!newest)
		list_add(m, node);
	if (at != NONE && m->tree->versions.items[at].born == m->k) {
		disputed = newest ? newest->disputed : 0;
		older = m->tree->versions.items[at].older;
	} else {
		if (newest)
			newest->died = m->k;
		if (m->tree->versions.count >= NONE)
			return err_set(m->err, ERR_LIMIT, "more than 2^32 changes of paths");
		if (VEC_RESERVE(&m->tree->versions, 1, m->err) < 0)
			return -ERR_NOMEM;
		at = (uint32_t)m->tree->versions.count++;
		merge_node(m, node)->version = at;
	}
	m->tree->versions.items[at] = (struct version){
		.older = older,
		.inode = inode,
		.born = m->k,
		.died = NEVER,
		.flags = (uint16_t)flags,
		.disputed = disputed,
	};
	return 0;
}

int tree__add_inode(struct merge *m, uint32_t *ret_inode)
{
	struct tree *tree = m->tree;

	if (tree->inodes.count >= NONE)
		return err_set(m->err, ERR_LIMIT, "more than 2^32 inodes");
	if (VEC_RESERVE(&tree->inodes, 1, m->err) < 0)
		return -ERR_NOMEM;
	*ret_inode = (uint32_t)tree->inodes.count++;
	return 0;
}

int tree__add_own_inode(struct merge *m, uint32_t node, uint32_t body, uint32_t head,
			uint32_t *ret_inode)
{
	int r = tree__add_inode(m, ret_inode);

	if (r == 0)
		*merge_inode(m, *ret_inode) = (struct inode){
			.body_layer = m->k,
			.body_entry = body,
			.head_layer = m->k,
			.head_entry = head,
			.name = node,
		};
	return r;
}

int tree__make_implied(struct merge *m, uint32_t node, uint32_t entry)
{
	uint32_t id = NONE;
	int r = tree__add_inode(m, &id);

	if (r < 0)
		return r;
	*merge_inode(m, id) = (struct inode){ .name = node, .head_entry = entry };
	return tree__set_version(m, node, id, TREE_IMPLIED | VERSION_DIR);
}

void tree__disagree(struct merge *m, uint32_t node, uint32_t i, const char *why)
{
	const struct layer_entry *entry = layer_entry(m->layer, i);
	const char *folder = layer_string(m->layer, entry->folder);
	struct version *version = node == NONE ? NULL : merge_alive(m, node);

	if (version)
		merge_dispute(m, &version->disputed);
	problem_add(&m->tree->problems, PROBLEM_ENGINES_DISAGREE, entry->header_offset,
		    "layer %u: '%s%s%s': %s", m->k, folder, *folder ? "/" : "",
		    layer_string(m->layer, entry->name), why);
}

void tree__tell_duplicate(struct merge *m, uint32_t node, uint32_t i)
{
	tree__disagree(m, node, i,
		       "is there twice in one layer: umoci takes the last, podman refuses the "
		       "image");
}
