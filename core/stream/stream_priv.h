/*
 * What the decoders share: the window on the stored bytes that they take from,
 * and the four things that each of them does.
 */
#ifndef CORE_STREAM_STREAM_PRIV_H
#define CORE_STREAM_STREAM_PRIV_H

#include <stdbool.h>

#include "stream/stream.h"

enum { DECODE_BUFFER_BYTES = 256 * 1024 };

/* The stored bytes: window[at .. end) are read and not yet taken. */
struct decode_input {
	struct stream *upstream; /* owned */
	size_t at, end;
	bool ended; /* upstream has no more behind the window */
	unsigned char window[DECODE_BUFFER_BYTES];
};

/*
 * Read until 'want' bytes (<= DECODE_BUFFER_BYTES) are in the window; fewer
 * only at the end, or before a failure, which the next call reports.
 */
int decode_input_want(struct decode_input *in, size_t want, struct err *err);

/* The next whole window, if this one is used up. At the end the window stays empty. */
int decode_input_fill(struct decode_input *in, struct err *err);

/* Take 'len' bytes, whatever they are; *ret_taken is smaller at the end. */
int decode_input_pass(struct decode_input *in, uint64_t len, uint64_t *ret_taken, struct err *err);

/* The place of window[at] in the stored bytes. */
uint64_t decode_input_offset(const struct decode_input *in);

/* ERR_FORMAT: "NAME data ends early at byte N". */
int decode_ends_early(const struct decode_input *in, const char *name, struct err *err);

struct decoder {
	/* 'in' is borrowed until close(); it stands at the first byte. ERR_NOMEM. */
	int (*open)(struct decode_input *in, void **ret_state, struct err *err);
	/*
	 * Up to 'len' decoded bytes; 0 when the compressed data is at its end, and
	 * then 'in' stands at the first byte behind it. On failure *ret_len tells
	 * the good bytes before it; decode() is not called again.
	 */
	int (*decode)(void *state, void *out, size_t len, size_t *ret_len, struct err *err);
	void (*close)(void *state);
};

extern const struct decoder stream__gzip_decoder;
#ifdef HAVE_ZSTD
extern const struct decoder stream__zstd_decoder;
#endif
/* By libarchive, one for each named filter. */
extern const struct decoder stream__archive_zstd_decoder;
extern const struct decoder stream__archive_xz_decoder;
extern const struct decoder stream__archive_bzip2_decoder;
extern const struct decoder stream__archive_lz4_decoder;

#endif
