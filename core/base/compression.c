/* Magic bytes and names of compressions; see base/compression.h. */
#include "base/compression.h"

#include <string.h>

struct magic {
	enum compression compression;
	size_t len;
	const char *bytes;
};

/* clang-format off */
static const char *const NAMES[COMPRESSIONS] = {
	[COMPRESSION_NONE]  = "none",
	[COMPRESSION_GZIP]  = "gzip",
	[COMPRESSION_ZSTD]  = "zstd",
	[COMPRESSION_XZ]    = "xz",
	[COMPRESSION_BZIP2] = "bzip2",
	[COMPRESSION_LZ4]   = "lz4",
};

static const struct magic MAGIC[] = {
	{ COMPRESSION_GZIP, 3, "\x1f\x8b\x08" },
	{ COMPRESSION_ZSTD, 4, "\x28\xb5\x2f\xfd" },
	{ COMPRESSION_XZ,   6, "\xfd" "7zXZ\0" },
	{ COMPRESSION_LZ4,  4, "\x04\x22\x4d\x18" },
};
/* clang-format on */

/* "BZh", a level, and the mark of the first block or of the end: no tar starts so by chance. */
static bool is_bzip2(const unsigned char *bytes, size_t len)
{
	return len >= 10 && memcmp(bytes, "BZh", 3) == 0 && bytes[3] >= '1' && bytes[3] <= '9' &&
	       (memcmp(bytes + 4, "\x31\x41\x59\x26\x53\x59", 6) == 0 ||
		memcmp(bytes + 4, "\x17\x72\x45\x38\x50\x90", 6) == 0);
}

/* zstd:chunked layers and signed ones may start with such a frame. */
static bool is_skippable_frame(const unsigned char *bytes, size_t len)
{
	return len >= 4 && (bytes[0] & 0xf0) == 0x50 && memcmp(bytes + 1, "\x2a\x4d\x18", 3) == 0;
}

enum compression compression_sniff(const unsigned char *bytes, size_t len)
{
	for (size_t i = 0; i < sizeof(MAGIC) / sizeof(MAGIC[0]); i++)
		if (len >= MAGIC[i].len && memcmp(bytes, MAGIC[i].bytes, MAGIC[i].len) == 0)
			return MAGIC[i].compression;
	if (is_skippable_frame(bytes, len))
		return COMPRESSION_ZSTD;
	return is_bzip2(bytes, len) ? COMPRESSION_BZIP2 : COMPRESSION_NONE;
}

const char *compression_name(enum compression compression)
{
	return NAMES[compression];
}

bool compression_find(const char *name, enum compression *ret_compression)
{
	for (int i = 0; i < COMPRESSIONS; i++) {
		if (strcmp(NAMES[i], name) == 0) {
			*ret_compression = (enum compression)i;
			return true;
		}
	}
	return false;
}
