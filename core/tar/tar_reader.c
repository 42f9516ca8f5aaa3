/*
 * Walks a tar: headers that describe the next one (x, L, K) are gathered,
 * global ones (g) are looked at and passed over, as Go does; then the entry
 * itself is put together from all of them.
 *
 * A step returns 1 to go on, 0 at the end (damage is an end, too), or an error.
 */
#include "tar/tar_reader.h"

#include <inttypes.h>
#include <string.h>

#include "tar_priv.h"

struct tar_reader {
	struct tar__window window;
	const struct limits *limits;
	const struct cancel *cancel;
	struct problem_list *problems;
	bool started; /* a good header was seen */
	bool ended;
	bool damaged; /* and nothing behind it means anything */
	uint64_t data_left, padding;
	uint64_t block_at; /* of the header that is being read */
	struct tar__group group;
	struct tar_entry entry;
};

enum { GROUP_EXTENSIONS = 8 }; /* so many times the limit of one for all headers of an entry */

static int stop(struct tar_reader *reader, enum problem_kind kind, const char *why, struct err *err)
{
	reader->ended = reader->damaged = true;
	if (!reader->started)
		return err_set(err, ERR_FORMAT, "not a tar: header at %" PRIu64 ": %s",
			       reader->block_at, why);
	problem_add(reader->problems, kind, reader->window.offset, "%s", why);
	return 0;
}

/* A stream that ends or is damaged inside is the end of the tar, not a failure. */
static int stop_for(struct tar_reader *reader, const struct err *cause, struct err *err)
{
	if (cause->code == ERR_FORMAT)
		return stop(reader, PROBLEM_TRUNCATED, cause->text, err);
	reader->ended = true;
	return err_set(err, cause->code, "%s", cause->text);
}

static int skip_rest(struct tar_reader *reader, struct err *err)
{
	struct err cause = { 0 };
	const unsigned char *bytes;

	if (tar__window_skip(&reader->window, reader->data_left, &cause) < 0)
		return stop_for(reader, &cause, err);
	reader->data_left = 0;

	/* The last padding of a tar may be missing. */
	ssize_t got = tar__window_peek(&reader->window, (size_t)reader->padding, &bytes, &cause);

	if (got < 0)
		return stop_for(reader, &cause, err);
	tar__window_take(&reader->window, (size_t)got);
	reader->padding = 0;
	return 1;
}

static int at_zero_block(struct tar_reader *reader, struct err *err)
{
	struct err cause = { 0 };
	const unsigned char *block;
	ssize_t got;

	tar__window_take(&reader->window, TAR_BLOCK);
	got = tar__window_peek(&reader->window, TAR_BLOCK, &block, &cause);
	if (got < 0)
		return stop_for(reader, &cause, err);
	if (got == TAR_BLOCK && !tar__is_zero(block, TAR_BLOCK))
		return stop(reader, PROBLEM_BAD_HEADER,
			    "one zero block, and then no second one: engines stop here", err);
	tar__window_take(&reader->window, (size_t)got);
	reader->ended = true;
	return 0;
}

static int read_header(struct tar_reader *reader, struct err *err)
{
	struct err cause = { 0 };
	const unsigned char *block;
	const char *bad;
	ssize_t got;

	if (cancel_check(reader->cancel, err) < 0)
		return -(int)ERR_CANCELLED;
	reader->block_at = reader->window.offset;
	got = tar__window_peek(&reader->window, TAR_BLOCK, &block, &cause);
	if (got < 0)
		return stop_for(reader, &cause, err);
	reader->ended = got == 0;
	if (got == 0)
		return 0;
	if (got < TAR_BLOCK)
		return stop(reader, PROBLEM_TRUNCATED, "ends inside a header", err);
	if (tar__is_zero(block, TAR_BLOCK))
		return at_zero_block(reader, err);
	if (!tar_is_header(block))
		return stop(reader, PROBLEM_BAD_HEADER, "bad checksum", err);
	bad = tar__header_parse(block, &reader->group.header);
	if (bad) {
		char why[64];

		snprintf(why, sizeof(why), "the %s in the header is no number", bad);
		return stop(reader, PROBLEM_BAD_HEADER, why, err);
	}
	if (reader->group.header.size < 0 && !tar__is_header_only(reader->group.header.typeflag))
		return stop(reader, PROBLEM_BAD_HEADER, "the size is negative", err);
	tar__window_take(&reader->window, TAR_BLOCK);
	reader->started = true;
	return 1;
}

