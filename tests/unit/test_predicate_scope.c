/* What the user must be able to read and write. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/judged.h"

#define CHECK(rows) judged_check((rows), sizeof(rows) / sizeof(*(rows)))

static void scope_is_where_the_config_points(void **state)
{
	/* clang-format off */
	static const struct judged_row ROWS[] = {
		{ .rule = "ACC-004" },
		{ .rule = "ACC-004", .case_name = "unreadable", .severity = SEVERITY_ERROR,
		  .path = "/srv/x", .layer = 2,
		  .config = "{'WorkingDir':'/srv'}",
		  .files = "755 1000:100 srv/\n"
			   "600 0:0 srv/x = x\n" },
		{ .rule = "ACC-004", .case_name = "unreadable", .severity = SEVERITY_ERROR,
		  .path = "/home/ma-user/x",
		  .files = "600 0:0 home/ma-user/x = x\n" },
		{ .rule = "ACC-004", .case_name = "unreadable", .severity = SEVERITY_ERROR,
		  .path = "/vol/x",
		  .config = "{'Volumes':{'/vol':{}}}",
		  .files = "755 1000:100 vol/\n"
			   "600 0:0 vol/x = x\n" },
		{ .rule = "ACC-004", .case_name = "unreadable", .severity = SEVERITY_ERROR,
		  .path = "/m/x",
		  .config = "{'Env':['MODEL_DIR=/m']}",
		  .files = "755 1000:100 m/\n"
			   "600 0:0 m/x = x\n" },
		{ .rule = "ACC-004", .case_name = "unreadable", .severity = SEVERITY_ERROR,
		  .path = "/n/x",
		  .config = "{'Env':['PYTHON_PATH=/m:/n']}",
		  .files = "755 1000:100 n/\n"
			   "600 0:0 n/x = x\n" },
		{ .rule = "ACC-004", .case_name = "unreadable", .severity = SEVERITY_ERROR,
		  .path = "/c/x",
		  .config = "{'Env':['XDG_CACHE_X=/c']}",
		  .files = "755 1000:100 c/\n"
			   "600 0:0 c/x = x\n" },
		{ .rule = "ACC-004",
		  .config = "{'Env':['MODEL=/m']}",
		  .files = "755 1000:100 m/\n"
			   "600 0:0 m/x = x\n" },
		{ .rule = "ACC-004", .case_name = "unreadable", .severity = SEVERITY_ERROR,
		  .path = "/j/x",
		  .config = "{'Cmd':['/bin/sh','/j/run.sh']}",
		  .files = "755 1000:100 j/\n"
			   "644 1000:100 j/run.sh = x\n"
			   "600 0:0 j/x = x\n" },
		{ .rule = "ACC-004", .case_name = "unreadable", .severity = SEVERITY_ERROR,
		  .path = "/app/x",
		  .files = "755 1000:100 app/\n"
			   "600 0:0 app/x = x\n" },
		{ .rule = "ACC-004", .case_name = "unreadable", .severity = SEVERITY_ERROR,
		  .path = "/mine/x", .set = "scope=/mine",
		  .files = "755 1000:100 mine/\n"
			   "600 0:0 mine/x = x\n" },
		{ .rule = "ACC-004", .set = "scope=/mine",
		  .files = "755 1000:100 app/\n"
			   "600 0:0 app/x = x\n" },
	};
	/* clang-format on */

	(void)state;
	CHECK(ROWS);
}

