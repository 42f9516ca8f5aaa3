/*
 * The bytes of files of an image: from a plan, from what was kept while
 * indexing, from an uncompressed layer in place, or by one decoding pass over
 * a layer for all files that are wanted of it.
 */
#ifndef CONTENT_CONTENT_H
#define CONTENT_CONTENT_H

#include "base/cancel.h"
#include "image/image.h"
#include "stream/stream.h"
#include "tree/tree.h"

struct content {
	const struct image *image; /* borrowed; NULL: only what was kept can be read */
	const struct tree *tree;   /* borrowed; its layers are the image's */
	unsigned at;               /* after which layer */
	const struct cancel *cancel; /* NULL: never */
};

/*
 * The bytes of a regular file as a stream; what is stored as a sparse file comes
 * with its holes filled. ERR_INVALID: no regular file; ERR_NOT_FOUND: its layer
 * is missing; ERR_IO, ERR_FORMAT, ERR_LIMIT, ERR_NOMEM.
 */
int content_open(const struct content *content, node_id node, struct stream **ret_stream,
		 struct err *err);

/*
 * Up to 'most' bytes of the beginning, NUL added (not counted in *ret_len).
 * Free with free(). Errors as content_open().
 */
int content_load(const struct content *content, node_id node, size_t most, char **ret_bytes,
		 size_t *ret_len, struct err *err);

/*
 * The same for a path, links followed inside the image.
 * ERR_NOT_FOUND if nothing is there, ERR_LIMIT if it is larger than 'most'.
 * ret_node may be NULL.
 */
int content_load_path(const struct content *content, const char *path, size_t most,
		      node_id *ret_node, char **ret_bytes, size_t *ret_len, struct err *err);

#endif
