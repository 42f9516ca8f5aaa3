/* Where container engines differ: which paths are marked, and who is said to do what. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/trees.h"

static void add(struct tb *tar, char type, const char *path, unsigned mode, const char *link)
{
	tb_add(tar, &(struct tb_entry){ .path = path, .type = type, .mode = mode, .link = link });
}

/* Whether a problem has both texts. */
static bool says(const struct tf *tf, const char *path, const char *why)
{
	const struct problem_list *list = tree_problems(tf->tree);

	for (size_t i = 0; i < list->all.count; i++)
		if (list->all.items[i].kind == PROBLEM_ENGINES_DISAGREE &&
		    strstr(list->all.items[i].text, path) && strstr(list->all.items[i].text, why))
			return true;
	return false;
}

static size_t count(const struct tf *tf)
{
	return tree_problems(tf->tree)->all.count;
}

static void a_directory_without_an_entry_above_a_change_is_marked(void **state)
{
	struct tf tf = { 0 };
	struct tb tar = { 0 };

	(void)state;
	add(&tar, '5', "d/", 0700, NULL);
	add(&tar, '5', "d/e/", 0711, NULL);
	add(&tar, '0', "d/e/f", 0644, NULL);
	tf_layer(&tf, &tar);
	add(&tar, '0', "d/e/.wh.f", 0644, NULL);
	tf_layer(&tf, &tar);
	tf_build(&tf);
	tf_assert(tf.tree, 2, "d 0755 0:0 / implied\nd 0700 0:0 /d !\nd 0711 0:0 /d/e !\n");
	tf_assert(tf.tree, 1, /* the flag belongs to what changes, not to what was before */
		  "d 0755 0:0 / implied\nd 0700 0:0 /d\nd 0711 0:0 /d/e\n- 0644 0:0 /d/e/f\n");
	assert_true(says(&tf, "layer 2: 'd': ", "podman overlay makes it 0755 root:root"));
	assert_true(says(&tf, "layer 2: 'd/e': ", "umoci and podman vfs keep"));
	tf_done(&tf);
}

static void an_opaque_mark_alone_is_a_change_in_its_directory(void **state)
{
	struct tf tf = { 0 };
	struct tb tar = { 0 };

	(void)state;
	add(&tar, '5', "d/", 0700, NULL);
	tf_layer(&tf, &tar);
	add(&tar, '0', "d/.wh..wh..opq", 0644, NULL);
	tf_layer(&tf, &tar);
	tf_build(&tf);
	tf_assert(tf.tree, 2, "d 0755 0:0 / implied\nd 0700 0:0 /d !\n");
	tf_done(&tf);
}

static void a_directory_with_an_entry_or_as_overlayfs_makes_it_is_not_marked(void **state)
{
	struct tf tf = { 0 };
	struct tb tar = { 0 };

	(void)state;
	add(&tar, '5', "d/", 0700, NULL);
	add(&tar, '5', "plain/", 0755, NULL);
	tf_layer(&tf, &tar);
	add(&tar, '0', "d/new", 0644, NULL);
	add(&tar, '5', "d/", 0700, NULL);
	add(&tar, '0', "plain/new", 0644, NULL);
	tf_layer(&tf, &tar);
	tf_build(&tf);
	assert_int_equal(count(&tf), 0);
	tf_done(&tf);
}

static void an_implied_directory_in_a_setgid_one_is_marked(void **state)
{
	struct tf tf = { 0 };
	struct tb tar = { 0 };

	(void)state;
	add(&tar, '5', "d/", 02755, NULL);
	add(&tar, '0', "d/a/b/f", 0644, NULL);
	tf_layer(&tf, &tar);
	tf_build(&tf);
	tf_assert(tf.tree, 1,
		  "d 0755 0:0 / implied\nd 2755 0:0 /d\nd 0755 0:0 /d/a implied !\n"
		  "d 0755 0:0 /d/a/b implied !\n- 0644 0:0 /d/a/b/f\n");
	assert_true(says(&tf, "d/a/b/f", "hand group and setgid down"));
	tf_done(&tf);
}

static void a_plain_directory_in_a_setgid_one_is_marked_when_it_has_no_entry(void **state)
{
	struct tf tf = { 0 };
	struct tb tar = { 0 };

	(void)state;
	add(&tar, '5', "d/e/", 0755, NULL);
	tf_layer(&tf, &tar);
	add(&tar, '5', "d/", 02755, NULL);
	add(&tar, '0', "d/e/f", 0644, NULL);
	tf_layer(&tf, &tar);
	tf_build(&tf);
	tf_assert(tf.tree, 2,
		  "d 0755 0:0 / implied\nd 2755 0:0 /d\nd 0755 0:0 /d/e !\n- 0644 0:0 /d/e/f\n");
	assert_true(says(&tf, "'d/e'", "a setgid directory above hands down"));
	tf_done(&tf);
}

