/*
 * What rewriting one layer does, entry by entry: found by rewrite_edits.c and
 * rewrite_drops.c, done by emit_rewrite.c.
 */
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
	bool as_it_is; /* without what the plan changes */
	const struct layer_index *index;
	VEC(struct edit) edits; /* in the order of the tar */
	VEC(node_id) added;     /* parents first */
};

/* The edits of 'layer', from 1. Borrows the input. Free with emit__rewrite_done(), also on failure.
 * ERR_UNSUPPORTED: what is to be removed cannot be taken out; ERR_NOMEM. */
int emit__rewrite_prepare(struct rewrite *rewrite, struct err *err);
void emit__rewrite_done(struct rewrite *rewrite);

/* The node of an entry's path in the image's tree. The last two keep the folder from entry to entry:
 * NODE_NONE and STR_EMPTY at first. */
node_id emit__entry_node(const struct tree *tree, const struct layer_index *index,
			 const struct layer_entry *entry, node_id *folder_node, str_id *folder);

/* Add edits for the entries of what the plan removes. ERR_UNSUPPORTED, ERR_NOMEM. */
int emit__collect_drops(struct rewrite *rewrite, struct err *err);

/* Add one for the layer's table of contents behind the edits, which are in order. ERR_NOMEM. */
int emit__collect_contents(struct rewrite *rewrite, struct err *err);

#endif
