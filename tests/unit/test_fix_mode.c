/* Fixes of owner and mode: the least that is needed, and what is never touched. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/plan/fix_priv.h"
#include "lib/fixed.h"

struct row {
	const char *config, *files, *rule, *case_name, *path, *fix, *wants;
};

static void check(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct row *row = &rows[i];
		struct fixed fixed;

		fixed_open(&fixed,
			   &(struct judged_input){ .config = row->config, .files = row->files });
		fixed_add(&fixed, row->rule, row->case_name, row->path, row->fix);
		fixed_wants(&fixed, row->wants);
		fixed_done(&fixed);
	}
}

#define CHECK(rows) check(rows, sizeof(rows) / sizeof(*(rows)))

static void search_is_given_on_the_blocking_directory_alone(void **state)
{
	static const struct row rows[] = {
		{ "{'Cmd':['/opt/a/run']}",
		  "700 0:0 opt/\n755 0:0 opt/a/\n755 0:0 opt/a/run = \177ELF\n", "ACC-001",
		  "hidden", "/opt/a/run", "open-directory", "opt 0701\n" },
		/* The class that decides gets it: here the group's. */
		{ "{'Cmd':['/opt/run']}", "700 0:100 opt/\n755 0:0 opt/run = \177ELF\n", "ACC-001",
		  "hidden", "/opt/run", "open-directory", "opt 0710\n" },
		{ "{'Cmd':['/opt/run']}", "600 1000:0 opt/\n755 0:0 opt/run = \177ELF\n", "ACC-001",
		  "hidden", "/opt/run", "open-directory", "opt 0700\n" },
	};

	(void)state;
	CHECK(rows);
}

static void denied_bits_are_added_to_the_class_that_decides(void **state)
{
	static const struct row rows[] = {
		{ "{'Cmd':['/srv/run']}", "700 0:0 srv/run = \177ELF\n", "ACC-001", "denied",
		  "/srv/run", "allow", "srv/run 0701\n" },
		{ "{'Cmd':['/srv/run']}", "640 0:100 srv/run = \177ELF\n", "ACC-001", "denied",
		  "/srv/run", "allow", "srv/run 0650\n" },
		{ NULL,
		  "600 0:0 etc/passwd = root:x:0:0:root:/root:/bin/sh|ma-user:x:1000:100::/home/ma-user:/bin/sh|\n",
		  "MAT-USR-006", "unreadable", "/etc/passwd", "make-readable",
		  "etc/passwd 0604\n" },
	};

	(void)state;
	CHECK(rows);
}

static void the_mask_of_an_acl_is_opened_where_that_helps(void **state)
{
	static const struct row rows[] = {
		{ "{'Cmd':['/srv/run']}", "acl 640 0:0 srv/run 1000:7\n", "ACC-001", "denied",
		  "/srv/run", "allow", "srv/run 0650\n" },
		/* Without a bit for the group the ACL is not read: the mode decides. */
		{ "{'Cmd':['/srv/run']}", "acl 600 0:0 srv/run 1000:0\n", "ACC-001", "denied",
		  "/srv/run", "allow", "srv/run 0601\n" },
	};

	(void)state;
	CHECK(rows);
}

static void what_an_acl_denies_no_mode_gives(void **state)
{
	struct fixed fixed;
	struct err err = { 0 };

	(void)state;
	fixed_open(&fixed, &(struct judged_input){ .config = "{'Cmd':['/srv/run']}",
						   .files = "acl 670 0:0 srv/run 1000:6\n" });
	assert_int_equal(fixed_try(&fixed, "ACC-001", "denied", "/srv/run", "allow", &err), 0);
	fixed_done(&fixed);
}

static void a_tree_is_owned_where_the_user_cannot_write(void **state)
{
	static const struct row rows[] = {
		{ NULL,
		  "755 0:0 app/\n644 0:0 app/a = b\n755 0:0 app/run.sh = b\n644 1000:0 app/mine = b\n"
		  "666 0:0 app/all = b\n400 1000:0 app/ro = b\nl app/l -> a\n",
		  "ACC-004", "unwritable-directory", "/app", "own-directory",
		  "app u1000\napp/a u1000\napp/ro 0600\napp/run.sh u1000\n" },
		{ NULL, "711 0:0 app/\n611 0:0 app/x = b\n", "ACC-004", "unreadable-directory",
		  "/app", "own-directory", "app u1000\napp/x 0711 u1000\n" },
		{ NULL, "755 1000:100 app/\n600 0:0 app/x = b\n", "ACC-004", "unreadable", "/app/x",
		  "own-file", "app/x u1000\n" },
	};

	(void)state;
	CHECK(rows);
}

