/*
 * zstd, xz, bzip2 and lz4 by libarchive: its raw format over the one filter
 * that the magic bytes ask for. Never filter_all: that runs programs.
 */
#include "core/stream/stream_priv.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

struct filter {
	const char *name;
	int (*support)(struct archive *archive);
	bool skippable_frames; /* may stand in front, where libarchive does not know them */
};

struct unpack {
	const struct filter *filter;
	struct decode_input *in;
	struct archive *archive;
	uint64_t start;  /* stored bytes before those that libarchive has seen */
	size_t lent;     /* bytes of the last block that libarchive was given */
	size_t lent_end; /* and where in the window they end */
	bool begun, ended;
	struct err upstream; /* why the callback failed */
};

/* ---- what libarchive asks for ---- */

/* A block stays as it is until the next call. */
static la_ssize_t unpack_more(struct archive *archive, void *data, const void **ret_bytes)
{
	struct unpack *unpack = data;
	struct decode_input *in = unpack->in;

	if (decode_input_fill(in, &unpack->upstream) < 0) {
		archive_set_error(archive, EIO, "upstream");
		return ARCHIVE_FATAL;
	}
	*ret_bytes = in->window + in->at;

	size_t count = in->end - in->at;

	if (count > 0) {
		unpack->lent = count;
		unpack->lent_end = in->end;
		in->at = in->end;
	}
	return (la_ssize_t)count;
}

/* How many of the stored bytes the filter has used. */
static uint64_t unpack_used(const struct unpack *unpack)
{
	la_int64_t used = archive_filter_bytes(unpack->archive, -1);

	return unpack->start + (used > 0 ? (uint64_t)used : 0);
}

static int unpack_failure(struct unpack *unpack, struct err *err)
{
	const char *text = archive_error_string(unpack->archive); /* NULL for some damage */
	const char *name = unpack->filter->name;
	uint64_t used = unpack_used(unpack);

	if (unpack->upstream.code != ERR_NONE)
		return err_set(err, unpack->upstream.code, "%s", unpack->upstream.text);
	if (archive_errno(unpack->archive) == ENOMEM)
		return err_nomem(err);
	if (unpack->in->ended &&
	    (used == decode_input_offset(unpack->in) || (text && strstr(text, "runcated"))))
		return decode_ends_early(unpack->in, name, err);
	return err_set(err, ERR_FORMAT, "%s data near byte %" PRIu64 ": %s", name, used,
		       text ? text : "the data is damaged");
}

/* ---- the decoder ---- */

static int skip_skippable_frames(struct decode_input *in, const char *name, struct err *err)
{
	for (;;) {
		int code = decode_input_want(in, 8, err);
		const unsigned char *at = in->window + in->at;

		if (code < 0)
			return code;
		if (in->end - in->at < 8 || (at[0] & 0xf0) != 0x50 ||
		    memcmp(at + 1, "\x2a\x4d\x18", 3) != 0)
			return 0;

		uint64_t len = 8 + (at[4] | (uint64_t)at[5] << 8 | (uint64_t)at[6] << 16 |
				    (uint64_t)at[7] << 24);
		uint64_t taken;

		code = decode_input_pass(in, len, &taken, err);
		if (code < 0)
			return code;
		if (taken < len)
			return decode_ends_early(in, name, err);
	}
}

static int unpack_set_up(struct unpack *unpack, struct err *err)
{
	unpack->archive = archive_read_new();
	if (!unpack->archive)
		return err_nomem(err);
	/* "empty" is for compressed nothing, which raw does not take. */
	archive_read_support_format_raw(unpack->archive);
	archive_read_support_format_empty(unpack->archive);
	if (unpack->filter->support(unpack->archive) != ARCHIVE_OK)
		return err_set(err, ERR_UNSUPPORTED, "%s data: libarchive here cannot read it",
			       unpack->filter->name);
	return 0;
}

static void unpack_close(void *state)
{
	struct unpack *unpack = state;

	archive_read_free(unpack->archive);
	free(unpack);
}

static int unpack_new(const struct filter *filter, struct decode_input *in, void **ret_state,
		      struct err *err)
{
	struct unpack *unpack = calloc(1, sizeof(*unpack));

	if (!unpack)
		return err_nomem(err);
	unpack->filter = filter;
	unpack->in = in;

	int code = unpack_set_up(unpack, err);

	if (code < 0) {
		unpack_close(unpack);
		return code;
	}
	*ret_state = unpack;
	return 0;
}

/* Open the archive; unpack->ended if it holds nothing. */
static int unpack_begin(struct unpack *unpack, struct err *err)
{
	struct decode_input *in = unpack->in;
	struct archive_entry *entry;

	unpack->begun = true;
	if (unpack->filter->skippable_frames) {
		int code = skip_skippable_frames(in, unpack->filter->name, err);

		if (code < 0)
			return code;
	}
	unpack->start = decode_input_offset(in);
	if (archive_read_open(unpack->archive, unpack, NULL, unpack_more, NULL) != ARCHIVE_OK)
		return unpack_failure(unpack, err);

	int code = archive_read_next_header(unpack->archive, &entry);

	if (code != ARCHIVE_OK && code != ARCHIVE_EOF)
		return unpack_failure(unpack, err);
	unpack->ended = code == ARCHIVE_EOF;
	/* The filter and the file itself; libarchive would unpack as often as it can. */
	if (archive_filter_count(unpack->archive) == 2 || unpack->start == in->upstream->position)
		return 0;
	return err_set(err, ERR_FORMAT, "%s data: %s", unpack->filter->name,
		       archive_filter_count(unpack->archive) < 2 ? "the header is damaged"
								 : "compressed more than once");
}

/* What libarchive has not used goes back into the window, where it still lies. */
static void unpack_give_back(struct unpack *unpack)
{
	struct decode_input *in = unpack->in;
	uint64_t unused = decode_input_offset(in) - unpack_used(unpack);

	in->end = unpack->lent_end;
	in->at = in->end - (unused < unpack->lent ? (size_t)unused : unpack->lent);
}

static int unpack_decode(void *state, void *out, size_t len, size_t *ret_len, struct err *err)
{
	struct unpack *unpack = state;

	*ret_len = 0;
	if (!unpack->begun) {
		int code = unpack_begin(unpack, err);

		if (code < 0)
			return code;
	}

	la_ssize_t count = unpack->ended ? 0 : archive_read_data(unpack->archive, out, len);

	if (count < 0)
		return unpack_failure(unpack, err);
	if (count == 0)
		unpack_give_back(unpack);
	*ret_len = (size_t)count;
	return 0;
}

/* ---- one decoder for each filter ---- */

#define ARCHIVE_DECODER(id, skippable)                                                             \
	static const struct filter id##_filter = { #id, archive_read_support_filter_##id,          \
						   skippable };                                    \
	static int id##_open(struct decode_input *in, void **ret_state, struct err *err)           \
	{                                                                                          \
		return unpack_new(&id##_filter, in, ret_state, err);                               \
	}                                                                                          \
	const struct decoder stream__archive_##id##_decoder = {                                    \
		.open = id##_open,                                                                 \
		.decode = unpack_decode,                                                           \
		.close = unpack_close,                                                             \
	}

ARCHIVE_DECODER(zstd, true);
ARCHIVE_DECODER(xz, false);
ARCHIVE_DECODER(bzip2, false);
ARCHIVE_DECODER(lz4, false);
