/*
 * Several files one after the other: the decoding of a compressed layer goes on
 * from the last file that was read of it, if the next one lies behind. Asked in
 * the order of content_before() a set of files costs one pass a layer.
 */
#ifndef CONTENT_CONTENT_READER_H
#define CONTENT_CONTENT_READER_H

#include "content/content.h"

struct content_reader;

/* content is borrowed for its image and its tree. Free with content_reader_free(). ERR_NOMEM. */
int content_reader_new(const struct content *content, struct content_reader **ret_reader,
		       struct err *err);
void content_reader_free(struct content_reader *reader);
void content_reader_freep(struct content_reader **reader);

/* What comes next is read as it is after another layer than content->at. */
void content_reader_set_at(struct content_reader *reader, unsigned at);

/*
 * Bytes to decode before those of the file: 0 where they are at hand. For a
 * caller that reads much of little use and knows when to stop. Errors as content_open().
 */
int content_reader_distance(const struct content_reader *reader, node_id node,
			    uint64_t *ret_bytes, struct err *err);

/*
 * As content_open(). Close the stream before the next call, and before the
 * reader is freed.
 */
int content_reader_open(struct content_reader *reader, node_id node, struct stream **ret_stream,
			struct err *err);

/* Whether the bytes of 'a' come before those of 'b'; both are there. */
bool content_before(const struct content *content, node_id a, node_id b);

#endif
