/* Merging: what each layout of whiteouts, links and odd parents makes of a fixed lower layer. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "lib/trees.h"

static void add(struct tb *tar, char type, const char *path, const char *link)
{
	tb_add(tar, &(struct tb_entry){ .path = path,
					.type = type,
					.mode = type == '5' ? 0755 : 0644,
					.link = link });
}

static void lower_layer(struct tf *tf)
{
	struct tb tar = { 0 };

	add(&tar, '5', "d/", NULL);
	add(&tar, '0', "d/low", NULL);
	add(&tar, '0', "f", NULL);
	add(&tar, '5', "sub/", NULL);
	add(&tar, '0', "sub/x", NULL);
	add(&tar, '5', "real/", NULL);
	add(&tar, '0', "real/in", NULL);
	add(&tar, '2', "ln", "real");
	tf_layer(tf, &tar);
}

#define ROOT "d 0755 0:0 / implied\n"
#define D "d 0755 0:0 /d\n"
#define D_LOW "- 0644 0:0 /d/low\n"
#define F "- 0644 0:0 /f\n"
#define LN "l 0777 0:0 /ln -> real\n"
#define REAL "d 0755 0:0 /real\n- 0644 0:0 /real/in\n"
#define SUB "d 0755 0:0 /sub\n- 0644 0:0 /sub/x\n"

/* What container engines do is in the names: the same, or (marked) not. */
static const struct whiteout_case {
	const char *name;
	struct {
		char type;
		const char *path, *link;
	} upper[3];
	const char *expected;
	bool marked; /* "engines disagree" */
} CASES[] = {
	/* clang-format off */
	{ "child-of-file", {{ '0', "f/child", NULL }},
	  ROOT D D_LOW "d 0755 0:0 /f implied !\n- 0644 0:0 /f/child\n" LN REAL SUB, true },
	{ "dir-over-file", {{ '5', "f/", NULL }, { '0', "f/y", NULL }},
	  ROOT D D_LOW "d 0755 0:0 /f\n- 0644 0:0 /f/y\n" LN REAL SUB, false },
	{ "dir-over-symlink", {{ '5', "ln/", NULL }, { '0', "ln/new", NULL }},
	  ROOT D D_LOW F "d 0755 0:0 /ln\n- 0644 0:0 /ln/new\n" REAL SUB, false },
	{ "dot-slash", {{ '0', "./d/./a//b", NULL }},
	  ROOT D "d 0755 0:0 /d/a implied\n- 0644 0:0 /d/a/b\n" D_LOW F LN REAL SUB, false },
	{ "dotdot-in", {{ '0', "d/../e", NULL }},
	  ROOT D D_LOW "- 0644 0:0 /e\n" F LN REAL SUB, false },
	{ "dup-file", {{ '0', "g", NULL }, { '0', "g", NULL }},
	  ROOT D D_LOW F "- 0644 0:0 /g !\n" LN REAL SUB, true },
	{ "dup-file-dir", {{ '0', "g", NULL }, { '5', "g/", NULL }},
	  ROOT D D_LOW F "d 0755 0:0 /g !\n" LN REAL SUB, true },
	{ "file-over-dir", {{ '0', "sub", NULL }},
	  ROOT D D_LOW F LN REAL "- 0644 0:0 /sub\n", false },
	{ "hl-after-replaced", {{ '1', "hl", "f" }, { '0', "f", NULL }},
	  ROOT D D_LOW F "- 0644 0:0 /hl !\n" LN REAL SUB, true },
	{ "hl-lower", {{ '1', "hl", "f" }},
	  ROOT D D_LOW "- 0644 0:0 /f x2\n- 0644 0:0 /hl x2 !\n" LN REAL SUB, true },
	{ "hl-missing", {{ '1', "hl", "nope" }}, ROOT D D_LOW F LN REAL SUB, false },
	{ "hl-self", {{ '1', "hs", "hs" }}, ROOT D D_LOW F LN REAL SUB, false },
	{ "hl-to-symlink", {{ '1', "hl", "ln" }},
	  ROOT D D_LOW F "l 0777 0:0 /hl -> real x2 !\nl 0777 0:0 /ln -> real x2\n" REAL SUB, true },
	{ "opq-after",
	  {{ '5', "d/", NULL }, { '0', "d/new", NULL }, { '0', "d/.wh..wh..opq", NULL }},
	  ROOT D "- 0644 0:0 /d/new\n" F LN REAL SUB, false },
	{ "opq-before",
	  {{ '5', "d/", NULL }, { '0', "d/.wh..wh..opq", NULL }, { '0', "d/new", NULL }},
	  ROOT D "- 0644 0:0 /d/new\n" F LN REAL SUB, false },
	{ "opq-deep-noparent-after", {{ '0', "d/p/q/new", NULL }, { '0', "d/.wh..wh..opq", NULL }},
	  ROOT D "d 0755 0:0 /d/p implied !\nd 0755 0:0 /d/p/q implied !\n"
	  "- 0644 0:0 /d/p/q/new\n" F LN REAL SUB, true },
	{ "opq-noparent", {{ '0', "d/.wh..wh..opq", NULL }, { '0', "d/new", NULL }},
	  ROOT D "- 0644 0:0 /d/new\n" F LN REAL SUB, false },
	{ "root-symlink", {{ '2', ".", "/tmp" }},
	  "d 0755 0:0 / implied !\n" D D_LOW F LN REAL SUB, true },
	{ "through-symlink", {{ '0', "ln/new", NULL }},
	  ROOT D D_LOW F "d 0755 0:0 /ln implied !\n- 0644 0:0 /ln/new\n" REAL SUB, true },
	{ "wh-after-same", {{ '0', "f", NULL }, { '0', ".wh.f", NULL }},
	  ROOT D D_LOW "- 0644 0:0 /f !\n" LN REAL SUB, true },
	{ "wh-as-dir", {{ '5', ".wh.d/", NULL }, { '0', ".wh.d/z", NULL }},
	  ROOT "d 0755 0:0 /.wh.d implied\n- 0644 0:0 /.wh.d/z\n" F LN REAL SUB, true },
	{ "wh-before-same", {{ '0', ".wh.f", NULL }, { '0', "f", NULL }},
	  ROOT D D_LOW F LN REAL SUB, false },
	{ "wh-dot", {{ '0', ".wh.", NULL }}, ROOT D D_LOW F LN REAL SUB, false },
	{ "wh-dotdot", {{ '0', "d/.wh..", NULL }}, ROOT D D_LOW F LN REAL SUB, false },
	{ "wh-dotdotdot", {{ '0', "d/.wh...", NULL }}, ROOT D D_LOW F LN REAL SUB, false },
	{ "wh-missing", {{ '0', ".wh.nothing", NULL }}, ROOT D D_LOW F LN REAL SUB, false },
	{ "wh-plnk",
	  {{ '5', ".wh..wh.plnk/", NULL }, { '0', ".wh..wh.plnk/1.2", NULL },
	   { '1', "hl", ".wh..wh.plnk/1.2" }},
	  ROOT D D_LOW F "- 0644 0:0 /hl !\n" LN REAL SUB, true },
	{ "wh-through-symlink", {{ '0', "ln/.wh.in", NULL }},
	  ROOT D D_LOW F "d 0755 0:0 /ln implied !\n" REAL SUB, true },
	{ "wh-wh", {{ '0', ".wh..wh.f", NULL }}, ROOT D D_LOW F LN REAL SUB, false },
	/* clang-format on */
};

