/* Users and groups of an image, and what is odd in the files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "access/accounts.h"
#include "lib/kept.h"

struct loaded {
	struct kept kept;
	struct accounts *accounts;
};

static void load_tar(struct loaded *loaded, struct tb *tar)
{
	struct err err = { 0 };

	*loaded = (struct loaded){ 0 };
	kept_open(&loaded->kept, tar);
	assert_int_equal(accounts_load(&loaded->kept.content, &loaded->accounts, &err), 0);
}

static void load(struct loaded *loaded, const char *passwd, const char *group)
{
	struct tb tar = { 0 };

	tb_file(&tar, "etc/passwd", 0644, 0, 0, passwd);
	tb_file(&tar, "etc/group", 0644, 0, 0, group);
	load_tar(loaded, &tar);
}

static void unload(struct loaded *loaded)
{
	accounts_free(loaded->accounts);
	kept_done(&loaded->kept);
}

static bool has_problem(const struct loaded *loaded, const char *text)
{
	const struct problem_list *problems = &loaded->accounts->problems;

	for (size_t i = 0; i < problems->all.count; i++)
		if (strstr(problems->all.items[i].text, text))
			return true;
	return false;
}

static void users_and_groups_are_found_by_id_and_name(void **state)
{
	struct loaded loaded;

	(void)state;
	load(&loaded, "root:x:0:0:root:/root:/bin/sh\nma:x:1000:100::/home/ma:/bin/bash\n",
	     "root:x:0:\nusers:x:100:ma,bob\n");

	const struct account_user *user = accounts_user_by_id(loaded.accounts, 1000);
	const struct account_group *group = accounts_group_by_name(loaded.accounts, "users");

	assert_string_equal(user->name, "ma");
	assert_string_equal(user->home, "/home/ma");
	assert_string_equal(user->shell, "/bin/bash");
	assert_int_equal(user->gid, 100);
	assert_int_equal(user->line, 2);
	assert_ptr_equal(accounts_user_by_name(loaded.accounts, "ma"), user);
	assert_null(accounts_user_by_name(loaded.accounts, "m"));
	assert_ptr_equal(accounts_group_by_id(loaded.accounts, 100), group);
	assert_null(accounts_group_by_id(loaded.accounts, 5));
	assert_string_equal(group->members[1], "bob");
	assert_null(group->members[2]);
	assert_int_equal(loaded.accounts->problems.all.count, 0);
	assert_int_equal(loaded.accounts->passwd_node.v,
			 tree_find(loaded.kept.tree, "etc/passwd").v);
	unload(&loaded);
}

static void the_first_of_equal_lines_wins_and_the_rest_is_a_problem(void **state)
{
	struct loaded loaded;

	(void)state;
	load(&loaded, "b:x:1000:1:::\na:x:1000:2:::\nb:x:7:3:::\n", "g:x:5:\nh:x:5:\n");
	assert_int_equal(accounts_user_by_id(loaded.accounts, 1000)->gid, 1);
	assert_int_equal(accounts_user_by_name(loaded.accounts, "b")->line, 1);
	assert_string_equal(accounts_group_by_id(loaded.accounts, 5)->name, "g");
	assert_true(has_problem(&loaded, "lines 1 and 2 have the same uid 1000"));
	assert_true(has_problem(&loaded, "lines 1 and 3 have the same name 'b'"));
	assert_true(has_problem(&loaded, "lines 1 and 2 have the same gid 5"));
	unload(&loaded);
}

static void files_that_are_not_there_are_problems(void **state)
{
	struct tb tar = { 0 };
	struct loaded loaded;

	(void)state;
	tb_dir(&tar, "etc/group", 0755, 0, 0);
	load_tar(&loaded, &tar);
	assert_true(has_problem(&loaded, "/etc/passwd: is not there"));
	assert_true(has_problem(&loaded, "/etc/group: is a directory"));
	assert_null(loaded.accounts->passwd_text);
	assert_true(node_is_none(loaded.accounts->passwd_node));
	assert_null(accounts_user_by_id(loaded.accounts, 0));
	unload(&loaded);
}

static void links_are_followed_inside_the_image(void **state)
{
	struct tb tar = { 0 };
	struct loaded loaded;

	(void)state;
	tb_symlink(&tar, "etc/passwd", "../../../data/users");
	tb_file(&tar, "data/users", 0644, 0, 0, "a:x:1:1:::\n");
	tb_symlink(&tar, "etc/group", "group");
	load_tar(&loaded, &tar);
	assert_string_equal(accounts_user_by_id(loaded.accounts, 1)->name, "a");
	assert_int_equal(loaded.accounts->passwd_node.v,
			 tree_find(loaded.kept.tree, "data/users").v);
	assert_true(has_problem(&loaded, "leads to '/data/users'"));
	assert_true(has_problem(&loaded, "/etc/group: is a link, and is a loop of links"));
	unload(&loaded);
}

/* All of the bytes are there, as a hole. */
static void a_huge_file_is_a_problem_and_the_other_one_still_read(void **state)
{
	enum { END = 1024 };
	const size_t huge = (size_t)1 << 30;
	struct tb tar = { 0 };
	struct loaded loaded = { 0 };
	struct err err = { 0 };

	(void)state;
	tb_file(&tar, "etc/group", 0644, 0, 0, "g:x:5:\n");
	tb_add(&tar, &(struct tb_entry){ .path = "etc/passwd", .type = '0', .size = huge });

	int fd = tf_memory_file(tar.bytes, tar.len);

	assert_int_equal(ftruncate(fd, (off_t)(tar.len + huge + END)), 0);
	kept_open_file(&loaded.kept, fd, tar.len + huge + END);
	tb_free(&tar);
	assert_int_equal(accounts_load(&loaded.kept.content, &loaded.accounts, &err), 0);
	assert_true(has_problem(&loaded, "/etc/passwd: is too large to be read"));
	assert_int_equal(loaded.accounts->problems.all.count, 1);
	assert_null(loaded.accounts->passwd_text);
	assert_null(accounts_user_by_id(loaded.accounts, 0));
	assert_string_equal(accounts_group_by_id(loaded.accounts, 5)->name, "g");
	unload(&loaded);
}

