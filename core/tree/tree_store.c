/*
 * The arrays of a tree while it grows, and the last pass over them: children
 * are sorted, the names of hard-linked inodes are gathered.
 */
#include <stdlib.h>
#include <string.h>

#include "core/tree/tree_priv.h"

enum { FIRST_SLOTS = 1024 };

/* ---- Growing ---- */

struct tree *tree__new(size_t layer_count, size_t entries, struct err *err)
{
	CLEANUP(tree_freep) struct tree *tree = calloc(1, sizeof(*tree));
	const uint16_t first = layer_count ? 1 : 0; /* an image without layers still has a root */
	uint32_t root;

	if (!tree)
		return err_nomem(err), NULL;
	tree->layers = calloc(layer_count + 1, sizeof(*tree->layers));
	tree->names = strpool_new();
	tree->slot_count = FIRST_SLOTS;
	/* A third full at most: each probe of a taken slot is a look at its node, too. */
	while (tree->slot_count < entries * 3)
		tree->slot_count *= 2;
	tree->slots = calloc(tree->slot_count, sizeof(*tree->slots));
	if (!tree->layers || !tree->names || !tree->slots)
		return err_nomem(err), NULL;
	tree->layer_count = layer_count;
	tree->key = hash_key_new();

	const struct inode inode = { .name = 0 };
	const struct version version = {
		.older = NONE,
		.born = first,
		.died = NEVER,
		.flags = TREE_IMPLIED | VERSION_DIR,
	};

	if (tree__add_node(tree, NONE, STR_EMPTY.v, &root, err) < 0 ||
	    VEC_PUSH(&tree->inodes, inode, err) < 0 || VEC_PUSH(&tree->versions, version, err) < 0)
		return NULL;
	tree->nodes.items[root].parent = root;
	tree->nodes.items[root].version = 0;
	return STEAL(tree);
}

static size_t find_slot(const struct tree *tree, uint32_t parent, uint32_t name)
{
	size_t mask = tree->slot_count - 1;
	size_t slot = tree__mix(&tree->key, tree__pair(parent, name)) & mask;

	while (tree->slots[slot]) {
		const struct node *node = &tree->nodes.items[tree->slots[slot] - 1];

		if (node->name == name && node->parent == parent)
			break;
		slot = (slot + 1) & mask;
	}
	return slot;
}

uint32_t tree__lookup(const struct tree *tree, uint32_t parent, uint32_t name)
{
	return tree->slots[find_slot(tree, parent, name)] - 1; /* 0 - 1 is NONE */
}

static int grow_slots(struct tree *tree, struct err *err)
{
	size_t count = tree->slot_count * 2;
	uint32_t *slots = calloc(count, sizeof(*slots));

	if (!slots)
		return err_nomem(err);
	free(tree->slots);
	tree->slots = slots;
	tree->slot_count = count;
	for (uint32_t i = 0; i < tree->nodes.count; i++) {
		const struct node *node = &tree->nodes.items[i];

		slots[find_slot(tree, node->parent, node->name)] = i + 1;
	}
	return 0;
}

int tree__add_node(struct tree *tree, uint32_t parent, uint32_t name, uint32_t *ret_node,
		   struct err *err)
{
	uint32_t id = (uint32_t)tree->nodes.count;

	if (tree->nodes.count >= GROUPED - 1)
		return err_set(err, ERR_LIMIT, "more than 2^31 paths");
	if (tree->nodes.count * 3 > tree->slot_count * 2 && grow_slots(tree, err) < 0)
		return -ERR_NOMEM;
	if (VEC_PUSH(&tree->prev, NONE, err) < 0 || VEC_RESERVE(&tree->nodes, 1, err) < 0)
		return -ERR_NOMEM;
	tree->nodes.items[tree->nodes.count++] = (struct node){
		.parent = parent,
		.name = name,
		.first_child = NONE,
		.next_sibling = NONE,
		.version = NONE,
	};
	if (parent != NONE)
		tree->slots[find_slot(tree, parent, name)] = id + 1;
	*ret_node = id;
	return 0;
}

/* ---- Sorting ---- */

struct sort_item {
	uint64_t prefix; /* the first bytes of the name, as a number that sorts like them */
	uint32_t node;
};

static uint64_t name_prefix(const char *name)
{
	uint64_t prefix = 0;
	size_t i = 0;

	for (; i < sizeof(prefix) && name[i]; i++)
		prefix = prefix << 8 | (unsigned char)name[i];
	return i == 0 ? 0 : prefix << 8 * (sizeof(prefix) - i);
}

static const char *node_name(const struct tree *tree, uint32_t node)
{
	return strpool_get(tree->names, (str_id){ tree->nodes.items[node].name });
}

static int compare_items(const void *left, const void *right, void *context)
{
	const struct sort_item *a = left, *b = right;

	if (a->prefix != b->prefix)
		return a->prefix < b->prefix ? -1 : 1;
	return strcmp(node_name(context, a->node), node_name(context, b->node));
}