/* The data of an extension header, with a NUL behind it. */
static int read_text(struct tar_reader *reader, struct tar__text *text, struct err *err)
{
	uint64_t size = (uint64_t)reader->group.header.size;
	struct err cause = { 0 };

	if (limits_check(size, reader->limits->tar_extension, "extended header of a tar", err) < 0)
		return -(int)ERR_LIMIT;
	text->len = 0;
	if (vec_reserve((void **)&text->bytes, &text->room, 0, (size_t)size + 1, 1, err) < 0)
		return -(int)ERR_NOMEM;

	ssize_t got = tar__window_read(&reader->window, text->bytes, (size_t)size, &cause);

	if (got < 0)
		return stop_for(reader, &cause, err);
	if ((uint64_t)got < size)
		return stop(reader, PROBLEM_TRUNCATED, "ends inside an extended header", err);
	text->bytes[size] = '\0';
	text->len = (size_t)size;
	reader->padding = tar__padded(size) - size;
	return 1;
}

static int read_records(struct tar_reader *reader, struct err *err)
{
	int code = read_text(reader, &reader->group.records, err);

	if (code <= 0)
		return code;
	if (tar__pax_read(reader->group.records.bytes, reader->group.records.len,
			  &reader->group.pax, err) < 0)
		return -(int)ERR_NOMEM;
	if (reader->group.pax.trouble)
		problem_add(reader->problems, PROBLEM_BAD_EXTENSION, reader->block_at,
			    "pax header with %s: engines stop here", reader->group.pax.trouble);
	reader->group.has_pax = true;
	return 1;
}

static void group_begin(struct tar_reader *reader)
{
	reader->entry.header_offset = reader->window.offset + reader->padding;
	reader->group.has_pax = false;
	reader->group.long_name.len = reader->group.long_link.len = 0;
}

/* What Go ignores and GNU tar applies to all that follows. */
static int read_global(struct tar_reader *reader, struct err *err)
{
	int code = read_records(reader, err);

	if (code <= 0)
		return code;
	for (enum tar__key key = 0; key < TAR__KEYS; key++)
		if (reader->group.pax.known[key].bytes)
			problem_add(reader->problems, PROBLEM_ODD_VALUE, reader->block_at,
				    "global pax header sets '%s': tools disagree whether it counts",
				    TAR__KEY_NAMES[key]);
	group_begin(reader);
	return 1;
}

static int read_long(struct tar_reader *reader, struct tar__text *text, struct err *err)
{
	int code = read_text(reader, text, err);

	if (code > 0)
		text->len = strlen(text->bytes);
	return code;
}

static int read_long_name(struct tar_reader *reader, struct err *err)
{
	return read_long(reader, &reader->group.long_name, err);
}

static int read_long_link(struct tar_reader *reader, struct err *err)
{
	return read_long(reader, &reader->group.long_link, err);
}

/* The headers that are no entries. */
static const struct extension {
	char typeflag;
	int (*read)(struct tar_reader *reader, struct err *err);
} EXTENSIONS[] = {
	{ 'x', read_records },
	{ 'g', read_global },
	{ 'L', read_long_name },
	{ 'K', read_long_link },
};

static const struct extension *extension_find(char typeflag)
{
	for (size_t i = 0; i < sizeof(EXTENSIONS) / sizeof(EXTENSIONS[0]); i++)
		if (EXTENSIONS[i].typeflag == typeflag)
			return &EXTENSIONS[i];
	return NULL;
}

/* Blocks of the map that old GNU tar puts between the header and the data. */
static int skip_sparse_blocks(struct tar_reader *reader, bool more, struct err *err)
{
	enum { MORE_AT = 504 };
	struct err cause = { 0 };
	const unsigned char *block;

	while (more) {
		uint64_t len = reader->window.offset - reader->block_at;

		if (limits_check(len, reader->limits->tar_extension, "sparse map of a tar", err) <
		    0)
			return -(int)ERR_LIMIT;
		ssize_t got = tar__window_peek(&reader->window, TAR_BLOCK, &block, &cause);

		if (got < 0)
			return stop_for(reader, &cause, err);
		if (got < TAR_BLOCK)
			return stop(reader, PROBLEM_TRUNCATED, "ends inside a sparse map", err);
		more = block[MORE_AT] != 0;
		tar__window_take(&reader->window, TAR_BLOCK);
	}
	return 1;
}

static int make_entry(struct tar_reader *reader, struct err *err)
{
	struct tar_entry *entry = &reader->entry;
	const char *bad = tar__merge(&reader->group, reader->problems, entry);
	int code;

	if (bad)
		return stop(reader, PROBLEM_BAD_HEADER, bad, err);
	code = skip_sparse_blocks(reader, reader->group.header.sparse_more, err);
	if (code <= 0)
		return code;
	entry->data_offset = reader->window.offset;
	reader->data_left = entry->stored;
	reader->padding = tar__padded(entry->stored) - entry->stored;
	return 1;
}