static void sparse_files_that_cannot_be_read_are_problems(void **state)
{
	static const char *const HUGE_FILE[] = { "GNU.sparse.major=1", "GNU.sparse.minor=0",
						 "GNU.sparse.name=etc/passwd",
						 "GNU.sparse.realsize=1073741824", NULL };
	static const char *const SMALL_FILE[] = { "GNU.sparse.major=1", "GNU.sparse.minor=0",
						  "GNU.sparse.name=etc/group",
						  "GNU.sparse.realsize=100", NULL };
	struct tb tar = { 0 };
	struct loaded loaded;

	(void)state;
	tb_add(&tar, &(struct tb_entry){ .path = "GNUSparseFile.1/p", .type = '0',
					 .body = "0\n", .size = 2, .pax = HUGE_FILE });
	tb_add(&tar, &(struct tb_entry){ .path = "GNUSparseFile.1/g", .type = '0',
					 .body = "0\n", .size = 2, .pax = SMALL_FILE });
	load_tar(&loaded, &tar);
	assert_true(has_problem(&loaded, "/etc/passwd: is too large to be read"));
	assert_true(has_problem(&loaded, "/etc/group: cannot be read: "));
	assert_null(loaded.accounts->passwd_text);
	assert_null(loaded.accounts->group_text);
	unload(&loaded);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(users_and_groups_are_found_by_id_and_name),
		cmocka_unit_test(the_first_of_equal_lines_wins_and_the_rest_is_a_problem),
		cmocka_unit_test(files_that_are_not_there_are_problems),
		cmocka_unit_test(links_are_followed_inside_the_image),
		cmocka_unit_test(a_huge_file_is_a_problem_and_the_other_one_still_read),
		cmocka_unit_test(sparse_files_that_cannot_be_read_are_problems),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
