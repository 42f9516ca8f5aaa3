/* A stream that fails as soon as it has given more than the limits allow. */
#include "stream/stream_limit.h"

#include <inttypes.h>

#include "base/vec.h"

struct limit_stream {
	struct stream base;
	struct stream *upstream;
	uint64_t most;
	uint64_t times; /* for the message; 0 if the plain size is the limit */
};

static int limit_reached(const struct limit_stream *self, struct err *err)
{
	if (self->times > 0)
		return err_set(err, ERR_LIMIT,
			       "decoded data is above the limit of %" PRIu64 " bytes, %" PRIu64
			       " times what is stored",
			       self->most, self->times);
	return err_set(err, ERR_LIMIT, "decoded data is above the limit of %" PRIu64 " bytes",
		       self->most);
}

static ssize_t limit_read(struct stream *stream, void *buffer, size_t len, struct err *err)
{
	struct limit_stream *self = (struct limit_stream *)stream;
	uint64_t rest = self->most - stream->position;
	char beyond;

	if (rest > 0)
		return stream_read(self->upstream, buffer, len < rest ? len : (size_t)rest, err);

	ssize_t count = stream_read(self->upstream, &beyond, 1, err);

	return count > 0 ? limit_reached(self, err) : count;
}

static int limit_skip(struct stream *stream, uint64_t len, struct err *err)
{
	struct limit_stream *self = (struct limit_stream *)stream;
	uint64_t rest = self->most - stream->position;
	int code = stream_skip(self->upstream, len < rest ? len : rest, err);

	if (code < 0)
		return code;
	return len > rest ? limit_reached(self, err) : 0;
}

static void limit_close(struct stream *stream)
{
	struct limit_stream *self = (struct limit_stream *)stream;

	stream_close(self->upstream);
	free(self);
}

static const struct stream_ops LIMIT_OPS = {
	.read = limit_read,
	.skip = limit_skip,
	.close = limit_close,
};

int stream_limit_open(struct stream *upstream, uint64_t stored, const struct limits *limits,
		      struct stream **ret_stream, struct err *err)
{
	struct limit_stream *self = calloc(1, sizeof(*self));
	uint64_t expanded;

	if (!self) {
		stream_close(upstream);
		return err_nomem(err);
	}
	if (!limits)
		limits = limits_default();
	if (!size_mul(stored, limits->expansion, &expanded))
		expanded = UINT64_MAX;
	if (expanded < limits->expansion_free)
		expanded = limits->expansion_free;
	self->base.ops = &LIMIT_OPS;
	self->upstream = upstream;
	self->times = expanded < limits->layer_bytes ? limits->expansion : 0;
	self->most = self->times > 0 ? expanded : limits->layer_bytes;
	*ret_stream = &self->base;
	return 0;
}
