/*
 * Digests as text; see oci/digest.h. Nothing but the two known algorithms and
 * lower-case hex of the right length passes, so a digest is safe in a path.
 */
#include "oci/digest.h"

#include <string.h>

static const struct {
	const char *prefix;
	enum hash_algorithm algorithm;
} ALGORITHMS[] = {
	{ "sha256:", HASH_SHA256 },
	{ "sha512:", HASH_SHA512 },
};

static const char HEX[] = "0123456789abcdef";

/* The value of a lower-case hex digit; -1: it is none. NUL is none. */
static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool hex_read(const char *hex, unsigned char *out, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++) {
		int high = hex_value(hex[2 * i]);
		int low = high < 0 ? -1 : hex_value(hex[2 * i + 1]);

		if (low < 0)
			return false;
		out[i] = (unsigned char)(high << 4 | low);
	}
	return hex[2 * bytes] == '\0';
}

int digest_parse(const char *text, struct digest *ret_digest, struct err *err)
{
	if (!text)
		return err_set(err, ERR_FORMAT, "digest is missing");
	for (size_t i = 0; i < sizeof(ALGORITHMS) / sizeof(ALGORITHMS[0]); i++) {
		struct digest digest = { .algorithm = ALGORITHMS[i].algorithm };
		size_t prefix = strlen(ALGORITHMS[i].prefix);

		if (strncmp(text, ALGORITHMS[i].prefix, prefix) != 0)
			continue;
		if (!hex_read(text + prefix, digest.bytes, hash_size(digest.algorithm)))
			break;
		*ret_digest = digest;
		return 0;
	}
	return err_set(err, ERR_FORMAT,
		       "'%.150s' is no digest: sha256 or sha512 with lower-case hex is expected",
		       text);
}

static char *hex_write(const struct digest *digest, size_t bytes, char *out)
{
	for (size_t i = 0; i < bytes; i++) {
		*out++ = HEX[digest->bytes[i] >> 4];
		*out++ = HEX[digest->bytes[i] & 15];
	}
	*out = '\0';
	return out;
}

/* Both prefixes have the same length. */
static char *prefix_write(const struct digest *digest, char *out)
{
	const char *prefix = ALGORITHMS[digest->algorithm == HASH_SHA512].prefix;
	size_t len = strlen(prefix);

	memcpy(out, prefix, len);
	return out + len;
}

const char *digest_text(const struct digest *digest, char out[DIGEST_TEXT])
{
	hex_write(digest, hash_size(digest->algorithm), prefix_write(digest, out));
	return out;
}

const char *digest_hex(const struct digest *digest, char out[DIGEST_TEXT])
{
	hex_write(digest, hash_size(digest->algorithm), out);
	return out;
}

const char *digest_short(const struct digest *digest, char out[DIGEST_TEXT])
{
	hex_write(digest, 6, prefix_write(digest, out));
	return out;
}

const char *digest_path(const struct digest *digest, char out[DIGEST_PATH])
{
	static const char FOLDER[] = "blobs/";
	char *text = out + strlen(FOLDER);

	memcpy(out, FOLDER, strlen(FOLDER));
	digest_text(digest, text);
	*strchr(text, ':') = '/';
	return out;
}

bool digest_from_path(const char *path, struct digest *ret_digest)
{
	char text[DIGEST_TEXT];

	if (strncmp(path, "blobs/", 6) != 0 || strlen(path + 6) >= sizeof(text))
		return false;
	memcpy(text, path + 6, strlen(path + 6) + 1);
	char *slash = strchr(text, '/');

	if (!slash)
		return false;
	*slash = ':';
	return digest_parse(text, ret_digest, NULL) == 0;
}

bool digest_equal(const struct digest *a, const struct digest *b)
{
	return a->algorithm == b->algorithm &&
	       memcmp(a->bytes, b->bytes, hash_size(a->algorithm)) == 0;
}

int digest_of_as(enum hash_algorithm algorithm, const void *bytes, size_t len,
		 struct digest *ret_digest, struct err *err)
{
	CLEANUP(hash_freep) struct hash *hash = NULL;
	struct digest digest = { .algorithm = algorithm };

	if (hash_new(algorithm, &hash, err) < 0)
		return -ERR_NOMEM;
	hash_update(hash, bytes, len);
	hash_value(hash, digest.bytes);
	*ret_digest = digest;
	return 0;
}

int digest_of(const void *bytes, size_t len, struct digest *ret_digest, struct err *err)
{
	return digest_of_as(HASH_SHA256, bytes, len, ret_digest, err);
}
