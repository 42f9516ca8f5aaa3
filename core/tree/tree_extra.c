/*
 * The attributes of an inode that hard links have set some of: engines link
 * and then set what the link's header names; the others stay (containerd,
 * moby and podman; umoci sets none).
 */
#include <stdlib.h>
#include <string.h>

#include "core/tree/tree_priv.h"
#include "tree/tree_over.h"

/* More names than any filesystem keeps for one inode; what comes then is left out. */
enum { XATTRS_MOST = 256 };

static const struct tar_xattr *xattrs_of(const struct layer_extra *extra, size_t *ret_count)
{
	*ret_count = extra ? extra->xattr_count : 0;
	return extra ? extra->xattrs : NULL;
}

static void set_xattr(struct tar_xattr *all, size_t *count, const struct tar_xattr *xattr)
{
	size_t i = 0;

	while (i < *count && strcmp(all[i].name, xattr->name) != 0)
		i++;
	if (i == *count && *count >= XATTRS_MOST)
		return;
	all[i] = *xattr;
	*count += i == *count;
}

int tree__join_extra(struct head *head, const struct layer_extra *before,
		     const struct layer_extra *own, struct err *err)
{
	size_t old_count, own_count;
	const struct tar_xattr *old = xattrs_of(before, &old_count);
	const struct tar_xattr *set = xattrs_of(own, &own_count);
	size_t room = old_count + own_count, count = old_count;
	struct layer_extra *joined = malloc(sizeof(*joined) + room * sizeof(*joined->xattrs));

	if (!joined)
		return err_nomem(err);
	*joined = before ? *before : (struct layer_extra){ 0 };
	if (own && own->acl_access)
		joined->acl_access = own->acl_access;
	if (own && own->acl_default)
		joined->acl_default = own->acl_default;

	struct tar_xattr *all = (struct tar_xattr *)(joined + 1);

	if (old_count > 0)
		memcpy(all, old, old_count * sizeof(*all));
	for (size_t i = 0; i < own_count; i++)
		set_xattr(all, &count, &set[i]);
	joined->xattrs = all;
	joined->xattr_count = count;
	free(head->extra); /* which may have been 'before' */
	head->extra = joined;
	return 0;
}

size_t tree__extra_memory(const struct head *head)
{
	const struct layer_extra *extra = head->extra;

	return extra ? sizeof(*extra) + extra->xattr_count * sizeof(*extra->xattrs) : 0;
}

static const struct head *find_head(const struct tree *tree, const struct tree_stat *stat)
{
	uint32_t name, i;

	if (stat->inode.v >= tree->inodes.count)
		return NULL;
	name = tree->inodes.items[stat->inode.v].name;
	i = name & GROUPED ? tree->groups.items[name & ~GROUPED].head : NONE;
	while (i != NONE && (tree->heads.items[i].layer != stat->head_layer ||
			     tree->heads.items[i].entry != stat->head_entry))
		i = tree->heads.items[i].older;
	return i == NONE ? NULL : &tree->heads.items[i];
}

const struct layer_extra *tree_extra(const struct tree *tree, const struct tree_stat *stat)
{
	const struct layer_index *layer = tree_layer(tree, stat->head_layer);
	const struct layer_index *body = tree_layer(tree, stat->body_layer);
	const struct layer_extra *extra = NULL;
	bool is_device = stat->type == TAR_CHAR || stat->type == TAR_BLOCK_DEVICE;
	const struct head *head =
		layer ? find_head(tree->over ? tree_base(tree) : tree, stat) : NULL;

	if (head && head->extra)
		return head->extra;
	if (layer && !is_device)
		extra = layer_entry_extra(layer, layer_entry(layer, stat->head_entry));
	if (!extra && body)
		extra = layer_entry_extra(body, layer_entry(body, stat->body_entry));
	return extra;
}
