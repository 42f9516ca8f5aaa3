/* The bytes [offset, offset + length) of a file by pread(), and bytes in memory. */
#ifndef STREAM_STREAM_FILE_H
#define STREAM_STREAM_FILE_H

#include "base/cancel.h"
#include "base/progress.h"
#include "stream/stream.h"

/* A range of a file; the file's own position is not used, so many streams can share it. */
struct stream_span {
	int fd; /* borrowed */
	uint64_t offset;
	uint64_t length; /* bytes that must be there: fewer is ERR_FORMAT with the byte */
};

/*
 * cancel    may be NULL; tested at every read.
 * progress  may be NULL; counts the bytes read and skipped.
 * ERR_NOMEM.
 */
int stream_file_open(const struct stream_span *span, const struct cancel *cancel,
		     struct progress *progress, struct stream **ret_stream, struct err *err);

/* Borrows the bytes. ERR_NOMEM. */
int stream_memory_open(const void *bytes, size_t len, struct stream **ret_stream, struct err *err);

#endif
