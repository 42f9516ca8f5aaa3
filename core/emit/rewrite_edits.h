/* What rewriting one layer does, entry by entry: found by rewrite_edits.c, done by emit_rewrite.c. */
#ifndef REWRITE_EDITS_H
#define REWRITE_EDITS_H

#include "base/vec.h"
#include "emit_priv.h"

enum edit_kind { EDIT_MEND, EDIT_REPLACE, EDIT_DROP };

struct edit {
	enum edit_kind kind;
	uint32_t entry;
	node_id node;
};

struct rewrite {
	const struct emit_input *input;
	unsigned layer;
	const struct layer_index *index;
	VEC(struct edit) edits; /* in the order of the tar */
	VEC(node_id) added;     /* parents first */
};

/* The edits of 'layer', from 1. Borrows the input. Free with emit__rewrite_done(), also on failure.
 * ERR_UNSUPPORTED: what is to be removed cannot be taken out; ERR_NOMEM. */
int emit__rewrite_prepare(struct rewrite *rewrite, struct err *err);
void emit__rewrite_done(struct rewrite *rewrite);

#endif
