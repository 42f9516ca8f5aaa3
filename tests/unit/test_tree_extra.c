/* Attributes of an inode with several names: each link's header sets its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/trees.h"

static void add(struct tb *tar, const char *path, const char *link, const char *const *pax)
{
	tb_add(tar, &(struct tb_entry){ .path = path,
					.type = link ? '1' : '0',
					.mode = 0644,
					.link = link,
					.pax = pax });
}

#define PAX(...) ((const char *const[]){ __VA_ARGS__, NULL })

/* "name=value " of each attribute of a path after a layer. */
static const char *text(const struct tf *tf, const char *path, unsigned at)
{
	static char out[300];
	struct tree_stat stat;
	size_t len = 0;

	out[0] = '\0';
	assert_true(tree_stat(tf->tree, tree_find(tf->tree, path), at, &stat));

	const struct layer_extra *extra = tree_extra(tf->tree, &stat);

	for (size_t i = 0; extra && i < extra->xattr_count; i++)
		len += (size_t)snprintf(out + len, sizeof(out) - len, "%s=%.*s ",
					extra->xattrs[i].name, (int)extra->xattrs[i].len,
					(const char *)extra->xattrs[i].value);
	return out;
}

static void a_link_adds_its_attributes_to_those_of_its_file(void **state)
{
	struct tf tf = { 0 };
	struct tb tar = { 0 };

	(void)state;
	add(&tar, "f", NULL, PAX("SCHILY.xattr.user.a=1", "SCHILY.xattr.user.b=1"));
	add(&tar, "h", "f", PAX("SCHILY.xattr.user.b=2", "SCHILY.xattr.user.c=2"));
	add(&tar, "plain", "f", NULL);
	tf_layer(&tf, &tar);
	tf_build(&tf);
	assert_string_equal(text(&tf, "f", 1), "user.a=1 user.b=2 user.c=2 ");
	assert_string_equal(text(&tf, "h", 1), "user.a=1 user.b=2 user.c=2 ");
	tf_assert(tf.tree, 1,
		  "d 0755 0:0 / implied\n- 0644 0:0 /f x3 !\n- 0644 0:0 /h x3 !\n"
		  "- 0644 0:0 /plain x3 !\n");
	assert_int_equal(tree_problems(tf.tree)->all.count, 1);
	assert_non_null(strstr(tree_problems(tf.tree)->all.items[0].text, "umoci leaves them out"));
	tf_done(&tf);
}

static void a_link_of_a_later_layer_adds_from_there_on(void **state)
{
	struct tf tf = { 0 };
	struct tb tar = { 0 };

	(void)state;
	add(&tar, "f", NULL, NULL);
	add(&tar, "g", "f", PAX("SCHILY.xattr.user.a=1"));
	tf_layer(&tf, &tar);
	add(&tar, "h", "f", PAX("SCHILY.xattr.user.b=2"));
	tf_layer(&tf, &tar);
	add(&tar, "i", "f", NULL);
	tf_layer(&tf, &tar);
	tf_build(&tf);
	assert_string_equal(text(&tf, "f", 1), "user.a=1 ");
	assert_string_equal(text(&tf, "f", 2), "user.a=1 user.b=2 ");
	assert_string_equal(text(&tf, "i", 3), "user.a=1 user.b=2 ");
	tf_done(&tf);
}

static void the_same_attributes_again_are_no_difference(void **state)
{
	struct tf tf = { 0 };
	struct tb tar = { 0 };

	(void)state;
	add(&tar, "f", NULL, PAX("SCHILY.xattr.user.a=1"));
	add(&tar, "h", "f", PAX("SCHILY.xattr.user.a=1"));
	tf_layer(&tf, &tar);
	tf_build(&tf);
	assert_string_equal(text(&tf, "f", 1), "user.a=1 ");
	assert_int_equal(tree_problems(tf.tree)->all.count, 0);
	tf_done(&tf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_link_adds_its_attributes_to_those_of_its_file),
		cmocka_unit_test(a_link_of_a_later_layer_adds_from_there_on),
		cmocka_unit_test(the_same_attributes_again_are_no_difference),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
