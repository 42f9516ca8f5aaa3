/* One inode, one path, one node: who may do what. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "access/access.h"
#include "lib/trees.h"

static const struct identity USER = { .uid = 1000, .gid = 100 };
static const struct identity ROOT = { .uid = 0, .gid = 0 };

static void open_tree(struct tf *tf)
{
	struct tb tar = { 0 };

	tb_dir(&tar, "open", 0755, 0, 0);
	tb_file(&tar, "open/file", 0644, 0, 0, "x");
	tb_file(&tar, "open/own", 0600, 1000, 0, "x");
	tb_dir(&tar, "shut", 0700, 0, 0);
	tb_dir(&tar, "shut/in", 0700, 0, 0);
	tb_file(&tar, "shut/in/file", 0666, 0, 0, "x");
	tb_symlink(&tar, "shut/link", "/open/file");
	tb_symlink(&tar, "to-file", "open/file");
	tb_symlink(&tar, "to-shut", "/shut/in/file");
	tb_symlink(&tar, "dangling", "nowhere");
	tb_symlink(&tar, "loop", "loop");
	tb_symlink(&tar, "to-null", "/dev/null");
	tb_dir(&tar, "dev", 0700, 0, 0);
	tb_file(&tar, "dev/node", 0600, 0, 0, "x");
	tb_dir(&tar, "tmp", 01777, 0, 0);
	tb_symlink(&tar, "tmp/roots", "../open");
	tb_add(&tar, &(struct tb_entry){
			     .path = "tmp/own", .type = '2', .uid = 1000, .link = "../open" });
	tb_add(&tar, &(struct tb_entry){
			     .path = "tmp/foreign", .type = '2', .uid = 1001, .link = "../open" });
	tf_layer(tf, &tar);
	tf_build(tf);
}

static enum access_outcome outcome(const struct tf *tf, const char *path, unsigned wanted)
{
	return access_path(tf->tree, 1, &USER, path, wanted).outcome;
}

static unsigned bits(const struct identity *identity, enum tar_type type, unsigned mode,
		     int64_t uid, int64_t gid, enum access_class expected)
{
	const struct tree_stat stat = { .type = type, .mode = mode, .uid = uid, .gid = gid };
	struct tf tf = { 0 };

	tf_build(&tf);

	struct access_grant grant = access_inode(identity, tf.tree, &stat, 0);

	assert_int_equal(grant.class, expected);
	tf_done(&tf);
	return grant.bits;
}

static void the_first_class_that_fits_decides(void **state)
{
	(void)state;
	assert_int_equal(bits(&USER, TAR_FILE, 0077, 1000, 100, CLASS_OWNER), 0);
	assert_int_equal(bits(&USER, TAR_FILE, 0707, 0, 100, CLASS_GROUP), 0);
	assert_int_equal(bits(&USER, TAR_FILE, 0771, 0, 0, CLASS_OTHER), ACCESS_EXECUTE);
	assert_string_equal(access_class_name(CLASS_GROUP), "group");
}

static void a_supplementary_group_is_a_group(void **state)
{
	const struct identity user = {
		.uid = 1000, .gid = 100, .groups = { 5, 7 }, .group_count = 2
	};

	(void)state;
	assert_int_equal(bits(&user, TAR_FILE, 0040, 0, 7, CLASS_GROUP), ACCESS_READ);
}

static void root_may_all_but_run_what_nobody_may_run(void **state)
{
	(void)state;
	assert_int_equal(bits(&ROOT, TAR_FILE, 0, 5, 5, CLASS_ROOT), ACCESS_READ | ACCESS_WRITE);
	assert_int_equal(bits(&ROOT, TAR_FILE, 0001, 5, 5, CLASS_ROOT), 7);
	assert_int_equal(bits(&ROOT, TAR_DIR, 0, 5, 5, CLASS_ROOT), 7);
}

static void a_directory_without_search_denies_all_below(void **state)
{
	struct tf tf = { 0 };

	(void)state;
	open_tree(&tf);

	struct access_verdict verdict =
		access_path(tf.tree, 1, &USER, "/shut/in/file", ACCESS_READ);

	assert_int_equal(verdict.outcome, ACCESS_DENIED);
	assert_int_equal(verdict.blocker.v, tree_find(tf.tree, "shut").v);
	assert_int_equal(verdict.grant.class, CLASS_OTHER);
	assert_int_equal(verdict.wanted, ACCESS_EXECUTE);
	assert_int_equal(verdict.grant.bits, 0);
	tf_done(&tf);
}

static void the_target_itself_may_deny(void **state)
{
	struct tf tf = { 0 };

	(void)state;
	open_tree(&tf);

	struct access_verdict verdict =
		access_path(tf.tree, 1, &USER, "/open/file", ACCESS_READ | ACCESS_WRITE);
	node_id file = tree_find(tf.tree, "open/file");

	assert_int_equal(verdict.outcome, ACCESS_DENIED);
	assert_int_equal(verdict.node.v, file.v);
	assert_int_equal(verdict.blocker.v, file.v);
	assert_int_equal(verdict.grant.bits, ACCESS_READ);
	assert_int_equal(outcome(&tf, "/open/own", ACCESS_WRITE), ACCESS_ALLOWED);
	tf_done(&tf);
}

static void each_way_to_fail_has_its_outcome(void **state)
{
	static const struct {
		const char *path;
		enum access_outcome outcome;
	} ROWS[] = {
		{ "/", ACCESS_ALLOWED },
		{ "/to-file", ACCESS_ALLOWED },
		{ "/to-shut", ACCESS_DENIED },
		{ "/dangling", ACCESS_NOT_FOUND },
		{ "/loop", ACCESS_LOOP },
		{ "/open/file/x", ACCESS_NOT_DIRECTORY },
		{ "/open/file/", ACCESS_NOT_DIRECTORY },
		{ "/to-null", ACCESS_RUNTIME },
		{ "/proc/self", ACCESS_RUNTIME },
	};
	struct tf tf = { 0 };

	(void)state;
	open_tree(&tf);
	for (size_t i = 0; i < sizeof(ROWS) / sizeof(*ROWS); i++)
		assert_int_equal(outcome(&tf, ROWS[i].path, ACCESS_READ), ROWS[i].outcome);
	tf_done(&tf);
}

static void the_mode_of_a_mount_point_is_the_runtimes(void **state)
{
	struct tf tf = { 0 };

	(void)state;
	open_tree(&tf);
	assert_int_equal(outcome(&tf, "/dev/node", ACCESS_READ), ACCESS_RUNTIME);
	assert_int_equal(
		access_node(tf.tree, 1, &USER, tree_find(tf.tree, "dev/node"), ACCESS_READ).outcome,
		ACCESS_RUNTIME);
	tf_done(&tf);
}

static void links_in_sticky_directories_are_protected_at_the_end_of_a_path(void **state)
{
	struct tf tf = { 0 };

	(void)state;
	open_tree(&tf);
	assert_int_equal(outcome(&tf, "/tmp/roots", 0), ACCESS_ALLOWED);
	assert_int_equal(outcome(&tf, "/tmp/own", 0), ACCESS_ALLOWED);
	assert_int_equal(outcome(&tf, "/tmp/foreign/file", ACCESS_READ), ACCESS_ALLOWED);

	struct access_verdict verdict = access_path(tf.tree, 1, &ROOT, "/tmp/foreign", 0);

	assert_int_equal(verdict.outcome, ACCESS_DENIED);
	assert_int_equal(verdict.blocker.v, tree_find(tf.tree, "tmp/foreign").v);
	assert_int_equal(verdict.wanted, 0);
	tf_done(&tf);
}

static void a_node_goes_by_its_own_names(void **state)
{
	struct tf tf = { 0 };

	(void)state;
	open_tree(&tf);

	node_id link = tree_find(tf.tree, "shut/link");
	struct access_verdict verdict = access_node(tf.tree, 1, &USER, link, ACCESS_READ);

	assert_int_equal(verdict.outcome, ACCESS_DENIED);
	assert_int_equal(verdict.blocker.v, tree_find(tf.tree, "shut").v);
	verdict = access_node(tf.tree, 1, &ROOT, link, ACCESS_READ);
	assert_int_equal(verdict.outcome, ACCESS_ALLOWED);
	assert_int_equal(verdict.node.v, tree_find(tf.tree, "open/file").v);
	verdict = access_node(tf.tree, 0, &ROOT, link, ACCESS_READ);
	assert_int_equal(verdict.outcome, ACCESS_NOT_FOUND);
	tf_done(&tf);
}

static void the_topmost_blocker_of_a_node_is_told(void **state)
{
	struct tf tf = { 0 };

	(void)state;
	open_tree(&tf);

	struct access_verdict verdict =
		access_node(tf.tree, 1, &USER, tree_find(tf.tree, "shut/in/file"), ACCESS_READ);

	assert_int_equal(verdict.blocker.v, tree_find(tf.tree, "shut").v);
	tf_done(&tf);
}

static void every_step_is_explained(void **state)
{
	static const char *const NAMES[] = { "", "to-shut", "", "shut" };
	struct access_step steps[3];
	struct tf tf = { 0 };
	size_t count;

	(void)state;
	open_tree(&tf);

	struct access_verdict verdict =
		access_explain(tf.tree, 1, &USER, "/to-shut", ACCESS_READ, steps, 3, &count);

	assert_int_equal(verdict.outcome, ACCESS_DENIED);
	assert_int_equal(count, 4);
	for (size_t i = 0; i < 3; i++)
		assert_string_equal(tree_name(tf.tree, steps[i].node), NAMES[i]);
	assert_int_equal(steps[0].wanted, ACCESS_EXECUTE);
	assert_int_equal(steps[0].grant.bits, ACCESS_READ | ACCESS_EXECUTE);
	assert_int_equal(steps[1].wanted, 0);
	tf_done(&tf);
}

struct name_row {
	const struct identity *who;
	const char *path;
	enum access_outcome created, deleted;
};

static void a_name_is_its_directorys_to_give(void **state)
{
	static const struct identity POWERLESS = { .uid = 0, .gid = 0, .no_caps = true };
	static const struct name_row ROWS[] = {
		{ &USER, "/open/file", ACCESS_DENIED, ACCESS_DENIED },
		{ &USER, "/open/new", ACCESS_DENIED, ACCESS_NOT_FOUND },
		{ &USER, "/shut/in/file", ACCESS_DENIED, ACCESS_DENIED },
		{ &USER, "/tmp/new", ACCESS_ALLOWED, ACCESS_NOT_FOUND },
		{ &USER, "/tmp/own", ACCESS_ALLOWED, ACCESS_ALLOWED },
		{ &USER, "/tmp/foreign/", ACCESS_ALLOWED, ACCESS_STICKY },
		{ &USER, "/tmp/roots/file", ACCESS_DENIED, ACCESS_DENIED },
		{ &ROOT, "/shut/in/file", ACCESS_ALLOWED, ACCESS_ALLOWED },
		{ &ROOT, "/tmp/foreign", ACCESS_ALLOWED, ACCESS_ALLOWED },
		{ &POWERLESS, "/tmp/foreign", ACCESS_ALLOWED, ACCESS_ALLOWED }, /* /tmp is its own */
		{ &ROOT, "/open/file/x", ACCESS_NOT_DIRECTORY, ACCESS_NOT_DIRECTORY },
		{ &ROOT, "/dangling/x", ACCESS_NOT_FOUND, ACCESS_NOT_FOUND },
		{ &ROOT, "/dangling", ACCESS_ALLOWED, ACCESS_ALLOWED },
		{ &ROOT, "/", ACCESS_NOT_FOUND, ACCESS_NOT_FOUND },
		{ &ROOT, "/open/..", ACCESS_NOT_FOUND, ACCESS_NOT_FOUND },
		{ &ROOT, "/open/...", ACCESS_ALLOWED, ACCESS_NOT_FOUND },
		{ &ROOT, "/dev", ACCESS_RUNTIME, ACCESS_RUNTIME },
		{ &ROOT, "/dev/node", ACCESS_RUNTIME, ACCESS_RUNTIME },
	};
	struct tf tf = { 0 };

	(void)state;
	open_tree(&tf);
	for (size_t i = 0; i < sizeof(ROWS) / sizeof(*ROWS); i++) {
		const struct name_row *row = &ROWS[i];

		assert_int_equal(access_create(tf.tree, 1, row->who, row->path).outcome,
				 row->created);
		assert_int_equal(access_delete(tf.tree, 1, row->who, row->path).outcome,
				 row->deleted);
	}
	tf_done(&tf);
}

