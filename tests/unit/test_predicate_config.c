/* User, Env and WorkingDir. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/judged.h"

#define CHECK(rows) judged_check((rows), sizeof(rows) / sizeof(*(rows)))

static void the_default_user_must_be_the_target(void **state)
{
	/* clang-format off */
	static const struct judged_row ROWS[] = {
		{ .rule = "MAT-CFG-001" },
		{ .rule = "MAT-CFG-001",
		  .config = "{'User':'ma-user'}" },
		{ .rule = "MAT-CFG-001",
		  .config = "{'User':'1000:100'}" },
		{ .rule = "MAT-CFG-001", .case_name = "other", .severity = SEVERITY_ERROR,
		  .detail = "root",
		  .config = "{'User':null}" },
		{ .rule = "MAT-CFG-001", .case_name = "other", .severity = SEVERITY_ERROR,
		  .detail = "0",
		  .config = "{'User':'0'}" },
		{ .rule = "MAT-CFG-001", .case_name = "other", .severity = SEVERITY_ERROR,
		  .detail = "root",
		  .config = "{'User':'root'}" },
		{ .rule = "MAT-CFG-001", .case_name = "other-lenient",
		  .severity = SEVERITY_WARNING, .set = "strict=false",
		  .config = "{'User':null}" },
		{ .rule = "MAT-CFG-001", .case_name = "unresolved", .severity = SEVERITY_ERROR,
		  .config = "{'User':'nobody-here'}" },
		{ .rule = "MAT-CFG-001", .case_name = "unresolved", .severity = SEVERITY_ERROR,
		  .set = "strict=false",
		  .config = "{'User':'nobody-here'}" },
		{ .rule = "MAT-CFG-001", .case_name = "unresolved", .severity = SEVERITY_ERROR,
		  .config = "{'User':'1000:no-group'}" },
	};
	/* clang-format on */

	(void)state;
	CHECK(ROWS);
}

static void python_must_not_buffer_its_log(void **state)
{
	/* clang-format off */
	static const struct judged_row ROWS[] = {
		{ .rule = "MAT-CFG-002" },
		{ .rule = "MAT-CFG-002", .case_name = "missing", .severity = SEVERITY_WARNING,
		  .files = "755 0:0 usr/\n"
			   "755 0:0 usr/bin/\n"
			   "755 0:0 usr/bin/python3.11 = \177ELF\n" },
		{ .rule = "MAT-CFG-002", .case_name = "missing", .severity = SEVERITY_WARNING,
		  .files = "755 0:0 opt/\n"
			   "755 0:0 opt/x/\n"
			   "755 0:0 opt/x/bin/\n"
			   "l opt/x/bin/python -> python3\n" },
		{ .rule = "MAT-CFG-002",
		  .files = "755 0:0 bin/python-config = x\n"
			   "755 0:0 etc/python3/\n" },
		{ .rule = "MAT-CFG-002",
		  .config = "{'Env':['PYTHONUNBUFFERED=1']}",
		  .files = "755 0:0 usr/\n"
			   "755 0:0 usr/bin/\n"
			   "755 0:0 usr/bin/python3.11 = \177ELF\n" },
		{ .rule = "MAT-CFG-002",
		  .config = "{'Env':['PYTHONUNBUFFERED=yes']}",
		  .files = "755 0:0 usr/\n"
			   "755 0:0 usr/bin/\n"
			   "755 0:0 usr/bin/python3.11 = \177ELF\n" },
		{ .rule = "MAT-CFG-002", .case_name = "off", .severity = SEVERITY_WARNING,
		  .detail = "0",
		  .config = "{'Env':['PYTHONUNBUFFERED=0']}",
		  .files = "755 0:0 usr/\n"
			   "755 0:0 usr/bin/\n"
			   "755 0:0 usr/bin/python3.11 = \177ELF\n" },
		{ .rule = "MAT-CFG-002", .case_name = "off", .severity = SEVERITY_WARNING,
		  .config = "{'Env':['PYTHONUNBUFFERED=']}",
		  .files = "755 0:0 usr/\n"
			   "755 0:0 usr/bin/\n"
			   "755 0:0 usr/bin/python3.11 = \177ELF\n" },
	};
	/* clang-format on */

	(void)state;
	CHECK(ROWS);
}

static void the_working_directory_should_be_the_platforms(void **state)
{
	/* clang-format off */
	static const struct judged_row ROWS[] = {
		{ .rule = "MAT-CFG-003" },
		{ .rule = "MAT-CFG-003",
		  .config = "{'WorkingDir':'/home//ma-user/'}" },
		{ .rule = "MAT-CFG-003", .case_name = "other", .severity = SEVERITY_WARNING,
		  .detail = "/",
		  .config = "{'WorkingDir':null}" },
		{ .rule = "MAT-CFG-003", .case_name = "other", .severity = SEVERITY_WARNING,
		  .detail = "/app",
		  .config = "{'WorkingDir':'/app'}" },
		{ .rule = "MAT-CFG-003", .set = "workdir=/app",
		  .config = "{'WorkingDir':'/app'}" },
	};
	/* clang-format on */

	(void)state;
	CHECK(ROWS);
}

static void a_command_with_relative_names_is_told_apart(void **state)
{
	/* clang-format off */
	static const struct judged_row ROWS[] = {
		{ .rule = "MAT-CFG-003", .case_name = "other-relative",
		  .severity = SEVERITY_WARNING,
		  .config = "{'WorkingDir':'/app','Cmd':['sh','run.sh']}",
		  .files = "755 1000:100 app/\n"
			   "644 1000:100 app/run.sh = x\n" },
		{ .rule = "MAT-CFG-003", .case_name = "other-relative",
		  .severity = SEVERITY_WARNING,
		  .config = "{'WorkingDir':'/app','Cmd':['/bin/sh','-c','exec ./run.sh;']}",
		  .files = "755 1000:100 app/\n"
			   "644 1000:100 app/run.sh = x\n" },
		{ .rule = "MAT-CFG-003", .case_name = "other", .severity = SEVERITY_WARNING,
		  .config = "{'WorkingDir':'/app','Cmd':['sh','/app/run.sh']}",
		  .files = "755 1000:100 app/\n"
			   "644 1000:100 app/run.sh = x\n" },
	};
	/* clang-format on */

	(void)state;
	CHECK(ROWS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_default_user_must_be_the_target),
		cmocka_unit_test(python_must_not_buffer_its_log),
		cmocka_unit_test(the_working_directory_should_be_the_platforms),
		cmocka_unit_test(a_command_with_relative_names_is_told_apart),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
