/*
 * What the instructions of a Dockerfile cost: each makes a layer that repeats
 * whole what it touches, and the folders above (specification: OCI layer.md).
 */
#ifndef BUILD_COST_H
#define BUILD_COST_H

#include "emit_priv.h"

struct build_cost {
	const struct emit_input *input;
	uint32_t *seen; /* per node of the preview: the last instruction that repeated it */
	uint32_t instruction;
	uint64_t bytes; /* of the instruction that was begun last */
	uint64_t total;
};

/* Borrows the input. Free with emit__build_cost_done(). ERR_NOMEM. */
int emit__build_cost_init(struct build_cost *cost, const struct emit_input *input, struct err *err);
void emit__build_cost_done(struct build_cost *cost);

void emit__build_cost_begin(struct build_cost *cost);

/* The instruction touches a path of the preview. ERR_NOMEM. */
int emit__build_cost_add(struct build_cost *cost, node_id node, struct err *err);

/* It removes a path of the image. ERR_NOMEM. */
int emit__build_cost_remove(struct build_cost *cost, node_id node, struct err *err);

#endif