static void a_name_that_is_too_long_is_told(void **state)
{
	char path[5000];
	struct tf tf = { 0 };

	(void)state;
	open_tree(&tf);
	memset(path, 'x', sizeof(path));
	path[0] = '/';
	path[256] = '\0';
	assert_int_equal(access_create(tf.tree, 1, &ROOT, path).outcome, ACCESS_ALLOWED);
	path[256] = 'x';
	path[257] = '\0';
	assert_int_equal(access_create(tf.tree, 1, &ROOT, path).outcome, ACCESS_TOO_LONG);
	path[257] = 'x';
	path[4999] = '\0';
	assert_int_equal(access_delete(tf.tree, 1, &ROOT, path).outcome, ACCESS_TOO_LONG);
	tf_done(&tf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_class_that_fits_decides),
		cmocka_unit_test(a_supplementary_group_is_a_group),
		cmocka_unit_test(root_may_all_but_run_what_nobody_may_run),
		cmocka_unit_test(a_directory_without_search_denies_all_below),
		cmocka_unit_test(the_target_itself_may_deny),
		cmocka_unit_test(each_way_to_fail_has_its_outcome),
		cmocka_unit_test(the_mode_of_a_mount_point_is_the_runtimes),
		cmocka_unit_test(links_in_sticky_directories_are_protected_at_the_end_of_a_path),
		cmocka_unit_test(a_node_goes_by_its_own_names),
		cmocka_unit_test(the_topmost_blocker_of_a_node_is_told),
		cmocka_unit_test(every_step_is_explained),
		cmocka_unit_test(a_name_is_its_directorys_to_give),
		cmocka_unit_test(a_name_that_is_too_long_is_told),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
