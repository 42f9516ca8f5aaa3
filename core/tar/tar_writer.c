/*
 * Writes entries as ustar, with a pax header before those that need one. The
 * headers of an entry are made in one piece of memory; what they cost is told
 * by the same code without making them.
 */
#include "tar/tar_writer.h"

#include <inttypes.h>
#include <string.h>

#include "tar_priv.h"

struct tar_writer {
	struct sink *out;
	uint64_t data_left, padding;
};

static const unsigned char ZEROS[2 * TAR_BLOCK];

/* Type flags in the order of enum tar_type. */
static const char TYPEFLAGS[] = "0123456";
_Static_assert(sizeof(TYPEFLAGS) - 1 == TAR_OTHER, "one flag per type");

/* Records that are only counted while 'bytes' is NULL. */
struct records {
	char *bytes;
	size_t len;
};

static void add_record(struct records *records, const char *prefix, const char *key,
		       const struct tar__value *value)
{
	if (records->bytes)
		tar__record_put(records->bytes + records->len, prefix, key, value->bytes,
				value->len);
	records->len += tar__record_length(strlen(prefix) + strlen(key), value->len);
}

static void add_number(struct records *records, const char *key, int64_t number)
{
	char text[32];
	int len = snprintf(text, sizeof(text), "%" PRId64, number);

	add_record(records, "", key, &(struct tar__value){ text, (size_t)len });
}

/* "-1.5" is 2 seconds before the epoch and half a second. */
static void add_time(struct records *records, const struct tar_entry *entry)
{
	enum { NANOS = 1000 * 1000 * 1000 };
	bool back = entry->mtime < 0 && entry->mtime_ns > 0;
	int64_t seconds = entry->mtime + back;
	char text[48];
	int len;

	if (entry->mtime_ns == 0) {
		add_number(records, TAR__KEY_NAMES[KEY_MTIME], seconds);
		return;
	}
	len = snprintf(text, sizeof(text), "%s%" PRId64 ".%09" PRIu32, back && !seconds ? "-" : "",
		       seconds, back ? NANOS - entry->mtime_ns : entry->mtime_ns);
	while (text[len - 1] == '0')
		len--;
	add_record(records, "", TAR__KEY_NAMES[KEY_MTIME],
		   &(struct tar__value){ text, (size_t)len });
}

static bool is_ascii(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)text[i] >= 0x80)
			return false;
	return true;
}

/* The path as it is written, but for the slash that a directory may still need. */
static struct tar__value path_of(const struct tar_entry *entry, bool *ret_slash)
{
	bool is_dir = entry->type == TAR_DIR;
	struct tar__value path = { entry->path, entry->path_len };

	if (is_dir && path.len == 0)
		path = (struct tar__value){ ".", 1 };
	*ret_slash = is_dir && path.bytes[path.len - 1] != '/';
	return path;
}

/*
 * Where a path is cut into the prefix and the name of a ustar block: the slash
 * between them, 0 if the name holds it all, SIZE_MAX if it does not fit.
 */
static size_t split_path(const char *path, size_t len, bool slash)
{
	const size_t name = TAR__PLACES[FIELD_NAME].len, prefix = TAR__PLACES[FIELD_PREFIX].len;

	if (len + slash <= name)
		return 0;
	for (size_t at = len + slash - name - 1; at < len && at <= prefix; at++)
		if (at > 0 && path[at] == '/' && at + 1 < len)
			return at;
	return SIZE_MAX;
}

static void add_path(struct records *records, const struct tar_entry *entry)
{
	bool slash;
	struct tar__value path = path_of(entry, &slash);

	if (is_ascii(path.bytes, path.len) && split_path(path.bytes, path.len, slash) != SIZE_MAX)
		return;
	path.len += slash; /* the NUL behind the path, which becomes the slash */
	add_record(records, "", TAR__KEY_NAMES[KEY_PATH], &path);
	if (slash && records->bytes)
		records->bytes[records->len - 2] = '/';
}

static bool fits(enum tar__field field, int64_t number)
{
	return tar__fits_octal(TAR__PLACES[field].len, number);
}

static uint64_t body_size(const struct tar_entry *entry)
{
	return entry->type == TAR_FILE ? entry->size : 0;
}

static void add_records(struct records *records, const struct tar_entry *entry)
{
	const struct tar__value link = { entry->link, entry->link_len };

	add_path(records, entry);
	if (link.len > TAR__PLACES[FIELD_LINK].len || !is_ascii(link.bytes, link.len))
		add_record(records, "", TAR__KEY_NAMES[KEY_LINKPATH], &link);
	if (!fits(FIELD_SIZE, (int64_t)body_size(entry)))
		add_number(records, TAR__KEY_NAMES[KEY_SIZE], (int64_t)body_size(entry));
	if (!fits(FIELD_UID, entry->uid))
		add_number(records, TAR__KEY_NAMES[KEY_UID], entry->uid);
	if (!fits(FIELD_GID, entry->gid))
		add_number(records, TAR__KEY_NAMES[KEY_GID], entry->gid);
	if (entry->mtime_ns > 0 || !fits(FIELD_MTIME, entry->mtime))
		add_time(records, entry);
	for (size_t i = 0; i < entry->xattr_count; i++)
		add_record(records, TAR__XATTR_PREFIX, entry->xattrs[i].name,
			   &(struct tar__value){ entry->xattrs[i].value, entry->xattrs[i].len });
}

static void put_text(unsigned char *block, enum tar__field field, const char *text, size_t len)
{
	size_t room = TAR__PLACES[field].len;

	if (len > 0)
		memcpy(tar__field(block, field), text, len < room ? len : room);
}

