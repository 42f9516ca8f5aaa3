/*
 * A map is a list of numbers, place and length by turns. Where it stands is
 * all that the formats differ in: in the header block and those behind it (old
 * GNU), in pax records (0.0: one each, 0.1: all in one), before the data (1.0).
 */
#include "tar/tar_sparse.h"

#include <inttypes.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/limits.h"
#include "tar/tar_reader.h"
#include "tar_priv.h"

enum { NUMBER_LEN = 12, PAIRS_OF_HEADER = 4, PAIRS_OF_BLOCK = 21 };

struct sparse {
	struct stream stream;
	struct stream *in;
	VEC(uint64_t) map;
	size_t next; /* place in the map: the piece that is being read, or the one ahead */
	uint64_t at, size;
	bool is_map_ahead; /* 1.0: before the data */
};

static int bad_map(struct err *err)
{
	return err_set(err, ERR_FORMAT, "the map of a sparse file cannot be read");
}

/* ---- The map ---- */

static int map_push(struct sparse *sparse, int64_t number, struct err *err)
{
	return number < 0 ? bad_map(err) : VEC_PUSH(&sparse->map, (uint64_t)number, err);
}

/* Pairs of old GNU; the first one that is empty ends them. */
static int read_pairs(struct sparse *sparse, const unsigned char *bytes, size_t count,
		      struct err *err)
{
	int result = 0;

	for (size_t i = 0; result == 0 && i < 2 * count; i++, bytes += NUMBER_LEN) {
		int64_t number;

		if (i % 2 == 0 && *bytes == '\0')
			return 0;
		if (!tar__parse_number(bytes, NUMBER_LEN, &number))
			return bad_map(err);
		result = map_push(sparse, number, err);
	}
	return result;
}

/* The header block and all that follow it. */
static int read_gnu(struct sparse *sparse, const unsigned char *block, size_t len, struct err *err)
{
	int result = read_pairs(sparse, tar__field_const(block, FIELD_GNU_SPARSE), PAIRS_OF_HEADER,
				err);

	for (size_t at = TAR_BLOCK; result == 0 && at + TAR_BLOCK <= len; at += TAR_BLOCK)
		result = read_pairs(sparse, block + at, PAIRS_OF_BLOCK, err);
	return result;
}

/* "0,512,4096,512" */
static int read_list(struct sparse *sparse, const char *text, size_t len, struct err *err)
{
	const char *end = text + len;
	int result = 0;

	sparse->map.count = 0;
	while (result == 0 && text < end) {
		const char *comma = memchr(text, ',', (size_t)(end - text));
		const char *stop = comma ? comma : end;
		int64_t number;

		if (!tar__parse_decimal(text, (size_t)(stop - text), &number))
			return bad_map(err);
		result = map_push(sparse, number, err);
		text = stop + 1;
	}
	return result;
}

static bool is_key(const char *records, const struct tar__record *record, const char *key)
{
	return record->key_len == strlen(key) &&
	       memcmp(records + record->key_at, key, record->key_len) == 0;
}

static int read_record(struct sparse *sparse, const char *records, const struct tar__record *record,
		       struct err *err)
{
	const char *value = records + record->value_at;
	int64_t number;

	if (record->value_len == 0)
		return 0;
	if (is_key(records, record, TAR__KEY_NAMES[KEY_SPARSE_MAP]))
		return read_list(sparse, value, record->value_len, err);
	if (is_key(records, record, TAR__KEY_NAMES[KEY_SPARSE_MAJOR]))
		sparse->is_map_ahead = *value == '1';
	if (!is_key(records, record, TAR__KEY_NAMES[KEY_SPARSE_OFFSET]) &&
	    !is_key(records, record, "GNU.sparse.numbytes"))
		return 0;
	if (!tar__parse_decimal(value, record->value_len, &number))
		return bad_map(err);
	return map_push(sparse, number, err);
}

/* The last pax header of an entry counts. */
static int read_records(struct sparse *sparse, const char *records, size_t len, struct err *err)
{
	struct tar__record record;
	size_t at = 0;
	int result = 0;

	sparse->map.count = 0;
	sparse->is_map_ahead = false;
	while (result == 0 && tar__record_next(records, len, &at, &record) > 0)
		result = read_record(sparse, records, &record, err);
	return result;
}

/* All header blocks of the entry: those that describe the last one, and that. */
static int read_headers(struct sparse *sparse, const unsigned char *blocks, size_t len,
			struct err *err)
{
	size_t at = 0;

	while (at + TAR_BLOCK <= len) {
		struct tar__header header;
		const unsigned char *block = blocks + at;
		uint64_t data;
		int result;

		if (!tar_is_header(block) || tar__header_parse(block, &header))
			return bad_map(err);
		if (header.typeflag == 'S') {
			sparse->map.count = 0;
			sparse->is_map_ahead = false;
			return read_gnu(sparse, block, len - at, err);
		}
		if (header.typeflag == '\0' || !strchr("xLK", header.typeflag))
			return 0;
		data = (uint64_t)header.size;
		if (header.size < 0 || data > len - at - TAR_BLOCK)
			return bad_map(err);
		if (header.typeflag == 'x' &&
		    (result = read_records(sparse, (const char *)block + TAR_BLOCK, (size_t)data,
					   err)) < 0)
			return result;
		at += TAR_BLOCK + (size_t)tar__padded(data);
	}
	return bad_map(err);
}

