/* Rows of a partly opened tree; see tui/files.h. */
#include "files.h"

#include <string.h>

enum {
	OPEN = 1,          /* without a filter */
	OPEN_FILTERED = 2, /* while a filter or a pattern is on */
	MATCH = 4,         /* << filter: the node itself */
	BELOW = 64,        /* << filter: something below it */
};

enum { PATH_ROOM = 8192 }; /* twice what Linux takes */

/* A mark: the worst severity + 1 in the upper bits, the number of such findings in the others. */
enum { MARK_SHIFT = 30, MARK_COUNT = (1 << MARK_SHIFT) - 1 };

static unsigned match_bit(enum files_filter filter)
{
	return (unsigned)MATCH << filter;
}

static unsigned below_bit(enum files_filter filter)
{
	return (unsigned)BELOW << filter;
}

void files_done(struct files *files)
{
	VEC_DONE(&files->rows);
	free(files->flags);
	free(files->marks);
	*files = (struct files){ 0 };
}

/* ---- marks ---- */

static void mark(struct files *files, node_id node, enum severity severity)
{
	for (;;) {
		uint32_t *m = &files->marks[node.v];
		uint32_t worst = *m >> MARK_SHIFT, count = *m & MARK_COUNT;

		if (worst < (uint32_t)severity + 1) {
			worst = (uint32_t)severity + 1;
			count = 0;
		}
		if (worst == (uint32_t)severity + 1 && count < MARK_COUNT)
			count++;
		*m = worst << MARK_SHIFT | count;
		if (!node.v)
			return;
		node = tree_parent(files->tree, node);
	}
}

static void mark_findings(struct files *files)
{
	memset(files->marks, 0, files->node_count * sizeof(*files->marks));
	if (!files->judgement)
		return;
	for (size_t i = 0; i < files->judgement->findings.count; i++) {
		const struct finding *finding = &files->judgement->findings.items[i];

		if (finding->node.v < files->node_count)
			mark(files, finding->node, finding->severity);
	}
}

size_t files_marks(const struct files *files, node_id node, enum severity *ret_worst)
{
	uint32_t m = node.v < files->node_count ? files->marks[node.v] : 0;

	if (m)
		*ret_worst = (enum severity)((m >> MARK_SHIFT) - 1);
	return m & MARK_COUNT;
}

/* ---- census ---- */

static void note(struct files *files, node_id node, enum files_filter filter)
{
	unsigned below = below_bit(filter);

	files->flags[node.v] |= (uint16_t)match_bit(filter);
	files->matches[filter]++;
	while (node.v) {
		node = tree_parent(files->tree, node);
		if (files->flags[node.v] & below)
			return;
		files->flags[node.v] |= (uint16_t)below;
	}
}

static void look_at_access(struct files *files, node_id node)
{
	struct tree_stat stat;
	unsigned bits, needed = ACCESS_READ;

	if (!files->judgement || !tree_stat(files->tree, node, files->at, &stat) ||
	    stat.type == TAR_SYMLINK || !access_map_get(files->judgement->map, node, &bits))
		return;
	if (stat.type == TAR_DIR)
		needed |= ACCESS_EXECUTE;
	if ((bits & needed) != needed)
		note(files, node, FILES_UNREADABLE);
	if (!(bits & ACCESS_WRITE))
		note(files, node, FILES_UNWRITABLE);
}

static bool fits_pattern(struct files *files, node_id node)
{
	char path[PATH_ROOM];
	size_t len = tree_path(files->tree, node, path, sizeof(path));
	bool too_costly = false, fits;

	/* Longer than any path: its end would be missing. */
	if (len >= sizeof(path))
		return false;
	fits = pattern_match(files->pattern, path, len, &too_costly);
	files->too_costly += too_costly;
	return fits;
}

static void look_at(struct files *files, node_id node)
{
	if (files->pattern && !fits_pattern(files, node))
		return;
	if (files->pattern && tree_exists(files->tree, node, files->at))
		note(files, node, FILES_ALL);
	look_at_access(files, node);
	if (files->filter == FILES_CHANGES && node.v &&
	    tree_change(files->tree, node, files->at) != CHANGE_NONE)
		note(files, node, FILES_CHANGES);
}

