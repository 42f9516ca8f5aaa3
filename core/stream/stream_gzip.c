/*
 * gzip, all members of it, by ISA-L where it is built in, else by zlib. Both
 * check the CRC and the length at the end of each member.
 */
#include "core/stream/stream_priv.h"

#include <inttypes.h>
#ifdef HAVE_ISAL
#include <isa-l/igzip_lib.h>
#else
#include <string.h>
#include <zlib.h>
#endif

/* What one step did; anything but these two is a message. */
#define STEP_MORE NULL
static const char STEP_MEMBER_END[] = "end of member";

static const char BAD_CHECKSUM[] = "the checksum or the length does not fit the data";
static const char BAD_DATA[] = "the data is damaged";
static const char BAD_HEADER[] = "the header is damaged";

/* The bytes that a step may use: it moves the pointers and lowers the counts. */
struct step {
	unsigned char *in, *out;
	size_t in_len, out_len;
};

#ifdef HAVE_ISAL

struct inflater {
	struct inflate_state state;
};

static int inflater_init(struct inflater *inflater, struct err *err)
{
	(void)err;
	isal_inflate_init(&inflater->state);
	inflater->state.crc_flag = ISAL_GZIP;
	return 0;
}

static void inflater_next_member(struct inflater *inflater)
{
	isal_inflate_init(&inflater->state);
	inflater->state.crc_flag = ISAL_GZIP;
}

static void inflater_done(struct inflater *inflater)
{
	(void)inflater;
}

static const char *inflater_step(struct inflater *inflater, struct step *step)
{
	struct inflate_state *state = &inflater->state;

	state->next_in = step->in;
	state->avail_in = (uint32_t)step->in_len;
	state->next_out = step->out;
	state->avail_out = (uint32_t)step->out_len;

	int code = isal_inflate(state);

	step->in = state->next_in;
	step->in_len = state->avail_in;
	step->out = state->next_out;
	step->out_len = state->avail_out;
	if (code == ISAL_INCORRECT_CHECKSUM)
		return BAD_CHECKSUM;
	if (code == ISAL_INVALID_WRAPPER || code == ISAL_UNSUPPORTED_METHOD)
		return BAD_HEADER;
	if (code < 0)
		return BAD_DATA;
	return state->block_state == ISAL_BLOCK_FINISH ? STEP_MEMBER_END : STEP_MORE;
}

#else

struct inflater {
	z_stream state;
};

enum { GZIP_ONLY = 16 + MAX_WBITS };

static int inflater_init(struct inflater *inflater, struct err *err)
{
	inflater->state = (z_stream){ 0 };
	return inflateInit2(&inflater->state, GZIP_ONLY) == Z_OK ? 0 : err_nomem(err);
}

static void inflater_next_member(struct inflater *inflater)
{
	inflateReset(&inflater->state);
}

static void inflater_done(struct inflater *inflater)
{
	inflateEnd(&inflater->state);
}

/* zlib tells its reasons apart only by their text. */
static const char *inflater_reason(const z_stream *state)
{
	const char *text = state->msg ? state->msg : "";

	if (strstr(text, "data check") || strstr(text, "length check"))
		return BAD_CHECKSUM;
	return strstr(text, "header") ? BAD_HEADER : BAD_DATA;
}

static const char *inflater_step(struct inflater *inflater, struct step *step)
{
	z_stream *state = &inflater->state;

	state->next_in = step->in;
	state->avail_in = (uInt)step->in_len;
	state->next_out = step->out;
	state->avail_out = (uInt)step->out_len;

	int code = inflate(state, Z_NO_FLUSH);

	step->in = state->next_in;
	step->in_len = state->avail_in;
	step->out = state->next_out;
	step->out_len = state->avail_out;
	if (code == Z_STREAM_END)
		return STEP_MEMBER_END;
	return code == Z_OK || code == Z_BUF_ERROR ? STEP_MORE : inflater_reason(state);
}

#endif

enum {
	/* Keeps the counts within 32 bits. */
	GZIP_READ_MOST = 16 * 1024 * 1024,
	/* ISA-L takes the checksum of a header for wrong if the header comes in two pieces. */
	GZIP_HEADER_ROOM = 4096,
};

struct gzip {
	struct decode_input *in;
	bool between; /* no member has begun, or one has ended: another may follow */
	bool ended;
	struct inflater inflater;
};

static int gzip_open(struct decode_input *in, void **ret_state, struct err *err)
{
	struct gzip *gzip = calloc(1, sizeof(*gzip));

	if (!gzip)
		return err_nomem(err);
	gzip->in = in;
	gzip->between = true;
	if (inflater_init(&gzip->inflater, err) < 0) {
		free(gzip);
		return -(int)ERR_NOMEM;
	}
	*ret_state = gzip;
	return 0;
}

static void gzip_close(void *state)
{
	struct gzip *gzip = state;

	inflater_done(&gzip->inflater);
	free(gzip);
}

/* At the start and after each member: is there one? */
static int gzip_look_ahead(struct gzip *gzip, struct err *err)
{
	struct decode_input *in = gzip->in;
	int code = decode_input_want(in, GZIP_HEADER_ROOM, err);
	const unsigned char *at = in->window + in->at;

	if (code < 0)
		return code;
	gzip->between = false;
	gzip->ended = in->end - in->at < 3 || at[0] != 0x1f || at[1] != 0x8b || at[2] != 8;
	if (!gzip->ended)
		inflater_next_member(&gzip->inflater);
	return 0;
}

/* One step of the inflater: 0, or ERR_FORMAT with the byte. */
static int gzip_step(struct gzip *gzip, struct step *step, struct err *err)
{
	struct decode_input *in = gzip->in;
	size_t had_out = step->out_len;
	int code = decode_input_fill(in, err);

	if (code < 0)
		return code;

	size_t had_in = in->end - in->at;

	step->in = in->window + in->at;
	step->in_len = had_in;

	const char *result = inflater_step(&gzip->inflater, step);

	in->at = in->end - step->in_len;
	if (result == STEP_MEMBER_END) {
		gzip->between = true;
		return 0;
	}
	/* Without input, what was held back comes out; then there is nothing more to come. */
	if (result == STEP_MORE && had_in == 0 && step->out_len == had_out)
		return decode_ends_early(in, "gzip", err);
	if (result == STEP_MORE && (step->in_len < had_in || step->out_len < had_out))
		return 0;
	return err_set(err, ERR_FORMAT, "gzip data near byte %" PRIu64 ": %s",
		       decode_input_offset(in), result == STEP_MORE ? BAD_DATA : result);
}

static int gzip_decode(void *state, void *out, size_t len, size_t *ret_len, struct err *err)
{
	struct gzip *gzip = state;
	size_t want = len < GZIP_READ_MOST ? len : GZIP_READ_MOST;
	struct step step = { .out = out, .out_len = want };
	int code = 0;

	while (code == 0 && step.out_len > 0 && !gzip->ended)
		code = gzip->between ? gzip_look_ahead(gzip, err) : gzip_step(gzip, &step, err);
	*ret_len = want - step.out_len;
	return code;
}

const struct decoder stream__gzip_decoder = {
	.open = gzip_open,
	.decode = gzip_decode,
	.close = gzip_close,
};
