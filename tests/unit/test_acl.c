/* ACLs as the kernel writes them, and what it would refuse. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "layer/acl.h"
#include "lib/acls.h"

static const struct acl_row NAMED[] = {
	{ ACL_USER_OBJ, 7, -1 }, { ACL_USER, 6, 1000 }, { ACL_GROUP_OBJ, 5, -1 },
	{ ACL_GROUP, 4, 44 },    { ACL_MASK, 7, -1 },   { ACL_OTHER, 1, -1 },
};
static const struct acl_row PLAIN[] = {
	{ ACL_USER_OBJ, 7, -1 },
	{ ACL_GROUP_OBJ, 5, -1 },
	{ ACL_OTHER, 1, -1 },
};

enum { ROWS = 6, PLAIN_ROWS = 3 };

static bool reads(const struct acl_row *rows, size_t count)
{
	unsigned char bytes[ACL_BYTES(ROWS)];
	struct acl acl;

	return acl_read(bytes, acl_bytes(bytes, rows, count), &acl);
}

static void entries_come_out_as_they_were_written(void **state)
{
	unsigned char bytes[ACL_BYTES(ROWS)];
	struct acl acl;

	(void)state;
	assert_true(acl_read(bytes, acl_bytes(bytes, NAMED, ROWS), &acl));
	assert_int_equal(acl.count, ROWS);
	assert_true(acl.has_mask);
	for (size_t i = 0; i < ROWS; i++) {
		assert_int_equal(acl_entry(&acl, i).tag, NAMED[i].tag);
		assert_int_equal(acl_entry(&acl, i).perm, NAMED[i].perm);
		assert_int_equal(acl_entry(&acl, i).id, NAMED[i].id);
	}
	assert_string_equal(acl_tag_name(acl_entry(&acl, 1).tag), "user");
	assert_string_equal(acl_tag_name(acl_entry(&acl, 4).tag), "mask");
}

static void chmod_sets_owner_other_and_mask(void **state)
{
	static const unsigned EXPECTED[ROWS] = { 6, 6, 5, 4, 4, 0 };
	unsigned char bytes[ACL_BYTES(ROWS)];
	struct acl acl;

	(void)state;
	assert_true(acl_read(bytes, acl_bytes(bytes, NAMED, ROWS), &acl));
	for (size_t i = 0; i < ROWS; i++)
		assert_int_equal(acl_entry_after_chmod(&acl, i, 0640).perm, EXPECTED[i]);
	assert_int_equal(acl_mask_after_chmod(&acl, 0640), 4);
}

static void chmod_sets_the_group_where_there_is_no_mask(void **state)
{
	unsigned char bytes[ACL_BYTES(ROWS)];
	struct acl acl;

	(void)state;
	assert_true(acl_read(bytes, acl_bytes(bytes, PLAIN, PLAIN_ROWS), &acl));
	assert_int_equal(acl_entry_after_chmod(&acl, 1, 0620).perm, 2);
	assert_int_equal(acl_mask_after_chmod(&acl, 0620), 7);
}

static void what_the_kernel_refuses_is_no_acl(void **state)
{
	static const struct {
		size_t at; /* this row of NAMED is replaced */
		struct acl_row row;
	} BAD[] = {
		{ 1, { ACL_USER, 8, 1000 } },       { 1, { ACL_USER, 6, -1 } },
		{ 1, { 0x03, 6, 1000 } },           { 1, { ACL_GROUP, 6, 1000 } },
		{ 4, { ACL_GROUP, 7, 45 } },        { 5, { ACL_MASK, 7, -1 } },
		{ 0, { ACL_USER, 7, 1 } },          { 2, { ACL_OTHER, 7, -1 } },
		{ 0, { ACL_OTHER, 7, -1 } },        { 3, { ACL_GROUP_OBJ, 7, -1 } },
	};

	(void)state;
	assert_true(reads(NAMED, ROWS));
	for (size_t i = 0; i < sizeof(BAD) / sizeof(*BAD); i++) {
		struct acl_row rows[ROWS];

		memcpy(rows, NAMED, sizeof(rows));
		rows[BAD[i].at] = BAD[i].row;
		assert_false(reads(rows, ROWS));
	}
	assert_false(reads(NAMED, ROWS - 1));
}

static void bytes_that_are_no_acl_are_refused(void **state)
{
	static unsigned char bytes[70000];
	struct acl acl;
	size_t len = acl_bytes(bytes, NAMED, ROWS);

	(void)state;
	assert_false(acl_read(bytes, 0, &acl));
	assert_false(acl_read(bytes, len - 1, &acl));
	assert_false(acl_read(bytes, 4 + 8 * 8200, &acl));
	assert_true(acl_read(bytes, 4, &acl)); /* none at all */
	assert_int_equal(acl.count, 0);
	bytes[0] = 3;
	assert_false(acl_read(bytes, len, &acl));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entries_come_out_as_they_were_written),
		cmocka_unit_test(chmod_sets_owner_other_and_mask),
		cmocka_unit_test(chmod_sets_the_group_where_there_is_no_mask),
		cmocka_unit_test(what_the_kernel_refuses_is_no_acl),
		cmocka_unit_test(bytes_that_are_no_acl_are_refused),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
