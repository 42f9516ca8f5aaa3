/* Two trees at their tops: what counts as the same, and how a difference is named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/trees.h"
#include "tree/tree_compare.h"

/* What every layer of these tests holds but for the entries of 'change'. */
static const struct tb_entry COMMON[] = {
	{ .path = "b", .type = '5', .mode = 0755 },
	{ .path = "b/file", .type = '0', .mode = 0644, .body = "abc", .size = 3 },
	{ .path = "link", .type = '2', .mode = 0777, .link = "b/file" },
};

enum { COMMONS = sizeof(COMMON) / sizeof(*COMMON) };

/* A tree of one layer: COMMON, and then 'change' over it where that is not NULL. */
static void build(struct tf *tf, const struct tb_entry *change)
{
	struct tb tar = { 0 };

	for (size_t i = 0; i < COMMONS; i++)
		tb_add(&tar, &COMMON[i]);
	if (change)
		tb_add(&tar, change);
	tf_layer(tf, &tar);
	tf_build(tf);
}

/* COMMON against itself with 'change'; expected NULL: no difference. */
static void assert_compared(const struct tb_entry *change, const char *expected)
{
	struct tf wanted = { 0 }, have = { 0 };
	struct err err = { 0 };

	build(&wanted, NULL);
	build(&have, change);
	assert_int_equal(tree_compare(wanted.tree, have.tree, &err), expected ? -ERR_FORMAT : 0);
	assert_string_equal(err.text, expected ? expected : "");
	tf_done(&wanted);
	tf_done(&have);
}

static void equal_trees_are_equal(void **state)
{
	(void)state;
	assert_compared(NULL, NULL);
}

static void times_do_not_count(void **state)
{
	const struct tb_entry later = { .path = "b/file",
					.type = '0',
					.mode = 0644,
					.body = "abc",
					.size = 3,
					.mtime = 1700000000 };

	(void)state;
	assert_compared(&later, NULL);
}

static void the_mode_of_a_symlink_does_not_count(void **state)
{
	const struct tb_entry strict = {
		.path = "link", .type = '2', .mode = 0700, .link = "b/file"
	};

	(void)state;
	assert_compared(&strict, NULL);
}

static void another_owner_or_mode_is_told_with_both(void **state)
{
	const struct tb_entry owned = { .path = "b", .type = '5', .mode = 0755, .uid = 1000 };
	const struct tb_entry grouped = { .path = "b", .type = '5', .mode = 0755, .gid = 100 };
	const struct tb_entry closed = { .path = "b", .type = '5', .mode = 01700 };

	(void)state;
	assert_compared(&owned, "'/b' is 0755 1000:0, not 0755 0:0");
	assert_compared(&grouped, "'/b' is 0755 0:100, not 0755 0:0");
	assert_compared(&closed, "'/b' is 1700 0:0, not 0755 0:0");
}

static void another_type_size_or_target_is_told(void **state)
{
	const struct tb_entry empty = { .path = "b/file", .type = '0', .mode = 0644 };
	const struct tb_entry fifo = { .path = "b/file", .type = '6', .mode = 0644 };
	const struct tb_entry target = { .path = "link", .type = '2', .mode = 0777, .link = "b" };

	(void)state;
	assert_compared(&empty, "'/b/file' has another size");
	assert_compared(&fifo, "'/b/file' has another type");
	assert_compared(&target, "'/link' has another target");
}

static void a_path_too_many_at_the_end_is_named(void **state)
{
	const struct tb_entry last = { .path = "z", .type = '0', .mode = 0644 };

	(void)state;
	assert_compared(&last, "'/z' should not be there");
}

static void a_path_too_many_before_others_is_told(void **state)
{
	static const char told[] = "'/b' is missing, or another path is there instead";
	const struct tb_entry first = { .path = "a", .type = '0', .mode = 0644 };

	(void)state;
	assert_compared(&first, told);
}

