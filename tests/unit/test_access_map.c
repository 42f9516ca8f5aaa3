/* The verdict for all nodes at once. */
#include "access/access.h"
#include "lib/trees.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct identity USER = { .uid = 1000, .gid = 100 };

static void open_map(struct tf *tf, struct access_map **ret_map)
{
	struct tb tar = { 0 };
	struct err err = { 0 };

	tb_dir(&tar, "a", 0755, 0, 0);
	tb_file(&tar, "a/file", 0640, 0, 100, "x");
	tb_dir(&tar, "a/shut", 0744, 0, 0);
	tb_dir(&tar, "a/shut/in", 0000, 0, 0);
	tb_file(&tar, "a/shut/in/file", 0666, 0, 0, "x");
	tb_symlink(&tar, "a/shut/link", "/a/file");
	tb_symlink(&tar, "to-file", "a/file");
	tb_symlink(&tar, "to-shut", "a/shut/in");
	tb_symlink(&tar, "dangling", "nowhere");
	tb_symlink(&tar, "out", "/dev/stdout");
	tb_file(&tar, "proc/x/file", 0600, 0, 0, "x");
	tf_layer(tf, &tar);
	tf_build(tf);
	assert_int_equal(access_map_build(tf->tree, 1, &USER, NULL, ret_map, &err), 0);
}

static void close_map(struct tf *tf, struct access_map *map)
{
	access_map_free(map);
	tf_done(tf);
}

static unsigned bits(const struct tf *tf, const struct access_map *map, const char *path)
{
	unsigned result;

	assert_true(access_map_get(map, tree_find(tf->tree, path), &result));
	return result;
}

static void what_access_2_grants_is_in_the_map(void **state)
{
	struct access_map *map;
	struct tf tf = { 0 };

	(void)state;
	open_map(&tf, &map);
	assert_int_equal(bits(&tf, map, ""), ACCESS_READ | ACCESS_EXECUTE);
	assert_int_equal(bits(&tf, map, "a/file"), ACCESS_READ);
	assert_int_equal(bits(&tf, map, "a/shut"), ACCESS_READ);
	assert_int_equal(bits(&tf, map, "a/shut/in"), 0);
	assert_int_equal(bits(&tf, map, "a/shut/in/file"), 0);
	close_map(&tf, map);
}

static void links_show_what_they_lead_to(void **state)
{
	struct access_map *map;
	struct tf tf = { 0 };

	(void)state;
	open_map(&tf, &map);
	assert_int_equal(bits(&tf, map, "to-file"), ACCESS_READ);
	assert_int_equal(bits(&tf, map, "to-shut"), 0);
	assert_int_equal(bits(&tf, map, "dangling"), 0);
	assert_int_equal(bits(&tf, map, "a/shut/link"), 0);
	close_map(&tf, map);
}

static void what_the_runtime_mounts_is_not_known(void **state)
{
	static const char *const PATHS[] = { "out", "proc/x", "proc/x/file" };
	struct access_map *map;
	struct tf tf = { 0 };
	unsigned result;

	(void)state;
	open_map(&tf, &map);
	for (size_t i = 0; i < sizeof(PATHS) / sizeof(*PATHS); i++)
		assert_false(access_map_get(map, tree_find(tf.tree, PATHS[i]), &result));
	assert_int_equal(bits(&tf, map, "proc"), ACCESS_READ | ACCESS_EXECUTE);
	close_map(&tf, map);
}

static void the_topmost_directory_without_search_blocks(void **state)
{
	struct access_map *map;
	struct tf tf = { 0 };

	(void)state;
	open_map(&tf, &map);

	node_id shut = tree_find(tf.tree, "a/shut"), deep = tree_find(tf.tree, "a/shut/in/file");

	assert_true(access_map_reachable(map, shut));
	assert_true(node_is_none(access_map_blocker(map, shut)));
	assert_false(access_map_reachable(map, deep));
	assert_int_equal(access_map_blocker(map, deep).v, shut.v);
	assert_int_equal(access_map_blocker(map, tree_find(tf.tree, "a/shut/in")).v, shut.v);
	assert_true(node_is_none(access_map_blocker(map, NODE_NONE)));
	close_map(&tf, map);
}

static void building_can_be_cancelled(void **state)
{
	struct cancel cancel = { 0 };
	struct access_map *map;
	struct err err = { 0 };
	struct tf tf = { 0 };

	(void)state;
	open_map(&tf, &map);
	access_map_free(map);
	cancel_request(&cancel);
	assert_int_equal(access_map_build(tf.tree, 1, &USER, &cancel, &map, &err), -ERR_CANCELLED);
	tf_done(&tf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_access_2_grants_is_in_the_map),
		cmocka_unit_test(links_show_what_they_lead_to),
		cmocka_unit_test(what_the_runtime_mounts_is_not_known),
		cmocka_unit_test(the_topmost_directory_without_search_blocks),
		cmocka_unit_test(building_can_be_cancelled),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
