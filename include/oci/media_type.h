/* The media types of images, as a table: what a type is, which family, how compressed. */
#ifndef OCI_MEDIA_TYPE_H
#define OCI_MEDIA_TYPE_H

#include <stdbool.h>

#include "base/compression.h"

enum media_kind {
	MEDIA_UNKNOWN,
	MEDIA_INDEX,
	MEDIA_MANIFEST,
	MEDIA_CONFIG,
	MEDIA_LAYER,
	MEDIA_FOREIGN_LAYER, /* nondistributable: may be absent */
	MEDIA_OTHER,         /* known, and not of an image: schema 1, in-toto, … */
};

enum media_family { FAMILY_OCI, FAMILY_DOCKER };

struct media_type {
	const char *name;
	enum media_kind kind;
	enum media_family family;
	enum compression compression; /* of layers: what it claims */
};

/* The row of a type; NULL: not known, or 'name' is NULL. */
const struct media_type *media_type_find(const char *name);

/* The type of a layer or other kind in a family; NULL: there is none (zstd in Docker's). */
const char *media_type_name(enum media_kind kind, enum media_family family,
			    enum compression compression);

#endif