static void put_path(unsigned char *block, const struct tar_entry *entry)
{
	bool slash;
	struct tar__value path = path_of(entry, &slash);
	size_t split = split_path(path.bytes, path.len, slash);
	size_t name = split == 0 || split == SIZE_MAX ? 0 : split + 1;

	if (name > 0)
		put_text(block, FIELD_PREFIX, path.bytes, split);
	put_text(block, FIELD_NAME, path.bytes + name, path.len - name);
	if (slash && path.len - name < TAR__PLACES[FIELD_NAME].len)
		tar__field(block, FIELD_NAME)[path.len - name] = '/';
}

/* What pax says in its stead is 0 here. */
static void put_number(unsigned char *block, enum tar__field field, int64_t number)
{
	tar__put_number(tar__field(block, field), TAR__PLACES[field].len,
			fits(field, number) ? number : 0);
}

static void put_block(unsigned char *block, const struct tar_entry *entry, uint64_t size)
{
	char typeflag = entry->type < TAR_OTHER ? TYPEFLAGS[entry->type] : entry->typeflag;

	put_path(block, entry);
	put_text(block, FIELD_LINK, entry->link, entry->link_len);
	put_number(block, FIELD_MODE, entry->mode & 07777);
	put_number(block, FIELD_UID, entry->uid);
	put_number(block, FIELD_GID, entry->gid);
	put_number(block, FIELD_SIZE, (int64_t)size);
	put_number(block, FIELD_MTIME, entry->mtime);
	*tar__field(block, FIELD_TYPE) = (unsigned char)typeflag;
	memcpy(tar__field(block, FIELD_MAGIC), "ustar\00000", 8);
	/* There is no pax record for these: base-256 where they are large. */
	tar__put_number(tar__field(block, FIELD_MAJOR), TAR__PLACES[FIELD_MAJOR].len,
			entry->dev_major);
	tar__put_number(tar__field(block, FIELD_MINOR), TAR__PLACES[FIELD_MINOR].len,
			entry->dev_minor);
	tar__seal(block);
}

static size_t records_length(const struct tar_entry *entry)
{
	struct records records = { 0 };

	add_records(&records, entry);
	return records.len;
}

static size_t headers_length(size_t records)
{
	return TAR_BLOCK + (records > 0 ? TAR_BLOCK + (size_t)tar__padded(records) : 0);
}

/* 'blocks' are zero bytes. */
static void put_headers(unsigned char *blocks, const struct tar_entry *entry, size_t len)
{
	static const char PAX_PATH[] = "PaxHeaders.0/entry";
	const struct tar_entry pax = { .type = TAR_OTHER,
				       .typeflag = 'x',
				       .path = PAX_PATH,
				       .path_len = sizeof(PAX_PATH) - 1,
				       .mode = 0644 };
	struct records records = { .bytes = (char *)blocks + TAR_BLOCK };

	if (len > 0) {
		put_block(blocks, &pax, len);
		add_records(&records, entry);
	}
	put_block(blocks + headers_length(len) - TAR_BLOCK, entry, body_size(entry));
}

static int check_complete(const struct tar_writer *writer, struct err *err)
{
	if (writer->data_left == 0)
		return 0;
	return err_set(err, ERR_IO, "%" PRIu64 " bytes of a file are missing", writer->data_left);
}

static int write_padding(struct tar_writer *writer, struct err *err)
{
	if (writer->data_left > 0 || writer->padding == 0)
		return 0;

	int code = sink_write(writer->out, ZEROS, (size_t)writer->padding, err);

	writer->padding = 0;
	return code;
}

int tar_writer_entry(struct tar_writer *writer, const struct tar_entry *entry, struct err *err)
{
	size_t records = records_length(entry);
	size_t len = headers_length(records);
	CLEANUP(freep) unsigned char *blocks = NULL;
	int code;

	if (check_complete(writer, err) < 0)
		return -(int)ERR_IO;
	blocks = calloc(1, len);
	if (!blocks)
		return err_nomem(err);
	put_headers(blocks, entry, records);
	code = sink_write(writer->out, blocks, len, err);
	if (code < 0)
		return code;
	writer->data_left = body_size(entry);
	writer->padding = tar__padded(writer->data_left) - writer->data_left;
	return 0;
}

int tar_writer_data(struct tar_writer *writer, const void *bytes, size_t len, struct err *err)
{
	int code;

	if (len > writer->data_left)
		return err_set(err, ERR_IO,
			       "a file has %" PRIu64 " bytes more than its header says",
			       len - writer->data_left);
	code = sink_write(writer->out, bytes, len, err);
	if (code < 0)
		return code;
	writer->data_left -= len;
	return write_padding(writer, err);
}

int tar_writer_finish(struct tar_writer *writer, struct err *err)
{
	if (check_complete(writer, err) < 0)
		return -(int)ERR_IO;
	return sink_write(writer->out, ZEROS, sizeof(ZEROS), err);
}

uint64_t tar_writer_cost(const struct tar_entry *entry)
{
	return headers_length(records_length(entry)) + tar__padded(body_size(entry));
}

int tar_writer_new(struct sink *out, struct tar_writer **ret_writer, struct err *err)
{
	struct tar_writer *writer = calloc(1, sizeof(*writer));

	if (!writer)
		return err_nomem(err);
	writer->out = out;
	*ret_writer = writer;
	return 0;
}

void tar_writer_free(struct tar_writer *writer)
{
	free(writer);
}

void tar_writer_freep(struct tar_writer **writer)
{
	tar_writer_free(*writer);
}
