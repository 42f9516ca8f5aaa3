/*
 * gzip on the way down, by ISA-L where it is built in, else by zlib. The header
 * has no time, no name and no system, so the bytes depend on the input alone:
 * each block is deflated by itself, on any thread, with the end of the block
 * before it as its dictionary, and the blocks are one member.
 */
#include "core/stream/sink_priv.h"

#include <string.h>
#include <zlib.h>

#ifdef HAVE_ISAL
#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>
#endif

#include "base/workq.h"

enum {
	WINDOW_BYTES = 32 * 1024,
	/* More than either library makes of a block, with the empty block of a flush. */
	DEFLATED_BYTES = 2 * ENCODE_BLOCK_BYTES,
	MOST_BLOCKS = 64, /* at once: what bounds the memory, whatever the machine */
	HEADER_BYTES = 10,
	TRAILER_BYTES = 10,
};

#ifdef HAVE_ISAL

struct deflater {
	struct isal_zstream state;
	unsigned char level_buffer[ISAL_DEF_LVL2_DEFAULT];
};

static int deflater_init(struct deflater *deflater, struct err *err)
{
	(void)deflater;
	(void)err;
	return 0;
}

static void deflater_done(struct deflater *deflater)
{
	(void)deflater;
}

/* The bytes put into 'out', up to a byte's end. The library only reads what it has no const for. */
static size_t deflater_run(struct deflater *deflater, unsigned char *dictionary,
			   size_t dictionary_len, unsigned char *bytes, size_t len,
			   unsigned char *out)
{
	struct isal_zstream *state = &deflater->state;

	isal_deflate_init(state);
	state->level = 2;
	state->level_buf = deflater->level_buffer;
	state->level_buf_size = sizeof(deflater->level_buffer);
	state->flush = SYNC_FLUSH;
	if (dictionary_len > 0)
		isal_deflate_set_dict(state, dictionary, (uint32_t)dictionary_len);
	state->next_in = bytes;
	state->avail_in = (uint32_t)len;
	state->next_out = out;
	state->avail_out = DEFLATED_BYTES;
	isal_deflate(state);
	return DEFLATED_BYTES - state->avail_out;
}

static uint32_t checksum(unsigned char *bytes, size_t len)
{
	return crc32_gzip_refl(0, bytes, len);
}

#else

struct deflater {
	z_stream state;
};

enum { RAW = -MAX_WBITS, LEVEL = 6, MEMORY = 8 };

static int deflater_init(struct deflater *deflater, struct err *err)
{
	int code =
		deflateInit2(&deflater->state, LEVEL, Z_DEFLATED, RAW, MEMORY, Z_DEFAULT_STRATEGY);

	return code == Z_OK ? 0 : err_nomem(err);
}

static void deflater_done(struct deflater *deflater)
{
	deflateEnd(&deflater->state);
}

/* The bytes put into 'out', up to a byte's end. */
static size_t deflater_run(struct deflater *deflater, unsigned char *dictionary,
			   size_t dictionary_len, unsigned char *bytes, size_t len,
			   unsigned char *out)
{
	z_stream *state = &deflater->state;

	deflateReset(state);
	if (dictionary_len > 0)
		deflateSetDictionary(state, dictionary, (uInt)dictionary_len);
	state->next_in = bytes;
	state->avail_in = (uInt)len;
	state->next_out = out;
	state->avail_out = DEFLATED_BYTES;
	deflate(state, Z_SYNC_FLUSH);
	return DEFLATED_BYTES - state->avail_out;
}

static uint32_t checksum(unsigned char *bytes, size_t len)
{
	return (uint32_t)crc32(0, bytes, (uInt)len);
}

#endif

struct gzip_block {
	struct workq_task task;
	struct deflater deflater;
	size_t dictionary_len, len, deflated_len;
	uint32_t crc;
	unsigned char dictionary[WINDOW_BYTES];
	unsigned char bytes[ENCODE_BLOCK_BYTES];
	unsigned char deflated[DEFLATED_BYTES];
};

struct gzip_sink {
	struct sink base;
	struct sink *below;
	struct workq *queue; /* NULL: blocks are deflated here, one after the other */
	size_t threads;      /* wanted; 0: one per processor */
	struct gzip_block *blocks[MOST_BLOCKS];
	size_t ring; /* how many of them are used in turn */
	size_t next; /* of the ring: the one to be filled, the oldest */
	uint32_t crc;
	size_t dictionary_len;
	unsigned char dictionary[WINDOW_BYTES]; /* the end of the block before */
};

static void deflate_block(void *argument)
{
	struct gzip_block *block = argument;

	block->crc = checksum(block->bytes, block->len);
	block->deflated_len =
		deflater_run(&block->deflater, block->dictionary, block->dictionary_len,
			     block->bytes, block->len, block->deflated);
}