/* Both walks give the same names here; only the depths tell them apart. */
static void a_child_is_not_taken_for_a_sibling_of_its_parent(void **state)
{
	struct tf wanted = { 0 }, have = { 0 };
	struct tb inside = { 0 }, beside = { 0 };

	(void)state;
	tb_dir(&inside, "a", 0755, 0, 0);
	tb_file(&inside, "a/x", 0644, 0, 0, "");
	tf_layer(&wanted, &inside);
	tf_build(&wanted);
	tb_dir(&beside, "a", 0755, 0, 0);
	tb_file(&beside, "x", 0644, 0, 0, "");
	tf_layer(&have, &beside);
	tf_build(&have);
	assert_int_equal(tree_compare(wanted.tree, have.tree, NULL), -ERR_FORMAT);
	tf_done(&wanted);
	tf_done(&have);
}

static void a_path_too_few_is_named(void **state)
{
	struct tf wanted = { 0 }, have = { 0 };
	const struct tb_entry last = { .path = "z", .type = '0', .mode = 0644 };
	struct err err = { 0 };

	(void)state;
	build(&wanted, &last);
	build(&have, NULL);
	assert_int_equal(tree_compare(wanted.tree, have.tree, &err), -ERR_FORMAT);
	assert_string_equal(err.text, "'/z' is missing");
	tf_done(&wanted);
	tf_done(&have);
}

/* An appended layer gives the tree that a rewritten one gives, too. */
static void only_the_tops_count_not_the_layers(void **state)
{
	struct tf wanted = { 0 }, have = { 0 };
	struct tb lower = { 0 }, upper = { 0 };

	(void)state;
	build(&wanted, NULL);
	tb_dir(&lower, "b", 0700, 5, 5);
	tb_file(&lower, "gone", 0644, 0, 0, "");
	tf_layer(&have, &lower);
	for (size_t i = 0; i < COMMONS; i++)
		tb_add(&upper, &COMMON[i]);
	tb_whiteout(&upper, "gone");
	tf_layer(&have, &upper);
	tf_build(&have);
	assert_int_equal(tree_compare(wanted.tree, have.tree, NULL), 0);
	tf_done(&wanted);
	tf_done(&have);
}

static void one_path_may_differ(void **state)
{
	struct tf wanted = { 0 }, have = { 0 };
	struct tb tar = { 0 };

	(void)state;
	tb_file(&tar, "b", 0600, 0, 0, "more");
	tf_layer(&have, &tar);
	tb_file(&tar, "a", 0600, 0, 0, "");
	tb_file(&tar, "b", 0600, 0, 0, "");
	tf_layer(&wanted, &tar);
	tf_build(&have);
	tf_build(&wanted);
	assert_true(tree_compare_except(wanted.tree, have.tree, "a", NULL) < 0);
	assert_true(tree_compare_except(wanted.tree, have.tree, "b", NULL) < 0);
	tf_done(&have);
	tb_file(&tar, "b", 0600, 0, 0, "");
	have = (struct tf){ 0 };
	tf_layer(&have, &tar);
	tf_build(&have);
	assert_int_equal(tree_compare_except(wanted.tree, have.tree, "a", NULL), 0);
	assert_int_equal(tree_compare_except(have.tree, wanted.tree, "a", NULL), 0);
	tf_done(&wanted);
	tf_done(&have);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal_trees_are_equal),
		cmocka_unit_test(times_do_not_count),
		cmocka_unit_test(the_mode_of_a_symlink_does_not_count),
		cmocka_unit_test(another_owner_or_mode_is_told_with_both),
		cmocka_unit_test(another_type_size_or_target_is_told),
		cmocka_unit_test(a_path_too_many_at_the_end_is_named),
		cmocka_unit_test(a_path_too_many_before_others_is_told),
		cmocka_unit_test(a_child_is_not_taken_for_a_sibling_of_its_parent),
		cmocka_unit_test(a_path_too_few_is_named),
		cmocka_unit_test(only_the_tops_count_not_the_layers),
		cmocka_unit_test(one_path_may_differ),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
