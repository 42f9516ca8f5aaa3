/* What platforms ask of the user beyond its being there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/judged.h"

#define CHECK(rows) judged_check((rows), sizeof(rows) / sizeof(*(rows)))
#define GROUP(lines) "644 0:0 etc/group = " lines "\n"
#define PASSWD(line) "644 0:0 etc/passwd = " line "|\n"

static void the_group_has_its_name_or_another_line_has(void **state)
{
	/* clang-format off */
	static const struct judged_row ROWS[] = {
		{ .rule = "MAT-GRP-002" },
		{ .rule = "MAT-GRP-002", .files = GROUP("users:x:100:|ma-group:x:100:|") },
		{ .rule = "MAT-GRP-002", .files = GROUP("users:x:100:|"), .path = "/etc/group",
		  .case_name = "other-name", .severity = SEVERITY_INFO, .detail = "users" },
		{ .rule = "MAT-GRP-002", .files = GROUP("users:x:100:|ma-group:x:7:|"),
		  .path = "/etc/group", .case_name = "other-gid", .severity = SEVERITY_INFO,
		  .detail = "7" },
		{ .rule = "MAT-GRP-002", .files = GROUP("users:x:100:|"), .path = "/etc/group",
		  .profile = "modelarts-custom-engine", .case_name = "other-name",
		  .severity = SEVERITY_ERROR },
	};
	/* clang-format on */

	(void)state;
	CHECK(ROWS);
}

static void the_shell_can_be_started(void **state)
{
	/* clang-format off */
	static const struct judged_row ROWS[] = {
		{ .rule = "MAT-USR-004" },
		{ .rule = "MAT-USR-004", .files = PASSWD("u:x:1000:100::/home/ma-user:") },
		{ .rule = "MAT-USR-004", .files = PASSWD("u:x:1000:100::/:/usr/sbin/nologin"),
		  .path = "/etc/passwd", .case_name = "none", .severity = SEVERITY_INFO },
		{ .rule = "MAT-USR-004", .files = PASSWD("u:x:1000:100::/:/bin/bash"),
		  .path = "/etc/passwd", .case_name = "missing", .severity = SEVERITY_WARNING },
		{ .rule = "MAT-USR-004",
		  .files = PASSWD("u:x:1000:100::/:/bin/own") "700 0:0 bin/own = \177ELF\n",
		  .path = "/etc/passwd", .case_name = "denied", .severity = SEVERITY_WARNING },
	};
	/* clang-format on */

	(void)state;
	CHECK(ROWS);
}

static void sagemaker_wants_root_and_says_that_modelarts_does_not(void **state)
{
	/* clang-format off */
	static const struct judged_row ROWS[] = {
		{ .profile = "sagemaker-training", .rule = "SMT-USR-001", .config = "{'User':null}" },
		{ .profile = "sagemaker-training", .rule = "SMT-USR-001", .config = "{'User':'0'}" },
		{ .profile = "sagemaker-training", .rule = "SMT-USR-001", .config = "{'User':'1000'}",
		  .case_name = "other-lenient", .severity = SEVERITY_WARNING, .detail = "1000" },
		{ .profile = "sagemaker-studio", .rule = "SMS-001" },
		{ .profile = "sagemaker-studio", .rule = "SMS-001", .set = "gid=7",
		  .case_name = "other", .severity = SEVERITY_ERROR, .detail = "1000:7" },
		{ .profile = "sagemaker-studio", .rule = "SMS-002",
		  .files = PASSWD("u:x:1000:7::/:/bin/sh"), .path = "/etc/passwd",
		  .case_name = "other-group", .severity = SEVERITY_WARNING, .detail = "7" },
	};
	/* clang-format on */

	(void)state;
	CHECK(ROWS);
}

#define NONROOT .profile = "nonroot"

static void kubernetes_wants_a_number_a_name_and_a_free_port(void **state)
{
	/* clang-format off */
	static const struct judged_row ROWS[] = {
		{ NONROOT, .rule = "NR-001", .config = "{'User':'1000:0'}" },
		{ NONROOT, .rule = "NR-001", .config = "{'User':null}", .case_name = "root",
		  .severity = SEVERITY_ERROR },
		{ NONROOT, .rule = "NR-001", .config = "{'User':'00:5'}", .case_name = "root",
		  .severity = SEVERITY_ERROR },
		{ NONROOT, .rule = "NR-001", .config = "{'User':'ma-user'}", .case_name = "name",
		  .severity = SEVERITY_ERROR, .detail = "ma-user" },
		{ NONROOT, .rule = "NR-003", .config = "{'ExposedPorts':{'8080/tcp':{}}}" },
		{ NONROOT, .rule = "NR-003", .config = "{'ExposedPorts':{'443/tcp':{}}}",
		  .case_name = "low", .severity = SEVERITY_WARNING, .detail = "443/tcp" },
		{ NONROOT, .rule = "NR-004" },
		{ NONROOT, .rule = "NR-004", .files = "664 0:0 etc/passwd = root:x:0:0::/:/bin/sh|\n",
		  .path = "/etc/passwd", .case_name = "forbidden-mode", .severity = SEVERITY_INFO },
		{ NONROOT, .rule = "NR-005", .config = "{'Env':['USER=app']}" },
		{ NONROOT, .rule = "NR-005", .config = "{'Env':['HOME=/tmp','USER=']}",
		  .path = "/etc/passwd", .case_name = "unknown", .severity = SEVERITY_WARNING },
	};
	/* clang-format on */

	(void)state;
	CHECK(ROWS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_group_has_its_name_or_another_line_has),
		cmocka_unit_test(the_shell_can_be_started),
		cmocka_unit_test(sagemaker_wants_root_and_says_that_modelarts_does_not),
		cmocka_unit_test(kubernetes_wants_a_number_a_name_and_a_free_port),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