static void folders_of_opt_that_hold_scripts_are_in_scope(void **state)
{
	/* clang-format off */
	static const struct judged_row ROWS[] = {
		{ .rule = "ACC-004", .case_name = "unreadable", .severity = SEVERITY_ERROR,
		  .path = "/opt/job/x",
		  .files = "755 0:0 opt/\n"
			   "755 1000:100 opt/job/\n"
			   "644 1000:100 opt/job/a.py = x\n"
			   "600 0:0 opt/job/x = x\n" },
		{ .rule = "ACC-004", .case_name = "unreadable", .severity = SEVERITY_ERROR,
		  .path = "/opt/job/x",
		  .files = "755 0:0 opt/\n"
			   "755 1000:100 opt/job/\n"
			   "755 1000:100 opt/job/src/\n"
			   "644 1000:100 opt/job/src/a.sh = x\n"
			   "600 0:0 opt/job/x = x\n" },
		{ .rule = "ACC-004",
		  .files = "755 0:0 opt/\n"
			   "755 0:0 opt/tool/\n"
			   "600 0:0 opt/tool/x = x\n" },
	};
	/* clang-format on */

	(void)state;
	CHECK(ROWS);
}

static void system_trees_and_private_files_are_not(void **state)
{
	/* clang-format off */
	static const struct judged_row ROWS[] = {
		{ .rule = "ACC-004",
		  .config = "{'WorkingDir':'/'}",
		  .files = "600 0:0 etc/secret = x\n"
			   "600 0:0 x = x\n" },
		{ .rule = "ACC-004",
		  .config = "{'WorkingDir':'/etc'}",
		  .files = "600 0:0 etc/shadow = x\n"
			   "600 0:0 etc/secret = x\n" },
		{ .rule = "ACC-004",
		  .config = "{'WorkingDir':'/root'}",
		  .files = "600 0:0 root/x = x\n" },
		{ .rule = "ACC-004",
		  .config = "{'Env':['CUDA_HOME=/usr/local/cuda']}",
		  .files = "755 0:0 usr/\n"
			   "755 0:0 usr/local/\n"
			   "755 0:0 usr/local/cuda/\n"
			   "600 0:0 usr/local/cuda/x = x\n" },
		{ .rule = "ACC-004", .case_name = "unreadable", .severity = SEVERITY_ERROR,
		  .path = "/usr/src/app/x",
		  .config = "{'WorkingDir':'/usr/src/app'}",
		  .files = "755 0:0 usr/\n"
			   "755 0:0 usr/src/\n"
			   "755 1000:100 usr/src/app/\n"
			   "600 0:0 usr/src/app/x = x\n" },
		{ .rule = "ACC-004",
		  .config = "{'WorkingDir':'/var'}",
		  .files = "755 1000:100 var/\n"
			   "1777 0:0 var/tmp/\n"
			   "755 1000:100 var/lib/\n"
			   "755 0:0 var/lib/dpkg/\n"
			   "600 0:0 var/lib/dpkg/x = x\n" },
	};
	/* clang-format on */

	(void)state;
	CHECK(ROWS);
}

static void only_the_topmost_is_told(void **state)
{
	/* clang-format off */
	static const struct judged_row ROWS[] = {
		{ .rule = "ACC-004", .case_name = "unreadable-directory",
		  .severity = SEVERITY_ERROR, .path = "/app/a", .layer = 2,
		  .files = "755 1000:100 app/\n"
			   "700 0:0 app/a/\n"
			   "600 0:0 app/a/b = x\n" },
		{ .rule = "ACC-004", .case_name = "hidden", .severity = SEVERITY_ERROR,
		  .path = "/opt/ml/code", .layer = 2,
		  .files = "700 0:0 opt/\n"
			   "755 0:0 opt/ml/\n"
			   "755 0:0 opt/ml/code/\n"
			   "644 0:0 opt/ml/code/x = x\n" },
		{ .rule = "ACC-004", .case_name = "unwritable", .severity = SEVERITY_WARNING,
		  .path = "/app/x", .layer = 2,
		  .files = "755 1000:100 app/\n"
			   "644 0:0 app/x = x\n" },
		{ .rule = "ACC-004", .case_name = "unwritable-directory",
		  .severity = SEVERITY_WARNING, .path = "/app", .layer = 2,
		  .files = "755 0:0 app/\n"
			   "644 0:0 app/x = x\n" },
	};
	/* clang-format on */

	(void)state;
	CHECK(ROWS);
}

