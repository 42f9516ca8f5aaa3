/* Versions, changes, names and paths of a tree. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "lib/trees.h"

#define ROOT "d 0755 0:0 / implied\n"

static void file_at(struct tf *tf, const char *path, unsigned mode, long long uid, const char *text,
		    long long mtime)
{
	struct tb tar = { 0 };

	tb_add(&tar, &(struct tb_entry){ .path = path,
					 .type = '0',
					 .mode = mode,
					 .uid = uid,
					 .body = text,
					 .size = strlen(text),
					 .mtime = mtime });
	tf_layer(tf, &tar);
}

static void whiteout_at(struct tf *tf, const char *path)
{
	struct tb tar = { 0 };

	tb_whiteout(&tar, path);
	tf_layer(tf, &tar);
}

static void each_layer_sees_its_own_version(void **state)
{
	static const char *const EXPECTED[] = {
		"", ROOT "- 0644 0:0 /f\n", ROOT "- 0600 0:0 /f\n", ROOT, ROOT "- 0640 5:0 /f\n",
	};
	static const enum tree_change CHANGES[] = {
		CHANGE_NONE, CHANGE_ADDED, CHANGE_REPLACED, CHANGE_REMOVED, CHANGE_ADDED,
	};
	struct tf tf = { 0 };

	(void)state;
	file_at(&tf, "f", 0644, 0, "one", 1);
	file_at(&tf, "f", 0600, 0, "three", 1);
	whiteout_at(&tf, "f");
	file_at(&tf, "f", 0640, 5, "four", 1);
	tf_build(&tf);
	for (unsigned at = 0; at <= 4; at++) {
		tf_assert(tf.tree, at, EXPECTED[at]);
		assert_int_equal(tree_change(tf.tree, tree_find(tf.tree, "f"), at), CHANGES[at]);
	}
	tf_done(&tf);
}

static void a_change_of_owner_alone_is_told_from_new_contents(void **state)
{
	static const enum tree_change CHANGES[] = {
		CHANGE_NONE,     CHANGE_ADDED, CHANGE_OWNER,
		CHANGE_REPEATED, CHANGE_OWNER, CHANGE_REPLACED,
	};
	struct tf tf = { 0 };

	(void)state;
	file_at(&tf, "f", 0644, 0, "one", 1);
	file_at(&tf, "f", 0644, 1000, "one", 1);
	file_at(&tf, "f", 0644, 1000, "one", 1);
	file_at(&tf, "f", 0755, 1000, "one", 1);
	file_at(&tf, "f", 0755, 1000, "two", 2);
	tf_build(&tf);
	for (unsigned at = 0; at <= 5; at++)
		assert_int_equal(tree_change(tf.tree, tree_find(tf.tree, "f"), at), CHANGES[at]);
	tf_done(&tf);
}

static void a_stat_tells_where_body_and_header_are(void **state)
{
	struct tf tf = { 0 };
	struct tree_stat stat;

	(void)state;
	file_at(&tf, "f", 0644, 3000000000, "one", 77);
	tf_build(&tf);
	assert_true(tree_stat(tf.tree, tree_find(tf.tree, "/f"), 1, &stat));
	assert_int_equal(stat.type, TAR_FILE);
	assert_int_equal(stat.uid, 3000000000);
	assert_int_equal(stat.size, 3);
	assert_int_equal(stat.mtime, 77);
	assert_int_equal(stat.layer, 1);
	assert_int_equal(stat.body_layer, 1);
	assert_int_equal(stat.body_entry, 0);
	assert_int_equal(stat.head_layer, 1);
	assert_int_equal(stat.links, 1);
	assert_string_equal(stat.target, "");
	assert_null(stat.body);
	tf_done(&tf);
}

static void a_path_is_written_as_snprintf_does(void **state)
{
	struct tf tf = { 0 };
	char out[8];

	(void)state;
	file_at(&tf, "ab/cd", 0644, 0, "", 0);
	tf_build(&tf);

	node_id node = tree_find(tf.tree, "ab/cd");

	for (size_t room = 0; room <= sizeof(out); room++) {
		memset(out, '#', sizeof(out));
		assert_int_equal(tree_path(tf.tree, node, out, room), 6);
		if (room > 0) {
			assert_memory_equal(out, "/ab/cd", room - 1 < 6 ? room - 1 : 6);
			assert_int_equal(out[room - 1 < 6 ? room - 1 : 6], '\0');
		}
		for (size_t i = room; i < sizeof(out); i++)
			assert_int_equal(out[i], '#');
	}
	assert_int_equal(tree_path(tf.tree, NODE_ROOT, out, sizeof(out)), 1);
	assert_string_equal(out, "/");

	char *path = tree_path_new(tf.tree, node);

	assert_string_equal(path, "/ab/cd");
	free(path);
	tf_done(&tf);
}

static void find_goes_by_names_alone(void **state)
{
	struct tf tf = { 0 };
	struct tb tar = { 0 };

	(void)state;
	tb_symlink(&tar, "l", "d");
	tb_file(&tar, "d/x", 0644, 0, 0, "");
	tf_layer(&tf, &tar);
	tf_build(&tf);
	assert_int_equal(tree_find(tf.tree, "").v, 0);
	assert_int_equal(tree_find(tf.tree, "/").v, 0);
	assert_false(node_is_none(tree_find(tf.tree, "/d/x")));
	assert_true(node_is_none(tree_find(tf.tree, "l/x")));
	assert_true(node_is_none(tree_find(tf.tree, "d/y")));
	assert_true(node_is_none(tree_child(tf.tree, NODE_ROOT, "", 0)));
	assert_int_equal(tree_parent(tf.tree, NODE_ROOT).v, 0);
	assert_int_equal(tree_depth(tf.tree, tree_find(tf.tree, "d/x")), 2);
	tf_done(&tf);
}

static void a_missing_layer_changes_nothing(void **state)
{
	struct tf tf = { 0 };
	struct tree *tree = NULL;
	struct err err = { 0 };

	(void)state;
	file_at(&tf, "f", 0644, 0, "", 0);

	const struct layer_index *layers[] = { NULL, tf.layers[0], NULL };

	assert_int_equal(tree_build(layers, 3, NULL, &tree, &err), 0);
	tf_assert(tree, 1, ROOT);
	tf_assert(tree, 3, ROOT "- 0644 0:0 /f\n");
	assert_null(tree_layer(tree, 1));
	assert_ptr_equal(tree_layer(tree, 2), tf.layers[0]);
	assert_null(tree_layer(tree, 4));
	tree_free(tree);
	tf_done(&tf);
}

static void an_image_without_layers_has_a_root(void **state)
{
	struct tree *tree = NULL;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(tree_build(NULL, 0, NULL, &tree, &err), 0);
	tf_assert(tree, 0, ROOT);
	tree_free(tree);
}

static void merging_can_be_cancelled(void **state)
{
	struct tf tf = { 0 };
	struct tree *tree = NULL;
	struct err err = { 0 };
	struct cancel cancel = { 0 };

	(void)state;
	file_at(&tf, "f", 0644, 0, "", 0);
	cancel_request(&cancel);

	const struct layer_index *layers[] = { tf.layers[0] };

	assert_int_equal(tree_build(layers, 1, &cancel, &tree, &err), -ERR_CANCELLED);
	assert_null(tree);
	tf_done(&tf);
}

static void devices_and_xattrs_are_found_by_a_stat(void **state)
{
	struct tf tf = { 0 };
	struct tb tar = { 0 };
	struct tree_stat stat;

	(void)state;
	tb_add(&tar,
	       &(struct tb_entry){
		       .path = "null", .type = '3', .mode = 0666, .dev_major = 1, .dev_minor = 3 });
	tb_add(&tar, &(struct tb_entry){
			     .path = "ping",
			     .type = '0',
			     .mode = 0755,
			     .pax = (const char *const[]){ "SCHILY.xattr.user.x=yes", NULL } });
	tb_file(&tar, "plain", 0644, 0, 0, "");
	tf_layer(&tf, &tar);
	tf_build(&tf);

	assert_true(tree_stat(tf.tree, tree_find(tf.tree, "null"), 1, &stat));
	assert_int_equal(tree_extra(tf.tree, &stat)->dev_major, 1);
	assert_int_equal(tree_extra(tf.tree, &stat)->dev_minor, 3);
	assert_true(tree_stat(tf.tree, tree_find(tf.tree, "ping"), 1, &stat));
	assert_int_equal(tree_extra(tf.tree, &stat)->xattr_count, 1);
	assert_string_equal(tree_extra(tf.tree, &stat)->xattrs[0].name, "user.x");
	assert_memory_equal(tree_extra(tf.tree, &stat)->xattrs[0].value, "yes", 3);
	assert_true(tree_stat(tf.tree, tree_find(tf.tree, "plain"), 1, &stat));
	assert_null(tree_extra(tf.tree, &stat));
	tf_done(&tf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_layer_sees_its_own_version),
		cmocka_unit_test(a_change_of_owner_alone_is_told_from_new_contents),
		cmocka_unit_test(a_stat_tells_where_body_and_header_are),
		cmocka_unit_test(a_path_is_written_as_snprintf_does),
		cmocka_unit_test(find_goes_by_names_alone),
		cmocka_unit_test(a_missing_layer_changes_nothing),
		cmocka_unit_test(an_image_without_layers_has_a_root),
		cmocka_unit_test(merging_can_be_cancelled),
		cmocka_unit_test(devices_and_xattrs_are_found_by_a_stat),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
