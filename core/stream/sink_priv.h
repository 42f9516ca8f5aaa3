/*
 * The sinks that compress, one file for each format. Each takes 'below', also
 * on failure, and gives the same bytes for the same input on every run.
 */
#ifndef CORE_STREAM_SINK_PRIV_H
#define CORE_STREAM_SINK_PRIV_H

#include "stream/sink.h"

/* No write to one of these sinks is longer than a block. */
enum { ENCODE_BLOCK_BYTES = 256 * 1024, ENCODE_BUFFER_BYTES = 256 * 1024 };

/*
 * 'threads' 0: one per processor; the bytes are the same for any number.
 * ERR_NOMEM; -ERR_UNSUPPORTED where a library is absent.
 */
int sink__gzip_open(struct sink *below, size_t threads, struct sink **ret_sink, struct err *err);
int sink__zstd_open(struct sink *below, size_t threads, struct sink **ret_sink, struct err *err);
int sink__xz_open(struct sink *below, size_t threads, struct sink **ret_sink, struct err *err);

#endif
