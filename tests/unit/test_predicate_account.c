/* The user and the group that the platform expects, and the known kinds of images. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/judged.h"

/* The beginning of a passwd file. */
#define PASSWD "644 0:0 etc/passwd = root:x:0:0:root:/root:/bin/sh|"
#define CHECK(rows) judged_check((rows), sizeof(rows) / sizeof(*(rows)))

static void a_group_with_the_gid_must_exist(void **state)
{
	/* clang-format off */
	static const struct judged_row ROWS[] = {
		{ .rule = "MAT-GRP-001" },
		{ .rule = "MAT-GRP-001", .case_name = "missing", .severity = SEVERITY_ERROR,
		  .path = "/etc/group", .layer = 2,
		  .files = "644 0:0 etc/group = root:x:0:|\n" },
		{ .rule = "MAT-GRP-001", .case_name = "no-file", .severity = SEVERITY_ERROR,
		  .path = "/etc/group",
		  .files = "x etc/group\n" },
		{ .rule = "MAT-GRP-001", .case_name = "other-name", .severity = SEVERITY_INFO,
		  .path = "/etc/group", .detail = "users",
		  .files = "644 0:0 etc/group = root:x:0:|users:x:100:|\n" },
		{ .rule = "MAT-GRP-001", .case_name = "missing", .severity = SEVERITY_ERROR,
		  .path = "/etc/group", .set = "gid=200" },
	};
	/* clang-format on */

	(void)state;
	CHECK(ROWS);
}

static void a_user_with_the_uid_must_exist(void **state)
{
	/* clang-format off */
	static const struct judged_row ROWS[] = {
		{ .rule = "MAT-USR-001" },
		{ .rule = "MAT-USR-001", .case_name = "missing", .severity = SEVERITY_ERROR,
		  .path = "/etc/passwd", .layer = 2,
		  .files = PASSWD "\n" },
		{ .rule = "MAT-USR-001", .case_name = "missing", .severity = SEVERITY_ERROR,
		  .path = "/etc/passwd",
		  .files = "x etc/passwd\n" },
		{ .rule = "MAT-USR-001",
		  .files = PASSWD "node:x:1000:1000::/home/node:/bin/sh|\n" },
	};
	/* clang-format on */

	(void)state;
	CHECK(ROWS);
}

static void its_primary_group_should_be_the_gid(void **state)
{
	/* clang-format off */
	static const struct judged_row ROWS[] = {
		{ .rule = "MAT-USR-002" },
		{ .rule = "MAT-USR-002", .case_name = "other-group", .severity = SEVERITY_WARNING,
		  .path = "/etc/passwd", .detail = "1000",
		  .files = PASSWD "ubuntu:x:1000:1000::/home/ubuntu:/bin/sh|\n" },
		{ .rule = "MAT-USR-002",
		  .files = PASSWD "\n" },
	};
	/* clang-format on */

	(void)state;
	CHECK(ROWS);
}

static void the_name_must_not_have_another_uid(void **state)
{
	/* clang-format off */
	static const struct judged_row ROWS[] = {
		{ .rule = "MAT-USR-003" },
		{ .rule = "MAT-USR-003", .case_name = "other-uid", .severity = SEVERITY_ERROR,
		  .path = "/etc/passwd", .detail = "'ma-user' has UID 1102",
		  .files = PASSWD "ma-user:x:1102:1102::/home/ma-user:/bin/sh|\n" },
		{ .rule = "MAT-USR-003", .case_name = "other-uid-taken",
		  .severity = SEVERITY_ERROR, .path = "/etc/passwd",
		  .files = PASSWD "ma-user:x:1102:1102::/home/ma-user:/bin/sh|"
		  	   "me:x:1000:100::/:/bin/sh|\n" },
		{ .rule = "MAT-USR-003", .set = "user=other",
		  .files = PASSWD "ma-user:x:1102:1102::/home/ma-user:/bin/sh|\n" },
	};
	/* clang-format on */

	(void)state;
	CHECK(ROWS);
}

static void files_of_the_old_uid_are_counted(void **state)
{
	struct judged judged;

	(void)state;
	judged_open(
		&judged,
		&(struct judged_input){
			.files =
				"644 0:0 etc/passwd = ma-user:x:1102:1102::/home/ma-user:/bin/sh|\n"
				"755 1102:1102 home/ma-user/\n"
				"644 1102:1102 home/ma-user/a = 12345\n"
				"--\n"
				"644 1102:100 home/ma-user/b = 123\n"
				"644 1000:1102 home/ma-user/c = 1\n" });
	const struct finding *finding = judged_find(&judged, "MAT-USR-003", "other-uid", NULL);
	assert_non_null(finding);
	assert_int_equal(finding->count, 3);
	assert_int_equal(finding->bytes, 8);
	judged_done(&judged);
}

