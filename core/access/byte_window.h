/*
 * Bytes anywhere in a file that can only be read forwards: its beginning is
 * kept, what lies behind is skipped to, and what was passed is opened again.
 */
#ifndef ACCESS_BYTE_WINDOW_H
#define ACCESS_BYTE_WINDOW_H

#include <stddef.h>
#include <stdint.h>

#include "stream/stream.h"

/* Set open, context and size; leave the rest zero. Free with access__window_done(). */
struct byte_window {
	int (*open)(void *context, struct stream **ret_stream, struct err *err);
	void *context;
	uint64_t size; /* of the file, in bytes */
	struct stream *stream;
	unsigned opened;
	char *head;
	size_t head_len;
	char *far; /* the last bytes behind the head */
};

enum { WINDOW_OUTSIDE = 1 }; /* the file ends before */

/*
 * 'len' bytes from 'at', borrowed until the next call. 0, WINDOW_OUTSIDE, or
 * ERR_LIMIT (more is asked than any sound file needs), ERR_NOMEM and what
 * opening and reading give.
 */
int access__window_get(struct byte_window *window, uint64_t at, uint64_t len,
		       const char **ret_bytes, struct err *err);
void access__window_done(struct byte_window *window);

#endif
