/* What a written tree has kept, counted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/trees.h"
#include "tree/tree_kept.h"

static void build(struct tf *tf, const struct tb_entry *entries, size_t count)
{
	struct tb tar = { 0 };

	for (size_t i = 0; i < count; i++)
		tb_add(&tar, &entries[i]);
	tf_layer(tf, &tar);
	tf_build(tf);
}

#define BUILD(tf, entries) build(tf, entries, sizeof(entries) / sizeof(*(entries)))

static void what_a_tree_has_is_counted(void **state)
{
	static const struct tb_entry ENTRIES[] = {
		{ .path = "bin", .type = '5', .mode = 0755 },
		{ .path = "bin/su", .type = '0', .mode = 04755, .body = "x", .size = 1 },
		{ .path = "bin/su2", .type = '1', .mode = 04755, .link = "bin/su" },
		{ .path = "tmp", .type = '5', .mode = 01777 },
	};
	struct tf tf = { 0 };
	struct tree_kept kept;

	(void)state;
	BUILD(&tf, ENTRIES);
	assert_int_equal(tree_kept_count(tf.tree, tf.tree, &kept, NULL), 0);
	assert_int_equal(kept.before.paths, 5); /* the root too */
	assert_int_equal(kept.before.setid, 2);
	assert_int_equal(kept.before.hard_links, 2);
	assert_memory_equal(&kept.before, &kept.after, sizeof(kept.before));
	assert_int_equal(kept.added + kept.removed + kept.owner + kept.mode + kept.mtime +
				 kept.xattrs + kept.links + kept.size + kept.target + kept.type,
			 0);
	tf_done(&tf);
}

static void each_difference_is_counted_once(void **state)
{
	static const struct tb_entry OLD[] = {
		{ .path = "a", .type = '0', .mode = 0644, .body = "x", .size = 1 },
		{ .path = "b", .type = '5', .mode = 0755 },
		{ .path = "b/gone", .type = '0', .mode = 0644 },
		{ .path = "c", .type = '2', .mode = 0777, .link = "a" },
		{ .path = "d", .type = '0', .mode = 0644 },
	};
	static const struct tb_entry NEW[] = {
		{ .path = "a", .type = '0', .mode = 0600, .uid = 7, .body = "xy", .size = 2 },
		{ .path = "b", .type = '5', .mode = 0755 },
		{ .path = "b/new", .type = '0', .mode = 0644 },
		{ .path = "c", .type = '2', .mode = 0777, .link = "b" },
		{ .path = "d", .type = '5', .mode = 0644 },
	};
	struct tf old = { 0 }, new = { 0 };
	struct tree_kept kept;

	(void)state;
	BUILD(&old, OLD);
	BUILD(&new, NEW);
	assert_int_equal(tree_kept_count(old.tree, new.tree, &kept, NULL), 0);
	assert_int_equal(kept.owner, 1);
	assert_int_equal(kept.mode, 1);
	assert_int_equal(kept.size, 1);
	assert_int_equal(kept.target, 1);
	assert_int_equal(kept.type, 1);
	assert_int_equal(kept.added, 1);
	assert_int_equal(kept.removed, 1);
	assert_int_equal(kept.xattrs, 0);
	tf_done(&new);
	tf_done(&old);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_tree_has_is_counted),
		cmocka_unit_test(each_difference_is_counted_once),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
