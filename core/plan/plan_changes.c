/* The wants of all steps, against what came of them; see plan/plan_changes.h. */
#include "plan/plan_changes.h"

#include <stdio.h>
#include <string.h>

#include "base/path.h"
#include "tar/tar_writer.h"

struct search {
	const struct tree *tree, *preview;
	unsigned top;
	uint32_t *first; /* per inode of the preview: the lowest of its nodes that change, + 1 */
};

void plan_changes_done(struct plan_changes *changes)
{
	VEC_DONE(&changes->all);
}

/* OCI layer.md: an empty file ".wh.NAME". */
static int whiteout_cost(const char *path, uint64_t *ret_bytes, struct err *err)
{
	int folder = (int)path_parent_length(path, strlen(path));
	struct tar_entry entry = { .type = TAR_FILE, .link = "" };
	CLEANUP(freep) char *name = NULL;

	if (asprintf(&name, "%.*s%s.wh.%s", folder, path, folder ? "/" : "", path_base(path)) < 0)
		return name = NULL, err_nomem(err);
	entry.path = name;
	entry.path_len = strlen(name);
	*ret_bytes = tar_writer_cost(&entry);
	return 0;
}

static uint64_t entry_cost(const struct search *search, const char *path, node_id node,
			   const struct tree_stat *stat)
{
	const struct layer_extra *extra = tree_extra(search->preview, stat);
	struct tar_entry entry = {
		.type = stat->type,
		.path = *path ? path : "./",
		.path_len = *path ? strlen(path) : 2,
		.link = stat->target,
		.link_len = strlen(stat->target),
		.mode = stat->mode,
		.uid = stat->uid,
		.gid = stat->gid,
		.size = stat->type == TAR_FILE ? stat->size : 0,
		.mtime = stat->mtime,
		.mtime_ns = stat->mtime_ns,
		.xattrs = extra ? extra->xattrs : NULL,
		.xattr_count = extra ? extra->xattr_count : 0,
	};

	if (search->first[stat->inode.v] != node.v + 1) {
		entry.type = TAR_HARDLINK;
		entry.size = 0;
		entry.xattr_count = 0;
	}
	return tar_writer_cost(&entry);
}

static bool is_changed(const struct search *search, const char *path, node_id *ret_node,
		       struct tree_stat *ret_stat)
{
	*ret_node = tree_find(search->preview, path);
	return tree_stat(search->preview, *ret_node, search->top, ret_stat) &&
	       (ret_stat->flags & TREE_PLANNED);
}

/* The name that carries the contents is the one with the lowest node. */
static void find_first_names(struct search *search, const struct tree_want *wants, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct tree_stat stat;
		node_id node;
		uint32_t *first;

		if (!is_changed(search, wants[i].path, &node, &stat))
			continue;
		first = &search->first[stat.inode.v];
		if (!*first || node.v + 1 < *first)
			*first = node.v + 1;
	}
}

static int add_change(const struct search *search, const struct tree_want *want,
		      struct plan_changes *changes, struct err *err)
{
	struct plan_change change = { .path = want->path };
	struct tree_stat stat;
	node_id node;

	if (is_changed(search, want->path, &node, &stat))
		change.bytes = entry_cost(search, want->path, node, &stat);
	else if (!want->remove ||
		 !tree_exists(search->tree, tree_find(search->tree, want->path), search->top))
		return 0;
	else if (whiteout_cost(want->path, &change.bytes, err) < 0)
		return -ERR_NOMEM;
	return VEC_PUSH(&changes->all, change, err);
}

int plan_changes_find(const struct plan *plan, const struct tree *tree, const struct tree *preview,
		      struct plan_changes *ret_changes, struct err *err)
{
	CLEANUP(plan_changes_done) struct plan_changes changes = { 0 };
	CLEANUP(freep) struct tree_want *wants = NULL;
	CLEANUP(freep) uint32_t *first = calloc(tree_inode_count(preview) + 1, sizeof(*first));
	struct search search = { tree, preview, (unsigned)tree_layer_count(preview), first };
	size_t count;
	int result;

	if (!first)
		return err_nomem(err);
	if ((result = plan_merge(plan, &wants, &count, err)) < 0)
		return result;
	find_first_names(&search, wants, count);
	for (size_t i = 0; result == 0 && i < count; i++)
		result = add_change(&search, &wants[i], &changes, err);
	if (result < 0)
		return result;
	*ret_changes = changes;
	changes = (struct plan_changes){ 0 };
	return 0;
}
