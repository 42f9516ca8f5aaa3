/*
 * Inside the tar stage: the fields of a header block, numbers, pax records,
 * and the window through which a tar is read.
 */
#ifndef CORE_TAR_TAR_PRIV_H
#define CORE_TAR_TAR_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/problem.h"
#include "base/vec.h"
#include "stream/stream.h"
#include "tar/tar_entry.h"

/* The fields of a header block; their places are in one table. */
enum tar__field {
	FIELD_NAME,
	FIELD_MODE,
	FIELD_UID,
	FIELD_GID,
	FIELD_SIZE,
	FIELD_MTIME,
	FIELD_SUM,
	FIELD_TYPE,
	FIELD_LINK,
	FIELD_MAGIC, /* with the version */
	FIELD_MAJOR,
	FIELD_MINOR,
	FIELD_PREFIX,
	FIELD_STAR_PREFIX,
	FIELD_STAR_ATIME,
	FIELD_STAR_CTIME,
	FIELD_STAR_TRAILER,
	FIELD_GNU_ATIME,
	FIELD_GNU_CTIME,
	FIELD_GNU_SPARSE,      /* the map and the two below */
	FIELD_GNU_SPARSE_MORE, /* not 0: another block of the map follows */
	FIELD_GNU_REAL_SIZE,
	TAR__FIELDS
};

struct tar__place {
	unsigned short at, len;
};

extern const struct tar__place TAR__PLACES[TAR__FIELDS];

static inline unsigned char *tar__field(unsigned char *block, enum tar__field field)
{
	return block + TAR__PLACES[field].at;
}

static inline const unsigned char *tar__field_const(const unsigned char *block,
						    enum tar__field field)
{
	return block + TAR__PLACES[field].at;
}

