/* Edits of passwd, group and their shadows: the finding's case gives the bytes that are wanted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/fixed.h"

struct row {
	const char *files, *rule, *case_name, *fix, *wants;
};

static void check(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct fixed fixed;

		fixed_open(&fixed, &(struct judged_input){ .files = rows[i].files });
		fixed_add(&fixed, rows[i].rule, rows[i].case_name, NULL, rows[i].fix);
		fixed_wants(&fixed, rows[i].wants);
		fixed_done(&fixed);
	}
}

#define CHECK(rows) check(rows, sizeof(rows) / sizeof(*(rows)))

static void a_group_is_appended(void **state)
{
	static const struct row rows[] = {
		{ "644 0:0 etc/group = root:x:0:|\n", "MAT-GRP-001", "missing", "add-group",
		  "etc/group = root:x:0:|ma-group:x:100:|\n" },
		{ "644 0:0 etc/group = root:x:0:\n", "MAT-GRP-001", "missing", "add-group",
		  "etc/group = root:x:0:|ma-group:x:100:|\n" },
		{ "x etc/group\n", "MAT-GRP-001", "no-file", "add-group",
		  "+- etc/group 0644 u0 g0 = root:x:0:|ma-group:x:100:|\n" },
		/* The name with another number stays what it is. */
		{ "644 0:0 etc/group = ma-group:x:1101:|\n", "MAT-GRP-001", "missing", "add-group",
		  "etc/group = ma-group:x:1101:|ma-group-100:x:100:|\n" },
		{ "644 0:0 etc/group = root:x:0:|\n640 0:42 etc/gshadow = root:*::|\n",
		  "MAT-GRP-001", "missing", "add-group",
		  "etc/group = root:x:0:|ma-group:x:100:|\netc/gshadow = root:*::|ma-group:!::|\n" },
		/* A link is followed, and stays. */
		{ "l etc/group -> ../usr/group\n644 0:0 usr/group = root:x:0:|\n", "MAT-GRP-001",
		  "missing", "add-group", "usr/group = root:x:0:|ma-group:x:100:|\n" },
	};

	(void)state;
	CHECK(rows);
}

static void a_user_is_appended(void **state)
{
	static const struct row rows[] = {
		{ "644 0:0 etc/passwd = root:x:0:0::/:/bin/sh|\n", "MAT-USR-001", "missing",
		  "add-user",
		  "etc/passwd = root:x:0:0::/:/bin/sh|ma-user:x:1000:100::/home/ma-user:/bin/sh|\n" },
		{ "644 0:0 etc/passwd = root:x:0:0::/:/bin/sh\n", "MAT-USR-001", "missing",
		  "add-user",
		  "etc/passwd = root:x:0:0::/:/bin/sh|ma-user:x:1000:100::/home/ma-user:/bin/sh|\n" },
		{ "644 0:0 etc/passwd = root:x:0:0::/:/bin/sh|\n755 0:0 bin/bash = \177ELF\n",
		  "MAT-USR-001", "missing", "add-user",
		  "etc/passwd = root:x:0:0::/:/bin/sh|ma-user:x:1000:100::/home/ma-user:/bin/bash|\n" },
		/* Without any shell. */
		{ "644 0:0 etc/passwd = |\nx bin/sh\n", "MAT-USR-001", "missing", "add-user",
		  "etc/passwd = |ma-user:x:1000:100::/home/ma-user:/sbin/nologin|\n" },
		{ "x etc/passwd\n", "MAT-USR-006", "no-passwd", "create-passwd",
		  "+- etc/passwd 0644 u0 g0 = root:x:0:0:root:/root:/sbin/nologin|"
		  "ma-user:x:1000:100::/home/ma-user:/bin/sh|\n" },
		{ "644 0:0 etc/passwd = |\nx home/ma-user\n", "MAT-USR-001", "missing", "add-user",
		  "etc/passwd = |ma-user:x:1000:100::/home/ma-user:/bin/sh|\n"
		  "+d home/ma-user 0750 u1000 g100\n" },
		{ "x etc\nx home\n", "MAT-USR-001", "missing", "add-user",
		  "+d etc 0755 u0 g0\n"
		  "+- etc/passwd 0644 u0 g0 = root:x:0:0:root:/root:/sbin/nologin|"
		  "ma-user:x:1000:100::/home/ma-user:/bin/sh|\n"
		  "+d home 0755 u0 g0\n"
		  "+d home/ma-user 0750 u1000 g100\n" },
	};

	(void)state;
	CHECK(rows);
}