/* Whether a match stands for all that is below it: a directory that nobody may enter, a new one. */
static bool stands_for_all(const struct files *files, node_id node)
{
	return node.v && (files->filter != FILES_CHANGES ||
			  tree_change(files->tree, node, files->at) == CHANGE_ADDED);
}

/* What leads to matches is open from the start; what stands for them is folded. */
static void open_ways(struct files *files)
{
	unsigned match = match_bit(files->filter), below = below_bit(files->filter);

	for (size_t i = 0; i < files->node_count; i++) {
		unsigned flags = files->flags[i] & ~(unsigned)OPEN_FILTERED;

		if ((flags & below) &&
		    (!(flags & match) || !stands_for_all(files, (node_id){ (uint32_t)i })))
			flags |= OPEN_FILTERED;
		files->flags[i] = (uint16_t)flags;
	}
}

static void rebuild(struct files *files);

bool files_census(struct files *files, size_t most)
{
	if (files_census_is_done(files))
		return false;
	for (; most && files->census < files->node_count; most--)
		look_at(files, (node_id){ files->census++ });
	if (files->census < files->node_count)
		return true;
	if (files_is_filtered(files)) {
		open_ways(files);
		rebuild(files);
	}
	return false;
}

bool files_census_is_done(const struct files *files)
{
	return files->census >= files->node_count;
}

static void restart_census(struct files *files)
{
	for (size_t i = 0; i < files->node_count; i++)
		files->flags[i] &= OPEN | OPEN_FILTERED;
	memset(files->matches, 0, sizeof(files->matches));
	files->too_costly = 0;
	files->census = 0;
}

/* ---- rows ---- */

bool files_is_filtered(const struct files *files)
{
	return files->filter != FILES_ALL || files->pattern;
}

bool files_is_match(const struct files *files, node_id node)
{
	return node.v < files->node_count && (files->flags[node.v] & match_bit(files->filter));
}

bool files_passes(const struct files *files, node_id node)
{
	if (!files_is_filtered(files))
		return tree_exists(files->tree, node, files->at);
	return files->flags[node.v] & (match_bit(files->filter) | below_bit(files->filter));
}

bool files_is_open(const struct files *files, node_id node)
{
	return files->flags[node.v] & (files_is_filtered(files) ? OPEN_FILTERED : OPEN);
}

struct sized {
	node_id node;
	bool is_dir;
	uint64_t size;
};

static int by_size(const void *a, const void *b)
{
	const struct sized *x = a, *y = b;

	if (x->is_dir != y->is_dir)
		return x->is_dir ? -1 : 1;
	if (!x->is_dir && x->size != y->size)
		return x->size > y->size ? -1 : 1;
	return x->node.v < y->node.v ? -1 : x->node.v > y->node.v;
}

struct stack {
	VEC(struct sized) all;
};

/* Children of 'node' that are shown go on the stack, the first one uppermost. */
static int push_children(const struct files *files, node_id node, struct stack *stack)
{
	size_t bottom = stack->all.count;

	for (node_id child = tree_first_child(files->tree, node); !node_is_none(child);
	     child = tree_next_sibling(files->tree, child)) {
		struct sized item = { .node = child };
		struct tree_stat stat;

		if (!files_passes(files, child))
			continue;
		if (files->order == FILES_BY_SIZE &&
		    tree_stat(files->tree, child, files->at, &stat)) {
			item.is_dir = stat.type == TAR_DIR;
			item.size = stat.size;
		}
		if (VEC_PUSH(&stack->all, item, NULL) < 0)
			return -1;
	}
	if (stack->all.count > bottom && files->order == FILES_BY_SIZE)
		qsort(stack->all.items + bottom, stack->all.count - bottom,
		      sizeof(*stack->all.items), by_size);
	for (size_t i = bottom, j = stack->all.count; i + 1 < j; i++) {
		struct sized swap = stack->all.items[i];

		stack->all.items[i] = stack->all.items[--j];
		stack->all.items[j] = swap;
	}
	return 0;
}

