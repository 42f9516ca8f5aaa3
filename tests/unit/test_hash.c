/* SHA-2 over bytes as they pass. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/hash.h"

static void assert_value(const struct hash *hash, size_t size, const char *hex)
{
	unsigned char value[HASH_MAX_BYTES];
	char text[HASH_MAX_BYTES * 2 + 1];

	hash_value(hash, value);
	for (size_t i = 0; i < size; i++)
		snprintf(text + 2 * i, 3, "%02x", value[i]);
	assert_string_equal(text, hex);
}

static void sha256_of_abc(void **state)
{
	CLEANUP(hash_freep) struct hash *hash = NULL;

	(void)state;
	assert_int_equal(hash_new(HASH_SHA256, &hash, NULL), 0);
	hash_update(hash, "abc", 3);
	assert_value(hash, hash_size(HASH_SHA256),
		     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void sha512_of_abc(void **state)
{
	CLEANUP(hash_freep) struct hash *hash = NULL;

	(void)state;
	assert_int_equal(hash_new(HASH_SHA512, &hash, NULL), 0);
	hash_update(hash, "abc", 3);
	assert_value(hash, hash_size(HASH_SHA512),
		     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
		     "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
}

static void more_bytes_may_follow_a_value(void **state)
{
	CLEANUP(hash_freep) struct hash *hash = NULL;

	(void)state;
	assert_int_equal(hash_new(HASH_SHA256, &hash, NULL), 0);
	assert_value(hash, 32, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	hash_update(hash, "a", 1);
	assert_value(hash, 32, "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb");
	hash_update(hash, "bc", 2);
	assert_value(hash, 32, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void nothing_is_free_to_free(void **state)
{
	(void)state;
	hash_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sha256_of_abc),
		cmocka_unit_test(sha512_of_abc),
		cmocka_unit_test(more_bytes_may_follow_a_value),
		cmocka_unit_test(nothing_is_free_to_free),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
