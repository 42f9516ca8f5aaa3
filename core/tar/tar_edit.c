/*
 * Changes the headers of one entry where they stand. They are walked as the
 * reader walks them; each is copied, and only the numbers that change are
 * written again, in the style in which they stood there.
 */
#include "tar/tar_edit.h"

#include <inttypes.h>
#include <string.h>

#include "tar/tar_reader.h"
#include "tar_priv.h"

enum { MODE_BITS = 07777 };

typedef VEC(unsigned char) bytes_vec;

static int append(bytes_vec *out, const void *bytes, size_t len, struct err *err)
{
	if (len == 0)
		return 0;
	if (VEC_RESERVE(out, len, err) < 0)
		return -(int)ERR_NOMEM;
	memcpy(out->items + out->count, bytes, len);
	out->count += len;
	return 0;
}

static int not_headers(size_t at, const char *why, struct err *err)
{
	return err_set(err, ERR_FORMAT, "header block at %zu of the entry: %s", at, why);
}

/* Write a number that differs from the one that stands there. */
static void change_number(unsigned char *block, enum tar__field field, int64_t old, int64_t new)
{
	if (old != new)
		tar__put_alike(tar__field(block, field), TAR__PLACES[field].len, new);
}

static void change_main(unsigned char *block, const struct tar__header *header,
			const struct tar_change *change)
{
	bool is_signed = tar__sum_is_signed(block);
	int64_t mode = (header->mode & ~(int64_t)MODE_BITS) | (change->mode & MODE_BITS);
	unsigned char before[TAR_BLOCK];

	memcpy(before, block, TAR_BLOCK);
	if (change->set_mode)
		change_number(block, FIELD_MODE, header->mode, mode);
	if (change->set_uid)
		change_number(block, FIELD_UID, header->uid, change->uid);
	if (change->set_gid)
		change_number(block, FIELD_GID, header->gid, change->gid);
	if (memcmp(before, block, TAR_BLOCK) != 0)
		tar__seal_alike(block, is_signed);
}

/* The number that a record is to have: false if it stays as it is. */
static bool new_number(const char *records, const struct tar__record *record,
		       const struct tar_change *change, uint32_t *ret_number)
{
	const struct {
		const char *key;
		bool set;
		uint32_t number;
	} rows[] = {
		{ TAR__KEY_NAMES[KEY_UID], change->set_uid, change->uid },
		{ TAR__KEY_NAMES[KEY_GID], change->set_gid, change->gid },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!rows[i].set || record->value_len == 0 ||
		    record->key_len != strlen(rows[i].key) ||
		    memcmp(records + record->key_at, rows[i].key, record->key_len) != 0)
			continue;
		*ret_number = rows[i].number;
		return true;
	}
	return false;
}

static int append_record(bytes_vec *out, const char *records, const struct tar__record *record,
			 const struct tar_change *change, struct err *err)
{
	char text[16], key[8], new[64];
	uint32_t number;
	int64_t old;
	int len;

	if (!new_number(records, record, change, &number) ||
	    (tar__parse_decimal(records + record->value_at, record->value_len, &old) &&
	     old == number))
		return append(out, records + record->at, record->len, err);
	snprintf(key, sizeof(key), "%.*s", (int)record->key_len, records + record->key_at);
	len = snprintf(text, sizeof(text), "%" PRIu32, number);
	tar__record_put(new, "", key, text, (size_t)len);
	return append(out, new, tar__record_length(record->key_len, (size_t)len), err);
}

static int change_records(const char *records, size_t len, const struct tar_change *change,
			  bytes_vec *out, struct err *err)
{
	struct tar__record record;
	size_t at = 0;
	int more;

	while ((more = tar__record_next(records, len, &at, &record)) > 0)
		if (append_record(out, records, &record, change, err) < 0)
			return -(int)ERR_NOMEM;
	return more < 0 ? err_set(err, ERR_FORMAT, "a pax record of the entry cannot be read") : 0;
}

/* A pax header with its records; 'size' is what its block says. */
static int change_pax(const unsigned char *header, uint64_t size, const struct tar_change *change,
		      bytes_vec *out, struct err *err)
{
	static const unsigned char ZEROS[TAR_BLOCK];
	const char *records = (const char *)header + TAR_BLOCK;
	CLEANUP(freep) unsigned char *changed = NULL;
	bytes_vec new = { 0 };
	unsigned char block[TAR_BLOCK];
	int code = change_records(records, (size_t)size, change, &new, err);

	changed = new.items;
	if (code < 0)
		return code;
	if (new.count == size && (size == 0 || !memcmp(new.items, records, (size_t)size)))
		return append(out, header, TAR_BLOCK + (size_t)tar__padded(size), err);
	memcpy(block, header, TAR_BLOCK);
	if (new.count != size) {
		bool is_signed = tar__sum_is_signed(block);

		change_number(block, FIELD_SIZE, (int64_t)size, (int64_t) new.count);
		tar__seal_alike(block, is_signed);
	}
	if (append(out, block, TAR_BLOCK, err) < 0 || append(out, new.items, new.count, err) < 0)
		return -(int)ERR_NOMEM;
	return append(out, ZEROS, (size_t)tar__padded(new.count) - new.count, err);
}

static int change_last(const unsigned char *blocks, size_t len, const struct tar__header *header,
		       const struct tar_change *change, bytes_vec *out, struct err *err)
{
	unsigned char block[TAR_BLOCK];

	memcpy(block, blocks, TAR_BLOCK);
	change_main(block, header, change);
	if (append(out, block, TAR_BLOCK, err) < 0)
		return -(int)ERR_NOMEM;
	return append(out, blocks + TAR_BLOCK, len - TAR_BLOCK, err);
}

/* One header at *at and what belongs to it: 1 for more to come, 0 behind the last. */
static int change_next(const unsigned char *blocks, size_t len, size_t *at,
		       const struct tar_change *change, bytes_vec *out, struct err *err)
{
	const unsigned char *block = blocks + *at;
	struct tar__header header;
	int code;

	if (len - *at < TAR_BLOCK || !tar_is_header(block) || tar__header_parse(block, &header))
		return not_headers(*at, "no header", err);
	if (!strchr("xLK", header.typeflag) || header.typeflag == '\0') {
		/* Only old GNU sparse files have more blocks before their data. */
		if (header.typeflag != 'S' && len - *at != TAR_BLOCK)
			return not_headers(*at, "not the last one", err);
		return change_last(block, len - *at, &header, change, out, err);
	}

	uint64_t size = (uint64_t)header.size;

	if (header.size < 0 || size > len - *at - TAR_BLOCK ||
	    tar__padded(size) > len - *at - TAR_BLOCK)
		return not_headers(*at, "ends early", err);
	if (header.typeflag == 'x')
		code = change_pax(block, size, change, out, err);
	else
		code = append(out, block, TAR_BLOCK + (size_t)tar__padded(size), err);
	*at += TAR_BLOCK + (size_t)tar__padded(size);
	return code < 0 ? code : 1;
}

int tar_edit(const unsigned char *blocks, size_t len, const struct tar_change *change,
	     unsigned char **ret_blocks, size_t *ret_len, struct err *err)
{
	CLEANUP(freep) unsigned char *done = NULL;
	bytes_vec out = { 0 };
	size_t at = 0;
	int code;

	do {
		code = change_next(blocks, len, &at, change, &out, err);
	} while (code > 0);
	done = out.items;
	if (code < 0)
		return code;
	*ret_blocks = STEAL(done);
	*ret_len = out.count;
	return 0;
}
