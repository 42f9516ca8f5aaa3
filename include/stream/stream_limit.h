/* Ends with ERR_LIMIT when a stream gives more than it should: bombs stop here. */
#ifndef STREAM_STREAM_LIMIT_H
#define STREAM_STREAM_LIMIT_H

#include "base/limits.h"
#include "stream/stream.h"

/*
 * Takes 'upstream', also on failure. ERR_LIMIT from a read above
 * limits->layer_bytes, or above limits->expansion times 'stored' bytes once
 * limits->expansion_free bytes have passed. ERR_NOMEM.
 */
int stream_limit_open(struct stream *upstream, uint64_t stored, const struct limits *limits,
		      struct stream **ret_stream, struct err *err);

#endif