static bool has_problem(const struct problem_list *list, enum problem_kind kind)
{
	for (size_t i = 0; i < list->all.count; i++)
		if (list->all.items[i].kind == kind)
			return true;
	return false;
}

static void whiteout_layouts_are_as_overlayfs_shows_them(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
		const struct whiteout_case *c = &CASES[i];
		struct tf tf = { 0 };
		struct tb tar = { 0 };

		lower_layer(&tf);
		for (size_t j = 0; j < 3 && c->upper[j].path; j++)
			add(&tar, c->upper[j].type, c->upper[j].path, c->upper[j].link);
		tf_layer(&tf, &tar);
		tf_build(&tf);

		char *text = tf_text(tf.tree, 2);

		if (strcmp(text, c->expected) != 0)
			fail_msg("%s: got\n%swanted\n%s", c->name, text, c->expected);
		if (has_problem(tree_problems(tf.tree), PROBLEM_ENGINES_DISAGREE) != c->marked)
			fail_msg("%s: should%s be marked", c->name, c->marked ? "" : " not");
		free(text);
		tf_done(&tf);
	}
}

static void what_upper_layers_do_leaves_the_lower_ones_as_they_were(void **state)
{
	struct tf tf = { 0 };
	struct tb tar = { 0 };

	(void)state;
	lower_layer(&tf);
	add(&tar, '0', "ln/.wh.in", NULL);
	add(&tar, '0', "d/.wh..wh..opq", NULL);
	add(&tar, '0', ".wh.f", NULL);
	add(&tar, '0', "sub", NULL);
	tf_layer(&tf, &tar);
	tf_build(&tf);
	tf_assert(tf.tree, 0, "");
	tf_assert(tf.tree, 1, ROOT D D_LOW F LN REAL SUB);
	tf_assert(tf.tree, 2, ROOT D "d 0755 0:0 /ln implied !\n" REAL "- 0644 0:0 /sub\n");
	tf_done(&tf);
}

