/*
 * Sniffs the first bytes, chooses a decoder, and looks after what all decoders
 * have in common: the window on the stored bytes, the decoded bytes that are
 * held for small reads and skips, and what lies behind the compressed data.
 */
#include "stream/stream_decode.h"

#include <inttypes.h>
#include <string.h>

#include "core/stream/stream_priv.h"

/* ---- the stored bytes ---- */

int decode_input_want(struct decode_input *in, size_t want, struct err *err)
{
	size_t held = in->end - in->at;

	if (held >= want || in->ended)
		return 0;
	memmove(in->window, in->window + in->at, held);
	in->at = 0;
	in->end = held;

	ssize_t count = stream_read(in->upstream, in->window + held, want - held, err);

	if (count < 0)
		return (int)count;
	in->end += (size_t)count;
	in->ended = count == 0;
	return 0;
}

int decode_input_fill(struct decode_input *in, struct err *err)
{
	return in->at < in->end ? 0 : decode_input_want(in, sizeof(in->window), err);
}

int decode_input_pass(struct decode_input *in, uint64_t len, uint64_t *ret_taken, struct err *err)
{
	uint64_t taken = 0;

	while (taken < len) {
		int code = decode_input_fill(in, err);
		size_t held = in->end - in->at;

		if (code < 0)
			return code;
		if (held == 0)
			break;
		if (held > len - taken)
			held = (size_t)(len - taken);
		in->at += held;
		taken += held;
	}
	*ret_taken = taken;
	return 0;
}

uint64_t decode_input_offset(const struct decode_input *in)
{
	return in->upstream->position - (in->end - in->at);
}

int decode_ends_early(const struct decode_input *in, const char *name, struct err *err)
{
	return err_set(err, ERR_FORMAT, "%s data ends early at byte %" PRIu64, name,
		       decode_input_offset(in));
}

/* ---- the stream ---- */

struct decode_stream {
	struct stream base;
	struct decode_input in;
	struct problem_list *problems;
	const char *name;
	const struct decoder *decoder; /* NULL: the bytes pass as they are */
	void *state;
	struct err damage; /* what stopped the decoder */
	bool ended;
	size_t at, end; /* decoded[at .. end) waits for the reader */
	unsigned char decoded[];
};

static bool all_zero(const unsigned char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (bytes[i] != 0)
			return false;
	return true;
}

/* Behind the compressed data: zeros are padding, others a problem; all are read. */
static int read_trailing(struct decode_stream *self, struct err *err)
{
	struct decode_input *in = &self->in;
	uint64_t start = decode_input_offset(in);
	bool padding = true;

	for (;;) {
		int code = decode_input_fill(in, err);

		if (code < 0)
			return code;
		if (in->at == in->end)
			break;
		padding = padding && all_zero(in->window + in->at, in->end - in->at);
		in->at = in->end;
	}
	if (!padding)
		problem_add(self->problems, PROBLEM_TRAILING_DATA, start,
			    "%s data is followed by %" PRIu64 " bytes that do not belong to it",
			    self->name, decode_input_offset(in) - start);
	return 0;
}

/* Bytes that were decoded before a failure are delivered first. */
static ssize_t decode_some(struct decode_stream *self, void *out, size_t len, struct err *err)
{
	size_t got = 0;

	if (self->ended)
		return 0;
	if (self->damage.code == ERR_NONE)
		self->decoder->decode(self->state, out, len, &got, &self->damage);
	if (got > 0)
		return (ssize_t)got;
	if (self->damage.code != ERR_NONE)
		return err_set(err, self->damage.code, "%s", self->damage.text);
	self->ended = true;
	return read_trailing(self, err);
}

static int refill(struct decode_stream *self, struct err *err)
{
	ssize_t count = decode_some(self, self->decoded, DECODE_BUFFER_BYTES, err);

	if (count < 0)
		return (int)count;
	self->at = 0;
	self->end = (size_t)count;
	return 0;
}

static ssize_t decode_read(struct stream *stream, void *buffer, size_t len, struct err *err)
{
	struct decode_stream *self = (struct decode_stream *)stream;

	if (self->at == self->end) {
		if (len >= DECODE_BUFFER_BYTES)
			return decode_some(self, buffer, len, err);

		int code = refill(self, err);

		if (code < 0)
			return code;
	}

	size_t held = self->end - self->at;

	if (len > held)
		len = held;
	memcpy(buffer, self->decoded + self->at, len);
	self->at += len;
	return (ssize_t)len;
}

