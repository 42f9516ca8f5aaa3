/* Hashing an uncompressed layer later than indexing it. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <unistd.h>

#include "lib/trees.h"

static void an_uncompressed_layer_is_hashed_when_asked(void **state)
{
	unsigned char blob[32], plain[32], value[32];
	struct layer_index *index;
	struct err err = { 0 };
	struct tb tar = { 0 };

	(void)state;
	tb_file(&tar, "f", 0644, 0, 0, "text");
	tb_end(&tar);

	int fd = tf_memory_file(tar.bytes, tar.len);
	const struct stream_span span = { fd, 0, tar.len };

	assert_int_equal(layer_index_build(&span, NULL, &index, &err), 0);
	assert_false(layer_hashes(index, blob, plain));
	assert_int_equal(layer_hash_span(&span, NULL, NULL, value, &err), 0);

	struct hash *hash;

	assert_int_equal(hash_new(HASH_SHA256, &hash, &err), 0);
	hash_update(hash, tar.bytes, tar.len);
	hash_value(hash, plain);
	assert_memory_equal(value, plain, 32);
	hash_free(hash);
	layer_index_free(index);
	tb_free(&tar);
	close(fd);
}

static void a_shorter_layer_is_an_error(void **state)
{
	unsigned char value[32];
	struct err err = { 0 };
	int fd = tf_memory_file("1234", 4);
	const struct stream_span span = { fd, 0, 5 };

	(void)state;
	assert_int_equal(layer_hash_span(&span, NULL, NULL, value, &err), -ERR_FORMAT);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_uncompressed_layer_is_hashed_when_asked),
		cmocka_unit_test(a_shorter_layer_is_an_error),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
