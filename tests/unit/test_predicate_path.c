/* The start command, the working directory, HOME and /tmp. */
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

static void the_start_command_must_be_usable(void **state)
{
	/* clang-format off */
	static const struct judged_row ROWS[] = {
		{ .rule = "ACC-001" },
		{ .rule = "ACC-001", .case_name = "hidden", .severity = SEVERITY_ERROR,
		  .path = "/root/bin/tool", .layer = 1,
		  .config = "{'Cmd':['/root/bin/tool']}",
		  .files = "755 0:0 root/bin/\n"
			   "755 0:0 root/bin/tool = \177ELF\n" },
		{ .rule = "ACC-001", .case_name = "denied", .severity = SEVERITY_ERROR,
		  .path = "/bin/tool", .layer = 2,
		  .config = "{'Cmd':['/bin/tool']}",
		  .files = "644 0:0 bin/tool = \177ELF\n" },
		{ .rule = "ACC-001", .case_name = "not-found", .severity = SEVERITY_ERROR,
		  .path = "/bin/tool",
		  .config = "{'Cmd':['/bin/tool']}" },
		{ .rule = "ACC-001", .case_name = "not-found", .severity = SEVERITY_ERROR,
		  .path = "tool",
		  .config = "{'Cmd':['tool']}",
		  .files = "755 0:0 tool = \177ELF\n" },
		{ .rule = "ACC-001", .case_name = "denied", .severity = SEVERITY_ERROR,
		  .path = "/bin/run.sh",
		  .config = "{'Cmd':['/bin/sh','/bin/run.sh']}",
		  .files = "600 0:0 bin/run.sh = echo\n" },
		{ .rule = "ACC-001", .case_name = "bad-interpreter", .severity = SEVERITY_ERROR,
		  .path = "/bin/nosh",
		  .config = "{'Cmd':['/bin/run.sh']}",
		  .files = "755 0:0 bin/run.sh = #!/bin/nosh|\n" },
		{ .rule = "ACC-001", .case_name = "bad-format", .severity = SEVERITY_ERROR,
		  .path = "/bin/run.sh",
		  .detail = "it begins with neither \"#!\" nor an ELF header",
		  .config = "{'Cmd':['/bin/run.sh']}",
		  .files = "755 0:0 bin/run.sh = echo|\n" },
		{ .rule = "ACC-001", .config = "{'Cmd':['/bin/sh','-c','/bin/run.sh']}",
		  .files = "755 0:0 bin/run.sh = echo|\n" },
		{ .rule = "ACC-001", .case_name = "wrong-architecture", .severity = SEVERITY_ERROR,
		  .path = "/bin/arm",
		  .detail = "it is for arm64 (64 bits), the image for amd64",
		  .config = "{'Cmd':['/bin/arm']}",
		  .files = "755 0:0 bin/arm = \177ELF arm64\n" },
		{ .rule = "ACC-001", .case_name = "no-library", .severity = SEVERITY_ERROR,
		  .path = "/bin/tool",
		  .detail = "libnone.so, which /bin/tool needs",
		  .config = "{'Cmd':['/bin/tool']}",
		  .files = "755 0:0 bin/tool = \177ELF /bin/sh libnone.so\n" },
	};
	/* clang-format on */

	(void)state;
	CHECK(ROWS);
}

