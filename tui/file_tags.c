/* Tags of paths; see tui/file_tags.h. */
#include "file_tags.h"

#include <string.h>

#include "tree/tree_over.h"

void file_tags_done(struct file_tags *tags)
{
	VEC_DONE(&tags->on);
	tags->count = 0;
}

void file_tags_follow(struct file_tags *tags, const struct tree *tree)
{
	const struct tree *image = tree_base(tree) ? tree_base(tree) : tree;

	if (tags->tree == tree)
		return;
	tags->tree = tree;
	while (tags->on.count > tree_node_count(image))
		tags->count -= tags->on.items[--tags->on.count];
}

bool file_tags_has(const struct file_tags *tags, node_id node)
{
	return node.v < tags->on.count && tags->on.items[node.v];
}

int file_tags_set(struct file_tags *tags, node_id node, bool on)
{
	while (node.v >= tags->on.count) {
		if (VEC_PUSH(&tags->on, 0, NULL) < 0)
			return -ERR_NOMEM;
	}
	tags->count = tags->count + on - tags->on.items[node.v];
	tags->on.items[node.v] = on;
	return 0;
}

int file_tags_set_matches(struct file_tags *tags, const struct files *files)
{
	for (uint32_t i = 0; i < files->node_count; i++) {
		if (files_is_match(files, (node_id){ i }) &&
		    file_tags_set(tags, (node_id){ i }, true) < 0)
			return -ERR_NOMEM;
	}
	return 0;
}

void file_tags_clear(struct file_tags *tags)
{
	tags->on.count = 0;
	tags->count = 0;
}

node_id *file_tags_list(const struct file_tags *tags)
{
	node_id *nodes = calloc(tags->count + 1, sizeof(*nodes));
	size_t used = 0;

	for (uint32_t i = 0; nodes && i < tags->on.count; i++) {
		if (tags->on.items[i])
			nodes[used++] = (node_id){ i };
	}
	return nodes;
}
