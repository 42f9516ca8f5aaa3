/*
 * What a rule may spend on the contents of files: how much it reads, and how
 * much is decoded to get at them. What would cost more than it is worth is left
 * out; the rule says how many files that were.
 */
#ifndef RULE_READ_BUDGET_H
#define RULE_READ_BUDGET_H

#include "content/content_reader.h"
#include "rule_priv.h"

struct read_budget {
	struct content_reader *reader;
	uint64_t read_left, decode_left; /* bytes */
};

/* ERR_NOMEM; done also on failure. */
int rule__budget_init(struct read_budget *budget, const struct rule_run *run, struct err *err);
void rule__budget_done(struct read_budget *budget);

/*
 * Up to 'most' bytes of a file. False in *ret_is_read: too costly, or they
 * cannot be had, which is no failure here: the tree says what is wrong with it.
 * Asked in the order of content_before() the files cost least. ERR_CANCELLED, ERR_NOMEM.
 */
int rule__budget_read(struct read_budget *budget, node_id node, char *bytes, size_t most,
		      size_t *ret_len, bool *ret_is_read, struct err *err);

#endif
