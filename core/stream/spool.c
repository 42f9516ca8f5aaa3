/*
 * What cannot be read twice is copied once: into a file that has no name, so
 * that nothing stays behind however the program ends.
 */
#include "stream/spool.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>

#include "base/io.h"

#define ELSEWHERE "temporary file in '%s' (TMPDIR chooses another folder)"

enum { SPOOL_CHUNK_BYTES = 1024 * 1024, PIPE_WAIT_MS = 100 };

/* ---- a pipe ---- */

struct pipe_stream {
	struct stream base;
	int fd;
	const struct cancel *cancel;
};

/* Wait until there is something to read: 0, or ERR_CANCELLED. */
static int pipe_wait(const struct pipe_stream *self, struct err *err)
{
	struct pollfd wait = { .fd = self->fd, .events = POLLIN };

	for (;;) {
		if (cancel_check(self->cancel, err) < 0)
			return -(int)ERR_CANCELLED;

		int ready = poll(&wait, 1, PIPE_WAIT_MS);

		/* What poll() cannot tell, read() will. */
		if (ready > 0 || (ready < 0 && errno != EINTR))
			return 0;
	}
}

static ssize_t pipe_read(struct stream *stream, void *buffer, size_t len, struct err *err)
{
	struct pipe_stream *self = (struct pipe_stream *)stream;

	for (;;) {
		if (pipe_wait(self, err) < 0)
			return -(ssize_t)ERR_CANCELLED;

		ssize_t count = read(self->fd, buffer, len);

		if (count >= 0)
			return count;
		if (errno != EINTR && errno != EAGAIN)
			return err_errno(err, errno, "reading the input");
	}
}

static void pipe_close(struct stream *stream)
{
	free(stream);
}

static const struct stream_ops PIPE_OPS = {
	.read = pipe_read,
	.close = pipe_close,
};

int stream_pipe_open(int fd, const struct cancel *cancel, struct stream **ret_stream,
		     struct err *err)
{
	struct pipe_stream *self = calloc(1, sizeof(*self));

	if (!self)
		return err_nomem(err);
	self->base.ops = &PIPE_OPS;
	self->fd = fd;
	self->cancel = cancel;
	*ret_stream = &self->base;
	return 0;
}

/* ---- the spool ---- */

struct spool {
	const char *folder;
	const struct limits *limits;
	const struct cancel *cancel;
	struct progress *progress;
	int fd;
	uint64_t written;
};

static int spool_put(struct spool *spool, const void *bytes, size_t len, struct err *err)
{
	if (limits_check(spool->written + len, spool->limits->spool_bytes, "decoded input", err) <
	    0)
		return -(int)ERR_LIMIT;
	if (io_free_space(spool->fd) < len)
		return err_set(err, ERR_IO,
			       "no space left in '%s' after %" PRIu64
			       " bytes of decoded input; set TMPDIR to a folder with more room",
			       spool->folder, spool->written);
	if (io_pwrite(spool->fd, bytes, len, spool->written, err) < 0)
		return err_wrap(err, ELSEWHERE, spool->folder);
	spool->written += len;
	progress_add(spool->progress, len);
	return 0;
}

static int spool_copy(struct spool *spool, struct stream *in, void *buffer, struct err *err)
{
	for (;;) {
		if (cancel_check(spool->cancel, err) < 0)
			return -(int)ERR_CANCELLED;

		ssize_t count = stream_read(in, buffer, SPOOL_CHUNK_BYTES, err);

		if (count <= 0)
			return (int)count;

		int code = spool_put(spool, buffer, (size_t)count, err);

		if (code < 0)
			return code;
	}
}

int spool_stream(struct stream *in, const struct spool_options *options, int *ret_fd,
		 uint64_t *ret_length, struct err *err)
{
	const char *folder = options->folder ? options->folder : "/tmp";
	CLEANUP(freep) void *buffer = malloc(SPOOL_CHUNK_BYTES);
	CLEANUP(closep) int fd = -1;

	if (!buffer)
		return err_nomem(err);
	if (io_open_unlinked(folder, &fd, err) < 0)
		return err_wrap(err, ELSEWHERE, folder);

	struct spool spool = {
		.folder = folder,
		.limits = options->limits ? options->limits : limits_default(),
		.cancel = options->cancel,
		.progress = options->progress,
		.fd = fd,
	};
	int code = spool_copy(&spool, in, buffer, err);

	if (code < 0)
		return code;
	*ret_length = spool.written;
	*ret_fd = steal_fd(&fd);
	return 0;
}