static void the_working_directory_must_be_usable(void **state)
{
	/* clang-format off */
	static const struct judged_row ROWS[] = {
		{ .rule = "ACC-002" },
		{ .rule = "ACC-002", .case_name = "missing", .severity = SEVERITY_INFO,
		  .path = "/srv",
		  .config = "{'WorkingDir':'/srv'}" },
		{ .rule = "ACC-002", .case_name = "not-directory", .severity = SEVERITY_ERROR,
		  .path = "/bin/sh",
		  .config = "{'WorkingDir':'/bin/sh'}" },
		{ .rule = "ACC-002", .case_name = "hidden", .severity = SEVERITY_ERROR,
		  .path = "/root/app", .layer = 1,
		  .config = "{'WorkingDir':'/root/app'}",
		  .files = "755 0:0 root/app/\n" },
		{ .rule = "ACC-002", .case_name = "system-not-searchable",
		  .severity = SEVERITY_ERROR, .path = "/root", .layer = 1,
		  .config = "{'WorkingDir':'/root'}" },
		{ .rule = "ACC-002", .case_name = "system-not-writable",
		  .severity = SEVERITY_WARNING, .path = "/etc", .layer = 1,
		  .config = "{'WorkingDir':'/etc'}" },
		{ .rule = "ACC-002", .case_name = "not-searchable", .severity = SEVERITY_ERROR,
		  .path = "/app", .layer = 2,
		  .config = "{'WorkingDir':'/app'}",
		  .files = "700 0:0 app/\n" },
		{ .rule = "ACC-002", .case_name = "not-writable", .severity = SEVERITY_WARNING,
		  .path = "/app", .layer = 2,
		  .config = "{'WorkingDir':'/app'}",
		  .files = "755 0:0 app/\n" },
		{ .rule = "ACC-002", .case_name = "not-writable", .severity = SEVERITY_WARNING,
		  .path = "/app",
		  .config = "{'WorkingDir':'app'}",
		  .files = "755 0:0 app/\n" },
		{ .rule = "ACC-002", .case_name = "root", .severity = SEVERITY_WARNING,
		  .path = "/",
		  .config = "{'WorkingDir':null}" },
		{ .rule = "ACC-002", .case_name = "broken-path", .severity = SEVERITY_ERROR,
		  .path = "/a",
		  .config = "{'WorkingDir':'/a'}",
		  .files = "l a -> b\n"
			   "l b -> a\n" },
		{ .rule = "ACC-002",
		  .config = "{'WorkingDir':'/app'}",
		  .files = "775 0:100 app/\n" },
	};
	/* clang-format on */

	(void)state;
	CHECK(ROWS);
}

static void home_must_be_usable(void **state)
{
	/* clang-format off */
	static const struct judged_row ROWS[] = {
		{ .rule = "ACC-003" },
		{ .rule = "ACC-003", .case_name = "no-line", .severity = SEVERITY_WARNING,
		  .path = "/",
		  .files = PASSWD "\n" },
		{ .rule = "ACC-003", .case_name = "root", .severity = SEVERITY_WARNING,
		  .path = "/",
		  .files = PASSWD "ma-user:x:1000:100::/:/bin/sh|\n" },
		{ .rule = "ACC-003", .case_name = "missing", .severity = SEVERITY_WARNING,
		  .path = "/home/ma-user",
		  .files = "x home/ma-user\n" },
		{ .rule = "ACC-003", .case_name = "not-writable", .severity = SEVERITY_WARNING,
		  .path = "/home/ma-user", .layer = 2,
		  .files = "755 0:0 home/ma-user/\n" },
		{ .rule = "ACC-003", .case_name = "not-searchable", .severity = SEVERITY_ERROR,
		  .path = "/home/ma-user", .layer = 2,
		  .files = "700 0:0 home/ma-user/\n" },
		{ .rule = "ACC-003", .case_name = "hidden", .severity = SEVERITY_ERROR,
		  .path = "/home/ma-user", .layer = 2,
		  .files = "700 0:0 home/\n" },
		{ .rule = "ACC-003", .case_name = "env-not-searchable",
		  .severity = SEVERITY_ERROR, .path = "/root", .detail = "/root",
		  .config = "{'Env':['HOME=/root']}" },
		{ .rule = "ACC-003", .case_name = "env-hidden", .severity = SEVERITY_ERROR,
		  .path = "/root/me",
		  .config = "{'Env':['HOME=/root/me']}",
		  .files = "755 0:0 root/me/\n" },
		{ .rule = "ACC-003", .case_name = "env-not-writable",
		  .severity = SEVERITY_WARNING, .path = "/bin",
		  .config = "{'Env':['HOME=/bin']}" },
		{ .rule = "ACC-003", .case_name = "env-missing", .severity = SEVERITY_WARNING,
		  .path = "/none",
		  .config = "{'Env':['HOME=/none']}" },
		{ .rule = "ACC-003", .case_name = "env-root", .severity = SEVERITY_WARNING,
		  .path = "/",
		  .config = "{'Env':['HOME=/']}" },
		{ .rule = "ACC-003", .case_name = "env-not-directory", .severity = SEVERITY_ERROR,
		  .path = "/bin/sh",
		  .config = "{'Env':['HOME=/bin/sh']}" },
		{ .rule = "ACC-003",
		  .config = "{'Env':['HOME=']}" },
		{ .rule = "ACC-003",
		  .config = "{'Env':['HOME=/tmp']}" },
	};
	/* clang-format on */

	(void)state;
	CHECK(ROWS);
}

