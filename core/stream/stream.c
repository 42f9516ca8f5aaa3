/*
 * What all pull streams share: full reads, skips, the position, and the first
 * failure, which stays.
 */
#include "stream/stream.h"

#include <inttypes.h>
#include <stdbool.h>

/* On the stack, and small enough for the small stacks that some systems give to threads. */
enum { DROP_BYTES = 32 * 1024 };

static int report(const struct stream *stream, struct err *err)
{
	return err_set(err, stream->failed.code, "%s", stream->failed.text);
}

static bool has_failed(const struct stream *stream)
{
	return stream->failed.code != ERR_NONE;
}

ssize_t stream_read(struct stream *stream, void *buffer, size_t len, struct err *err)
{
	size_t got = 0;

	while (got < len && !has_failed(stream)) {
		ssize_t count =
			stream->ops->read(stream, (char *)buffer + got, len - got, &stream->failed);

		if (count < 0)
			err_set(&stream->failed, (enum err_code) - count,
				"the data cannot be read");
		if (count <= 0)
			break;
		got += (size_t)count;
		stream->position += (uint64_t)count;
	}
	if (got == 0 && has_failed(stream))
		return report(stream, err);
	return (ssize_t)got;
}

/* Read and drop up to 'len' bytes: fewer only at the end. */
static int drop(struct stream *stream, uint64_t len, uint64_t *ret_dropped, struct err *err)
{
	char buffer[DROP_BYTES];
	uint64_t dropped = 0;

	while (dropped < len) {
		size_t want =
			len - dropped < sizeof(buffer) ? (size_t)(len - dropped) : sizeof(buffer);
		ssize_t count = stream_read(stream, buffer, want, err);

		if (count < 0)
			return (int)count;
		if (count == 0)
			break;
		dropped += (uint64_t)count;
	}
	*ret_dropped = dropped;
	return 0;
}

static int skip_by_reading(struct stream *stream, uint64_t len, struct err *err)
{
	uint64_t dropped;

	if (drop(stream, len, &dropped, err) < 0)
		return -(int)stream->failed.code;
	if (dropped == len)
		return 0;
	err_set(&stream->failed, ERR_FORMAT,
		"data ends early at byte %" PRIu64 ": %" PRIu64 " more are needed",
		stream->position, len - dropped);
	return report(stream, err);
}

int stream_skip(struct stream *stream, uint64_t len, struct err *err)
{
	if (has_failed(stream))
		return report(stream, err);
	if (!stream->ops->skip)
		return skip_by_reading(stream, len, err);

	int code = stream->ops->skip(stream, len, &stream->failed);

	if (code < 0) {
		err_set(&stream->failed, (enum err_code) - code, "the data cannot be skipped");
		return report(stream, err);
	}
	stream->position += len;
	return 0;
}

int stream_drain(struct stream *stream, uint64_t *ret_bytes, struct err *err)
{
	uint64_t dropped;

	if (drop(stream, UINT64_MAX, &dropped, err) < 0)
		return -(int)stream->failed.code;
	if (ret_bytes)
		*ret_bytes = dropped;
	return 0;
}

void stream_close(struct stream *stream)
{
	if (stream)
		stream->ops->close(stream);
}

void stream_closep(struct stream **stream)
{
	stream_close(*stream);
}
