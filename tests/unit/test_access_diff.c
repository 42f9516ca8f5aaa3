/* Where two identities are not allowed the same. */
#include "access/access_diff.h"

#include "lib/kept.h"

static struct access_diff compare(const struct kept *kept, const struct identity *a,
				  const struct identity *b)
{
	struct access_map *first, *second;
	struct access_diff diff;
	struct err err = { 0 };

	assert_int_equal(access_map_build(kept->tree, 1, a, NULL, &first, &err), 0);
	assert_int_equal(access_map_build(kept->tree, 1, b, NULL, &second, &err), 0);
	assert_int_equal(access_diff(kept->tree, 1, first, second, NULL, &diff, &err), 0);
	access_map_free(first);
	access_map_free(second);
	return diff;
}

static void all_are_counted_and_the_topmost_are_listed(void **state)
{
	static const struct identity A = { .uid = 1000, .gid = 100 };
	static const struct identity B = { .uid = 1000, .gid = 0 };
	struct kept kept;
	struct tb tar = { 0 };

	(void)state;
	tb_dir(&tar, "a", 0755, 0, 0);
	tb_file(&tar, "a/same", 0644, 0, 0, "");
	tb_dir(&tar, "b", 0750, 0, 0);
	tb_file(&tar, "b/below", 0644, 0, 0, "");
	tb_file(&tar, "c", 0640, 0, 0, "");
	tb_file(&tar, "d", 0604, 0, 100, "");
	kept_open(&kept, &tar);

	struct access_diff diff = compare(&kept, &A, &B);

	assert_int_equal(diff.count, 4);
	assert_int_equal(diff.first_count, 3);
	assert_int_equal(diff.first[0].v, tree_find(kept.tree, "b").v);
	assert_int_equal(diff.first[1].v, tree_find(kept.tree, "c").v);
	assert_int_equal(diff.first[2].v, tree_find(kept.tree, "d").v);
	assert_int_equal(compare(&kept, &A, &A).count, 0);
	kept_done(&kept);
}

static void a_cancelled_walk_says_so(void **state)
{
	static const struct identity A = { .uid = 1000, .gid = 100 };
	struct kept kept;
	struct tb tar = { 0 };
	struct cancel cancel = { 0 };
	struct access_map *map;
	struct access_diff diff;

	(void)state;
	tb_dir(&tar, "a", 0755, 0, 0);
	kept_open(&kept, &tar);
	assert_int_equal(access_map_build(kept.tree, 1, &A, NULL, &map, NULL), 0);
	cancel_request(&cancel);
	assert_int_equal(access_diff(kept.tree, 1, map, map, &cancel, &diff, NULL),
			 -ERR_CANCELLED);
	access_map_free(map);
	kept_done(&kept);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_are_counted_and_the_topmost_are_listed),
		cmocka_unit_test(a_cancelled_walk_says_so),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
