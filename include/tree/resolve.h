/*
 * Path look-up inside the image's root, as the kernel does it for root:
 * path_resolution(7). Absolute link targets stay inside the image; ".." of the
 * root is the root. Who may walk there is judged in access/.
 */
#ifndef TREE_RESOLVE_H
#define TREE_RESOLVE_H

#include "tree/tree.h"

enum resolve_outcome {
	RESOLVE_FOUND,
	RESOLVE_NOT_FOUND,     /* ENOENT */
	RESOLVE_NOT_DIRECTORY, /* ENOTDIR */
	RESOLVE_LOOP,          /* ELOOP: more than 40 links */
	RESOLVE_TOO_LONG,      /* ENAMETOOLONG */
	RESOLVE_RUNTIME,       /* below /proc, /sys or /dev: only the runtime knows */
};

struct resolve_result {
	enum resolve_outcome outcome;
	node_id node;       /* found; else the last one that was there */
	unsigned links;     /* followed */
};

/*
 * visit            called for each directory that is searched and each link that is
 *                  followed, in order; false stops. Not for the directories on which
 *                  the runtime mounts: their modes are its own.
 * may_follow_last  NULL, or asked before visit() for each link that is the last
 *                  component of the path (or of such a link's target); false stops.
 */
struct resolve_visitor {
	bool (*visit)(void *context, node_id node, const struct tree_stat *stat);
	void *context;
	bool (*may_follow_last)(void *context, node_id link, const struct tree_stat *stat);
};

/*
 * path         absolute, or relative to 'from'; any bytes, NUL-terminated.
 * follow_last  whether a link as last component is followed.
 * visitor      may be NULL. When it stops the walk, the outcome is
 *              RESOLVE_FOUND with the node it stopped at.
 */
struct resolve_result resolve_path(const struct tree *tree, unsigned at, node_id from,
				   const char *path, bool follow_last,
				   const struct resolve_visitor *visitor);

/* Whether the runtime mounts its own file system there: /proc, /sys, /dev. By name alone. */
bool resolve_is_mount(const struct tree *tree, node_id node);

#endif
