/*
 * The two streams that stand at the start of a chain: a range of a file, read
 * by pread() and skipped for nothing, and bytes in memory. Neither reads ahead:
 * whoever reads small pieces has a window of its own.
 */
#include "stream/stream_file.h"

#include <inttypes.h>
#include <string.h>

#include "base/io.h"

/* One read is never longer, so that a cancel is heard soon. */
enum { FILE_READ_MOST = 1024 * 1024 };

struct file_stream {
	struct stream base;
	struct stream_span span;
	const struct cancel *cancel;
	struct progress *progress;
};

static uint64_t file_rest(const struct file_stream *file)
{
	return file->span.length - file->base.position;
}

static ssize_t file_read(struct stream *stream, void *buffer, size_t len, struct err *err)
{
	struct file_stream *file = (struct file_stream *)stream;
	uint64_t at = file->span.offset + stream->position;

	if (cancel_check(file->cancel, err) < 0)
		return -(ssize_t)ERR_CANCELLED;
	if (len > FILE_READ_MOST)
		len = FILE_READ_MOST;
	if (len > file_rest(file))
		len = (size_t)file_rest(file);
	if (len == 0)
		return 0;

	int64_t count = io_pread(file->span.fd, buffer, len, at, err);

	if (count == 0)
		return err_set(err, ERR_FORMAT,
			       "file ends early at byte %" PRIu64 ": %" PRIu64 " more are needed",
			       at, file_rest(file));
	if (count > 0)
		progress_add(file->progress, (uint64_t)count);
	return (ssize_t)count;
}

static int file_skip(struct stream *stream, uint64_t len, struct err *err)
{
	struct file_stream *file = (struct file_stream *)stream;

	if (cancel_check(file->cancel, err) < 0)
		return -(int)ERR_CANCELLED;
	if (len > file_rest(file))
		return err_set(err, ERR_FORMAT,
			       "data ends early at byte %" PRIu64 ": %" PRIu64 " more are needed",
			       file->span.length, len - file_rest(file));
	progress_add(file->progress, len);
	return 0;
}

static void plain_close(struct stream *stream)
{
	free(stream);
}

static const struct stream_ops FILE_OPS = {
	.read = file_read,
	.skip = file_skip,
	.close = plain_close,
};

int stream_file_open(const struct stream_span *span, const struct cancel *cancel,
		     struct progress *progress, struct stream **ret_stream, struct err *err)
{
	struct file_stream *file = calloc(1, sizeof(*file));

	if (!file)
		return err_nomem(err);
	file->base.ops = &FILE_OPS;
	file->span = *span;
	file->cancel = cancel;
	file->progress = progress;
	*ret_stream = &file->base;
	return 0;
}

struct memory_stream {
	struct stream base;
	const char *bytes;
	size_t len;
};

static ssize_t memory_read(struct stream *stream, void *buffer, size_t len, struct err *err)
{
	struct memory_stream *memory = (struct memory_stream *)stream;
	size_t rest = memory->len - (size_t)stream->position;

	(void)err;
	if (len > rest)
		len = rest;
	if (len > 0)
		memcpy(buffer, memory->bytes + stream->position, len);
	return (ssize_t)len;
}

static int memory_skip(struct stream *stream, uint64_t len, struct err *err)
{
	const struct memory_stream *memory = (const struct memory_stream *)stream;
	size_t rest = memory->len - (size_t)stream->position;

	if (len > rest)
		return err_set(err, ERR_FORMAT,
			       "data ends early at byte %zu: %" PRIu64 " more are needed",
			       memory->len, len - rest);
	return 0;
}

static const struct stream_ops MEMORY_OPS = {
	.read = memory_read,
	.skip = memory_skip,
	.close = plain_close,
};

int stream_memory_open(const void *bytes, size_t len, struct stream **ret_stream, struct err *err)
{
	struct memory_stream *memory = calloc(1, sizeof(*memory));

	if (!memory)
		return err_nomem(err);
	memory->base.ops = &MEMORY_OPS;
	memory->bytes = bytes;
	memory->len = len;
	*ret_stream = &memory->base;
	return 0;
}