static void links_are_no_findings(void **state)
{
	/* clang-format off */
	static const struct judged_row ROWS[] = {
		{ .rule = "ACC-004",
		  .files = "755 1000:100 app/\n"
			   "l app/x -> /root/secret\n"
			   "l app/y -> nowhere\n" },
	};
	/* clang-format on */

	(void)state;
	CHECK(ROWS);
}

static void conda_prefixes_are_for_reading(void **state)
{
	/* clang-format off */
	static const struct judged_row ROWS[] = {
		{ .rule = "ACC-004",
		  .files = "755 0:0 opt/\n"
			   "755 0:0 opt/conda/\n"
			   "755 0:0 opt/conda/conda-meta/\n"
			   "755 0:0 opt/conda/a.py = x\n" },
		{ .rule = "ACC-004", .case_name = "unreadable", .severity = SEVERITY_ERROR,
		  .path = "/opt/conda/lib",
		  .files = "755 0:0 opt/\n"
			   "755 0:0 opt/conda/\n"
			   "755 0:0 opt/conda/conda-meta/\n"
			   "600 0:0 opt/conda/lib = x\n" },
		{ .rule = "ACC-004", .case_name = "unwritable", .severity = SEVERITY_WARNING,
		  .path = "/opt/conda/work/x",
		  .config = "{'WorkingDir':'/opt/conda/work'}",
		  .files = "755 0:0 opt/\n"
			   "755 0:0 opt/conda/\n"
			   "755 0:0 opt/conda/conda-meta/\n"
			   "755 1000:100 opt/conda/work/\n"
			   "644 0:0 opt/conda/work/x = x\n" },
	};
	/* clang-format on */

	(void)state;
	CHECK(ROWS);
}

static void an_unwritable_directory_stands_for_what_is_below(void **state)
{
	struct judged judged;

	(void)state;
	judged_open(&judged, &(struct judged_input){ .files = "755 0:0 app/\n"
							      "644 0:0 app/a = 12345\n"
							      "755 0:0 app/b/\n"
							      "644 0:0 app/b/c = 123\n"
							      "666 0:0 app/b/d = 1\n"
							      "600 0:0 app/b/e = 1\n" });
	assert_int_equal(judged_count(&judged, "ACC-004"), 2);
	assert_non_null(judged_find(&judged, "ACC-004", "unreadable", "/app/b/e"));
	const struct finding *finding =
		judged_find(&judged, "ACC-004", "unwritable-directory", "/app");
	assert_non_null(finding);
	assert_int_equal(finding->count, 3);
	assert_int_equal(finding->bytes, 8);
	assert_int_equal(finding->denied, ACCESS_WRITE);
	judged_done(&judged);
}

static void a_folder_inside_another_is_told_once(void **state)
{
	struct judged judged;

	(void)state;
	judged_open(
		&judged,
		&(struct judged_input){
			.config =
				"{'WorkingDir':'/app/src','Env':['A_DIR=/app/src','B_DIR=/app'],'Cmd':null}",
			.files = "755 1000:100 app/\n"
				 "755 1000:100 app/src/\n"
				 "644 0:0 app/src/x = 1\n" });
	assert_int_equal(judged_count(&judged, "ACC-004"), 1);
	judged_done(&judged);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scope_is_where_the_config_points),
		cmocka_unit_test(folders_of_opt_that_hold_scripts_are_in_scope),
		cmocka_unit_test(system_trees_and_private_files_are_not),
		cmocka_unit_test(only_the_topmost_is_told),
		cmocka_unit_test(links_are_no_findings),
		cmocka_unit_test(conda_prefixes_are_for_reading),
		cmocka_unit_test(an_unwritable_directory_stands_for_what_is_below),
		cmocka_unit_test(a_folder_inside_another_is_told_once),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
