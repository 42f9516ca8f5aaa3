/* The bytes that RUN lines repeat; see build_cost.h. */
#include "build_cost.h"

#include "tar/tar_writer.h"

int emit__build_cost_init(struct build_cost *cost, const struct emit_input *input, struct err *err)
{
	*cost = (struct build_cost){ .input = input };
	cost->seen = calloc(tree_node_count(input->preview) + 1, sizeof(*cost->seen));
	return cost->seen ? 0 : err_nomem(err);
}

void emit__build_cost_done(struct build_cost *cost)
{
	free(cost->seen);
}

void emit__build_cost_begin(struct build_cost *cost)
{
	cost->instruction++;
	cost->bytes = 0;
}

static void add_bytes(struct build_cost *cost, uint64_t bytes)
{
	cost->bytes += bytes;
	cost->total += bytes;
}

static int add_node(struct build_cost *cost, node_id node, struct err *err)
{
	CLEANUP(freep) char *path = NULL;
	struct tar_entry entry;
	int result;

	if (cost->seen[node.v] == cost->instruction)
		return 0;
	cost->seen[node.v] = cost->instruction;
	result = emit__node_entry(cost->input, node, &entry, &path, err);
	if (result == 0)
		add_bytes(cost, tar_writer_cost(&entry));
	return result;
}

static int add_parents(struct build_cost *cost, node_id node, struct err *err)
{
	int result = 0;

	while (result == 0 && node.v != NODE_ROOT.v) {
		node = tree_parent(cost->input->preview, node);
		if (node.v != NODE_ROOT.v)
			result = add_node(cost, node, err);
	}
	return result;
}

int emit__build_cost_add(struct build_cost *cost, node_id node, struct err *err)
{
	int result = add_node(cost, node, err);

	return result < 0 ? result : add_parents(cost, node, err);
}

int emit__build_cost_remove(struct build_cost *cost, node_id node, struct err *err)
{
	add_bytes(cost, TAR_BLOCK);
	return add_parents(cost, node, err);
}
