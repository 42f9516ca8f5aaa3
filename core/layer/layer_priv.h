/* What the files of this stage share: the index, its building, how a path is read. */
#ifndef LAYER_LAYER_PRIV_H
#define LAYER_LAYER_PRIV_H

#include "base/arena.h"
#include "layer/layer_index.h"
#include "tar/tar_reader.h"

enum { LAYER_HASH_BYTES = 32 };

enum layer_path_kind {
	LAYER_PATH_NODE,
	LAYER_PATH_WHITEOUT,
	LAYER_PATH_OPAQUE,
	LAYER_PATH_AUFS,    /* metadata of a storage driver of old: ".wh..wh.plnk/…" */
	LAYER_PATH_INVALID, /* a whiteout of "", "." or ".." */
};

/* Parts of the bytes that were given; not NUL-terminated. */
struct layer_path {
	const char *folder, *name;
	size_t folder_len, name_len;
};

/*
 * Read a normalised path. For a whiteout 'name' is what it removes, for an
 * opaque mark folder and name are those of the directory; else of the path.
 */
enum layer_path_kind layer__read_path(const char *path, size_t len, struct layer_path *ret_path);

struct layer_index {
	VEC(struct layer_entry) entries;
	VEC(struct layer_extra) extras;
	struct strpool *strings;
	uint32_t string_end; /* above all folder ids */
	struct arena arena;  /* bodies and xattrs */
	size_t arena_bytes;
	struct problem_list problems;
	enum compression compression;
	uint64_t decoded, stored;
	uint64_t end; /* of the last entry */
	bool is_hashed;
	unsigned char blob[LAYER_HASH_BYTES], plain[LAYER_HASH_BYTES];
};

struct layer_scratch {
	char *items;
	size_t count, room;
};

struct layer_build {
	struct layer_index *index;
	const struct limits *limits;
	const struct layer_keep *keep;
	struct tar_reader *reader;
	struct layer_scratch path, link; /* normalised */
	str_id folder;                   /* of the last entry: the next one is often there, too */
	size_t folder_len;
	uint64_t kept, xattrs; /* bytes of bodies and attributes */
	bool told_absolute, told_long;
};

/*
 * Append what the reader has just delivered; its body is kept if wanted.
 * ERR_LIMIT, ERR_NOMEM, and what reading says.
 */
int layer__add_entry(struct layer_build *build, const struct tar_entry *tar, struct err *err);

#endif
