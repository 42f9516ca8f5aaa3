/* ACLs as the kernel reads them after the engines' chmod(). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "access/access.h"
#include "lib/acls.h"
#include "lib/trees.h"

enum { ROWS = 7, EXECUTE = ACCESS_EXECUTE, WRITE = ACCESS_WRITE, READ = ACCESS_READ };

static const struct acl_row ACL[ROWS] = {
	{ ACL_USER_OBJ, 7, -1 }, { ACL_USER, READ | WRITE, 1000 }, { ACL_GROUP_OBJ, 0, -1 },
	{ ACL_GROUP, READ, 44 }, { ACL_GROUP, WRITE, 45 },         { ACL_MASK, 7, -1 },
	{ ACL_OTHER, 7, -1 },
};

/* "plain" has no ACL, "acl" has the one above, "bad" has half of it. All are 0:100. */
static void open_tree(struct tf *tf)
{
	unsigned char bytes[ACL_BYTES(ROWS)];
	size_t len = acl_bytes(bytes, ACL, ROWS);
	const struct tb_xattr good[] = { { "user.x", "y", 1 },
					 { ACL_ACCESS_XATTR, bytes, len },
					 { NULL, NULL, 0 } };
	const struct tb_xattr bad[] = { { ACL_ACCESS_XATTR, bytes, len / 2 }, { NULL, NULL, 0 } };
	struct tb tar = { 0 };

	tb_file(&tar, "plain", 0640, 0, 100, "");
	tb_add(&tar, &(struct tb_entry){
			     .path = "acl", .type = '0', .mode = 0640, .gid = 100, .xattrs = good });
	tb_add(&tar, &(struct tb_entry){
			     .path = "bad", .type = '0', .mode = 0640, .gid = 100, .xattrs = bad });
	tf_layer(tf, &tar);
	tf_build(tf);
}

struct row {
	struct identity who;
	const char *path;
	unsigned mode, wanted;
	enum access_class class;
	unsigned bits;
	int64_t id;
};

static void check(const struct row *rows, size_t count)
{
	struct tf tf = { 0 };

	open_tree(&tf);
	for (size_t i = 0; i < count; i++) {
		struct tree_stat stat;

		assert_true(tree_stat(tf.tree, tree_find(tf.tree, rows[i].path), 1, &stat));
		stat.mode = rows[i].mode;

		struct access_grant grant =
			access_inode(&rows[i].who, tf.tree, &stat, rows[i].wanted);

		assert_int_equal(grant.class, rows[i].class);
		assert_int_equal(grant.bits, rows[i].bits);
		assert_int_equal(grant.entry.id, rows[i].id);
	}
	tf_done(&tf);
}

#define CHECK(rows) check(rows, sizeof(rows) / sizeof(*(rows)))

/* clang-format off */
static const struct identity USER = { .uid = 1000, .gid = 1 };
static const struct identity OTHER = { .uid = 1001, .gid = 1 };
static const struct identity GROUP = { .uid = 1001, .gid = 44 };
static const struct identity GROUPS = { .uid = 1001, .gid = 45, .groups = { 44 }, .group_count = 1 };
static const struct identity OWNING = { .uid = 1001, .gid = 100 };
static const struct identity ROOT = { .uid = 0 };
/* clang-format on */

static void the_entry_of_the_user_decides_and_the_mask_cuts_it(void **state)
{
	const struct row ROWS_OF_USER[] = {
		{ USER, "acl", 0660, READ, CLASS_ACL_USER, READ | WRITE, 1000 },
		{ USER, "acl", 0640, WRITE, CLASS_ACL_USER, READ, 1000 },
		{ USER, "acl", 0617, READ, CLASS_ACL_USER, 0, 1000 },
	};

	(void)state;
	CHECK(ROWS_OF_USER);
}

static void without_a_bit_for_the_group_the_acl_is_not_read(void **state)
{
	const struct row ROWS_OF_MODE[] = {
		{ USER, "acl", 0604, READ, CLASS_OTHER, READ, 0 },
		{ OWNING, "acl", 0604, READ, CLASS_GROUP, 0, 0 },
	};

	(void)state;
	CHECK(ROWS_OF_MODE);
}

static void one_group_entry_must_have_all_that_is_wanted(void **state)
{
	const struct row ROWS_OF_GROUPS[] = {
		{ GROUPS, "acl", 0670, READ, CLASS_ACL_GROUP, READ, 44 },
		{ GROUPS, "acl", 0670, WRITE, CLASS_ACL_GROUP, WRITE, 45 },
		{ GROUPS, "acl", 0670, READ | WRITE, CLASS_ACL_GROUP, READ, 44 },
		{ GROUP, "acl", 0677, WRITE, CLASS_ACL_GROUP, READ, 44 },
		{ OWNING, "acl", 0677, READ, CLASS_ACL_GROUP, 0, 100 },
	};

	(void)state;
	CHECK(ROWS_OF_GROUPS);
}

static void owner_other_and_root_are_the_modes(void **state)
{
	const struct identity powerless = { .uid = 0, .gid = 5, .no_caps = true };
	const struct row ROWS_OF_OTHERS[] = {
		{ OTHER, "acl", 0674, READ, CLASS_OTHER, READ, 0 },
		{ ROOT, "acl", 0070, READ, CLASS_ROOT, 7, 0 },
		{ powerless, "acl", 0070, READ, CLASS_OWNER, 0, 0 },
	};

	(void)state;
	CHECK(ROWS_OF_OTHERS);
}

static void a_malformed_acl_is_as_none(void **state)
{
	const struct row ROWS_OF_BAD[] = {
		{ USER, "bad", 0640, READ, CLASS_OTHER, 0, 0 },
		{ OWNING, "bad", 0640, READ, CLASS_GROUP, READ, 0 },
		{ OWNING, "plain", 0640, READ, CLASS_GROUP, READ, 0 },
	};

	(void)state;
	CHECK(ROWS_OF_BAD);
}

static void each_bit_by_itself_may_come_from_another_entry(void **state)
{
	struct tf tf = { 0 };
	struct tree_stat stat;

	(void)state;
	open_tree(&tf);
	assert_true(tree_stat(tf.tree, tree_find(tf.tree, "acl"), 1, &stat));
	stat.mode = 0670;
	assert_int_equal(access_inode_bits(&GROUPS, tf.tree, &stat), READ | WRITE);
	stat.mode = 0640;
	assert_int_equal(access_inode_bits(&GROUPS, tf.tree, &stat), READ);
	assert_int_equal(access_inode_bits(&USER, tf.tree, &stat), READ);
	tf_done(&tf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_entry_of_the_user_decides_and_the_mask_cuts_it),
		cmocka_unit_test(without_a_bit_for_the_group_the_acl_is_not_read),
		cmocka_unit_test(one_group_entry_must_have_all_that_is_wanted),
		cmocka_unit_test(owner_other_and_root_are_the_modes),
		cmocka_unit_test(a_malformed_acl_is_as_none),
		cmocka_unit_test(each_bit_by_itself_may_come_from_another_entry),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
