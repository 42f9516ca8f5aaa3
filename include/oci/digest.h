/* "sha256:<64 hex>": the name of a blob. Checked before it becomes part of any path. */
#ifndef OCI_DIGEST_H
#define OCI_DIGEST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/hash.h"

struct digest {
	enum hash_algorithm algorithm;
	unsigned char bytes[HASH_MAX_BYTES]; /* hash_size() of them; the rest is 0 */
};

enum { DIGEST_TEXT = 7 + 2 * HASH_MAX_BYTES + 1 }; /* "sha512:", hex, NUL */

/* sha256 and sha512 with lower-case hex only. ERR_FORMAT. text may be NULL. */
int digest_parse(const char *text, struct digest *ret_digest, struct err *err);

/* "sha256:…"; returns 'out'. */
const char *digest_text(const struct digest *digest, char out[DIGEST_TEXT]);

/* The hex digits alone. */
const char *digest_hex(const struct digest *digest, char out[DIGEST_TEXT]);

/* "sha256:" and the first 12 digits, for people. */
const char *digest_short(const struct digest *digest, char out[DIGEST_TEXT]);

/* "blobs/sha256/<hex>": where an OCI layout keeps the blob; and back, false for any other path. */
enum { DIGEST_PATH = sizeof("blobs/") + DIGEST_TEXT };
const char *digest_path(const struct digest *digest, char out[DIGEST_PATH]);
bool digest_from_path(const char *path, struct digest *ret_digest);

bool digest_equal(const struct digest *a, const struct digest *b);

/* SHA-256 of bytes in memory. ERR_NOMEM. */
int digest_of(const void *bytes, size_t len, struct digest *ret_digest, struct err *err);

/* The same by another algorithm, as to compare with a digest that uses it. */
int digest_of_as(enum hash_algorithm algorithm, const void *bytes, size_t len,
		 struct digest *ret_digest, struct err *err);

#endif
