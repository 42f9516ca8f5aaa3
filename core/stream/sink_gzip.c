/*
 * gzip on the way down, by ISA-L where it is built in, else by zlib. The header
 * has no time, no name and no system, so the bytes depend on the input alone.
 */
#include "core/stream/sink_priv.h"

#include <stdbool.h>

#ifdef HAVE_ISAL
#include <isa-l/igzip_lib.h>
#else
#include <zlib.h>
#endif

#ifdef HAVE_ISAL

struct deflater {
	struct isal_zstream state;
	unsigned char level_buffer[ISAL_DEF_LVL2_DEFAULT];
};

static int deflater_init(struct deflater *deflater, struct err *err)
{
	struct isal_zstream *state = &deflater->state;

	(void)err;
	isal_deflate_init(state);
	/* Its gzip header says: time 0, system 255 (unknown). */
	state->gzip_flag = IGZIP_GZIP;
	state->level = 2;
	state->level_buf = deflater->level_buffer;
	state->level_buf_size = sizeof(deflater->level_buffer);
	return 0;
}

static void deflater_done(struct deflater *deflater)
{
	(void)deflater;
}

static void deflater_feed(struct deflater *deflater, const unsigned char *bytes, size_t len,
			  bool last)
{
	/* The library only reads them; its type is older than const. */
	deflater->state.next_in = (unsigned char *)(uintptr_t)bytes;
	deflater->state.avail_in = (uint32_t)len;
	deflater->state.end_of_stream = last;
}

/* Bytes put into 'out'. *ret_more: call again, with an empty 'out', before the next feed. */
static size_t deflater_step(struct deflater *deflater, unsigned char *out, size_t room,
			    bool *ret_more)
{
	struct isal_zstream *state = &deflater->state;

	state->next_out = out;
	state->avail_out = (uint32_t)room;
	isal_deflate(state);
	*ret_more = state->avail_in > 0 ||
		    (state->end_of_stream && state->internal_state.state != ZSTATE_END) ||
		    (state->avail_out == 0 && !state->end_of_stream);
	return room - state->avail_out;
}

#else

struct deflater {
	z_stream state;
	gz_header header;
	bool last;
};

enum { GZIP_ONLY = 16 + MAX_WBITS, LEVEL = 6, MEMORY = 8, UNKNOWN_SYSTEM = 255 };

static int deflater_init(struct deflater *deflater, struct err *err)
{
	z_stream *state = &deflater->state;

	if (deflateInit2(state, LEVEL, Z_DEFLATED, GZIP_ONLY, MEMORY, Z_DEFAULT_STRATEGY) != Z_OK)
		return err_nomem(err);
	deflater->header.os = UNKNOWN_SYSTEM;
	deflateSetHeader(state, &deflater->header);
	return 0;
}

static void deflater_done(struct deflater *deflater)
{
	deflateEnd(&deflater->state);
}

static void deflater_feed(struct deflater *deflater, const unsigned char *bytes, size_t len,
			  bool last)
{
	/* The library only reads them; its type is older than const. */
	deflater->state.next_in = (unsigned char *)(uintptr_t)bytes;
	deflater->state.avail_in = (uInt)len;
	deflater->last = last;
}

/* Bytes put into 'out'. *ret_more: call again, with an empty 'out', before the next feed. */
static size_t deflater_step(struct deflater *deflater, unsigned char *out, size_t room,
			    bool *ret_more)
{
	z_stream *state = &deflater->state;

	state->next_out = out;
	state->avail_out = (uInt)room;

	int code = deflate(state, deflater->last ? Z_FINISH : Z_NO_FLUSH);

	*ret_more = deflater->last ? code == Z_OK : state->avail_out == 0;
	return room - state->avail_out;
}

#endif

struct gzip_sink {
	struct sink base;
	struct sink *below;
	struct deflater deflater;
	unsigned char out[ENCODE_BUFFER_BYTES];
};

static int gzip_put(struct gzip_sink *self, const unsigned char *bytes, size_t len, bool last,
		    struct err *err)
{
	bool more = true;

	deflater_feed(&self->deflater, bytes, len, last);
	while (more) {
		size_t count = deflater_step(&self->deflater, self->out, sizeof(self->out), &more);
		int code = sink_write(self->below, self->out, count, err);

		if (code < 0)
			return code;
	}
	return 0;
}

static int gzip_write(struct sink *sink, const void *bytes, size_t len, struct err *err)
{
	return gzip_put((struct gzip_sink *)sink, bytes, len, false, err);
}

static int gzip_finish(struct sink *sink, struct err *err)
{
	struct gzip_sink *self = (struct gzip_sink *)sink;
	int code = gzip_put(self, self->out, 0, true, err);

	return code < 0 ? code : sink_finish(self->below, err);
}

static void gzip_close(struct sink *sink)
{
	struct gzip_sink *self = (struct gzip_sink *)sink;

	sink_close(self->below);
	deflater_done(&self->deflater);
	free(self);
}

static const struct sink_ops GZIP_OPS = {
	.write = gzip_write,
	.finish = gzip_finish,
	.close = gzip_close,
};

int sink__gzip_open(struct sink *below, struct sink **ret_sink, struct err *err)
{
	struct gzip_sink *self = calloc(1, sizeof(*self));

	if (!self || deflater_init(&self->deflater, err) < 0) {
		free(self);
		sink_close(below);
		return err_nomem(err);
	}
	self->base.ops = &GZIP_OPS;
	self->below = below;
	*ret_sink = &self->base;
	return 0;
}