static void a_shadow_line_is_added_once(void **state)
{
	static const struct row rows[] = {
		{ "644 0:0 etc/passwd = |\n640 0:42 etc/shadow = root:*:1:0:9:7:::|\n",
		  "MAT-USR-001", "missing", "add-user",
		  "etc/passwd = |ma-user:x:1000:100::/home/ma-user:/bin/sh|\n"
		  "etc/shadow = root:*:1:0:9:7:::|ma-user:!:19000:0:99999:7:::|\n" },
		{ "644 0:0 etc/passwd = |\n640 0:42 etc/shadow = ma-user:*:1:0:9:7:::|\n",
		  "MAT-USR-001", "missing", "add-user",
		  "etc/passwd = |ma-user:x:1000:100::/home/ma-user:/bin/sh|\n" },
	};

	(void)state;
	CHECK(rows);
}

static void ids_change_and_files_go_with_them(void **state)
{
	static const struct row rows[] = {
		{ "644 0:0 etc/passwd = root:x:0:0::/:/bin/sh|ma-user:secret:1102:1102:A,B:/home/ma-user:/bin/sh|x:x:2:2::/:|\n"
		  "750 1102:1102 home/ma-user/\n640 1102:1102 home/ma-user/a = b\n"
		  "4755 1102:0 home/ma-user/suid = b\nl home/ma-user/l -> a\n",
		  "MAT-USR-003", "other-uid", "set-user-ids",
		  "etc/passwd = root:x:0:0::/:/bin/sh|ma-user:secret:1000:100:A,B:/home/ma-user:/bin/sh|x:x:2:2::/:|\n"
		  "home/ma-user u1000\nhome/ma-user/a u1000\n" },
		/* Engines read a line that ends behind the ids. */
		{ "644 0:0 etc/passwd = ma-user:x:1101:1101\n", "MAT-USR-003", "other-uid",
		  "set-user-ids", "etc/passwd = ma-user:x:1000:100\n" },
		{ "644 0:0 etc/passwd = ma-user:x:1101:1101|x:x:2:2::/:|\n", "MAT-USR-003",
		  "other-uid", "set-user-ids", "etc/passwd = ma-user:x:1000:100|x:x:2:2::/:|\n" },
	};

	(void)state;
	CHECK(rows);
}

static void a_taken_number_needs_a_build(void **state)
{
	struct fixed fixed;
	struct err err = { 0 };

	(void)state;
	fixed_open(
		&fixed,
		&(struct judged_input){
			.files =
				"644 0:0 etc/passwd = ma-user:x:1102:100::/:|node:x:1000:100::/:|\n" });
	assert_int_equal(
		fixed_try(&fixed, "MAT-USR-003", "other-uid-taken", NULL, "choose-user", &err),
		-ERR_UNSUPPORTED);
	assert_true(plan_is_empty(fixed.plan));
	fixed_done(&fixed);
}