static int gzip_block_new(struct gzip_block **ret_block, struct err *err)
{
	struct gzip_block *block = malloc(sizeof(*block));

	if (!block)
		return err_nomem(err);
	memset(&block->deflater, 0, sizeof(block->deflater));
	block->task = (struct workq_task){ 0 };
	block->deflated_len = 0;
	if (deflater_init(&block->deflater, err) < 0) {
		free(block);
		return -ERR_NOMEM;
	}
	*ret_block = block;
	return 0;
}

/* What the block became goes down; it is free after that. */
static int drain(struct gzip_sink *self, struct gzip_block *block, struct err *err)
{
	int code;

	workq_join(self->queue, &block->task);
	if (block->deflated_len == 0)
		return 0;
	code = sink_write(self->below, block->deflated, block->deflated_len, err);
	self->crc = (uint32_t)crc32_combine(self->crc, block->crc, (z_off_t)block->len);
	block->deflated_len = 0;
	return code;
}

/* Threads only where there is more than a block. Without any it is slower, and the same. */
static void start_threads(struct gzip_sink *self)
{
	self->ring = 1;
	if (workq_new(self->threads, &self->queue, NULL) < 0)
		return;
	self->ring = 2 * workq_threads(self->queue);
	if (self->ring > MOST_BLOCKS)
		self->ring = MOST_BLOCKS;
}

static void fill(struct gzip_sink *self, struct gzip_block *block, const unsigned char *bytes,
		 size_t len)
{
	memcpy(block->bytes, bytes, len);
	block->len = len;
	memcpy(block->dictionary, self->dictionary, self->dictionary_len);
	block->dictionary_len = self->dictionary_len;
	self->dictionary_len = len < WINDOW_BYTES ? len : WINDOW_BYTES;
	memcpy(self->dictionary, bytes + len - self->dictionary_len, self->dictionary_len);
}

/* Only the last write is shorter than a block. */
static int gzip_write(struct sink *sink, const void *bytes, size_t len, struct err *err)
{
	struct gzip_sink *self = (struct gzip_sink *)sink;
	struct gzip_block **block;
	int code;

	if (self->ring == 0 && len == ENCODE_BLOCK_BYTES)
		start_threads(self);
	block = &self->blocks[self->next];
	code = *block ? drain(self, *block, err) : gzip_block_new(block, err);
	if (code < 0)
		return code;
	fill(self, *block, bytes, len);
	workq_start(self->queue, &(*block)->task, deflate_block, *block);
	self->next = self->ring > 0 ? (self->next + 1) % self->ring : 0;
	return 0;
}

static void put_uint32(unsigned char *out, uint32_t value)
{
	for (unsigned i = 0; i < 4; i++)
		out[i] = (unsigned char)(value >> 8 * i);
}

static int gzip_finish(struct sink *sink, struct err *err)
{
	struct gzip_sink *self = (struct gzip_sink *)sink;
	/* An empty last block, as all others were flushed; then what was summed up. */
	unsigned char trailer[TRAILER_BYTES] = { 0x03, 0x00 };
	size_t ring = self->ring > 0 ? self->ring : 1;
	int code = 0;

	for (size_t i = 0; code == 0 && i < ring; i++) {
		struct gzip_block *block = self->blocks[(self->next + i) % ring];

		if (block)
			code = drain(self, block, err);
	}
	if (code < 0)
		return code;
	put_uint32(trailer + 2, self->crc);
	put_uint32(trailer + 6, (uint32_t)sink->written);
	code = sink_write(self->below, trailer, sizeof(trailer), err);
	return code < 0 ? code : sink_finish(self->below, err);
}

static void gzip_close(struct sink *sink)
{
	struct gzip_sink *self = (struct gzip_sink *)sink;

	workq_free(self->queue); /* waits for the blocks */
	for (size_t i = 0; i < MOST_BLOCKS; i++) {
		if (self->blocks[i])
			deflater_done(&self->blocks[i]->deflater);
		free(self->blocks[i]);
	}
	sink_close(self->below);
	free(self);
}

static const struct sink_ops GZIP_OPS = {
	.write = gzip_write,
	.finish = gzip_finish,
	.close = gzip_close,
};

int sink__gzip_open(struct sink *below, size_t threads, struct sink **ret_sink, struct err *err)
{
	/* Deflate, no flags, no time, no hint about the effort, unknown system. */
	static const unsigned char HEADER[HEADER_BYTES] = { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255 };
	struct gzip_sink *self = calloc(1, sizeof(*self));
	int code;

	if (!self) {
		sink_close(below);
		return err_nomem(err);
	}
	self->base.ops = &GZIP_OPS;
	self->below = below;
	self->threads = threads;
	code = sink_write(below, HEADER, sizeof(HEADER), err);
	if (code < 0) {
		gzip_close(&self->base);
		return code;
	}
	*ret_sink = &self->base;
	return 0;
}
