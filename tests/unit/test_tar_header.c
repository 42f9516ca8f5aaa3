/* One header block: checksum, format, name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "core/tar/tar_priv.h"
#include "lib/build.h"
#include "tar/tar_reader.h"

static void make_block(unsigned char *block, const char *path, char type)
{
	struct tb tar = { 0 };

	tb_add(&tar, &(struct tb_entry){ .path = path, .type = type, .mode = 0644 });
	memcpy(block, tar.bytes, TAR_BLOCK);
	tb_free(&tar);
}

static void a_checksum_is_checked(void **state)
{
	unsigned char block[TAR_BLOCK];

	(void)state;
	make_block(block, "a", '0');
	assert_true(tar_is_header(block));
	block[0] ^= 1;
	assert_false(tar_is_header(block));
	memset(block, 0, sizeof(block));
	assert_false(tar_is_header(block));
}

static void a_signed_sum_is_a_checksum_too(void **state)
{
	unsigned char block[TAR_BLOCK];

	(void)state;
	make_block(block, "caf\xe9", '0');
	assert_false(tar__sum_is_signed(block));
	tar__seal_alike(block, true);
	assert_true(tar_is_header(block));
	assert_true(tar__sum_is_signed(block));
}

static void a_prefix_goes_before_the_name(void **state)
{
	unsigned char block[TAR_BLOCK];
	struct tar__header header;

	(void)state;
	make_block(block, "name", '0');
	memcpy(tar__field(block, FIELD_PREFIX), "some/where", 10);
	assert_null(tar__header_parse(block, &header));
	assert_string_equal(header.name, "some/where/name");
	assert_int_equal(header.name_len, 15);
}

static void gnu_has_no_prefix_unless_old_go_wrote_it(void **state)
{
	unsigned char block[TAR_BLOCK];
	struct tar__header header;

	(void)state;
	make_block(block, "name", '0');
	memcpy(tar__field(block, FIELD_MAGIC), "ustar  ", 8);
	memcpy(tar__field(block, FIELD_GNU_ATIME), "14000000000", 12);
	assert_null(tar__header_parse(block, &header));
	assert_int_equal(header.format, FORMAT_GNU);
	assert_string_equal(header.name, "name");
	memcpy(tar__field(block, FIELD_GNU_ATIME), "a/long/dir", 11);
	assert_null(tar__header_parse(block, &header));
	assert_string_equal(header.name, "a/long/dir/name");
}

static void v7_knows_no_devices_and_no_prefix(void **state)
{
	unsigned char block[TAR_BLOCK];
	struct tar__header header;

	(void)state;
	make_block(block, "name", '0');
	memset(tar__field(block, FIELD_MAGIC), 0, 8);
	memcpy(tar__field(block, FIELD_MAJOR), "rubbish", 7);
	memcpy(tar__field(block, FIELD_PREFIX), "prefix", 6);
	assert_null(tar__header_parse(block, &header));
	assert_int_equal(header.format, FORMAT_V7);
	assert_string_equal(header.name, "name");
}

static void a_bad_number_is_named(void **state)
{
	unsigned char block[TAR_BLOCK];
	struct tar__header header;

	(void)state;
	make_block(block, "name", '0');
	memcpy(tar__field(block, FIELD_GID), "12x", 3);
	assert_string_equal(tar__header_parse(block, &header), "gid");
}

static void a_full_name_needs_no_nul(void **state)
{
	unsigned char block[TAR_BLOCK];
	struct tar__header header;

	(void)state;
	make_block(block, "name", '0');
	memset(tar__field(block, FIELD_NAME), 'n', 100);
	memset(tar__field(block, FIELD_LINK), 'l', 100);
	memset(tar__field(block, FIELD_PREFIX), 'p', 155);
	assert_null(tar__header_parse(block, &header));
	assert_int_equal(strlen(header.name), 256);
	assert_int_equal(header.name_len, 256);
	assert_int_equal(strlen(header.link), 100);
}

static void parts_of_a_sparse_file_stray_in_gnu_headers_of_others(void **state)
{
	unsigned char block[TAR_BLOCK];
	struct tar__header header;

	(void)state;
	make_block(block, "name", '0');
	memcpy(tar__field(block, FIELD_GNU_REAL_SIZE), "17", 2);
	assert_null(tar__header_parse(block, &header));
	assert_false(header.has_stray_sparse);
	memcpy(tar__field(block, FIELD_MAGIC), "ustar  ", 8);
	assert_null(tar__header_parse(block, &header));
	assert_true(header.has_stray_sparse);
	*tar__field(block, FIELD_TYPE) = 'S';
	assert_null(tar__header_parse(block, &header));
	assert_false(header.has_stray_sparse);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_checksum_is_checked),
		cmocka_unit_test(a_signed_sum_is_a_checksum_too),
		cmocka_unit_test(a_prefix_goes_before_the_name),
		cmocka_unit_test(gnu_has_no_prefix_unless_old_go_wrote_it),
		cmocka_unit_test(v7_knows_no_devices_and_no_prefix),
		cmocka_unit_test(a_bad_number_is_named),
		cmocka_unit_test(parts_of_a_sparse_file_stray_in_gnu_headers_of_others),
		cmocka_unit_test(a_full_name_needs_no_nul),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