static void a_file_in_the_place_of_an_opaque_directory_stays(void **state)
{
	struct tf tf = { 0 };
	struct tb tar = { 0 };

	(void)state;
	add(&tar, '5', "d/", 0755, NULL);
	add(&tar, '0', "d/low", 0644, NULL);
	tf_layer(&tf, &tar);
	add(&tar, '0', "d/.wh..wh..opq", 0644, NULL);
	add(&tar, '0', "d", 0600, NULL);
	tf_layer(&tf, &tar);
	tf_build(&tf);
	tf_assert(tf.tree, 2, "d 0755 0:0 / implied\n- 0600 0:0 /d\n");
	assert_int_equal(count(&tf), 0);
	tf_done(&tf);
}

static void a_whiteout_of_an_opaque_directory_is_marked(void **state)
{
	struct tf tf = { 0 };
	struct tb tar = { 0 };

	(void)state;
	add(&tar, '5', "d/", 0755, NULL);
	tf_layer(&tf, &tar);
	add(&tar, '0', "d/.wh..wh..opq", 0644, NULL);
	add(&tar, '0', ".wh.d", 0644, NULL);
	add(&tar, '0', "d", 0644, NULL);
	tf_layer(&tf, &tar);
	tf_build(&tf);
	tf_assert(tf.tree, 2, "d 0755 0:0 / implied\n- 0644 0:0 /d\n");
	assert_true(says(&tf, "'d'", "podman overlay fails"));
	tf_done(&tf);
}

static void entries_below_a_file_of_the_same_layer_fail_everywhere(void **state)
{
	struct tf tf = { 0 };
	struct tb tar = { 0 };

	(void)state;
	add(&tar, '0', "f", 0644, NULL);
	add(&tar, '0', "f/child", 0644, NULL);
	tf_layer(&tf, &tar);
	tf_build(&tf);
	tf_assert(tf.tree, 1,
		  "d 0755 0:0 / implied\nd 0755 0:0 /f implied !\n- 0644 0:0 /f/child\n");
	assert_true(says(&tf, "'f/child'", "umoci and podman fail"));
	tf_done(&tf);
}

static void a_root_that_is_not_plain_is_marked(void **state)
{
	struct tf tf = { 0 };
	struct tb tar = { 0 };

	(void)state;
	add(&tar, '5', "./", 0755, NULL);
	tf_layer(&tf, &tar);
	add(&tar, '5', "./", 0700, NULL);
	tf_layer(&tf, &tar);
	tf_build(&tf);
	assert_int_equal(count(&tf), 1);
	assert_true(says(&tf, "layer 2: ", "podman overlay makes it 0555 root:root"));
	tf_done(&tf);
}

static void all_names_of_a_link_with_another_header_are_marked(void **state)
{
	struct tf tf = { 0 };
	struct tb tar = { 0 };

	(void)state;
	add(&tar, '0', "a", 0644, NULL);
	add(&tar, '1', "b", 0644, "a");
	add(&tar, '1', "c", 0600, "a");
	tf_layer(&tf, &tar);
	tf_build(&tf);
	tf_assert(tf.tree, 1,
		  "d 0755 0:0 / implied\n- 0600 0:0 /a x3 !\n- 0600 0:0 /b x3 !\n"
		  "- 0600 0:0 /c x3 !\n");
	assert_int_equal(count(&tf), 1);
	assert_true(says(&tf, "'c'", "umoci keeps the file's"));
	tf_done(&tf);
}

static void a_mark_in_a_directory_that_is_not_there_is_marked(void **state)
{
	struct tf tf = { 0 };
	struct tb tar = { 0 };

	(void)state;
	add(&tar, '0', "not/.wh.there", 0644, NULL);
	add(&tar, '0', "nor/.wh..wh..opq", 0644, NULL);
	add(&tar, '0', ".wh.here", 0644, NULL);
	tf_layer(&tf, &tar);
	tf_build(&tf);
	tf_assert(tf.tree, 1, "d 0755 0:0 / implied\n");
	assert_int_equal(count(&tf), 2);
	assert_true(says(&tf, "not/there", "umoci makes none"));
	assert_true(says(&tf, "'nor'", "umoci makes none"));
	tf_done(&tf);
}

static void removed_and_implied_by_one_layer_is_marked(void **state)
{
	struct tf tf = { 0 };
	struct tb tar = { 0 };

	(void)state;
	add(&tar, '0', "d", 0644, NULL);
	tf_layer(&tf, &tar);
	add(&tar, '0', ".wh.d", 0644, NULL);
	add(&tar, '0', "d/f", 0644, NULL);
	tf_layer(&tf, &tar);
	tf_build(&tf);
	tf_assert(tf.tree, 2, "d 0755 0:0 / implied\nd 0755 0:0 /d implied !\n- 0644 0:0 /d/f\n");
	assert_true(says(&tf, "'d'", "podman overlay fails"));
	tf_done(&tf);
}