/* One header and what belongs to it; *ret_is_entry: it was the last of its group. */
static int step(struct tar_reader *reader, bool *ret_is_entry, struct err *err)
{
	const struct extension *extension;
	int code = read_header(reader, err);

	if (code <= 0)
		return code;
	if (limits_check(reader->window.offset - reader->entry.header_offset,
			 GROUP_EXTENSIONS * reader->limits->tar_extension,
			 "headers of one entry of a tar", err) < 0)
		return -(int)ERR_LIMIT;
	extension = extension_find(reader->group.header.typeflag);
	*ret_is_entry = !extension;
	return extension ? extension->read(reader, err) : make_entry(reader, err);
}

static int next_entry(struct tar_reader *reader, struct err *err)
{
	bool is_entry = false;
	int code = skip_rest(reader, err);

	if (code > 0)
		group_begin(reader);
	while (code > 0 && !is_entry) {
		code = step(reader, &is_entry, err);
		if (code > 0 && !is_entry)
			code = skip_rest(reader, err);
	}
	return code;
}

int tar_reader_next(struct tar_reader *reader, const struct tar_entry **ret_entry, struct err *err)
{
	int code = reader->ended ? 0 : next_entry(reader, err);

	if (code < 0)
		reader->ended = reader->damaged = true;
	if (code > 0)
		*ret_entry = &reader->entry;
	return code;
}

ssize_t tar_reader_data(struct tar_reader *reader, void *buffer, size_t len, struct err *err)
{
	struct err cause = { 0 };
	size_t want = len < reader->data_left ? len : (size_t)reader->data_left;
	ssize_t got;

	if (want == 0)
		return 0;
	got = tar__window_read(&reader->window, buffer, want, &cause);
	if (got < (ssize_t)want) {
		err_set(&cause, ERR_FORMAT, "the data of an entry ends early");
		reader->data_left = 0;
		if (stop_for(reader, &cause, NULL) == 0)
			return err_set(err, ERR_FORMAT, "at %" PRIu64 ": %s", reader->window.offset,
				       cause.text);
		return err_set(err, cause.code, "%s", cause.text);
	}
	reader->data_left -= (uint64_t)got;
	return got;
}

/* Count what lies behind the end; where the first byte that is not zero is. */
static int drain_trailing(struct tar_reader *reader, uint64_t *ret_first, bool *ret_is_tar,
			  struct err *err)
{
	const unsigned char *bytes;
	ssize_t got;

	*ret_first = UINT64_MAX;
	*ret_is_tar = false;
	while ((got = tar__window_peek(&reader->window, TAR_BLOCK, &bytes, err)) > 0) {
		if (cancel_check(reader->cancel, err) < 0)
			return -(int)ERR_CANCELLED;
		if (*ret_first == UINT64_MAX && !tar__is_zero(bytes, (size_t)got)) {
			*ret_first = reader->window.offset;
			*ret_is_tar = got == TAR_BLOCK && tar_is_header(bytes);
		}
		tar__window_take(&reader->window, (size_t)got);
	}
	return (int)got;
}

int tar_reader_drain(struct tar_reader *reader, struct err *err)
{
	struct err cause = { 0 };
	uint64_t first;
	bool is_tar;
	int code = drain_trailing(reader, &first, &is_tar, &cause);

	if (code < 0 && cause.code != ERR_FORMAT)
		return err_set(err, cause.code, "%s", cause.text);
	if (reader->damaged)
		return 0;
	if (code < 0)
		problem_add(reader->problems, PROBLEM_TRUNCATED, reader->window.offset, "%s",
			    cause.text);
	if (first != UINT64_MAX)
		problem_add(reader->problems, PROBLEM_TRAILING_DATA, first,
			    "%" PRIu64 " bytes follow the end of the tar%s",
			    reader->window.offset - first, is_tar ? ": another tar" : "");
	return 0;
}

int tar_reader_new(struct stream *in, const struct tar_reader_options *options,
		   struct tar_reader **ret_reader, struct err *err)
{
	CLEANUP(tar_reader_freep) struct tar_reader *reader = calloc(1, sizeof(*reader));

	if (!reader)
		return err_nomem(err);
	if (tar__window_init(&reader->window, in, err) < 0)
		return -(int)ERR_NOMEM;
	reader->limits = options && options->limits ? options->limits : limits_default();
	reader->cancel = options ? options->cancel : NULL;
	reader->problems = options ? options->problems : NULL;
	*ret_reader = STEAL(reader);
	return 0;
}

void tar_reader_free(struct tar_reader *reader)
{
	if (!reader)
		return;
	tar__window_done(&reader->window);
	tar__pax_done(&reader->group.pax);
	free(reader->group.records.bytes);
	free(reader->group.long_name.bytes);
	free(reader->group.long_link.bytes);
	free(reader);
}

void tar_reader_freep(struct tar_reader **reader)
{
	tar_reader_free(*reader);
}
