/* A stream that hashes what passes; without a skip of its own, so that all is read. */
#include "stream/stream_hash.h"

struct hash_stream {
	struct stream base;
	struct stream *upstream;
	struct hash *hash;
};

static ssize_t hash_stream_read(struct stream *stream, void *buffer, size_t len, struct err *err)
{
	struct hash_stream *self = (struct hash_stream *)stream;
	ssize_t count = stream_read(self->upstream, buffer, len, err);

	if (count > 0)
		hash_update(self->hash, buffer, (size_t)count);
	return count;
}

static void hash_stream_close(struct stream *stream)
{
	struct hash_stream *self = (struct hash_stream *)stream;

	stream_close(self->upstream);
	hash_free(self->hash);
	free(self);
}

static const struct stream_ops HASH_OPS = {
	.read = hash_stream_read,
	.close = hash_stream_close,
};

int stream_hash_open(struct stream *upstream, enum hash_algorithm algorithm,
		     struct stream **ret_stream, struct err *err)
{
	struct hash_stream *self = calloc(1, sizeof(*self));

	if (!self) {
		stream_close(upstream);
		return err_nomem(err);
	}
	self->base.ops = &HASH_OPS;
	self->upstream = upstream;
	if (hash_new(algorithm, &self->hash, err) < 0) {
		hash_stream_close(&self->base);
		return -(int)ERR_NOMEM;
	}
	*ret_stream = &self->base;
	return 0;
}

void stream_hash_value(const struct stream *stream, unsigned char *ret_value)
{
	hash_value(((const struct hash_stream *)stream)->hash, ret_value);
}
