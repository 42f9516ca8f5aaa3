/* The bytes of an ACL for tests, valid or not; independent of the product's decoder. */
#ifndef TESTS_LIB_ACLS_H
#define TESTS_LIB_ACLS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct acl_row {
	unsigned tag, perm;
	int64_t id; /* -1: none */
};

#define ACL_BYTES(rows) (4 + 8 * (rows))

/* Into out[ACL_BYTES(count)]; its length. */
static inline size_t acl_bytes(unsigned char *out, const struct acl_row *rows, size_t count)
{
	static const unsigned char FORMAT[] = { 2, 0, 0, 0 };

	memcpy(out, FORMAT, sizeof(FORMAT));
	for (size_t i = 0; i < count; i++) {
		uint32_t values[] = { rows[i].tag | rows[i].perm << 16, (uint32_t)rows[i].id };

		for (size_t byte = 0; byte < 8; byte++)
			out[4 + 8 * i + byte] =
				(unsigned char)(values[byte / 4] >> 8 * (byte % 4));
	}
	return ACL_BYTES(count);
}

#endif