static inline uint64_t tar__padded(uint64_t len)
{
	return (len + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK;
}

/* Numbers: tar_number.c. The readers return false for what Go calls an invalid header. */
bool tar__parse_octal(const unsigned char *bytes, size_t len, int64_t *ret_value);
bool tar__parse_number(const unsigned char *bytes, size_t len, int64_t *ret_value);
bool tar__parse_decimal(const char *bytes, size_t len, int64_t *ret_value);

/* "12.5", "-3": seconds, and nanoseconds that count upwards from them. */
bool tar__parse_time(const char *bytes, size_t len, int64_t *ret_seconds, uint32_t *ret_ns);

/* Whether a field of 'len' bytes holds it as octal digits and a NUL. */
bool tar__fits_octal(size_t len, int64_t value);

/* Octal and a NUL, or base-256 where that does not fit. */
void tar__put_number(unsigned char *bytes, size_t len, int64_t value);

/* The same, but written as the number that stands there: its padding and what ends it. */
void tar__put_alike(unsigned char *bytes, size_t len, int64_t value);

/* Header blocks: tar_header.c. */
enum tar__format { FORMAT_V7, FORMAT_USTAR, FORMAT_GNU, FORMAT_STAR };
enum { TAR__NAME_ROOM = 155 + 1 + 100 + 1, TAR__LINK_ROOM = 101 };

struct tar__header {
	enum tar__format format;
	char typeflag;
	char name[TAR__NAME_ROOM], link[TAR__LINK_ROOM];
	size_t name_len, link_len;
	int64_t mode, uid, gid, size, mtime, dev_major, dev_minor;
	int64_t real_size; /* of an old GNU sparse file ('S'), as is the next */
	bool has_stray_sparse; /* parts of a sparse file in a header of another type */
	bool sparse_more;  /* blocks of its map follow */
};

enum tar__format tar__format_of(const unsigned char *block);

/* One block; its checksum is right. NULL, or the name of the field that is no number. */
const char *tar__header_parse(const unsigned char *block, struct tar__header *ret_header);

/* Whether entries of this type flag never have data, whatever their size says. */
bool tar__is_header_only(char typeflag);
bool tar__is_zero(const unsigned char *bytes, size_t len);

/* Write the checksum of a new block; of a changed one, as it was written before. */
void tar__seal(unsigned char *block);
void tar__seal_alike(unsigned char *block, bool was_signed);

/* Whether only a sum of signed bytes, as old Sun tars made it, is the checksum that stands there.
 */
bool tar__sum_is_signed(const unsigned char *block);

/* Pax records: tar_pax.c. */
enum tar__key {
	KEY_PATH,
	KEY_LINKPATH,
	KEY_UNAME,
	KEY_GNAME,
	KEY_UID,
	KEY_GID,
	KEY_SIZE,
	KEY_MTIME,
	KEY_SPARSE_MAJOR,
	KEY_SPARSE_MINOR,
	KEY_SPARSE_NAME,
	KEY_SPARSE_SIZE,
	KEY_SPARSE_REALSIZE,
	KEY_SPARSE_MAP,
	KEY_SPARSE_OFFSET,
	KEY_ACL_ACCESS,
	KEY_ACL_DEFAULT,
	TAR__KEYS
};

extern const char *const TAR__KEY_NAMES[TAR__KEYS];
#define TAR__XATTR_PREFIX "SCHILY.xattr."

struct tar__record {
	size_t at, len; /* the whole record, from its length to its newline */
	size_t key_at, key_len, value_at, value_len;
};

/* The record at *at: 1 and *at behind it, 0 at the end, -1 if there is none that can be read. */
int tar__record_next(const char *bytes, size_t len, size_t *at, struct tar__record *ret_record);

/*
 * Bytes of "LEN key=value\n", and the record itself into 'out', which has that
 * room. The key is 'prefix' (often "") and 'key' together.
 */
size_t tar__record_length(size_t key_len, size_t value_len);
void tar__record_put(char *out, const char *prefix, const char *key, const void *value,
		     size_t value_len);

struct tar__value {
	const char *bytes; /* NUL-terminated; NULL: no such record, or an empty one */
	size_t len;
};

struct tar__pax {
	struct tar__value known[TAR__KEYS];
	VEC(struct tar_xattr) xattrs;
	bool had_nul;        /* in a value that is text */
	bool had_empty;      /* a record of a known key without a value */
	bool had_acl;        /* as text: SCHILY.acl.access, SCHILY.acl.default */
	const char *trouble; /* NULL, or why the rest of the records was not read */
};

/*
 * Replaces what 'pax' holds; values point into 'bytes', which are changed
 * (NUL behind each key and value). 0 or -ERR_NOMEM.
 */
int tar__pax_read(char *bytes, size_t len, struct tar__pax *pax, struct err *err);
void tar__pax_clear(struct tar__pax *pax);
void tar__pax_done(struct tar__pax *pax);

/* The headers of one entry: tar_merge.c. */
struct tar__text {
	char *bytes;
	size_t len, room;
};

struct tar__group {
	struct tar__header header;
	bool has_pax;
	struct tar__pax pax;
	struct tar__text records, long_name, long_link; /* len 0: there was none */
};

/*
 * Make the entry, which borrows from 'group'; its header_offset is set
 * already, data_offset is left to the caller. NULL, or why no engine would
 * read on.
 */
const char *tar__merge(const struct tar__group *group, struct problem_list *problems,
		       struct tar_entry *entry);

/* The window: tar_window.c. Small steps are taken in memory, large ones by stream_skip(). */
enum { TAR__WINDOW = 64 * 1024 };

struct tar__window {
	struct stream *in;
	uint64_t offset; /* of the next byte, from where the tar begins */
	size_t at, len;
	unsigned char *bytes;
};

int tar__window_init(struct tar__window *window, struct stream *in, struct err *err);
void tar__window_done(struct tar__window *window);

/* Look at the next bytes: 'want' of them (at most TAR__WINDOW), fewer only at the end. */
ssize_t tar__window_peek(struct tar__window *window, size_t want, const unsigned char **ret_bytes,
			 struct err *err);

/* Pass over bytes that were looked at. */
void tar__window_take(struct tar__window *window, size_t len);

/* As stream_read() and stream_skip(). */
ssize_t tar__window_read(struct tar__window *window, void *buffer, size_t len, struct err *err);
int tar__window_skip(struct tar__window *window, uint64_t len, struct err *err);

#endif