static void a_directory_made_anew_over_one_is_marked(void **state)
{
	struct tf tf = { 0 };
	struct tb tar = { 0 };

	(void)state;
	add(&tar, '5', "d/", 0755, NULL);
	add(&tar, '0', "d/low", 0644, NULL);
	add(&tar, '0', "f", 0644, NULL);
	tf_layer(&tf, &tar);
	add(&tar, '0', ".wh.d", 0644, NULL);
	add(&tar, '5', "d/", 0755, NULL);
	add(&tar, '0', ".wh.f", 0644, NULL);
	add(&tar, '5', "f/", 0755, NULL);
	tf_layer(&tf, &tar);
	tf_build(&tf);
	tf_assert(tf.tree, 2, "d 0755 0:0 / implied\nd 0755 0:0 /d !\nd 0755 0:0 /f\n");
	assert_true(says(&tf, "'d'", "podman overlay keeps what was in it"));
	tf_done(&tf);
}

static void a_whiteout_below_a_whiteouts_name_is_marked(void **state)
{
	struct tf tf = { 0 };
	struct tb tar = { 0 };

	(void)state;
	tb_dir(&tar, ".wh.real", 0755, 0, 0);
	tb_file(&tar, ".wh.real/z", 0644, 0, 0, "z");
	tf_layer(&tf, &tar);
	tb_whiteout(&tar, ".wh.real/z");
	tf_layer(&tf, &tar);
	tf_build(&tf);
	assert_true(says(&tf, "layer 2: '.wh.real/z': ", "podman overlay keeps"));
	tf_done(&tf);
}

static void what_is_made_below_a_default_acl_is_marked(void **state)
{
	static const struct tb_xattr DEFAULT[] = {
		{ "system.posix_acl_default", "\2\0\0\0", 4 },
		{ NULL, NULL, 0 },
	};
	static const struct tb_xattr ACCESS[] = {
		{ "system.posix_acl_access", "\2\0\0\0", 4 },
		{ NULL, NULL, 0 },
	};
	struct tf tf = { 0 };
	struct tb tar = { 0 };

	(void)state;
	add(&tar, '0', "d/early", 0644, NULL); /* made before the ACL is set */
	tb_add(&tar,
	       &(struct tb_entry){ .path = "d/", .type = '5', .mode = 0755, .xattrs = DEFAULT });
	add(&tar, '0', "d/f", 0640, NULL);
	tb_add(&tar,
	       &(struct tb_entry){ .path = "d/own", .type = '0', .mode = 0640, .xattrs = ACCESS });
	add(&tar, '2', "d/link", 0777, "f");
	add(&tar, '5', "d/s/", 0750, NULL);
	add(&tar, '0', "d/s/g", 0640, NULL);
	add(&tar, '0', "d/i/h", 0640, NULL);
	tf_layer(&tf, &tar);
	add(&tar, '5', "d/", 0755, NULL);
	add(&tar, '0', "d/new", 0640, NULL);
	tf_layer(&tf, &tar);
	tf_build(&tf);
	tf_assert(tf.tree, 2,
		  "d 0755 0:0 / implied\nd 0755 0:0 /d\n- 0644 0:0 /d/early\n- 0640 0:0 /d/f !\n"
		  "d 0755 0:0 /d/i implied !\n- 0640 0:0 /d/i/h !\n"
		  "l 0777 0:0 /d/link -> f\n- 0640 0:0 /d/new !\n- 0640 0:0 /d/own\n"
		  "d 0750 0:0 /d/s !\n- 0640 0:0 /d/s/g !\n");
	assert_int_equal(count(&tf), 1);
	assert_true(says(&tf, "layer 1: 'd': ", "umoci only to directories without an entry"));
	tf_done(&tf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_whiteout_below_a_whiteouts_name_is_marked),
		cmocka_unit_test(a_directory_without_an_entry_above_a_change_is_marked),
		cmocka_unit_test(an_opaque_mark_alone_is_a_change_in_its_directory),
		cmocka_unit_test(a_directory_with_an_entry_or_as_overlayfs_makes_it_is_not_marked),
		cmocka_unit_test(an_implied_directory_in_a_setgid_one_is_marked),
		cmocka_unit_test(a_plain_directory_in_a_setgid_one_is_marked_when_it_has_no_entry),
		cmocka_unit_test(a_file_in_the_place_of_an_opaque_directory_stays),
		cmocka_unit_test(a_whiteout_of_an_opaque_directory_is_marked),
		cmocka_unit_test(entries_below_a_file_of_the_same_layer_fail_everywhere),
		cmocka_unit_test(a_root_that_is_not_plain_is_marked),
		cmocka_unit_test(all_names_of_a_link_with_another_header_are_marked),
		cmocka_unit_test(a_mark_in_a_directory_that_is_not_there_is_marked),
		cmocka_unit_test(removed_and_implied_by_one_layer_is_marked),
		cmocka_unit_test(a_directory_made_anew_over_one_is_marked),
		cmocka_unit_test(what_is_made_below_a_default_acl_is_marked),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
