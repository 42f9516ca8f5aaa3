/* One entry of a tar, as Go's archive/tar reads it: the container engines do. */
#ifndef TAR_TAR_ENTRY_H
#define TAR_TAR_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TAR_BLOCK = 512 };

enum tar_type {
	TAR_FILE,
	TAR_HARDLINK,
	TAR_SYMLINK,
	TAR_CHAR,
	TAR_BLOCK_DEVICE,
	TAR_DIR,
	TAR_FIFO,
	TAR_OTHER, /* a type flag that no engine unpacks */
};

/* What was odd in the headers of an entry; a set of bits. Each is also a problem of the reader. */
enum tar_oddity {
	TAR_ODD_SIZE = 1,       /* pax and ustar size differ */
	TAR_ODD_MIXED = 2,      /* pax and GNU long names for one entry */
	TAR_ODD_NUL = 4,        /* a NUL inside a pax value */
	TAR_ODD_BODY = 8,       /* a body where none belongs (link, directory) */
	TAR_ODD_ID = 16,        /* uid or gid that no system has */
	TAR_ODD_TIME = 32,
	TAR_ODD_EMPTY = 64,     /* an empty pax record: to Go it is not there */
	TAR_ODD_GNU = 128,      /* GNU fields of a sparse file, but it is none */
	TAR_ODD_ACL = 256,      /* an ACL as text, which Go does not read */
};

struct tar_xattr {
	const char *name;  /* without the SCHILY.xattr. prefix; NUL-terminated */
	const void *value; /* bytes */
	size_t len;
};

struct tar_entry {
	enum tar_type type;
	char typeflag;
	unsigned oddities;
	const char *path; /* raw bytes, NUL-terminated, not normalised */
	size_t path_len;
	const char *link; /* target of a symlink or hard link, else "" */
	size_t link_len;
	uint32_t mode;    /* 12 low bits */
	int64_t uid, gid; /* as written: never truncated */
	uint64_t size;    /* bytes of the file; a sparse one's logical size */
	uint64_t stored;  /* bytes of data in the tar, without padding */
	bool is_sparse;   /* the data is not the file's: tar/tar_sparse.h */
	int64_t mtime;    /* seconds */
	uint32_t mtime_ns;
	uint32_t dev_major, dev_minor;
	const struct tar_xattr *xattrs;
	size_t xattr_count;
	/* SCHILY.acl.*: text of star and GNU tar, which no engine reads. NUL-terminated; NULL. */
	const char *acl_access, *acl_default;
	uint64_t header_offset; /* of the first header block: x, L or K where there is one */
	uint64_t data_offset;   /* of the data; the last header block lies before it */
};

#endif