/* Not where the bits of the owner or of an ACL decide for the user. */
static void a_tree_is_given_to_the_group(void **state)
{
	static const struct row rows[] = {
		{ NULL,
		  "700 0:0 app/\n600 0:0 app/x = b\n700 0:0 app/run = b\n666 0:0 app/all = b\n"
		  "400 1000:0 app/mine = b\n600 0:100 app/g = b\n4700 0:0 app/suid = b\n",
		  "ACC-004", "unreadable-directory", "/app", "give-group-tree",
		  "app 0770 g100\napp/g 0660\napp/run 0770 g100\napp/x 0660 g100\n" },
	};

	(void)state;
	CHECK(rows);
}

static void a_file_is_given_to_the_group_as_far_as_it_is_denied(void **state)
{
	static const struct row rows[] = {
		{ "{'Cmd':['/srv/run']}", "700 0:0 srv/run = \177ELF\n", "ACC-001", "denied",
		  "/srv/run", "give-group", "srv/run 0710 g100\n" },
		{ NULL, "755 1000:100 app/\n600 0:0 app/x = b\n", "ACC-004", "unreadable", "/app/x",
		  "give-group", "app/x 0660 g100\n" },
	};

	(void)state;
	CHECK(rows);
}

static void guarded_files_keep_their_owner(void **state)
{
	static const struct row rows[] = {
		{ NULL,
		  "755 0:0 app/\n4755 0:0 app/suid = b\n2755 0:0 app/sgid = b\n644 0:0 app/x = b\n",
		  "ACC-004", "unwritable-directory", "/app", "own-directory",
		  "app u1000\napp/x u1000\n" },
	};

	(void)state;
	CHECK(rows);
}

/* What looks like the application's may be the shell. */
static void a_hard_link_out_of_the_tree_into_the_system_is_left(void **state)
{
	static const struct row rows[] = {
		{ NULL,
		  "755 0:0 app/\n644 0:0 app/a = b\n644 0:0 usr/bin/x = b\nh app/x -> usr/bin/x\n"
		  "h app/s -> etc/sudoers\n",
		  "ACC-004", "unwritable-directory", "/app", "own-directory",
		  "app u1000\napp/a u1000\n" },
		/* Both names below the folder that the fix is about. */
		{ "{'WorkingDir':'/usr/src/app'}",
		  "755 0:0 usr/src/app/\n644 0:0 usr/src/app/a = b\n"
		  "h usr/src/app/b -> usr/src/app/a\n",
		  "ACC-004", "unwritable-directory", "/usr/src/app", "own-directory",
		  "usr/src/app u1000\nusr/src/app/a u1000\nusr/src/app/b u1000\n" },
	};

	(void)state;
	CHECK(rows);
}

static void every_name_of_a_file_is_in_the_plan(void **state)
{
	static const struct row rows[] = {
		{ NULL, "755 0:0 app/\n644 0:0 app/a = b\nh app/b -> app/a\nh srv/c -> app/a\n",
		  "ACC-004", "unwritable-directory", "/app", "own-directory",
		  "app u1000\napp/a u1000\napp/b u1000\nsrv/c u1000\n" },
	};

	(void)state;
	CHECK(rows);
}

/* Guards by name, since no finding leads there. */
static void roots_own_files_are_guarded(void **state)
{
	static const struct {
		const char *path;
		bool guarded;
	} rows[] = {
		{ "etc/shadow", true },     { "etc/gshadow", true },      { "etc/passwd", true },
		{ "etc/sudoers", true },    { "etc/sudoers.d/me", true }, { "etc/ssh/key", true },
		{ "etc/sudoers.d", false }, { "etc/hosts", false },       { "opt/caps", true },
		{ "opt/plain", false },     { "opt/shell", true },        { "opt/secret", true },
	};
	static const char *const caps[] = { "SCHILY.xattr.security.capability=\1\2", NULL };
	struct fix_run run = { 0 };
	struct tb tar = { 0 };
	struct tf tf = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		bool has_caps = strstr(rows[i].path, "caps") != NULL;

		if (!strcmp(rows[i].path, "etc/sudoers.d"))
			tb_dir(&tar, rows[i].path, 0755, 0, 0);
		else if (!strcmp(rows[i].path, "opt/shell"))
			tb_hardlink(&tar, rows[i].path, "etc/hosts");
		else if (!strcmp(rows[i].path, "opt/secret"))
			tb_hardlink(&tar, rows[i].path, "etc/shadow");
		else
			tb_add(&tar, &(struct tb_entry){ .path = rows[i].path,
							 .type = '0',
							 .mode = 0600,
							 .pax = has_caps ? caps : NULL });
	}
	tf_layer(&tf, &tar);
	tf_build(&tf);
	run.tree = tf.tree;
	run.at = 1;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		node_id node = tree_find(tf.tree, rows[i].path);
		struct tree_stat stat;

		assert_true(tree_stat(tf.tree, node, 1, &stat));
		if (fix__is_guarded(&run, node, &stat) != rows[i].guarded)
			fail_msg("%s", rows[i].path);
	}
	tf_done(&tf);
}

