/*
 * The bytes of a tar through a window of memory, so that a header costs no
 * read of its own; bodies that are larger than the window are passed over by
 * stream_skip(), which costs nothing on a plain file.
 */
#include <string.h>

#include "tar_priv.h"

int tar__window_init(struct tar__window *window, struct stream *in, struct err *err)
{
	*window = (struct tar__window){ .in = in, .bytes = malloc(TAR__WINDOW) };
	return window->bytes ? 0 : err_nomem(err);
}

void tar__window_done(struct tar__window *window)
{
	free(window->bytes);
	window->bytes = NULL;
}

static size_t held(const struct tar__window *window)
{
	return window->len - window->at;
}

ssize_t tar__window_peek(struct tar__window *window, size_t want, const unsigned char **ret_bytes,
			 struct err *err)
{
	if (held(window) < want) {
		memmove(window->bytes, window->bytes + window->at, held(window));
		window->len = held(window);
		window->at = 0;

		ssize_t got = stream_read(window->in, window->bytes + window->len,
					  TAR__WINDOW - window->len, err);

		if (got < 0)
			return got;
		window->len += (size_t)got;
	}
	*ret_bytes = window->bytes + window->at;
	return (ssize_t)(held(window) < want ? held(window) : want);
}

void tar__window_take(struct tar__window *window, size_t len)
{
	window->at += len;
	window->offset += len;
}

ssize_t tar__window_read(struct tar__window *window, void *buffer, size_t len, struct err *err)
{
	size_t here = held(window) < len ? held(window) : len;

	if (here > 0)
		memcpy(buffer, window->bytes + window->at, here);
	tar__window_take(window, here);
	if (here == len)
		return (ssize_t)len;

	size_t rest = len - here;
	const unsigned char *bytes;
	ssize_t got = rest >= TAR__WINDOW
			      ? stream_read(window->in, (char *)buffer + here, rest, err)
			      : tar__window_peek(window, rest, &bytes, err);

	if (got < 0)
		return here > 0 ? (ssize_t)here : got;
	if (rest >= TAR__WINDOW) {
		window->offset += (uint64_t)got;
	} else {
		memcpy((char *)buffer + here, bytes, (size_t)got);
		tar__window_take(window, (size_t)got);
	}
	return (ssize_t)here + got;
}

int tar__window_skip(struct tar__window *window, uint64_t len, struct err *err)
{
	size_t here = held(window) < len ? held(window) : (size_t)len;
	uint64_t rest = len - here;

	tar__window_take(window, here);
	if (rest > TAR__WINDOW) {
		int code = stream_skip(window->in, rest, err);

		if (code < 0)
			return code;
		window->offset += rest;
		return 0;
	}
	if (rest > 0) {
		const unsigned char *bytes;
		ssize_t got = tar__window_peek(window, (size_t)rest, &bytes, err);

		if (got < 0)
			return (int)got;
		tar__window_take(window, (size_t)got);
		if ((uint64_t)got < rest)
			return err_set(err, ERR_FORMAT, "the data ends early");
	}
	return 0;
}