static int decode_skip(struct stream *stream, uint64_t len, struct err *err)
{
	struct decode_stream *self = (struct decode_stream *)stream;
	uint64_t rest = len;

	for (;;) {
		size_t held = self->end - self->at;

		if (held >= rest) {
			self->at += (size_t)rest;
			return 0;
		}
		self->at = self->end;
		rest -= held;

		int code = refill(self, err);

		if (code < 0)
			return code;
		if (self->end == 0)
			return err_set(err, ERR_FORMAT,
				       "decoded data ends early at byte %" PRIu64 ": %" PRIu64
				       " more are needed",
				       stream->position + len - rest, rest);
	}
}

static ssize_t plain_read(struct stream *stream, void *buffer, size_t len, struct err *err)
{
	struct decode_input *in = &((struct decode_stream *)stream)->in;
	size_t held = in->end - in->at;

	if (held == 0)
		return stream_read(in->upstream, buffer, len, err);
	if (len > held)
		len = held;
	memcpy(buffer, in->window + in->at, len);
	in->at += len;
	return (ssize_t)len;
}

static int plain_skip(struct stream *stream, uint64_t len, struct err *err)
{
	struct decode_input *in = &((struct decode_stream *)stream)->in;
	size_t held = in->end - in->at;

	if (len <= held) {
		in->at += (size_t)len;
		return 0;
	}
	in->at = in->end;
	return stream_skip(in->upstream, len - held, err);
}

static void decode_close(struct stream *stream)
{
	struct decode_stream *self = (struct decode_stream *)stream;

	if (self->state)
		self->decoder->close(self->state);
	stream_close(self->in.upstream);
	free(self);
}

static const struct stream_ops DECODE_OPS = {
	.read = decode_read,
	.skip = decode_skip,
	.close = decode_close,
};

static const struct stream_ops PLAIN_OPS = {
	.read = plain_read,
	.skip = plain_skip,
	.close = decode_close,
};

static const struct decoder *const DECODERS[COMPRESSIONS] = {
	[COMPRESSION_GZIP] = &stream__gzip_decoder,
#ifdef HAVE_ZSTD
	[COMPRESSION_ZSTD] = &stream__zstd_decoder,
#else
	[COMPRESSION_ZSTD] = &stream__archive_zstd_decoder,
#endif
	[COMPRESSION_XZ] = &stream__archive_xz_decoder,
	[COMPRESSION_BZIP2] = &stream__archive_bzip2_decoder,
	[COMPRESSION_LZ4] = &stream__archive_lz4_decoder,
};

/* Zeroed where it matters; the two buffers are not touched before they are used. */
static struct decode_stream *decode_new(struct stream *upstream, struct problem_list *problems)
{
	struct decode_stream *self = malloc(sizeof(*self) + DECODE_BUFFER_BYTES);

	if (!self)
		return NULL;
	self->base = (struct stream){ .ops = &PLAIN_OPS };
	self->in.upstream = upstream;
	self->in.at = 0;
	self->in.end = 0;
	self->in.ended = false;
	self->problems = problems;
	self->decoder = NULL;
	self->state = NULL;
	err_clear(&self->damage);
	self->ended = false;
	self->at = 0;
	self->end = 0;
	return self;
}

static int decode_start(struct decode_stream *self, enum compression *ret_compression,
			struct err *err)
{
	struct decode_input *in = &self->in;
	int code = decode_input_want(in, COMPRESSION_SNIFF_BYTES, err);

	if (code < 0)
		return code;

	enum compression compression = compression_sniff(in->window, in->end);

	self->name = compression_name(compression);
	if (ret_compression)
		*ret_compression = compression;
	if (compression == COMPRESSION_NONE)
		return 0;
	self->base.ops = &DECODE_OPS;
	self->decoder = DECODERS[compression];
	code = self->decoder->open(in, &self->state, err);
	/* So that damage at the very start is a failure of the opening. */
	return code < 0 ? code : refill(self, err);
}

int stream_decode_open(struct stream *upstream, struct problem_list *problems,
		       enum compression *ret_compression, struct stream **ret_stream,
		       struct err *err)
{
	struct decode_stream *self = decode_new(upstream, problems);

	if (!self) {
		stream_close(upstream);
		return err_nomem(err);
	}

	int code = decode_start(self, ret_compression, err);

	if (code < 0) {
		decode_close(&self->base);
		return code;
	}
	*ret_stream = &self->base;
	return 0;
}
