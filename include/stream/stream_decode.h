/*
 * Decodes what the bytes themselves say: nothing, gzip (several members; by
 * ISA-L where built in, else zlib), zstd (skippable frames), xz, bzip2, lz4
 * (by libarchive, each through its named filter).
 */
#ifndef STREAM_STREAM_DECODE_H
#define STREAM_STREAM_DECODE_H

#include "base/problem.h"
#include "base/compression.h"
#include "stream/stream.h"

/*
 * upstream  taken, also on failure; read to its end before the decoded end is
 *           reported, so that a hash below has seen every byte.
 * problems  borrowed for the life of the stream, may be NULL; hears of bytes
 *           behind the compressed data (PROBLEM_TRAILING_DATA).
 * ret_compression  may be NULL.
 * ERR_FORMAT (first frame damaged), ERR_IO, ERR_NOMEM.
 */
int stream_decode_open(struct stream *upstream, struct problem_list *problems,
		       enum compression *ret_compression, struct stream **ret_stream,
		       struct err *err);

#endif
