/* The beginning grows in steps; all sizes are bounded before anything is allocated. */
#include "core/access/byte_window.h"

#include <stdlib.h>

#include "base/vec.h"

enum {
	HEAD_STEP = 64 << 10,
	HEAD_MOST = 4 << 20, /* the strings of nearly every program lie in here */
	FAR_MOST = 64 << 20,
	OPENED_MOST = 4,
};

/* Fill 'bytes'. WINDOW_OUTSIDE if the file ends before. */
static int read_all(struct byte_window *window, char *bytes, size_t len, struct err *err)
{
	size_t got = 0;

	while (got < len) {
		ssize_t n = stream_read(window->stream, bytes + got, len - got, err);

		if (n < 0)
			return (int)n;
		if (n == 0)
			return WINDOW_OUTSIDE;
		got += (size_t)n;
	}
	return 0;
}

/* Go to 'at', from the beginning if it was passed. */
static int seek(struct byte_window *window, uint64_t at, struct err *err)
{
	int r = 0;

	if (window->stream && window->stream->position > at) {
		stream_close(window->stream);
		window->stream = NULL;
	}
	if (!window->stream && window->opened++ == OPENED_MOST)
		return err_set(err, ERR_LIMIT, "its parts are too scattered");
	if (!window->stream)
		r = window->open(window->context, &window->stream, err);
	if (r == 0 && window->stream->position < at)
		r = stream_skip(window->stream, at - window->stream->position, err);
	return r;
}

static int grow_head(struct byte_window *window, uint64_t wanted, struct err *err)
{
	uint64_t len = (wanted + HEAD_STEP - 1) / HEAD_STEP * HEAD_STEP;

	if (len > HEAD_MOST)
		len = HEAD_MOST;
	if (len > window->size)
		len = window->size;
	if (len <= window->head_len)
		return 0;

	char *head = realloc(window->head, (size_t)len);

	if (!head)
		return err_nomem(err);
	window->head = head;

	int r = seek(window, window->head_len, err);

	if (r == 0)
		r = read_all(window, head + window->head_len, (size_t)len - window->head_len, err);
	if (r == 0)
		window->head_len = (size_t)len;
	return r;
}

static int read_far(struct byte_window *window, uint64_t at, uint64_t len, struct err *err)
{
	if (len > FAR_MOST)
		return err_set(err, ERR_LIMIT, "a part of it is larger than %d MiB", FAR_MOST >> 20);

	/* Now: a later look at the beginning would decode everything once more. */
	int r = grow_head(window, HEAD_MOST, err);

	free(window->far);
	window->far = malloc((size_t)len);
	if (r == 0 && !window->far)
		return err_nomem(err);
	if (r == 0)
		r = seek(window, at, err);
	return r == 0 ? read_all(window, window->far, (size_t)len, err) : r;
}

int access__window_get(struct byte_window *window, uint64_t at, uint64_t len,
		       const char **ret_bytes, struct err *err)
{
	uint64_t end;
	int r = 0;

	if (!size_add(at, len, &end) || end > window->size)
		return WINDOW_OUTSIDE;
	if (len == 0) {
		*ret_bytes = "";
		return 0;
	}
	if (end <= HEAD_MOST)
		r = grow_head(window, end, err);
	else
		r = read_far(window, at, len, err);
	if (r == 0)
		*ret_bytes = end <= HEAD_MOST ? window->head + at : window->far;
	return r;
}

void access__window_done(struct byte_window *window)
{
	stream_close(window->stream);
	free(window->head);
	free(window->far);
	window->stream = NULL;
	window->head = window->far = NULL;
}