/* A decimal number and a newline from the data, of which one block is looked at at a time. */
static int next_number(struct sparse *sparse, char block[TAR_BLOCK], size_t *at, int64_t *ret_number,
		       struct err *err)
{
	char digits[24];
	size_t count = 0;

	for (;;) {
		if (*at == TAR_BLOCK) {
			ssize_t n = stream_read(sparse->in, block, TAR_BLOCK, err);

			if (n < TAR_BLOCK)
				return n < 0 ? (int)n : bad_map(err);
			*at = 0;
		}
		char c = block[(*at)++];

		if (c == '\n')
			break;
		if (count == sizeof(digits))
			return bad_map(err);
		digits[count++] = c;
	}
	if (count == 0 || !tar__parse_decimal(digits, count, ret_number) || *ret_number < 0)
		return bad_map(err);
	return 0;
}

/* Format 1.0: how many pieces, and their numbers; the rest of the last block is padding. */
static int read_ahead(struct sparse *sparse, struct err *err)
{
	char block[TAR_BLOCK];
	size_t at = TAR_BLOCK;
	int64_t pieces, number;
	int result = next_number(sparse, block, &at, &pieces, err);

	sparse->map.count = 0;
	if (result < 0)
		return result;
	/* A piece takes four bytes at least. */
	if (limits_check((uint64_t)pieces, limits_default()->tar_extension / 4,
			 "pieces of a sparse file", err) < 0)
		return -(int)ERR_LIMIT;
	for (int64_t i = 0; result == 0 && i < 2 * pieces; i++) {
		result = next_number(sparse, block, &at, &number, err);
		if (result == 0)
			result = map_push(sparse, number, err);
	}
	return result;
}

/* In order, without overlap, inside the file. */
static int check_map(const struct sparse *sparse, struct err *err)
{
	uint64_t end = 0;

	if (sparse->map.count % 2)
		return bad_map(err);
	for (size_t i = 0; i < sparse->map.count; i += 2) {
		uint64_t place = sparse->map.items[i], len = sparse->map.items[i + 1];

		if (place < end || place > sparse->size || len > sparse->size - place)
			return err_set(err, ERR_FORMAT,
				       "the map of a sparse file does not fit its size");
		end = place + len;
	}
	return 0;
}

static int read_map(struct sparse *sparse, uint32_t header_len, struct err *err)
{
	CLEANUP(freep) unsigned char *blocks = malloc((size_t)header_len + 1);
	ssize_t n;
	int result;

	if (!blocks)
		return err_nomem(err);
	n = stream_read(sparse->in, blocks, header_len, err);
	if (n < (ssize_t)header_len)
		return n < 0 ? (int)n : bad_map(err);
	result = read_headers(sparse, blocks, header_len, err);
	if (result == 0 && sparse->is_map_ahead)
		result = read_ahead(sparse, err);
	return result < 0 ? result : check_map(sparse, err);
}

/* ---- The bytes ---- */

/* Engines refuse data that no piece names. */
static ssize_t read_end(struct sparse *sparse, struct err *err)
{
	char more;
	ssize_t n = stream_read(sparse->in, &more, 1, err);

	return n > 0 ? err_set(err, ERR_FORMAT, "a sparse file has data that its map does not name")
		     : n;
}

/* The piece that 'at' is in or before; behind the last one, an empty one at the file's end. */
static void find_piece(struct sparse *sparse, uint64_t *ret_begin, uint64_t *ret_end)
{
	*ret_begin = *ret_end = sparse->size;
	for (; sparse->next < sparse->map.count; sparse->next += 2) {
		const uint64_t *piece = &sparse->map.items[sparse->next];

		if (sparse->at >= piece[0] + piece[1])
			continue;
		*ret_begin = piece[0];
		*ret_end = piece[0] + piece[1];
		return;
	}
}

static ssize_t sparse_read(struct stream *stream, void *buffer, size_t len, struct err *err)
{
	struct sparse *sparse = (struct sparse *)stream;
	uint64_t begin, end, left;
	ssize_t n;

	find_piece(sparse, &begin, &end);
	if (sparse->at == sparse->size)
		return read_end(sparse, err);
	left = (sparse->at < begin ? begin : end) - sparse->at;
	if (len > left)
		len = (size_t)left;
	if (sparse->at < begin) {
		memset(buffer, 0, len);
		n = (ssize_t)len;
	} else {
		n = stream_read(sparse->in, buffer, len, err);
	}
	if (n == 0)
		return err_set(err, ERR_FORMAT, "a sparse file ends %" PRIu64 " bytes early", left);
	if (n > 0)
		sparse->at += (uint64_t)n;
	return n;
}

static void sparse_close(struct stream *stream)
{
	struct sparse *sparse = (struct sparse *)stream;

	stream_close(sparse->in);
	VEC_DONE(&sparse->map);
	free(sparse);
}

int tar_sparse_open(struct stream *in, uint32_t header_len, uint64_t size,
		    struct stream **ret_stream, struct err *err)
{
	static const struct stream_ops OPS = { .read = sparse_read, .close = sparse_close };
	struct sparse *sparse = calloc(1, sizeof(*sparse));
	int result;

	if (!sparse) {
		stream_close(in);
		return err_nomem(err);
	}
	sparse->stream.ops = &OPS;
	sparse->in = in;
	sparse->size = size;
	result = read_map(sparse, header_len, err);
	if (result < 0) {
		stream_close(&sparse->stream);
		return result;
	}
	*ret_stream = &sparse->stream;
	return 0;
}
