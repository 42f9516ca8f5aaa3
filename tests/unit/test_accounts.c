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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(users_and_groups_are_found_by_id_and_name),
		cmocka_unit_test(the_first_of_equal_lines_wins_and_the_rest_is_a_problem),
		cmocka_unit_test(files_that_are_not_there_are_problems),
		cmocka_unit_test(links_are_followed_inside_the_image),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
