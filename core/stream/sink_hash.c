/*
 * A hash on the way down. It takes longer than to write, so the bytes are
 * copied and hashed on a thread beside it; what is less than a block is hashed
 * at the end, without one.
 */
#include <string.h>

#include "base/workq.h"
#include "stream/sink.h"

enum { HASH_BLOCK_BYTES = 256 * 1024, BLOCKS = 4 };

struct hash_block {
	struct workq_task task;
	struct hash *hash;
	size_t len;
	unsigned char bytes[HASH_BLOCK_BYTES];
};

struct hash_sink {
	struct sink base;
	struct sink *below;
	struct hash *hash;
	struct workq *queue; /* one thread, so in order; NULL: none, or not yet */
	size_t filling;      /* the block that takes bytes */
	struct hash_block blocks[BLOCKS];
};

static void hash_block(void *argument)
{
	struct hash_block *block = argument;

	hash_update(block->hash, block->bytes, block->len);
	block->len = 0;
}

/* Without a thread it is slower, and the same. */
static void hash_filled(struct hash_sink *self)
{
	struct hash_block *block = &self->blocks[self->filling];

	if (!self->queue)
		workq_new(1, &self->queue, NULL);
	workq_start(self->queue, &block->task, hash_block, block);
	self->filling = (self->filling + 1) % BLOCKS;
	workq_join(self->queue, &self->blocks[self->filling].task);
}

static int hash_sink_write(struct sink *sink, const void *bytes, size_t len, struct err *err)
{
	struct hash_sink *self = (struct hash_sink *)sink;
	const unsigned char *from = bytes;

	for (size_t left = len; left > 0;) {
		struct hash_block *block = &self->blocks[self->filling];
		size_t room = sizeof(block->bytes) - block->len;
		size_t part = left < room ? left : room;

		memcpy(block->bytes + block->len, from, part);
		block->len += part;
		from += part;
		left -= part;
		if (part == room)
			hash_filled(self);
	}
	return sink_write(self->below, bytes, len, err);
}

static int hash_sink_finish(struct sink *sink, struct err *err)
{
	struct hash_sink *self = (struct hash_sink *)sink;

	if (self->queue)
		workq_wait(self->queue);
	hash_block(&self->blocks[self->filling]);
	return sink_finish(self->below, err);
}

static void hash_sink_close(struct sink *sink)
{
	struct hash_sink *self = (struct hash_sink *)sink;

	workq_free(self->queue); /* waits for the blocks */
	sink_close(self->below);
	hash_free(self->hash);
	free(self);
}

static const struct sink_ops HASH_OPS = {
	.write = hash_sink_write,
	.finish = hash_sink_finish,
	.close = hash_sink_close,
};

int sink_hash_open(struct sink *below, enum hash_algorithm algorithm, struct sink **ret_sink,
		   struct err *err)
{
	struct hash_sink *self = calloc(1, sizeof(*self));

	if (!self) {
		sink_close(below);
		return err_nomem(err);
	}
	self->base.ops = &HASH_OPS;
	self->below = below;
	if (hash_new(algorithm, &self->hash, err) < 0) {
		hash_sink_close(&self->base);
		return -(int)ERR_NOMEM;
	}
	for (size_t i = 0; i < BLOCKS; i++)
		self->blocks[i].hash = self->hash;
	*ret_sink = &self->base;
	return 0;
}

void sink_hash_value(const struct sink *sink, unsigned char *ret_value)
{
	hash_value(((const struct hash_sink *)sink)->hash, ret_value);
}
