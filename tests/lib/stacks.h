/*
 * Random layer stacks for oracles: a seed gives 2 to 6 layers of files,
 * directories, symlinks, hard links, FIFOs, whiteouts and opaque marks with odd
 * names, modes and owners; as an image, and as our own merged tree.
 *
 * Most stacks are of the kind that tools write. One in three has something on
 * which container engines differ, by design.
 */
#ifndef TESTS_LIB_STACKS_H
#define TESTS_LIB_STACKS_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/build.h"
#include "lib/trees.h"

enum { STACK_ITEMS = 400, STACK_ALIASES = 8 };

struct stack_item {
	char *path; /* normalised */
	char kind;  /* type of the tar entry; 'w' whiteout, 'q' opaque mark */
	struct tb_entry entry;
};

/* What lies below 'link' may turn up below 'real': an engine may follow the link. */
struct stack_alias {
	char link[8], real[8];
};

struct stack {
	uint64_t number; /* the state of the generator */
	bool complete;   /* every entry's parents have entries in its layer, too */
	unsigned wild;   /* how many odd things it has */
	struct tf tf;    /* with the tree of all layers */
	struct ib image;
	struct tb tar; /* of the layer that is being made */
	struct stack_item own[STACK_ITEMS];
	size_t own_count;
	struct stack_alias aliases[STACK_ALIASES];
	size_t alias_count;
};

/* A number below 'below' from the seed in *number, which goes on (splitmix64). */
unsigned stack_draw(uint64_t *number, unsigned below);

/* 'stack' is overwritten. */
void stack_make(struct stack *stack, uint64_t seed);
void stack_done(struct stack *stack);

#endif
