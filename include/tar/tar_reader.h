/*
 * Reads tar headers: v7, ustar, GNU (L, K, S, base-256), pax (x, g). Strict
 * where bytes could be read in two ways, with a problem for what is odd.
 *
 *	while ((more = tar_reader_next(reader, &entry, err)) > 0)
 *		use(entry);
 */
#ifndef TAR_TAR_READER_H
#define TAR_TAR_READER_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/cancel.h"
#include "base/limits.h"
#include "base/problem.h"
#include "stream/stream.h"
#include "tar/tar_entry.h"

struct tar_reader;

struct tar_reader_options {
	const struct limits *limits;   /* NULL: limits_default() */
	const struct cancel *cancel;   /* NULL: never; tested at every header */
	struct problem_list *problems; /* NULL: nobody listens; offsets are bytes of the tar */
};

/* in: borrowed, read from where it stands. ERR_NOMEM. */
int tar_reader_new(struct stream *in, const struct tar_reader_options *options,
		   struct tar_reader **ret_reader, struct err *err);
void tar_reader_free(struct tar_reader *reader);
void tar_reader_freep(struct tar_reader **reader);

/*
 * The next entry: 1 and *ret_entry (borrowed until the next call), 0 at the
 * end, or an error. What was not read of the last entry's data is skipped.
 * ERR_FORMAT (not a tar: the first header is bad), ERR_LIMIT, ERR_CANCELLED,
 * ERR_IO, ERR_NOMEM.
 *
 * Damage behind the first good header is no error: it is a problem
 * (PROBLEM_BAD_HEADER, PROBLEM_TRUNCATED) and the end, as the engines stop there.
 */
int tar_reader_next(struct tar_reader *reader, const struct tar_entry **ret_entry,
		    struct err *err);

/*
 * Up to len bytes of the entry's stored data; 0 at its end; errors as
 * stream_read(). ERR_FORMAT where the tar ends inside the data: that is a
 * problem, too, and tar_reader_next() then gives the end.
 */
ssize_t tar_reader_data(struct tar_reader *reader, void *buffer, size_t len, struct err *err);

/*
 * After the end: read 'in' to its end, so that hashes below are complete.
 * Anything but zero bytes there is a problem (PROBLEM_TRAILING_DATA).
 */
int tar_reader_drain(struct tar_reader *reader, struct err *err);

/* Whether a block of TAR_BLOCK bytes is a header with a right checksum. */
bool tar_is_header(const unsigned char *block);

#endif
