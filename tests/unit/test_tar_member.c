/* Member headers are read back by the reader of the same stage. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "core/tar/tar_priv.h"
#include "tar/tar_member.h"
#include "tar/tar_reader.h"

#define TEN "0123456789"

enum { NAME_MOST = 100 };

static void assert_read_back(const char *name, int64_t size, int64_t mtime)
{
	unsigned char block[TAR_BLOCK];
	struct tar__header header;

	memset(block, 0xff, sizeof(block));
	assert_int_equal(tar_member_header(name, (uint64_t)size, mtime, block, NULL), 0);
	assert_true(tar_is_header(block));
	assert_int_equal(tar__format_of(block), FORMAT_USTAR);
	assert_null(tar__header_parse(block, &header));
	assert_string_equal(header.name, name);
	assert_int_equal(header.typeflag, '0');
	assert_int_equal(header.size, size);
	assert_int_equal(header.mtime, mtime);
	assert_int_equal(header.mode, 0644);
	assert_int_equal(header.uid, 0);
	assert_int_equal(header.gid, 0);
}

static void a_header_says_what_was_asked_for(void **state)
{
	(void)state;
	assert_read_back("manifest.json", 0, 0);
	assert_read_back("blobs/sha256/00", 1234567, 1700000000);
}

static void numbers_that_octal_cannot_hold_come_back(void **state)
{
	(void)state;
	assert_read_back("x", 077777777777, 077777777777);
	assert_read_back("x", 0100000000000, 0100000000000);
	assert_read_back("x", INT64_MAX, -1);
}

static void a_hundred_bytes_are_a_name(void **state)
{
	static const char name[] = TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN;

	(void)state;
	assert_int_equal(strlen(name), NAME_MOST);
	assert_read_back(name, 1, 0);
}

static void an_empty_or_longer_name_is_refused(void **state)
{
	static const char name[] = TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN "x";
	unsigned char block[TAR_BLOCK];
	struct err err = { 0 };

	(void)state;
	assert_int_equal(tar_member_header(name, 1, 0, block, &err), -ERR_INVALID);
	assert_non_null(strstr(err.text, name));
	assert_int_equal(tar_member_header("", 1, 0, block, NULL), -ERR_INVALID);
}

static void the_same_member_gives_the_same_bytes(void **state)
{
	unsigned char first[TAR_BLOCK] = { 1 }, second[TAR_BLOCK] = { 2 };

	(void)state;
	assert_int_equal(tar_member_header("x", 5, 7, first, NULL), 0);
	assert_int_equal(tar_member_header("x", 5, 7, second, NULL), 0);
	assert_memory_equal(first, second, TAR_BLOCK);
	assert_memory_equal(first + 100,
			    "0000644\0"
			    "0000000\0"
			    "0000000\0"
			    "00000000005\0",
			    36);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_header_says_what_was_asked_for),
		cmocka_unit_test(numbers_that_octal_cannot_hold_come_back),
		cmocka_unit_test(a_hundred_bytes_are_a_name),
		cmocka_unit_test(an_empty_or_longer_name_is_refused),
		cmocka_unit_test(the_same_member_gives_the_same_bytes),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
