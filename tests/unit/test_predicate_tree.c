/* Directories that hide a tree. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/judged.h"

#define CHECK(rows) judged_check((rows), sizeof(rows) / sizeof(*(rows)))

static void what_points_into_a_hidden_tree_makes_it_an_error(void **state)
{
	/* clang-format off */
	static const struct judged_row ROWS[] = {
		{ .rule = "ACC-005" },
		{ .rule = "ACC-005", .case_name = "hidden", .severity = SEVERITY_INFO,
		  .path = "/root", .layer = 1,
		  .files = "644 0:0 root/.bashrc = x\n" },
		{ .rule = "ACC-005", .case_name = "pointed-into", .severity = SEVERITY_ERROR,
		  .path = "/root", .layer = 1, .detail = "/usr/bin/python",
		  .files = "755 0:0 usr/\n"
			   "755 0:0 usr/bin/\n"
			   "755 0:0 root/py/\n"
			   "755 0:0 root/py/python = x\n"
			   "l usr/bin/python -> ../../root/py/python\n" },
		{ .rule = "ACC-005", .case_name = "pointed-into", .severity = SEVERITY_ERROR,
		  .path = "/root", .detail = "PATH=/root/py",
		  .config = "{'Env':['PATH=/bin:/root/py']}",
		  .files = "755 0:0 root/py/\n"
			   "755 0:0 root/py/python = x\n" },
		{ .rule = "ACC-005", .case_name = "pointed-into", .severity = SEVERITY_ERROR,
		  .path = "/opt/x", .detail = "X_DIR=/opt/x",
		  .config = "{'Env':['X_DIR=/opt/x']}",
		  .files = "755 0:0 opt/\n"
			   "700 0:0 opt/x/\n"
			   "644 0:0 opt/x/f = x\n" },
		{ .rule = "ACC-005", .case_name = "pointed-into", .severity = SEVERITY_ERROR,
		  .path = "/root", .detail = "WorkingDir /root/w",
		  .config = "{'WorkingDir':'/root/w'}",
		  .files = "755 0:0 root/w/\n"
			   "644 0:0 root/w/x = x\n" },
		{ .rule = "ACC-005", .case_name = "pointed-into", .severity = SEVERITY_ERROR,
		  .path = "/root", .detail = "the start command (/root/py/python)",
		  .config = "{'Cmd':['/root/py/python']}",
		  .files = "755 0:0 root/py/\n"
			   "755 0:0 root/py/python = \177ELF\n" },
	};
	/* clang-format on */

	(void)state;
	CHECK(ROWS);
}

static void what_leads_nowhere_does_not_point(void **state)
{
	/* clang-format off */
	static const struct judged_row ROWS[] = {
		{ .rule = "ACC-005", .case_name = "hidden", .severity = SEVERITY_INFO,
		  .path = "/root",
		  .config = "{'Env':['PATH=/bin:/root/none','HOME=/root']}",
		  .files = "644 0:0 root/x = x\n" },
		{ .rule = "ACC-005", .case_name = "hidden", .severity = SEVERITY_INFO,
		  .path = "/root",
		  .files = "644 0:0 root/x = x\n"
			   "l bin/gone -> /root/gone\n" },
		{ .rule = "ACC-005", .case_name = "hidden", .severity = SEVERITY_INFO,
		  .path = "/root",
		  .files = "644 0:0 root/x = x\n"
			   "l bin/home -> /root\n" },
		{ .rule = "ACC-005", .case_name = "hidden", .severity = SEVERITY_INFO,
		  .path = "/root",
		  .files = "644 0:0 root/x = x\n"
			   "l root/y -> x\n" },
	};
	/* clang-format on */

	(void)state;
	CHECK(ROWS);
}

static void private_and_empty_directories_hide_nothing(void **state)
{
	/* clang-format off */
	static const struct judged_row ROWS[] = {
		{ .rule = "ACC-005",
		  .files = "755 0:0 etc/ssl/\n"
			   "700 0:0 etc/ssl/private/\n"
			   "600 0:0 etc/ssl/private/k = x\n"
			   "l etc/key -> ssl/private/k\n" },
		{ .rule = "ACC-005",
		  .files = "755 0:0 root/a/\n" },
	};
	/* clang-format on */

	(void)state;
	CHECK(ROWS);
}

static void the_topmost_directory_counts_all_files_below(void **state)
{
	struct judged judged;

	(void)state;
	judged_open(&judged, &(struct judged_input){ .files = "644 0:0 root/a = 12345\n"
							      "700 0:0 root/b/\n"
							      "644 0:0 root/b/c = 123\n"
							      "l root/b/d -> c\n" });
	assert_int_equal(judged_count(&judged, "ACC-005"), 1);
	const struct finding *finding = judged_find(&judged, "ACC-005", "hidden", "/root");
	assert_non_null(finding);
	assert_int_equal(finding->count, 3);
	assert_int_equal(finding->bytes, 8);
	judged_done(&judged);
}

static void the_obstacle_of_the_start_command_is_told_by_both_rules(void **state)
{
	struct judged judged;

	(void)state;
	judged_open(&judged, &(struct judged_input){
				     .config = "{'Cmd':['/root/t'],'WorkingDir':null,'Env':null}",
				     .files = "755 0:0 root/t = \177ELF\n" });
	assert_non_null(judged_find(&judged, "ACC-001", "hidden", "/root/t"));
	assert_non_null(judged_find(&judged, "ACC-005", "pointed-into", "/root"));
	judged_done(&judged);
}

static void root_is_kept_out_of_nothing(void **state)
{
	struct judged judged;

	(void)state;
	judged_open(&judged,
		    &(struct judged_input){ .user = "0", .files = "644 0:0 root/a = 12345\n" });
	assert_int_equal(judged_count(&judged, "ACC-005"), 0);
	judged_done(&judged);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_points_into_a_hidden_tree_makes_it_an_error),
		cmocka_unit_test(what_leads_nowhere_does_not_point),
		cmocka_unit_test(private_and_empty_directories_hide_nothing),
		cmocka_unit_test(the_topmost_directory_counts_all_files_below),
		cmocka_unit_test(the_obstacle_of_the_start_command_is_told_by_both_rules),
		cmocka_unit_test(root_is_kept_out_of_nothing),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