/* What is typical of base images, and what the group and user rules say of each. */
static void known_kinds_of_images(void **state)
{
	/* clang-format off */
	static const struct {
		const char *kind, *files;
		const char *group, *user, *primary, *name, *file; /* cases; NULL: content */
	} ROWS[] = {
		{ "debian", PASSWD "\n"
			    "644 0:0 etc/group = root:x:0:|users:x:100:|\n",
		  "other-name", "missing", NULL, NULL, NULL },
		{ "ubuntu 24.04", PASSWD "ubuntu:x:1000:1000:Ubuntu:/home/ubuntu:/bin/bash|\n"
				  "644 0:0 etc/group = root:x:0:|users:x:100:|ubuntu:x:1000:|\n",
		  "other-name", NULL, "other-group", NULL, NULL },
		{ "node", PASSWD "node:x:1000:1000::/home/node:/bin/bash|\n"
			  "644 0:0 etc/group = root:x:0:|users:x:100:|node:x:1000:|\n",
		  "other-name", NULL, "other-group", NULL, NULL },
		{ "jupyter", PASSWD "jovyan:x:1000:100::/home/jovyan:/bin/bash|\n"
			     "644 0:0 etc/group = root:x:0:|users:x:100:|\n",
		  "other-name", NULL, NULL, NULL, NULL },
		{ "ascend", PASSWD "HwHiAiUser:x:1000:1000::/home/HwHiAiUser:/bin/bash|\n"
			    "644 0:0 etc/group = root:x:0:|users:x:100:|HwHiAiUser:x:1000:|\n",
		  "other-name", NULL, "other-group", NULL, NULL },
		{ "alpine", PASSWD "guest:x:405:100:guest:/dev/null:/sbin/nologin|\n"
			    "644 0:0 etc/group = root:x:0:root|users:x:100:games|\n",
		  "other-name", "missing", NULL, NULL, NULL },
		{ "distroless", PASSWD "nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin|\n"
				"644 0:0 etc/group = root:x:0:|nonroot:x:65532:|\n",
		  "missing", "missing", NULL, NULL, NULL },
		{ "scratch", "x etc\n", "no-file", "missing", NULL, NULL, "no-passwd" },
		{ "ma-user 1102", PASSWD "ma-user:x:1102:1102::/home/ma-user:/bin/bash|\n",
		  NULL, "missing", NULL, "other-uid", NULL },
		{ "ma-group elsewhere", "644 0:0 etc/group = root:x:0:|users:x:100:|"
			   "ma-group:x:1100:|\n",
		  "other-name", NULL, NULL, NULL, NULL },
		{ "two lines with 1000", PASSWD "ma-user:x:1000:100::/home/ma-user:/bin/sh|"
			   "me:x:1000:1000::/home/me:/bin/sh|\n",
		  NULL, NULL, NULL, NULL, "duplicate-id" },
		{ "no home", "x home\n", NULL, NULL, NULL, NULL, NULL },
	};
	/* clang-format on */
	static const char *const RULES[] = { "MAT-GRP-001", "MAT-USR-001", "MAT-USR-002",
					     "MAT-USR-003", "MAT-USR-006" };

	(void)state;
	for (size_t i = 0; i < sizeof(ROWS) / sizeof(*ROWS); i++) {
		const char *const cases[] = { ROWS[i].group, ROWS[i].user, ROWS[i].primary,
					      ROWS[i].name, ROWS[i].file };
		struct judged judged;

		judged_open(&judged, &(struct judged_input){ .files = ROWS[i].files });
		for (size_t k = 0; k < 5; k++) {
			const struct finding *finding = judged_find(&judged, RULES[k], NULL, NULL);
			const char *is = finding ? finding->rule_case->name : "content";

			if (strcmp(is, cases[k] ? cases[k] : "content") != 0)
				fail_msg("%s: %s is %s", ROWS[i].kind, RULES[k], is);
		}
		judged_done(&judged);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_group_with_the_gid_must_exist),
		cmocka_unit_test(a_user_with_the_uid_must_exist),
		cmocka_unit_test(its_primary_group_should_be_the_gid),
		cmocka_unit_test(the_name_must_not_have_another_uid),
		cmocka_unit_test(files_of_the_old_uid_are_counted),
		cmocka_unit_test(known_kinds_of_images),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
