/* Digests as text: strict in, the same out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "oci/digest.h"

#define HEX64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void sha256_and_sha512_survive_a_round_trip(void **state)
{
	static const char *const TEXTS[] = { "sha256:" HEX64, "sha512:" HEX64 HEX64 };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct digest digest;
		char text[DIGEST_TEXT];

		assert_int_equal(digest_parse(TEXTS[i], &digest, NULL), 0);
		assert_string_equal(digest_text(&digest, text), TEXTS[i]);
		assert_string_equal(digest_hex(&digest, text), TEXTS[i] + 7);
	}
}

static void what_could_leave_a_folder_is_refused(void **state)
{
	static const char *const BAD[] = {
		"sha256:../../../etc/passwd",
		"sha256:" HEX64 "0",
		"sha256:",
		"sha256:0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef",
		"sha384:" HEX64,
		"SHA256:" HEX64,
		"md5:0123",
		HEX64,
		"",
		"sha512:" HEX64,
		"sha256:" HEX64 "/x",
		" sha256:" HEX64,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++) {
		struct digest digest;
		struct err err = { 0 };

		assert_int_equal(digest_parse(BAD[i], &digest, &err), -ERR_FORMAT);
		assert_non_null(strstr(err.text, "is no digest"));
	}
}

static void a_missing_digest_is_an_error(void **state)
{
	struct digest digest;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(digest_parse(NULL, &digest, &err), -ERR_FORMAT);
	assert_string_equal(err.text, "digest is missing");
}

static void short_form_is_prefix_and_twelve_digits(void **state)
{
	struct digest digest;
	char text[DIGEST_TEXT];

	(void)state;
	assert_int_equal(digest_parse("sha256:" HEX64, &digest, NULL), 0);
	assert_string_equal(digest_short(&digest, text), "sha256:0123456789ab");
}

static void digest_of_bytes_is_sha256(void **state)
{
	struct digest digest, same;
	char text[DIGEST_TEXT];

	(void)state;
	assert_int_equal(digest_of("abc", 3, &digest, NULL), 0);
	assert_string_equal(
		digest_text(&digest, text),
		"sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	assert_int_equal(digest_parse(text, &same, NULL), 0);
	assert_true(digest_equal(&digest, &same));
	same.bytes[31] ^= 1;
	assert_false(digest_equal(&digest, &same));
}

static void another_algorithm_gives_its_own_digest(void **state)
{
	struct digest digest, found;

	(void)state;
	assert_int_equal(
		digest_parse("sha512:"
			     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
			     "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
			     &digest, NULL),
		0);
	assert_int_equal(digest_of_as(HASH_SHA512, "abc", 3, &found, NULL), 0);
	assert_true(digest_equal(&found, &digest));
}

static void blob_paths_are_made_and_understood(void **state)
{
	struct digest digest, again;
	char path[DIGEST_PATH];

	(void)state;
	assert_int_equal(digest_parse("sha256:" HEX64, &digest, NULL), 0);
	assert_string_equal(digest_path(&digest, path), "blobs/sha256/" HEX64);
	assert_true(digest_from_path(path, &again));
	assert_true(digest_equal(&digest, &again));
	assert_false(digest_from_path("blobs/sha256:" HEX64, &again));
	assert_false(digest_from_path("blobs/sha256/" HEX64 "/layer.tar", &again));
	assert_false(digest_from_path(HEX64 "/layer.tar", &again));
	assert_false(digest_from_path("blobs/", &again));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sha256_and_sha512_survive_a_round_trip),
		cmocka_unit_test(what_could_leave_a_folder_is_refused),
		cmocka_unit_test(a_missing_digest_is_an_error),
		cmocka_unit_test(short_form_is_prefix_and_twelve_digits),
		cmocka_unit_test(digest_of_bytes_is_sha256),
		cmocka_unit_test(another_algorithm_gives_its_own_digest),
		cmocka_unit_test(blob_paths_are_made_and_understood),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
