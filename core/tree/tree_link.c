/*
 * Hard links: names of one inode, which may be of a lower layer or of AUFS
 * metadata. The last header counts for all of them.
 */
#include <stdlib.h>

#include "core/tree/merge_priv.h"

/* From now on the inode has more than one name. */
static int share(struct merge *m, uint32_t inode)
{
	struct inode *self = &m->tree->inodes.items[inode];
	const struct group group = { .inode = inode, .head = NONE };
	uint32_t id = (uint32_t)m->tree->groups.count;

	if (self->name & GROUPED)
		return 0;
	if (VEC_PUSH(&m->tree->groups, group, m->err) < 0)
		return -ERR_NOMEM;
	self->name = id | GROUPED;
	return 0;
}

/* The attributes that the inode of 'self' had until now. */
static const struct layer_extra *extra_before(const struct merge *m, const struct inode *self,
					      const struct group *group)
{
	const struct layer_index *layer = m->tree->layers[self->body_layer - 1];
	const struct layer_entry *body = layer_entry(layer, self->body_entry);

	if (group->head != NONE && m->tree->heads.items[group->head].extra)
		return m->tree->heads.items[group->head].extra;
	return layer_entry_extra(layer, body);
}

/* Engines link and then set owner, mode and attributes: the last header counts. */
static int set_head(struct merge *m, uint32_t inode, uint32_t i)
{
	struct inode *self = &m->tree->inodes.items[inode];
	struct group *group = &m->tree->groups.items[self->name & ~GROUPED];
	struct head head = { .older = group->head, .entry = i, .layer = m->k };
	const struct layer_extra *before = extra_before(m, self, group);
	const struct layer_extra *own = layer_entry_extra(m->layer, layer_entry(m->layer, i));
	struct head *newest = group->head == NONE ? NULL : &m->tree->heads.items[group->head];
	bool joins = own || (newest && newest->extra);

	if (newest && newest->layer == m->k) {
		newest->entry = i;
		return joins ? tree__join_extra(newest, before, own, m->err) : 0;
	}
	if (!newest && self->head_layer == m->k && !joins) {
		self->head_entry = i;
		return 0;
	}
	if (joins && tree__join_extra(&head, before, own, m->err) < 0)
		return -ERR_NOMEM;
	group->head = (uint32_t)m->tree->heads.count;
	if (VEC_PUSH(&m->tree->heads, head, m->err) < 0) {
		group->head = head.older;
		free(head.extra);
		return -ERR_NOMEM;
	}
	return 0;
}

/* The inode of AUFS metadata that the link names, made at the first question; NONE: no such. */
static int adopt_metadata(struct merge *m, uint32_t node, uint32_t i, str_id link,
			  uint32_t *ret_inode)
{
	uint32_t body = tree__map_get(&m->metadata, link.v);

	*ret_inode = tree__map_get(&m->adopted, link.v);
	if (*ret_inode != NONE || body == NONE || layer_entry(m->layer, body)->type != TAR_FILE)
		return 0;

	int r = tree__add_own_inode(m, node, body, i, ret_inode);

	return r < 0 ? r : tree__map_put(&m->adopted, link.v, *ret_inode, m->err);
}

static bool is_below(const struct merge *m, uint32_t node, uint32_t top)
{
	while (node != top && node != 0)
		node = merge_node(m, node)->parent;
	return node == top;
}

/* The inode that a hard link at 'node' is to name, or NONE. */
static int find_target(struct merge *m, uint32_t node, uint32_t i, const struct layer_entry *entry,
		       uint32_t *ret_inode)
{
	uint32_t blocker, target = tree__walk(m, 0, layer_string(m->layer, entry->link), &blocker);

	*ret_inode = NONE;
	if (target == NONE)
		return adopt_metadata(m, node, i, entry->link, ret_inode);
	/* A target below the link's own path would go when the link comes. */
	if (!merge_is_dir(m, target) && !(merge_is_dir(m, node) && is_below(m, target, node)) &&
	    target != node)
		*ret_inode = merge_alive(m, target)->inode;
	return 0;
}

int tree__write_link(struct merge *m, uint32_t node, uint32_t i, const struct layer_entry *entry)
{
	const char *folder = layer_string(m->layer, entry->folder);
	bool duplicate = merge_is_duplicate(m, node);
	uint32_t inode;
	int r = find_target(m, node, i, entry, &inode);

	if (r < 0)
		return r;
	if (inode == NONE) {
		problem_add(&m->tree->problems, PROBLEM_DANGLING_HARDLINK, entry->header_offset,
			    "layer %u: hard link '%s%s%s' to '%s', which is no file here", m->k,
			    folder, *folder ? "/" : "", layer_string(m->layer, entry->name),
			    layer_string(m->layer, entry->link));
		return 0;
	}
	tree__kill_children(m, node);
	r = share(m, inode);
	if (r == 0)
		tree__compare_heads(m, node, i, inode);
	if (r == 0)
		r = set_head(m, inode, i);
	if (r == 0)
		r = tree__set_version(m, node, inode, 0);
	if (r < 0)
		return r;
	if (m->tree->inodes.items[inode].body_layer != m->k)
		tree__disagree(m, node, i,
			       "a hard link to a file of a lower layer: umoci and podman vfs make "
			       "it, podman overlay fails");
	else if (tree__map_get(&m->metadata, entry->link.v) != NONE)
		tree__disagree(m, node, i,
			       "a hard link into AUFS metadata: podman vfs hides the metadata, "
			       "umoci and podman overlay show it");
	if (duplicate)
		tree__tell_duplicate(m, node, i);
	return 0;
}