static void a_setuid_program_is_opened_to_nobody(void **state)
{
	struct fixed fixed;

	(void)state;
	fixed_open(&fixed, &(struct judged_input){ .config = "{'Cmd':['/srv/su']}",
						   .files = "4750 0:0 srv/su = \177ELF\n" });
	assert_int_equal(fixed_try(&fixed, "ACC-001", "denied", "/srv/su", "allow", NULL), 0);
	assert_int_equal(fixed_try(&fixed, "ACC-001", "denied", "/srv/su", "own", NULL), 0);
	assert_true(plan_is_empty(fixed.plan));
	fixed_done(&fixed);
}

static void a_home_is_made_owned_and_opened(void **state)
{
	static const struct row rows[] = {
		{ NULL, "x home/ma-user\n", "MAT-USR-005", "missing", NULL, "create-home",
		  "+d home/ma-user 0750 u1000 g100\n" },
		{ NULL, "755 0:0 home/ma-user/\n", "MAT-USR-005", NULL, NULL, "own-home",
		  "home/ma-user u1000 g100\n" },
		{ NULL, "055 1000:100 home/ma-user/\n", "ACC-003", "not-searchable", NULL, "own",
		  "home/ma-user 0755\n" },
	};

	(void)state;
	CHECK(rows);
}

static void folders_of_the_system_are_nobodys_home(void **state)
{
	struct fixed fixed;

	(void)state;
	fixed_open(
		&fixed,
		&(struct judged_input){
			.files =
				"644 0:0 etc/passwd = root:x:0:0::/:/bin/sh|u:x:1000:100::/etc:/bin/sh|\n" });
	assert_int_equal(fixed_try(&fixed, "ACC-003", "not-writable", NULL, "own", NULL), 0);
	assert_true(plan_is_empty(fixed.plan));
	fixed_done(&fixed);
}

static void temporary_directories_get_their_mode(void **state)
{
	static const struct row rows[] = {
		{ NULL, "x tmp\n", "ACC-006", "missing", "/tmp", "create", "+d tmp 1777 u0 g0\n" },
		{ NULL, "755 0:0 tmp/\n", "ACC-006", "not-writable", "/tmp", "set-mode",
		  "tmp 1777\n" },
		{ NULL, "777 0:0 tmp/\n", "ACC-006", "not-sticky", "/tmp", "set-mode",
		  "tmp 1777\n" },
	};

	(void)state;
	CHECK(rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(search_is_given_on_the_blocking_directory_alone),
		cmocka_unit_test(denied_bits_are_added_to_the_class_that_decides),
		cmocka_unit_test(the_mask_of_an_acl_is_opened_where_that_helps),
		cmocka_unit_test(what_an_acl_denies_no_mode_gives),
		cmocka_unit_test(a_tree_is_owned_where_the_user_cannot_write),
		cmocka_unit_test(a_tree_is_given_to_the_group),
		cmocka_unit_test(a_file_is_given_to_the_group_as_far_as_it_is_denied),
		cmocka_unit_test(guarded_files_keep_their_owner),
		cmocka_unit_test(a_hard_link_out_of_the_tree_into_the_system_is_left),
		cmocka_unit_test(every_name_of_a_file_is_in_the_plan),
		cmocka_unit_test(roots_own_files_are_guarded),
		cmocka_unit_test(a_setuid_program_is_opened_to_nobody),
		cmocka_unit_test(a_home_is_made_owned_and_opened),
		cmocka_unit_test(folders_of_the_system_are_nobodys_home),
		cmocka_unit_test(temporary_directories_get_their_mode),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