static void implied_parents_keep_what_a_lower_layer_says(void **state)
{
	struct tf tf = { 0 };
	struct tb tar = { 0 };

	(void)state;
	tb_dir(&tar, "var", 0700, 5, 6);
	tf_layer(&tf, &tar);
	tb_file(&tar, "var/log/x", 0644, 0, 0, "");
	tf_layer(&tf, &tar);
	tf_build(&tf);
	tf_assert(tf.tree, 2,
		  ROOT "d 0700 5:6 /var !\nd 0755 0:0 /var/log implied\n"
		       "- 0644 0:0 /var/log/x\n");
	assert_int_equal(tree_change(tf.tree, tree_find(tf.tree, "var"), 2), CHANGE_NONE);
	tf_done(&tf);
}

static void a_header_after_its_children_takes_the_implied_place(void **state)
{
	struct tf tf = { 0 };
	struct tb tar = { 0 };

	(void)state;
	tb_file(&tar, "a/b", 0644, 0, 0, "");
	tb_dir(&tar, "a", 0711, 3, 4);
	tf_layer(&tf, &tar);
	tf_build(&tf);
	tf_assert(tf.tree, 1, ROOT "d 0711 3:4 /a\n- 0644 0:0 /a/b\n");
	assert_int_equal(tree_problems(tf.tree)->all.count, 0);
	tf_done(&tf);
}

static void the_root_takes_attributes_from_its_entry(void **state)
{
	struct tf tf = { 0 };
	struct tb tar = { 0 };

	(void)state;
	tb_dir(&tar, ".", 0555, 1, 2);
	tf_layer(&tf, &tar);
	tb_file(&tar, "/", 0644, 0, 0, "");
	tf_layer(&tf, &tar);
	tf_build(&tf);
	tf_assert(tf.tree, 2, "d 0555 1:2 / !\n");
	assert_true(has_problem(tree_problems(tf.tree), PROBLEM_ENGINES_DISAGREE));
	tf_done(&tf);
}

static void a_parent_that_is_a_link_of_the_same_layer_becomes_a_directory(void **state)
{
	struct tf tf = { 0 };
	struct tb tar = { 0 };

	(void)state;
	tb_symlink(&tar, "l", "elsewhere");
	tb_file(&tar, "l/x", 0644, 0, 0, "");
	tf_layer(&tf, &tar);
	tf_build(&tf);
	tf_assert(tf.tree, 1, ROOT "d 0755 0:0 /l implied !\n- 0644 0:0 /l/x\n");
	tf_done(&tf);
}

static void a_directory_that_the_layer_replaces_itself_is_not_marked(void **state)
{
	struct tf tf = { 0 };
	struct tb tar = { 0 };

	(void)state;
	lower_layer(&tf);
	add(&tar, '5', "ln/", NULL);
	tb_opaque(&tar, "ln");
	tf_layer(&tf, &tar);
	tf_build(&tf);
	tf_assert(tf.tree, 2, ROOT D D_LOW F "d 0755 0:0 /ln\n" REAL SUB);
	assert_int_equal(tree_problems(tf.tree)->all.count, 0);

	struct tree_stat stat;

	assert_true(tree_stat(tf.tree, tree_find(tf.tree, "ln"), 2, &stat));
	assert_true(stat.flags & TREE_OPAQUE);
	tf_done(&tf);
}

static void an_opaque_root_hides_everything_below(void **state)
{
	struct tf tf = { 0 };
	struct tb tar = { 0 };

	(void)state;
	lower_layer(&tf);
	add(&tar, '0', "new", NULL);
	add(&tar, '0', ".wh..wh..opq", NULL);
	tf_layer(&tf, &tar);
	tf_build(&tf);
	tf_assert(tf.tree, 2, ROOT "- 0644 0:0 /new\n");
	tf_done(&tf);
}