static void sort_family(struct tree *tree, struct sort_item *items, size_t count)
{
	size_t sorted = 1;

	while (sorted < count && compare_items(&items[sorted - 1], &items[sorted], tree) < 0)
		sorted++;
	if (sorted < count)
		qsort_r(items, count, sizeof(*items), compare_items, tree);
}

/* Link 'count' children of one parent in the order of their names. */
static void link_family(struct tree *tree, const uint32_t *children, size_t count,
			struct sort_item *items)
{
	uint32_t next = NONE;

	for (size_t i = 0; i < count; i++)
		items[i] = (struct sort_item){
			.prefix = name_prefix(node_name(tree, children[i])),
			.node = children[i],
		};
	sort_family(tree, items, count);
	for (size_t i = count; i-- > 0;) {
		tree->nodes.items[items[i].node].next_sibling = next;
		next = items[i].node;
	}
	tree->nodes.items[tree->nodes.items[next].parent].first_child = next;
}

/* All children that ever were, where the lists of the living have been. */
static int sort_children(struct tree *tree, struct err *err)
{
	size_t count = tree->nodes.count, widest = 0;
	CLEANUP(freep) uint32_t *ends = calloc(count + 1, sizeof(*ends));
	CLEANUP(freep) uint32_t *children = calloc(count, sizeof(*children));
	CLEANUP(freep) struct sort_item *items = NULL;
	struct node *nodes = tree->nodes.items;

	if (!ends || !children)
		return err_nomem(err);
	for (size_t i = 1; i < count; i++)
		ends[nodes[i].parent + 1]++;
	for (size_t i = 0; i < count; i++) {
		if (ends[i + 1] > widest)
			widest = ends[i + 1];
		ends[i + 1] += ends[i];
		nodes[i].first_child = NONE;
	}
	/* ends[p] is where the children of p begin; filling moves it to where they end. */
	for (uint32_t i = 1; i < count; i++)
		children[ends[nodes[i].parent]++] = i;
	items = calloc(widest + 1, sizeof(*items));
	if (!items)
		return err_nomem(err);
	for (size_t i = 0, begin = 0; i < count; begin = ends[i++])
		if (ends[i] > begin)
			link_family(tree, children + begin, ends[i] - begin, items);
	return 0;
}

/* ---- Names of hard-linked inodes ---- */

static int compare_layers(const void *left, const void *right)
{
	const uint16_t *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

/* Call for each version whose inode has a group. */
static void add_name(struct tree *tree, uint32_t node, const struct version *version)
{
	uint32_t name = tree->inodes.items[version->inode].name;

	if (!(name & GROUPED))
		return;

	struct group *group = &tree->groups.items[name & ~GROUPED];

	if (tree->group_nodes) {
		uint32_t at = group->first + group->count;

		tree->group_nodes[at] = node;
		tree->group_births[at] = version->born;
		tree->group_deaths[at] = version->died;
	}
	group->count++;
}

static void add_names(struct tree *tree)
{
	for (size_t i = 0; i < tree->groups.count; i++)
		tree->groups.items[i].count = 0;
	for (uint32_t i = 0; i < tree->nodes.count; i++)
		for (uint32_t v = tree->nodes.items[i].version; v != NONE;
		     v = tree->versions.items[v].older)
			add_name(tree, i, &tree->versions.items[v]);
}

static int gather_names(struct tree *tree, struct err *err)
{
	uint32_t total = 0;

	if (tree->groups.count == 0)
		return 0;
	add_names(tree); /* counts */
	for (size_t i = 0; i < tree->groups.count; i++) {
		tree->groups.items[i].first = total;
		total += tree->groups.items[i].count;
	}
	tree->group_nodes = calloc(total + 1, sizeof(*tree->group_nodes));
	tree->group_births = calloc(total + 1, sizeof(*tree->group_births));
	tree->group_deaths = calloc(total + 1, sizeof(*tree->group_deaths));
	if (!tree->group_nodes || !tree->group_births || !tree->group_deaths)
		return err_nomem(err);
	add_names(tree); /* fills */
	for (size_t i = 0; i < tree->groups.count; i++) {
		const struct group *group = &tree->groups.items[i];

		qsort(tree->group_births + group->first, group->count, sizeof(uint16_t),
		      compare_layers);
		qsort(tree->group_deaths + group->first, group->count, sizeof(uint16_t),
		      compare_layers);
	}
	return 0;
}

/* ---- The end ---- */

#define FIT(vec)                                                                                   \
	do {                                                                                       \
		void *fitted =                                                                     \
			(vec)->count ? realloc((vec)->items, (vec)->count * sizeof(*(vec)->items)) \
				     : NULL;                                                       \
		if (fitted) {                                                                      \
			(vec)->items = fitted;                                                     \
			(vec)->room = (vec)->count;                                                \
		}                                                                                  \
	} while (0)

int tree__finish(struct tree *tree, struct err *err)
{
	VEC_DONE(&tree->prev);
	if (sort_children(tree, err) < 0 || gather_names(tree, err) < 0)
		return -ERR_NOMEM;
	FIT(&tree->nodes);
	FIT(&tree->versions);
	FIT(&tree->inodes);
	strpool_seal(tree->names);
	return 0;
}
