/*
 * The bytes of a file that is stored in sparse form (old GNU, pax 0.0, 0.1 and
 * 1.0), as Go's archive/tar reads it: what the tar holds at its places, zeros between.
 */
#ifndef TAR_TAR_SPARSE_H
#define TAR_TAR_SPARSE_H

#include "stream/stream.h"

/*
 * in          stands at the first header block of the entry and ends with its
 *             data; taken, also on failure.
 * header_len  bytes of its header blocks: data_offset - header_offset
 * size        of the file
 * ERR_FORMAT (the map is none, or does not fit size or data), ERR_LIMIT (a map
 * of more than limits->tar_extension in the data), ERR_IO, ERR_NOMEM; reading: as stream_read().
 */
int tar_sparse_open(struct stream *in, uint32_t header_len, uint64_t size,
		    struct stream **ret_stream, struct err *err);

#endif
