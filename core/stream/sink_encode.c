/*
 * Chooses the sink that compresses (sink_gzip, sink_zstd, sink_xz) and feeds it
 * with blocks of one size: what comes out does not depend on how the caller cut
 * its writes.
 */
#include "core/stream/sink_priv.h"

#include <string.h>

#include "base/compression.h"

struct encode_sink {
	struct sink base;
	struct sink *encoder;
	size_t held;
	unsigned char block[ENCODE_BLOCK_BYTES];
};

static int encode_flush(struct encode_sink *self, struct err *err)
{
	int code = sink_write(self->encoder, self->block, self->held, err);

	self->held = 0;
	return code;
}

static int encode_write(struct sink *sink, const void *bytes, size_t len, struct err *err)
{
	struct encode_sink *self = (struct encode_sink *)sink;
	const unsigned char *from = bytes;

	while (len > 0) {
		size_t room = sizeof(self->block) - self->held;
		size_t part = len < room ? len : room;

		memcpy(self->block + self->held, from, part);
		self->held += part;
		from += part;
		len -= part;
		if (part < room)
			break;

		int code = encode_flush(self, err);

		if (code < 0)
			return code;
	}
	return 0;
}

static int encode_finish(struct sink *sink, struct err *err)
{
	struct encode_sink *self = (struct encode_sink *)sink;
	int code = encode_flush(self, err);

	return code < 0 ? code : sink_finish(self->encoder, err);
}

static void encode_close(struct sink *sink)
{
	sink_close(((struct encode_sink *)sink)->encoder);
	free(sink);
}

static const struct sink_ops ENCODE_OPS = {
	.write = encode_write,
	.finish = encode_finish,
	.close = encode_close,
};

static int (*const ENCODERS[COMPRESSIONS])(struct sink *, size_t, struct sink **, struct err *) = {
	[COMPRESSION_GZIP] = sink__gzip_open,
	[COMPRESSION_ZSTD] = sink__zstd_open,
	[COMPRESSION_XZ] = sink__xz_open,
};

static int encoder_open(struct sink *below, enum compression compression, struct sink **ret_sink,
			struct err *err)
{
	if (ENCODERS[compression])
		return ENCODERS[compression](below, 0, ret_sink, err);
	sink_close(below);
	return err_set(err, ERR_UNSUPPORTED, "%s can only be read, not written",
		       compression_name(compression));
}

int sink_encode_open(struct sink *below, enum compression compression, struct sink **ret_sink,
		     struct err *err)
{
	struct sink *encoder;

	if (compression == COMPRESSION_NONE) {
		*ret_sink = below;
		return 0;
	}

	int code = encoder_open(below, compression, &encoder, err);

	if (code < 0)
		return code;

	struct encode_sink *self = malloc(sizeof(*self));

	if (!self) {
		sink_close(encoder);
		return err_nomem(err);
	}
	self->base = (struct sink){ .ops = &ENCODE_OPS };
	self->encoder = encoder;
	self->held = 0;
	*ret_sink = &self->base;
	return 0;
}
