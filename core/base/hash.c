/* Digests by libcrypto's EVP; see base/hash.h. */
#include "base/hash.h"

#include <openssl/evp.h>
#include <string.h>

struct hash {
	EVP_MD_CTX *running;
	EVP_MD_CTX *copy; /* for hash_value(), after which more may follow */
};

size_t hash_size(enum hash_algorithm algorithm)
{
	return algorithm == HASH_SHA512 ? 64 : 32;
}

int hash_new(enum hash_algorithm algorithm, struct hash **ret_hash, struct err *err)
{
	const EVP_MD *md = algorithm == HASH_SHA512 ? EVP_sha512() : EVP_sha256();
	struct hash *hash = calloc(1, sizeof(*hash));

	if (!hash)
		return err_nomem(err);
	hash->running = EVP_MD_CTX_new();
	hash->copy = EVP_MD_CTX_new();
	if (!hash->running || !hash->copy || !EVP_DigestInit_ex(hash->running, md, NULL)) {
		hash_free(hash);
		return err_nomem(err);
	}
	*ret_hash = hash;
	return 0;
}

void hash_free(struct hash *hash)
{
	if (!hash)
		return;
	EVP_MD_CTX_free(hash->running);
	EVP_MD_CTX_free(hash->copy);
	free(hash);
}

void hash_freep(struct hash **hash)
{
	hash_free(*hash);
}

void hash_update(struct hash *hash, const void *bytes, size_t len)
{
	EVP_DigestUpdate(hash->running, bytes, len);
}

void hash_value(const struct hash *hash, unsigned char *ret_value)
{
	/* libcrypto may still fail to copy: the value is then one that nothing has. */
	if (!EVP_MD_CTX_copy_ex(hash->copy, hash->running) ||
	    !EVP_DigestFinal_ex(hash->copy, ret_value, NULL))
		memset(ret_value, 0, (size_t)EVP_MD_CTX_size(hash->running));
}
