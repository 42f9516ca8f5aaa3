/*
 * The index of one layer: every entry of its tar with the place of its header,
 * in the order of the tar. Immutable once built; knows nothing of other layers.
 *
 * A path is a folder and a name: folders are interned once per layer, so a
 * million entries share few strings, and merging looks a folder up once.
 */
#ifndef LAYER_LAYER_INDEX_H
#define LAYER_LAYER_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cancel.h"
#include "base/compression.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/problem.h"
#include "base/progress.h"
#include "base/strpool.h"
#include "stream/stream_file.h"
#include "tar/tar_entry.h"

enum entry_kind {
	ENTRY_NODE,     /* a path with a type */
	ENTRY_WHITEOUT, /* 'name' is the path that it removes from lower layers */
	ENTRY_OPAQUE,   /* the path (folder and name) is the directory whose lower children are hidden */
	ENTRY_IGNORED,  /* AUFS metadata, invalid whiteouts, types that no engine unpacks */
};

/* What else is to be known of an entry; a set of bits. */
enum entry_flag {
	ENTRY_HAS_EXTRA = 1,  /* attributes or a device: layer_entry_extra() */
	ENTRY_HAS_BODY = 2,   /* its bytes are kept: layer_entry_body() */
	ENTRY_SPARSE = 4,     /* stored in GNU or pax sparse form: the stored bytes are not the file's */
	ENTRY_DUPLICATE = 8,  /* a later entry of this layer has the same path */
	ENTRY_EDITED_ID = 16, /* uid or gid were out of range */
};

struct layer_entry {
	uint64_t header_offset; /* in the decoded layer; first header block */
	uint64_t size;          /* of the file */
	int64_t mtime;
	int64_t uid, gid;       /* never truncated */
	uint32_t mtime_ns;
	uint32_t header_len;    /* data begins at header_offset + header_len */
	str_id folder, name;    /* normalised: the root is folder "" and name "" */
	str_id link;            /* raw target of a symlink; normalised path of a hard link or AUFS file */
	uint32_t extra;
	uint16_t mode;          /* 12 low bits */
	uint8_t type;           /* enum tar_type */
	uint8_t kind;           /* enum entry_kind */
	uint8_t flags;
};

/* Of the few entries that have it. */
struct layer_extra {
	const struct tar_xattr *xattrs;
	size_t xattr_count;
	const char *acl_access, *acl_default; /* text that engines do not read; NULL */
	uint32_t dev_major, dev_minor;
	uint64_t stored;        /* bytes of data in the tar; equal to size unless sparse */
	const void *body;       /* kept body of 'size' bytes; NULL: not kept */
};

struct layer_index;

/* Which small files' bodies are kept while indexing; asked for each regular file. */
struct layer_keep {
	bool (*wanted)(const void *context, const char *folder, const char *name);
	const void *context;
};

struct layer_options {
	const struct limits *limits;     /* NULL: limits_default() */
	const struct cancel *cancel;     /* NULL: never */
	struct progress *progress;       /* NULL; counts stored bytes */
	const struct layer_keep *keep;   /* NULL: none */
};

/*
 * Index a stored layer. A compressed one is decoded and hashed in the same
 * pass; an uncompressed one is walked by hopping over contents, and hashed by
 * layer_verify() when there is time.
 * ERR_FORMAT (no tar at all; the text has the byte), ERR_LIMIT, ERR_IO,
 * ERR_CANCELLED, ERR_NOMEM. Damage behind the first good header is a problem.
 */
int layer_index_build(const struct stream_span *span, const struct layer_options *options,
		      struct layer_index **ret_index, struct err *err);
void layer_index_free(struct layer_index *index);
void layer_index_freep(struct layer_index **index);

size_t layer_entry_count(const struct layer_index *index);
const struct layer_entry *layer_entry(const struct layer_index *index, size_t i);

/* Borrowed strings of an entry. */
const char *layer_string(const struct layer_index *index, str_id id);

/* The largest folder id + 1, for tables of the merge. */
uint32_t layer_string_end(const struct layer_index *index);

/* NULL unless ENTRY_HAS_EXTRA. */
const struct layer_extra *layer_entry_extra(const struct layer_index *index,
					    const struct layer_entry *entry);

/* The attribute of this name (without SCHILY.xattr.); NULL: none. extra may be NULL. */
const struct tar_xattr *layer_extra_xattr(const struct layer_extra *extra, const char *name);

enum compression layer_compression(const struct layer_index *index);
uint64_t layer_decoded_size(const struct layer_index *index); /* bytes of the decoded tar */
uint64_t layer_stored_size(const struct layer_index *index);
/* Where the last entry ends, padding included: the first zero block, or the end of the bytes. */
uint64_t layer_end_offset(const struct layer_index *index);
const struct problem_list *layer_problems(const struct layer_index *index);
size_t layer_memory(const struct layer_index *index);

/*
 * The hashes (SHA-256) of the stored and of the decoded bytes. false while an
 * uncompressed layer has not been verified; both are equal for such a layer.
 */
bool layer_hashes(const struct layer_index *index, unsigned char *ret_blob,
		  unsigned char *ret_plain);

/*
 * Hash an uncompressed layer; nothing to do for others. Progress counts bytes.
 * ret_value: SHA-256, 32 bytes. ERR_IO, ERR_FORMAT (shorter than it was),
 * ERR_CANCELLED, ERR_NOMEM.
 */
int layer_hash_span(const struct stream_span *span, const struct cancel *cancel,
		    struct progress *progress, unsigned char *ret_value, struct err *err);

#endif
