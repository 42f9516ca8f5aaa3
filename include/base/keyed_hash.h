/*
 * SipHash-1-3 (Aumasson, Bernstein): a hash for tables whose keys come from
 * an image. The key is drawn once per table, so nobody can prepare collisions.
 */
#ifndef BASE_KEYED_HASH_H
#define BASE_KEYED_HASH_H

#include <stddef.h>
#include <stdint.h>

struct hash_key {
	uint64_t k0, k1;
};

/* A random key; falls back to addresses and the clock if getrandom() fails. */
struct hash_key hash_key_new(void);

uint64_t keyed_hash(const struct hash_key *key, const void *bytes, size_t len);

#endif
