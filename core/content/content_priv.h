/* Where the bytes of a file are, for the files of this stage. */
#ifndef CONTENT_CONTENT_PRIV_H
#define CONTENT_CONTENT_PRIV_H

#include "content/content.h"

struct content_place {
	unsigned layer;            /* that they are in, from 1; 0: in memory */
	const void *bytes;         /* in memory */
	uint64_t size;             /* of the file */
	struct stream_span stored; /* the layer */
	uint64_t offset, length;   /* in the decoded layer: of the file's bytes, or of a sparse */
	uint32_t header_len;       /*   file's entry, which begins with so many of headers; else 0 */
	bool is_compressed;
};

/* Errors as content_open(). */
int content__locate(const struct content *content, node_id node, struct content_place *ret_place,
		    struct err *err);

/* All of a compressed layer, decoded. */
int content__open_layer(const struct content *content, const struct content_place *place,
			struct stream **ret_stream, struct err *err);

/* What lies at a place that is not compressed. */
int content__open_plain(const struct content *content, const struct content_place *place,
			struct stream **ret_stream, struct err *err);

/* The next 'len' bytes of a stream, which is closed with it if it is taken: then also on failure. */
int content__slice_open(struct stream *upstream, bool is_taken, uint64_t len,
			struct stream **ret_stream, struct err *err);

/* What lies at a place as the bytes of the file: holes are filled. The stream is taken. */
int content__open_file(const struct content_place *place, struct stream *stream,
		       struct stream **ret_stream, struct err *err);

/* The error with the path of the file; returns r. */
int content__wrap(const struct content *content, node_id node, int r, struct err *err);

#endif
