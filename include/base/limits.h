/*
 * How much of an untrusted input is believed. One table, so that a limit is
 * in one place and a message can name it.
 */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

#include <stdint.h>

#include "base/err.h"

struct limits {
	uint64_t outer_members;   /* members of the outer archive */
	uint64_t layers;          /* layers of one image */
	uint64_t entries;         /* entries of all layers */
	uint64_t layer_bytes;     /* one layer, decoded */
	uint64_t expansion;       /* decoded bytes per stored byte, counted above expansion_free */
	uint64_t expansion_free;
	uint64_t json_bytes;      /* a manifest, an index or a config */
	uint64_t json_depth;
	uint64_t tar_extension;   /* a pax header, a GNU long name */
	uint64_t kept_body;       /* a small file that is kept while indexing */
	uint64_t identity_file;   /* /etc/passwd, /etc/group, … */
	uint64_t index_depth;     /* nested indexes */
	uint64_t images;          /* of one source, nested indexes flattened */
	uint64_t spool_bytes;     /* stdin or a compressed outer archive, decoded */
};

/* The defaults; never NULL. */
const struct limits *limits_default(void);

/* 0, or ERR_LIMIT: "<what>: <value> is above the limit of <limit>". */
int limits_check(uint64_t value, uint64_t limit, const char *what, struct err *err);

#endif
