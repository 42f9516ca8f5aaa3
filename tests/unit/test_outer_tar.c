/* The member table of an outer archive: names, links, duplicates. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/io.h"
#include "core/source/source_priv.h"
#include "tests/lib/build.h"

static struct source *source_of(struct tb *tar)
{
	struct source *source = calloc(1, sizeof(*source));
	const char *path = test_path("outer.tar");

	assert_non_null(source);
	tb_end(tar);
	test_write(path, tar->bytes, tar->len);
	source->fd = open(path, O_RDONLY | O_CLOEXEC);
	source->length = tar->len;
	source->limits = *limits_default();
	tb_free(tar);
	return source;
}

static void assert_holds(const struct source *source, const char *name, const char *text)
{
	const struct member *member;
	char bytes[100] = "";

	assert_int_equal(outer_tar__find(&source->members, name, &member, NULL), 0);
	assert_int_equal(member->length, strlen(text));
	assert_int_equal(io_pread(source->fd, bytes, member->length, member->offset, NULL),
			 strlen(text));
	assert_string_equal(bytes, text);
}

static void names_are_plain_and_spans_exact(void **state)
{
	struct tb tar = { 0 };

	(void)state;
	tb_dir(&tar, "blobs/", 0755, 0, 0);
	tb_file(&tar, "./blobs//one", 0644, 0, 0, "first");
	tb_file(&tar, "/two", 0644, 0, 0, "second");
	CLEANUP(source_closep) struct source *source = source_of(&tar);

	assert_int_equal(outer_tar__read(source, NULL, NULL), 0);
	assert_holds(source, "blobs/one", "first");
	assert_holds(source, "two", "second");
	assert_int_equal(source->members.all.count, 2);
}

static void links_are_followed_inside_only(void **state)
{
	struct tb tar = { 0 };

	(void)state;
	tb_file(&tar, "a/layer.tar", 0644, 0, 0, "layer");
	tb_symlink(&tar, "b/layer.tar", "../a/layer.tar");
	tb_hardlink(&tar, "c/layer.tar", "b/layer.tar");
	tb_symlink(&tar, "d/layer.tar", "/a/layer.tar");
	tb_symlink(&tar, "e/layer.tar", "../../../../../a/layer.tar");
	tb_symlink(&tar, "f/layer.tar", "/etc/passwd");
	CLEANUP(source_closep) struct source *source = source_of(&tar);
	const struct member *member;
	struct err err = { 0 };

	assert_int_equal(outer_tar__read(source, NULL, NULL), 0);
	assert_holds(source, "b/layer.tar", "layer");
	assert_holds(source, "c/layer.tar", "layer");
	assert_holds(source, "d/layer.tar", "layer");
	assert_holds(source, "e/layer.tar", "layer");
	assert_int_equal(outer_tar__find(&source->members, "f/layer.tar", &member, &err),
			 -ERR_NOT_FOUND);
	assert_non_null(strstr(err.text, "'etc/passwd'"));
}

static void circles_of_links_end(void **state)
{
	struct tb tar = { 0 };

	(void)state;
	tb_symlink(&tar, "a", "b");
	tb_symlink(&tar, "b", "a");
	tb_hardlink(&tar, "c", "c");
	CLEANUP(source_closep) struct source *source = source_of(&tar);
	const struct member *member;
	struct err err = { 0 };

	assert_int_equal(outer_tar__read(source, NULL, NULL), 0);
	assert_int_equal(outer_tar__find(&source->members, "a", &member, &err), -ERR_FORMAT);
	assert_non_null(strstr(err.text, "circle"));
	assert_int_equal(outer_tar__find(&source->members, "c", &member, NULL), -ERR_FORMAT);
}

static void of_equal_names_the_last_counts_and_a_problem_tells(void **state)
{
	struct tb tar = { 0 };

	(void)state;
	tb_file(&tar, "x", 0644, 0, 0, "old");
	tb_file(&tar, "y", 0644, 0, 0, "other");
	tb_file(&tar, "./x", 0644, 0, 0, "new!");
	CLEANUP(source_closep) struct source *source = source_of(&tar);

	assert_int_equal(outer_tar__read(source, NULL, NULL), 0);
	assert_holds(source, "x", "new!");
	assert_int_equal(source->problems.all.count, 1);
	assert_int_equal(source->problems.all.items[0].kind, PROBLEM_DUPLICATE_PATH);
}

static void more_members_than_the_limit_are_refused(void **state)
{
	struct tb tar = { 0 };

	(void)state;
	tb_file(&tar, "x", 0644, 0, 0, "");
	tb_file(&tar, "y", 0644, 0, 0, "");
	CLEANUP(source_closep) struct source *source = source_of(&tar);

	source->limits.outer_members = 1;
	assert_int_equal(outer_tar__read(source, NULL, NULL), -ERR_LIMIT);
}

static void a_cancelled_read_says_so(void **state)
{
	struct tb tar = { 0 };
	struct cancel cancel = { 0 };

	(void)state;
	tb_file(&tar, "x", 0644, 0, 0, "");
	CLEANUP(source_closep) struct source *source = source_of(&tar);

	cancel_request(&cancel);
	assert_int_equal(outer_tar__read(source, &cancel, NULL), -ERR_CANCELLED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_plain_and_spans_exact),
		cmocka_unit_test(links_are_followed_inside_only),
		cmocka_unit_test(circles_of_links_end),
		cmocka_unit_test(of_equal_names_the_last_counts_and_a_problem_tells),
		cmocka_unit_test(more_members_than_the_limit_are_refused),
		cmocka_unit_test(a_cancelled_read_says_so),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
