/*
 * Compressed bytes for tests, made by libarchive's writers and not by the
 * product's own, and bytes to compress. Failing asserts stop the test.
 * To be included after <cmocka.h>.
 */
#ifndef TESTS_LIB_PACK_H
#define TESTS_LIB_PACK_H

#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>
#include <string.h>

struct packed {
	unsigned char *bytes;
	size_t len;
};

static inline void pack_free(struct packed *packed)
{
	free(packed->bytes);
}

static inline void pack_append(struct packed *packed, const void *bytes, size_t len)
{
	packed->bytes = realloc(packed->bytes, packed->len + len + 1);
	assert_non_null(packed->bytes);
	if (len > 0)
		memcpy(packed->bytes + packed->len, bytes, len);
	packed->len += len;
}

static inline la_ssize_t pack_sink(struct archive *archive, void *packed, const void *bytes,
				   size_t len)
{
	(void)archive;
	pack_append(packed, bytes, len);
	return (la_ssize_t)len;
}

/* Append 'bytes' compressed by "gzip", "zstd", "xz", "bzip2" or "lz4" as one more member or frame.
 */
static inline void pack_add(struct packed *packed, const char *filter, const void *bytes,
			    size_t len)
{
	struct archive *archive = archive_write_new();
	struct archive_entry *entry = archive_entry_new();

	assert_int_equal(archive_write_set_format_raw(archive), ARCHIVE_OK);
	assert_int_equal(archive_write_add_filter_by_name(archive, filter), ARCHIVE_OK);
	archive_write_set_bytes_in_last_block(archive, 1);
	assert_int_equal(archive_write_open(archive, packed, NULL, pack_sink, NULL), ARCHIVE_OK);
	archive_entry_set_filetype(entry, AE_IFREG);
	assert_int_equal(archive_write_header(archive, entry), ARCHIVE_OK);
	assert_int_equal(archive_write_data(archive, bytes, len), (la_ssize_t)len);
	assert_int_equal(archive_write_close(archive), ARCHIVE_OK);
	archive_entry_free(entry);
	archive_write_free(archive);
}

/* 'len' bytes, half noise and half text, so that they shrink a little; free() them. */
static inline unsigned char *pack_sample(size_t len)
{
	unsigned char *bytes = malloc(len + 1);
	uint32_t seed = 1;

	assert_non_null(bytes);
	for (size_t i = 0; i < len; i++) {
		seed = seed * 1664525 + 1013904223;
		bytes[i] = i % 64 < 32 ? (unsigned char)(seed >> 24) : "layer of an image"[i % 17];
	}
	return bytes;
}

#endif
