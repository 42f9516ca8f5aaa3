/*
 * zstd by libzstd: several frames, and the skippable frames before, between
 * and behind them that zstd:chunked layers have. Frame checksums are checked.
 */
#include "core/stream/stream_priv.h"

#ifdef HAVE_ZSTD

#include <inttypes.h>
#include <zstd.h>
#include <zstd_errors.h>

struct zstd {
	struct decode_input *in;
	ZSTD_DCtx *context;
	bool inside; /* a frame has begun and not ended */
};

static int zstd_open(struct decode_input *in, void **ret_state, struct err *err)
{
	struct zstd *zstd = calloc(1, sizeof(*zstd));

	if (!zstd)
		return err_nomem(err);
	zstd->in = in;
	zstd->context = ZSTD_createDCtx();
	if (!zstd->context) {
		free(zstd);
		return err_nomem(err);
	}
	*ret_state = zstd;
	return 0;
}

static void zstd_close(void *state)
{
	struct zstd *zstd = state;

	ZSTD_freeDCtx(zstd->context);
	free(zstd);
}

/* Whether a frame begins here: a data frame or a skippable one. */
static int zstd_look_ahead(struct zstd *zstd, struct err *err)
{
	struct decode_input *in = zstd->in;
	int code = decode_input_want(in, 4, err);
	const unsigned char *at = in->window + in->at;

	if (code < 0 || in->end - in->at < 4)
		return code;

	uint32_t magic =
		at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;

	zstd->inside = magic == ZSTD_MAGICNUMBER ||
		       (magic & ZSTD_MAGIC_SKIPPABLE_MASK) == ZSTD_MAGIC_SKIPPABLE_START;
	return 0;
}

static int zstd_failure(const struct zstd *zstd, size_t result, struct err *err)
{
	uint64_t offset = decode_input_offset(zstd->in);

	switch (ZSTD_getErrorCode(result)) {
	case ZSTD_error_memory_allocation:
		return err_nomem(err);
	case ZSTD_error_frameParameter_windowTooLarge:
		return err_set(
			err, ERR_LIMIT,
			"zstd data near byte %" PRIu64
			": needs a window above 128 MiB (it was made with --long=28 or more)",
			offset);
	case ZSTD_error_checksum_wrong:
		return err_set(err, ERR_FORMAT,
			       "zstd data near byte %" PRIu64
			       ": the checksum does not fit the data",
			       offset);
	default:
		return err_set(err, ERR_FORMAT, "zstd data near byte %" PRIu64 ": %s", offset,
			       ZSTD_getErrorName(result));
	}
}

/* One step inside of a frame. */
static int zstd_step(struct zstd *zstd, ZSTD_outBuffer *out, struct err *err)
{
	struct decode_input *in = zstd->in;
	size_t had_out = out->pos;
	int code = decode_input_fill(in, err);

	if (code < 0)
		return code;

	ZSTD_inBuffer from = { .src = in->window + in->at, .size = in->end - in->at };
	size_t result = ZSTD_decompressStream(zstd->context, out, &from);

	in->at += from.pos;
	if (ZSTD_isError(result))
		return zstd_failure(zstd, result, err);
	if (result == 0)
		zstd->inside = false;
	else if (from.size == 0 && out->pos == had_out)
		return decode_ends_early(in, "zstd", err);
	return 0;
}

static int zstd_decode(void *state, void *out, size_t len, size_t *ret_len, struct err *err)
{
	struct zstd *zstd = state;
	ZSTD_outBuffer to = { .dst = out, .size = len };
	int code = 0;

	while (code == 0 && to.pos < to.size) {
		if (!zstd->inside) {
			code = zstd_look_ahead(zstd, err);
			if (!zstd->inside)
				break;
		} else {
			code = zstd_step(zstd, &to, err);
		}
	}
	*ret_len = to.pos;
	return code;
}

const struct decoder stream__zstd_decoder = {
	.open = zstd_open,
	.decode = zstd_decode,
	.close = zstd_close,
};

#endif
