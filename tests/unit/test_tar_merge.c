/* Who wins when several headers describe one entry. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "core/tar/tar_priv.h"

static struct tar__group group;
static struct tar_entry entry;
static struct problem_list problems;

static int begin(void **state)
{
	(void)state;
	group = (struct tar__group){ .header = {
					     .typeflag = '0', .name = "block", .name_len = 5 } };
	return 0;
}

static int done(void **state)
{
	(void)state;
	problem_list_done(&problems);
	problems = (struct problem_list){ 0 };
	return 0;
}

static void set(enum tar__key key, const char *text)
{
	group.has_pax = true;
	group.pax.known[key] = (struct tar__value){ text, strlen(text) };
}

static const char *merge(void)
{
	return tar__merge(&group, &problems, &entry);
}

static void a_gnu_name_wins_over_pax_over_the_block(void **state)
{
	char gnu[] = "gnu";

	(void)state;
	assert_null(merge());
	assert_string_equal(entry.path, "block");
	set(KEY_PATH, "pax");
	assert_null(merge());
	assert_string_equal(entry.path, "pax");
	group.long_name = (struct tar__text){ .bytes = gnu, .len = 3 };
	assert_null(merge());
	assert_string_equal(entry.path, "gnu");
	assert_int_equal(entry.oddities, TAR_ODD_MIXED);
}

static void a_sparse_name_wins_over_all(void **state)
{
	(void)state;
	set(KEY_PATH, "pax");
	set(KEY_SPARSE_MAP, "0,1");
	set(KEY_SPARSE_NAME, "sparse");
	set(KEY_SPARSE_SIZE, "99");
	assert_null(merge());
	assert_string_equal(entry.path, "sparse");
	assert_int_equal(entry.size, 99);
	assert_int_equal(entry.stored, 0);
}

static void an_unknown_sparse_format_is_a_plain_file(void **state)
{
	(void)state;
	set(KEY_SPARSE_MAJOR, "2");
	set(KEY_SPARSE_MINOR, "0");
	set(KEY_SPARSE_NAME, "sparse");
	assert_null(merge());
	assert_string_equal(entry.path, "block");
}

static void a_sparse_directory_is_damage(void **state)
{
	(void)state;
	group.header.typeflag = '5';
	set(KEY_SPARSE_MAP, "0,1");
	assert_non_null(merge());
}

static void a_sparse_file_of_star_is_damage(void **state)
{
	(void)state;
	group.header.typeflag = 'S';
	group.header.format = FORMAT_STAR;
	assert_non_null(merge());
}

static void a_large_size_in_pax_is_not_odd(void **state)
{
	(void)state;
	set(KEY_SIZE, "10000000000");
	assert_null(merge());
	assert_int_equal(entry.size, 10000000000);
	assert_int_equal(entry.oddities, 0);
}

static void a_negative_size_is_damage_but_for_links(void **state)
{
	(void)state;
	group.header.size = -1;
	assert_non_null(merge());
	group.header.typeflag = '1';
	assert_null(merge());
	assert_int_equal(entry.stored, 0);
}

static void the_type_bits_of_a_mode_are_dropped(void **state)
{
	(void)state;
	group.header.mode = 0100644;
	assert_null(merge());
	assert_int_equal(entry.mode, 0644);
}

static void a_device_is_never_cut(void **state)
{
	(void)state;
	group.header.dev_major = (int64_t)1 << 33;
	group.header.dev_minor = -1;
	assert_null(merge());
	assert_int_equal(entry.dev_major, UINT32_MAX);
	assert_int_equal(entry.dev_minor, UINT32_MAX);
}

static void each_oddity_is_a_problem(void **state)
{
	(void)state;
	set(KEY_UID, "-7");
	set(KEY_MTIME, "tomorrow");
	group.pax.had_nul = true;
	assert_null(merge());
	assert_int_equal(entry.oddities, TAR_ODD_ID | TAR_ODD_TIME | TAR_ODD_NUL);
	assert_int_equal(problems.all.count, 4);
}

static void what_go_reads_otherwise_than_other_tools_is_odd(void **state)
{
	(void)state;
	group.has_pax = true;
	group.pax.had_empty = group.pax.had_acl = true;
	group.header.has_stray_sparse = true;
	assert_null(merge());
	assert_int_equal(entry.oddities, TAR_ODD_EMPTY | TAR_ODD_ACL | TAR_ODD_GNU);
	assert_int_equal(problems.all.count, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_gnu_name_wins_over_pax_over_the_block, begin,
						done),
		cmocka_unit_test_setup_teardown(a_sparse_name_wins_over_all, begin, done),
		cmocka_unit_test_setup_teardown(an_unknown_sparse_format_is_a_plain_file, begin,
						done),
		cmocka_unit_test_setup_teardown(a_sparse_directory_is_damage, begin, done),
		cmocka_unit_test_setup_teardown(a_sparse_file_of_star_is_damage, begin, done),
		cmocka_unit_test_setup_teardown(a_large_size_in_pax_is_not_odd, begin, done),
		cmocka_unit_test_setup_teardown(a_negative_size_is_damage_but_for_links, begin,
						done),
		cmocka_unit_test_setup_teardown(the_type_bits_of_a_mode_are_dropped, begin, done),
		cmocka_unit_test_setup_teardown(a_device_is_never_cut, begin, done),
		cmocka_unit_test_setup_teardown(each_oddity_is_a_problem, begin, done),
		cmocka_unit_test_setup_teardown(what_go_reads_otherwise_than_other_tools_is_odd, begin, done),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
