/* SipHash-1-3 against known values, and what a key is for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/keyed_hash.h"

/* Key and message bytes 0, 1, 2, …, as in the vectors of the authors. */
static const struct hash_key KEY = { UINT64_C(0x0706050403020100), UINT64_C(0x0f0e0d0c0b0a0908) };

static void known_values(void **state)
{
	static const struct {
		size_t len;
		uint64_t hash;
	} vectors[] = {
		{ 0, UINT64_C(0xabac0158050fc4dc) },  { 1, UINT64_C(0xc9f49bf37d57ca93) },
		{ 7, UINT64_C(0xd3927d989bb11140) },  { 8, UINT64_C(0x369095118d299a8e) },
		{ 9, UINT64_C(0x25a48eb36c063de4) },  { 15, UINT64_C(0xd320d86d2a519956) },
		{ 16, UINT64_C(0xcc4fdd1a7d908b66) }, { 63, UINT64_C(0x9d199062b7bbb3a8) },
	};
	unsigned char bytes[64];

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)i;
	for (size_t i = 0; i < sizeof(vectors) / sizeof(*vectors); i++)
		assert_true(keyed_hash(&KEY, bytes, vectors[i].len) == vectors[i].hash);
}

static void the_address_of_the_bytes_does_not_matter(void **state)
{
	static const char bytes[] = "xetc/passwd etc/passwd";

	(void)state;
	assert_true(keyed_hash(&KEY, bytes + 1, 10) == keyed_hash(&KEY, bytes + 12, 10));
}

static void every_part_of_the_key_matters(void **state)
{
	struct hash_key other = KEY;

	(void)state;
	other.k0 ^= 1;
	assert_true(keyed_hash(&KEY, "usr", 3) != keyed_hash(&other, "usr", 3));
	other = KEY;
	other.k1 ^= UINT64_C(1) << 63;
	assert_true(keyed_hash(&KEY, "usr", 3) != keyed_hash(&other, "usr", 3));
}

static void keys_are_not_the_same_twice(void **state)
{
	struct hash_key one = hash_key_new(), two = hash_key_new();

	(void)state;
	assert_true(one.k0 != two.k0 || one.k1 != two.k1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_values),
		cmocka_unit_test(the_address_of_the_bytes_does_not_matter),
		cmocka_unit_test(every_part_of_the_key_matters),
		cmocka_unit_test(keys_are_not_the_same_twice),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