static void the_old_primary_group_is_joined(void **state)
{
	static const struct row rows[] = {
		{ "644 0:0 etc/passwd = ubuntu:x:1000:1000:U:/home/ma-user:/bin/sh|\n"
		  "644 0:0 etc/group = users:x:100:|ubuntu:x:1000:|\n",
		  "MAT-USR-002", "other-group", "set-primary-group",
		  "etc/group = users:x:100:|ubuntu:x:1000:ubuntu|\n"
		  "etc/passwd = ubuntu:x:1000:100:U:/home/ma-user:/bin/sh|\n" },
		{ "644 0:0 etc/passwd = u:x:1000:7::/home/ma-user:/bin/sh|\n"
		  "644 0:0 etc/group = users:x:100:|g:x:7:a,b\n",
		  "MAT-USR-002", "other-group", "set-primary-group",
		  "etc/group = users:x:100:|g:x:7:a,b,u\n"
		  "etc/passwd = u:x:1000:100::/home/ma-user:/bin/sh|\n" },
		{ "644 0:0 etc/passwd = u:x:1000:7::/home/ma-user:/bin/sh|\n"
		  "644 0:0 etc/group = users:x:100:|g:x:7:u|\n",
		  "MAT-USR-002", "other-group", "set-primary-group",
		  "etc/passwd = u:x:1000:100::/home/ma-user:/bin/sh|\n" },
	};

	(void)state;
	CHECK(rows);
}

static void a_carriage_return_stays_behind_an_edit(void **state)
{
	static const struct row rows[] = {
		{ "644 0:0 etc/passwd = u:x:1000:7::/home/ma-user:/bin/sh\r|\n"
		  "644 0:0 etc/group = users:x:100:|g:x:7:a\r|\n",
		  "MAT-USR-002", "other-group", "set-primary-group",
		  "etc/group = users:x:100:|g:x:7:a,u\r|\n"
		  "etc/passwd = u:x:1000:100::/home/ma-user:/bin/sh\r|\n" },
	};

	(void)state;
	CHECK(rows);
}

static void a_file_is_cleaned(void **state)
{
	static const struct row rows[] = {
		{ "644 0:0 etc/passwd = root:x:0:0::/:/bin/sh\r|u:x:1000:100::/home/ma-user:/bin/sh\r|\n",
		  "MAT-USR-006", "crlf", "clean-file",
		  "etc/passwd = root:x:0:0::/:/bin/sh|u:x:1000:100::/home/ma-user:/bin/sh|\n" },
		{ "644 0:0 etc/group = root:x:0:|users:x:100:\n", "MAT-USR-006", "no-final-newline",
		  "clean-file", "etc/group = root:x:0:|users:x:100:|\n" },
		/* What engines read stays, with the fields that are missing; the rest goes. */
		{ "644 0:0 etc/passwd = junk|# note|+@nis|:x:5:5::/:|bad:x:y:1::/:|u:x:1000:100|"
		  "v:x:7:7:a:/b:/c:too:many|\n",
		  "MAT-USR-006", "malformed", "clean-file",
		  "etc/passwd = # note|+@nis|u:x:1000:100:::|v:x:7:7:a:/b:/c|\n" },
		{ "644 0:0 etc/group = users:x:100|only|g:x:7:a:b|\n", "MAT-USR-006", "malformed",
		  "clean-file", "etc/group = users:x:100:|g:x:7:a|\n" },
	};

	(void)state;
	CHECK(rows);
}

static void a_file_that_cannot_be_read_is_not_written_over(void **state)
{
	static const char *const files[] = { "x etc/passwd\n--\n755 0:0 etc/passwd/\n",
					     "x etc/passwd\n--\nl etc/passwd -> nowhere\n" };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct fixed fixed;
		struct err err = { 0 };

		fixed_open(&fixed, &(struct judged_input){ .files = files[i] });
		assert_int_equal(
			fixed_try(&fixed, "MAT-USR-006", "no-passwd", NULL, "create-passwd", &err),
			-ERR_UNSUPPORTED);
		assert_true(plan_is_empty(fixed.plan));
		fixed_done(&fixed);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_group_is_appended),
		cmocka_unit_test(a_user_is_appended),
		cmocka_unit_test(a_shadow_line_is_added_once),
		cmocka_unit_test(ids_change_and_files_go_with_them),
		cmocka_unit_test(a_taken_number_needs_a_build),
		cmocka_unit_test(the_old_primary_group_is_joined),
		cmocka_unit_test(a_carriage_return_stays_behind_an_edit),
		cmocka_unit_test(a_file_is_cleaned),
		cmocka_unit_test(a_file_that_cannot_be_read_is_not_written_over),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