static void the_home_must_be_the_users_own(void **state)
{
	/* clang-format off */
	static const struct judged_row ROWS[] = {
		{ .rule = "MAT-USR-005" },
		{ .rule = "MAT-USR-005", .case_name = "missing", .severity = SEVERITY_WARNING,
		  .path = "/home/ma-user",
		  .files = "x home/ma-user\n" },
		{ .rule = "MAT-USR-005", .case_name = "not-directory",
		  .severity = SEVERITY_WARNING, .path = "/home/ma-user",
		  .files = "644 0:0 home/ma-user = x\n" },
		{ .rule = "MAT-USR-005", .case_name = "hidden", .severity = SEVERITY_WARNING,
		  .path = "/home/ma-user", .layer = 2,
		  .files = "700 0:0 home/\n" },
		{ .rule = "MAT-USR-005", .case_name = "not-writable",
		  .severity = SEVERITY_WARNING, .path = "/home/ma-user", .layer = 2,
		  .files = "755 0:0 home/ma-user/\n" },
		{ .rule = "MAT-USR-005", .case_name = "not-owned", .severity = SEVERITY_WARNING,
		  .path = "/home/ma-user", .layer = 2,
		  .files = "775 0:100 home/ma-user/\n" },
		{ .rule = "MAT-USR-005", .case_name = "missing", .severity = SEVERITY_WARNING,
		  .path = "/home/me",
		  .files = PASSWD "me:x:1000:100::/home/me:/bin/sh|\n" },
		{ .rule = "MAT-USR-005",
		  .files = "755 0:0 data/\n"
			   "700 1000:100 data/me/\n"
			   "x home/ma-user\n"
			   "l home/ma-user -> /data/me\n" },
	};
	/* clang-format on */

	(void)state;
	CHECK(ROWS);
}

static void temporary_directories_must_be_open(void **state)
{
	/* clang-format off */
	static const struct judged_row ROWS[] = {
		{ .rule = "ACC-006" },
		{ .rule = "ACC-006", .case_name = "missing", .severity = SEVERITY_ERROR,
		  .path = "/tmp",
		  .files = "x tmp\n" },
		{ .rule = "ACC-006", .case_name = "not-writable", .severity = SEVERITY_ERROR,
		  .path = "/tmp", .layer = 2,
		  .files = "755 0:0 tmp/\n" },
		{ .rule = "ACC-006", .case_name = "not-sticky", .severity = SEVERITY_WARNING,
		  .path = "/tmp", .layer = 2,
		  .files = "777 0:0 tmp/\n" },
		{ .rule = "ACC-006", .case_name = "not-directory", .severity = SEVERITY_ERROR,
		  .path = "/tmp",
		  .files = "644 0:0 tmp = x\n" },
		{ .rule = "ACC-006", .case_name = "missing-optional", .severity = SEVERITY_INFO,
		  .path = "/var/tmp",
		  .files = "x var/tmp\n" },
		{ .rule = "ACC-006", .case_name = "not-writable", .severity = SEVERITY_ERROR,
		  .path = "/var/tmp", .layer = 2,
		  .files = "755 0:0 var/tmp/\n" },
		{ .rule = "ACC-006",
		  .files = "x var/tmp\n"
			   "l var/tmp -> ../tmp\n" },
	};
	/* clang-format on */

	(void)state;
	CHECK(ROWS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_start_command_must_be_usable),
		cmocka_unit_test(the_working_directory_must_be_usable),
		cmocka_unit_test(home_must_be_usable),
		cmocka_unit_test(the_home_must_be_the_users_own),
		cmocka_unit_test(temporary_directories_must_be_open),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
