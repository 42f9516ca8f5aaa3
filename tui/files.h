/*
 * The rows of a tree that is partly open: which directories are, what the
 * filter lets through, which findings lie below. Knows no screen.
 *
 * What needs a look at every node (counts, filters) is done in slices by
 * files_census(); rows depend on opened directories only.
 */
#ifndef TUI_FILES_H
#define TUI_FILES_H

#include "base/pattern.h"
#include "base/vec.h"
#include "rule/judge.h"

enum files_filter {
	FILES_ALL,
	FILES_UNREADABLE, /* by the user; directories: not readable or not searchable */
	FILES_UNWRITABLE,
	FILES_CHANGES, /* what the layer did */
	FILES_FILTERS
};

enum files_order { FILES_BY_NAME, FILES_BY_SIZE };

struct files {
	const struct tree *tree; /* borrowed; NULL: no rows */
	unsigned at;
	const struct judgement *judgement; /* borrowed; NULL: access is not known at this layer */
	enum files_filter filter;
	const struct pattern *pattern; /* that paths must match as well; borrowed; NULL: none */
	enum files_order order;
	VEC(node_id) rows;
	uint16_t *flags; /* per node */
	uint32_t *marks; /* per node: worst severity at or below, number of such findings */
	size_t node_count;
	uint32_t census;                 /* next node to look at; node_count: done */
	uint64_t matches[FILES_FILTERS]; /* so far, by the pattern too */
	uint64_t too_costly; /* paths that the pattern could not be tried on to the end */
};                                       /* {0}: empty */

void files_done(struct files *files);

/*
 * Show another tree, layer or judgement. Directories stay open as far as ids
 * are the same. The census begins anew. ERR_NOMEM: there are no rows.
 */
int files_set(struct files *files, const struct tree *tree, unsigned at,
	      const struct judgement *judgement, struct err *err);

/* The census for the filter is needed first: rows are empty until it is done. */
void files_set_filter(struct files *files, enum files_filter filter);

/* Only paths that match, with what leads to them; it is borrowed. NULL: all. The census begins
 * anew. */
void files_set_pattern(struct files *files, const struct pattern *pattern);
void files_set_order(struct files *files, enum files_order order);

/* Look at 'most' further nodes. True: there are more. Rows are made anew when it ends and a filter
 * is on. */
bool files_census(struct files *files, size_t most);
bool files_census_is_done(const struct files *files);

/* The row of a node, or of the nearest directory above it that has one. */
size_t files_row(const struct files *files, node_id node);

bool files_is_open(const struct files *files, node_id node);
void files_open(struct files *files, node_id node, bool open);

/* Whether filter or pattern keep anything from being shown. */
bool files_is_filtered(const struct files *files);

/* Whether the node itself is one that is looked for, once the census is done. */
bool files_is_match(const struct files *files, node_id node);

/* Open all directories above a node. Not passed by the filter: filter and pattern are switched off.
 */
void files_reveal(struct files *files, node_id node);

/* Whether a node is shown, were its directories open. */
bool files_passes(const struct files *files, node_id node);

/* The worst severity of the findings at a node or below it, and how many are of it; 0: none. */
size_t files_marks(const struct files *files, node_id node, enum severity *ret_worst);

/* The node after this one in the order of names, going round the end; without opening anything. */
node_id files_successor(const struct files *files, node_id node);

#endif
