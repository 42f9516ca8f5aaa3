/* The paths that the user has tagged in Files, by node: what an edit is of. Knows no screen. */
#ifndef TUI_FILE_TAGS_H
#define TUI_FILE_TAGS_H

#include "files.h"

struct file_tags {
	VEC(uint8_t) on; /* per node */
	size_t count;
	const struct tree *tree; /* of the nodes; compared only */
};                               /* {0}: none */

void file_tags_done(struct file_tags *tags);

/*
 * Another tree of the same image: paths of the image keep their tags, those that
 * a plan has made lose them, as their nodes may be others now.
 */
void file_tags_follow(struct file_tags *tags, const struct tree *tree);

bool file_tags_has(const struct file_tags *tags, node_id node);

/* -ERR_NOMEM. */
int file_tags_set(struct file_tags *tags, node_id node, bool on);

/* All that filter and pattern of 'files' look for. -ERR_NOMEM. */
int file_tags_set_matches(struct file_tags *tags, const struct files *files);

void file_tags_clear(struct file_tags *tags);

/* The tagged nodes, 'count' of them; free(). NULL: out of memory. */
node_id *file_tags_list(const struct file_tags *tags);

#endif
