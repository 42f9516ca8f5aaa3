/* How a blob is compressed: told from its bytes, never from a name. */
#ifndef BASE_COMPRESSION_H
#define BASE_COMPRESSION_H

#include <stdbool.h>
#include <stddef.h>

enum compression {
	COMPRESSION_NONE,
	COMPRESSION_GZIP,
	COMPRESSION_ZSTD,
	COMPRESSION_XZ,
	COMPRESSION_BZIP2,
	COMPRESSION_LZ4,
	COMPRESSIONS
};

enum { COMPRESSION_SNIFF_BYTES = 16 };

/* By magic bytes; a zstd skippable frame is COMPRESSION_ZSTD. NONE if nothing fits. */
enum compression compression_sniff(const unsigned char *bytes, size_t len);

/* "none", "gzip", … ; stable. */
const char *compression_name(enum compression compression);

/* By that name; false if there is none. */
bool compression_find(const char *name, enum compression *ret_compression);

#endif
