/*
 * The text files of the folders that the user works in (scope_walk.h), beyond
 * those of the start chain, as files of that chain. What is text the rule's
 * "names" say, globs of names; folders whose names are in "skipped", as those
 * of installed libraries, are not entered. No "names": no files.
 */
#ifndef RULE_SCOPE_TEXT_H
#define RULE_SCOPE_TEXT_H

#include "read_budget.h"
#include "scope_walk.h"
#include "start_files.h"

struct scope_text {
	struct rule_run *run;
	VEC(node_id) files; /* in the order of content_before() */
	size_t next;
	struct read_budget budget;
	char *bytes;     /* of one file */
	uint64_t unread; /* files: too many, too large, too costly, or not to be had */
};

/* The arguments of a predicate that reads them. */
#define SCOPE_TEXT_ARGUMENTS SCOPE_WALK_ARGUMENTS, "names", "skipped"

/* ERR_CANCELLED, ERR_NOMEM; done also on failure. */
int rule__scope_text_init(struct scope_text *text, struct rule_run *run,
			  const struct start_files *chain, struct err *err);
void rule__scope_text_done(struct scope_text *text);

/*
 * 1: *ret_file is the next one, its bytes valid until the next call; 0: that
 * was all; ERR_CANCELLED, ERR_NOMEM.
 */
int rule__scope_text_next(struct scope_text *text, struct start_file *ret_file, struct err *err);

#endif