static void a_subtree_dies_once_and_may_come_back(void **state)
{
	struct tf tf = { 0 };
	struct tb tar = { 0 };

	(void)state;
	tb_file(&tar, "a/b/c", 0644, 0, 0, "");
	tf_layer(&tf, &tar);
	tb_whiteout(&tar, "a");
	tf_layer(&tf, &tar);
	tb_opaque(&tar, "a");
	tb_file(&tar, "a/b/d", 0644, 0, 0, "");
	tf_layer(&tf, &tar);
	tb_file(&tar, "a", 0644, 0, 0, "");
	tf_layer(&tf, &tar);
	tf_build(&tf);
	tf_assert(tf.tree, 2, ROOT);
	tf_assert(tf.tree, 3,
		  ROOT "d 0755 0:0 /a implied\nd 0755 0:0 /a/b implied\n"
		       "- 0644 0:0 /a/b/d\n");
	tf_assert(tf.tree, 4, ROOT "- 0644 0:0 /a\n");
	assert_int_equal(tree_change(tf.tree, tree_find(tf.tree, "a/b/c"), 2), CHANGE_REMOVED);
	assert_int_equal(tree_change(tf.tree, tree_find(tf.tree, "a/b/c"), 3), CHANGE_NONE);
	tf_done(&tf);
}

static void a_device_0_0_is_shown_and_marked(void **state)
{
	struct tf tf = { 0 };
	struct tb tar = { 0 };

	(void)state;
	tb_add(&tar, &(struct tb_entry){ .path = "gone", .type = '3', .mode = 0 });
	tb_add(&tar,
	       &(struct tb_entry){
		       .path = "null", .type = '3', .mode = 0666, .dev_major = 1, .dev_minor = 3 });
	tf_layer(&tf, &tar);
	tf_build(&tf);
	tf_assert(tf.tree, 1, ROOT "c 0000 0:0 /gone !\nc 0666 0:0 /null\n");
	tf_done(&tf);
}

static void a_hundred_thousand_levels_are_no_problem(void **state)
{
	enum { LEVELS = 100 * 1000 };
	char *path = malloc(2 * LEVELS);
	struct tf tf = { 0 };
	struct tb tar = { 0 };

	(void)state;
	assert_non_null(path);
	for (size_t i = 0; i < LEVELS; i++)
		memcpy(path + 2 * i, "d/", 2);
	path[2 * LEVELS - 1] = '\0';

	char *pax;
	assert_true(asprintf(&pax, "path=%s", path) > 0);
	tb_add(&tar, &(struct tb_entry){ .path = "deep",
					 .type = '0',
					 .mode = 0644,
					 .pax = (const char *const[]){ pax, NULL } });
	tf_layer(&tf, &tar);
	tb_whiteout(&tar, "d");
	tf_layer(&tf, &tar);
	tf_build(&tf);

	node_id node = tree_find(tf.tree, path);

	assert_int_equal(tree_depth(tf.tree, node), LEVELS);
	assert_int_equal(tree_path(tf.tree, node, NULL, 0), 2 * LEVELS);
	assert_true(tree_exists(tf.tree, node, 1));
	tf_assert(tf.tree, 2, ROOT);
	tf_done(&tf);
	free(path);
	free(pax);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whiteout_layouts_are_as_overlayfs_shows_them),
		cmocka_unit_test(what_upper_layers_do_leaves_the_lower_ones_as_they_were),
		cmocka_unit_test(implied_parents_keep_what_a_lower_layer_says),
		cmocka_unit_test(a_header_after_its_children_takes_the_implied_place),
		cmocka_unit_test(the_root_takes_attributes_from_its_entry),
		cmocka_unit_test(a_parent_that_is_a_link_of_the_same_layer_becomes_a_directory),
		cmocka_unit_test(a_directory_that_the_layer_replaces_itself_is_not_marked),
		cmocka_unit_test(an_opaque_root_hides_everything_below),
		cmocka_unit_test(a_subtree_dies_once_and_may_come_back),
		cmocka_unit_test(a_device_0_0_is_shown_and_marked),
		cmocka_unit_test(a_hundred_thousand_levels_are_no_problem),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
