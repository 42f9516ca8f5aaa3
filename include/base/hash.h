/* SHA-256 and SHA-512 over bytes as they pass (libcrypto). */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum hash_algorithm { HASH_SHA256, HASH_SHA512 };
enum { HASH_MAX_BYTES = 64 };

struct hash;

/* Bytes of a value: 32 or 64. */
size_t hash_size(enum hash_algorithm algorithm);

/* ERR_NOMEM. Free with hash_free(); NULL is fine there. */
int hash_new(enum hash_algorithm algorithm, struct hash **ret_hash, struct err *err);
void hash_free(struct hash *hash);
void hash_freep(struct hash **hash);

void hash_update(struct hash *hash, const void *bytes, size_t len);

/* The value of all bytes so far; more may follow. ret_value: hash_size() bytes. */
void hash_value(const struct hash *hash, unsigned char *ret_value);

#endif
