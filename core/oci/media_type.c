/* The table of media types; see oci/media_type.h. */
#include "oci/media_type.h"

#include <string.h>

#define OCI "application/vnd.oci.image."
#define DOCKER "application/vnd.docker."

/* The first row of a kind, family and compression is the one that is written. */
static const struct media_type TYPES[] = {
	/* clang-format off */
	{ OCI "index.v1+json",    MEDIA_INDEX,    FAMILY_OCI, COMPRESSION_NONE },
	{ OCI "manifest.v1+json", MEDIA_MANIFEST, FAMILY_OCI, COMPRESSION_NONE },
	{ OCI "config.v1+json",   MEDIA_CONFIG,   FAMILY_OCI, COMPRESSION_NONE },
	{ OCI "layer.v1.tar",       MEDIA_LAYER, FAMILY_OCI, COMPRESSION_NONE },
	{ OCI "layer.v1.tar+gzip",  MEDIA_LAYER, FAMILY_OCI, COMPRESSION_GZIP },
	{ OCI "layer.v1.tar+zstd",  MEDIA_LAYER, FAMILY_OCI, COMPRESSION_ZSTD },
	{ OCI "layer.v1.tar+xz",    MEDIA_LAYER, FAMILY_OCI, COMPRESSION_XZ },
	{ OCI "layer.v1.tar+bzip2", MEDIA_LAYER, FAMILY_OCI, COMPRESSION_BZIP2 },
	{ OCI "layer.nondistributable.v1.tar",      MEDIA_FOREIGN_LAYER, FAMILY_OCI, COMPRESSION_NONE },
	{ OCI "layer.nondistributable.v1.tar+gzip", MEDIA_FOREIGN_LAYER, FAMILY_OCI, COMPRESSION_GZIP },
	{ OCI "layer.nondistributable.v1.tar+zstd", MEDIA_FOREIGN_LAYER, FAMILY_OCI, COMPRESSION_ZSTD },

	{ DOCKER "distribution.manifest.list.v2+json", MEDIA_INDEX,    FAMILY_DOCKER, COMPRESSION_NONE },
	{ DOCKER "distribution.manifest.v2+json",      MEDIA_MANIFEST, FAMILY_DOCKER, COMPRESSION_NONE },
	{ DOCKER "container.image.v1+json",            MEDIA_CONFIG,   FAMILY_DOCKER, COMPRESSION_NONE },
	{ DOCKER "image.rootfs.diff.tar",      MEDIA_LAYER, FAMILY_DOCKER, COMPRESSION_NONE },
	{ DOCKER "image.rootfs.diff.tar.gzip", MEDIA_LAYER, FAMILY_DOCKER, COMPRESSION_GZIP },
	/* Written by some builders, though Docker's own list does not have it. */
	{ DOCKER "image.rootfs.diff.tar.zstd", MEDIA_OTHER, FAMILY_DOCKER, COMPRESSION_ZSTD },
	{ DOCKER "image.rootfs.foreign.diff.tar",      MEDIA_FOREIGN_LAYER, FAMILY_DOCKER, COMPRESSION_NONE },
	{ DOCKER "image.rootfs.foreign.diff.tar.gzip", MEDIA_FOREIGN_LAYER, FAMILY_DOCKER, COMPRESSION_GZIP },

	{ DOCKER "distribution.manifest.v1+json",      MEDIA_OTHER, FAMILY_DOCKER, COMPRESSION_NONE },
	{ DOCKER "distribution.manifest.v1+prettyjws", MEDIA_OTHER, FAMILY_DOCKER, COMPRESSION_NONE },
	{ DOCKER "plugin.v1+json",                     MEDIA_OTHER, FAMILY_DOCKER, COMPRESSION_NONE },
	{ "application/vnd.oci.artifact.manifest.v1+json", MEDIA_OTHER, FAMILY_OCI, COMPRESSION_NONE },
	{ "application/vnd.oci.empty.v1+json",             MEDIA_OTHER, FAMILY_OCI, COMPRESSION_NONE },
	{ "application/vnd.in-toto+json",                  MEDIA_OTHER, FAMILY_OCI, COMPRESSION_NONE },
	/* clang-format on */
};

enum { TYPE_COUNT = sizeof(TYPES) / sizeof(TYPES[0]) };

const struct media_type *media_type_find(const char *name)
{
	for (size_t i = 0; name && i < TYPE_COUNT; i++)
		if (strcmp(TYPES[i].name, name) == 0)
			return &TYPES[i];
	return NULL;
}

const char *media_type_name(enum media_kind kind, enum media_family family,
			    enum compression compression)
{
	for (size_t i = 0; i < TYPE_COUNT; i++)
		if (TYPES[i].kind == kind && TYPES[i].family == family &&
		    TYPES[i].compression == compression)
			return TYPES[i].name;
	return NULL;
}
