/*
 * Documents of an image for tests of what is odd about them: blobs put into a
 * tar by hand, and descriptors of them as text.
 */
#ifndef TESTS_LIB_BLOBS_H
#define TESTS_LIB_BLOBS_H

#include <stdio.h>
#include <string.h>

#include "oci/digest.h"
#include "tests/lib/build.h"

#define OCI_TYPE "application/vnd.oci.image."

enum { BLOB_TEXT = 600 };

/* Add the blob; 'out' gets "digest":…,"size":… of it. */
static inline const char *blob_put(struct tb *tar, const char *text, char out[BLOB_TEXT])
{
	char path[DIGEST_PATH], name[DIGEST_TEXT];
	struct digest digest;

	assert_int_equal(digest_of(text, strlen(text), &digest, NULL), 0);
	tb_file(tar, digest_path(&digest, path), 0644, 0, 0, text);
	snprintf(out, BLOB_TEXT, "\"digest\":\"%s\",\"size\":%zu", digest_text(&digest, name),
		 strlen(text));
	return out;
}

/* Add an image without layers whose config has this text; 'out' as above, of its manifest. */
static inline const char *image_put(struct tb *tar, const char *config, char out[BLOB_TEXT])
{
	char blob[BLOB_TEXT], manifest[2 * BLOB_TEXT];

	blob_put(tar, config, blob);
	snprintf(manifest, sizeof(manifest),
		 "{\"config\":{\"mediaType\":\"" OCI_TYPE "config.v1+json\",%s},\"layers\":[]}",
		 blob);
	return blob_put(tar, manifest, out);
}

/* End the tar with this index.json and the version of the layout; the file is 'name'. */
static inline const char *index_end(struct tb *tar, const char *index, const char *name)
{
	const char *path = test_path(name);

	tb_file(tar, "oci-layout", 0644, 0, 0, "{\"imageLayoutVersion\":\"1.0.0\"}");
	tb_file(tar, "index.json", 0644, 0, 0, index);
	tb_end(tar);
	test_write(path, tar->bytes, tar->len);
	tb_free(tar);
	return path;
}

#endif