/* Out of memory: the rows so far. */
static void rebuild(struct files *files)
{
	struct stack stack = { 0 };

	files->rows.count = 0;
	if (!files->tree || (files_is_filtered(files) && !files_census_is_done(files)))
		return;
	if (files_passes(files, NODE_ROOT))
		(void)!VEC_PUSH(&stack.all, ((struct sized){ .node = NODE_ROOT }), NULL);
	while (stack.all.count) {
		node_id node = stack.all.items[--stack.all.count].node;

		if (VEC_PUSH(&files->rows, node, NULL) < 0)
			break;
		if (files_is_open(files, node) && push_children(files, node, &stack) < 0)
			break;
	}
	VEC_DONE(&stack.all);
}

static int grow(struct files *files, size_t node_count, struct err *err)
{
	uint16_t *flags = realloc(files->flags, (node_count ? node_count : 1) * sizeof(*flags));
	uint32_t *marks;

	if (!flags)
		return err_nomem(err);
	files->flags = flags;
	marks = realloc(files->marks, (node_count ? node_count : 1) * sizeof(*marks));
	if (!marks)
		return err_nomem(err);
	files->marks = marks;
	if (node_count > files->node_count)
		memset(flags + files->node_count, 0,
		       (node_count - files->node_count) * sizeof(*flags));
	files->node_count = node_count;
	return 0;
}

int files_set(struct files *files, const struct tree *tree, unsigned at,
	      const struct judgement *judgement, struct err *err)
{
	bool is_first = !files->tree;

	files->tree = NULL;
	files->rows.count = 0;
	if (!tree)
		return 0;
	if (grow(files, tree_node_count(tree), err) < 0)
		return -ERR_NOMEM;
	files->tree = tree;
	files->at = at;
	files->judgement = judgement;
	if (is_first && files->node_count)
		files->flags[0] |= OPEN;
	restart_census(files);
	mark_findings(files);
	rebuild(files);
	return 0;
}

void files_set_filter(struct files *files, enum files_filter filter)
{
	bool again = filter == FILES_CHANGES && files->filter != FILES_CHANGES;

	files->filter = filter;
	if (again)
		restart_census(files);
	if (files_is_filtered(files) && files_census_is_done(files))
		open_ways(files);
	rebuild(files);
}

void files_set_pattern(struct files *files, const struct pattern *pattern)
{
	files->pattern = pattern;
	restart_census(files);
	rebuild(files);
}

void files_set_order(struct files *files, enum files_order order)
{
	files->order = order;
	rebuild(files);
}

void files_open(struct files *files, node_id node, bool open)
{
	uint16_t bit = files_is_filtered(files) ? OPEN_FILTERED : OPEN;

	files->flags[node.v] = (uint16_t)(open ? files->flags[node.v] | bit
					       : files->flags[node.v] & ~(unsigned)bit);
	rebuild(files);
}

void files_reveal(struct files *files, node_id node)
{
	if (!files->tree || node.v >= files->node_count)
		return;
	if (!files_passes(files, node)) {
		files->filter = FILES_ALL;
		files->pattern = NULL;
	}
	for (node_id above = node; above.v;) {
		above = tree_parent(files->tree, above);
		files->flags[above.v] |= files_is_filtered(files) ? OPEN_FILTERED : OPEN;
	}
	rebuild(files);
}

size_t files_row(const struct files *files, node_id node)
{
	while (files->tree && node.v < files->node_count) {
		for (size_t i = 0; i < files->rows.count; i++) {
			if (files->rows.items[i].v == node.v)
				return i;
		}
		if (!node.v)
			break;
		node = tree_parent(files->tree, node);
	}
	return 0;
}

/* The first of 'node' and its later siblings that is shown; NODE_NONE. */
static node_id shown_from(const struct files *files, node_id node)
{
	while (!node_is_none(node) && !files_passes(files, node))
		node = tree_next_sibling(files->tree, node);
	return node;
}

node_id files_successor(const struct files *files, node_id node)
{
	node_id next = shown_from(files, tree_first_child(files->tree, node));

	while (node_is_none(next) && node.v) {
		next = shown_from(files, tree_next_sibling(files->tree, node));
		node = tree_parent(files->tree, node);
	}
	return node_is_none(next) ? NODE_ROOT : next;
}
