/* Modes and attributes that stand out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/judged.h"

#define CHECK(rows) judged_check((rows), sizeof(rows) / sizeof(*(rows)))

static void scripts_of_the_user_can_be_executed(void **state)
{
	/* clang-format off */
	static const struct judged_row ROWS[] = {
		{ .rule = "ACC-008", .files = "755 0:0 app/\n755 0:0 app/x.sh = #!/bin/sh|\n" },
		{ .rule = "ACC-008", .files = "755 0:0 app/\n644 0:0 app/x.sh = no interpreter\n" },
		{ .rule = "ACC-008", .files = "755 0:0 app/\n644 0:0 app/x = #!/bin/sh|\n" },
		{ .rule = "ACC-008", .files = "755 0:0 lib/\n644 0:0 lib/x.sh = #!/bin/sh|\n" },
		{ .rule = "ACC-008", .files = "755 0:0 app/\n600 0:0 app/x.sh = #!/bin/sh|\n" },
		{ .rule = "ACC-008", .files = "755 0:0 app/\n644 0:0 app/x.sh = #!/bin/sh|\n",
		  .case_name = "not-executable", .path = "/app/x.sh",
		  .severity = SEVERITY_WARNING },
		{ .rule = "ACC-008", .files = "644 1000:100 home/ma-user/x.sh = #!/bin/sh|\n",
		  .case_name = "not-executable", .path = "/home/ma-user/x.sh",
		  .severity = SEVERITY_WARNING },
	};
	/* clang-format on */

	(void)state;
	CHECK(ROWS);
}

static void what_is_beside_owner_and_mode_is_counted(void **state)
{
	/* clang-format off */
	static const struct judged_row ROWS[] = {
		{ .rule = "ACC-009" },
		{ .rule = "ACC-009", .files = "4755 0:0 bin/a = x\n4755 0:0 bin/b = x\n",
		  .case_name = "setuid", .path = "/bin/a", .severity = SEVERITY_INFO },
		{ .rule = "ACC-009", .files = "acl 640 0:0 etc/x 1000:6\n", .case_name = "acl",
		  .path = "/etc/x", .severity = SEVERITY_INFO },
		{ .rule = "ACC-011", .files = "755 0:0 app/\n2755 0:0 app/a = x\n",
		  .case_name = "setgid", .path = "/app/a", .severity = SEVERITY_WARNING },
		{ .rule = "ACC-011", .files = "2755 0:0 bin/a = x\n" },
		{ .rule = "MAT-SUID-001", .files = "4755 0:0 bin/su = x\n" },
		{ .rule = "MAT-SUID-001", .files = "4755 7:0 bin/own = x\n" },
		{ .rule = "MAT-SUID-001", .files = "2755 0:0 bin/own = x\n", .layer = 2,
		  .case_name = "added", .path = "/bin/own", .severity = SEVERITY_WARNING },
	};
	/* clang-format on */

	(void)state;
	CHECK(ROWS);
}

static void a_layer_that_shuts_a_system_folder_is_named(void **state)
{
	/* clang-format off */
	static const struct judged_row ROWS[] = {
		{ .rule = "ACC-010", .files = "755 0:0 etc/\n" },
		{ .rule = "ACC-010", .files = "755 1000:100 home/\n" },
		{ .rule = "ACC-010", .files = "750 0:0 etc/\n", .case_name = "stricter", .layer = 2,
		  .path = "/etc", .severity = SEVERITY_WARNING,
		  .detail = "0755 0:0 after layer 1" },
		{ .rule = "ACC-010", .files = "750 0:0 etc/\n--\n755 0:0 etc/\n" },
		{ .rule = "ACC-010", .files = "775 0:100 opt/\n--\n775 0:0 opt/\n",
		  .case_name = "stricter", .layer = 3, .path = "/opt",
		  .severity = SEVERITY_WARNING, .detail = "0775 0:100 after layer 2" },
		{ .rule = "ACC-010", .files = "755 7:0 opt/\n--\n755 8:0 opt/\n",
		  .case_name = "stricter", .layer = 3, .path = "/opt",
		  .severity = SEVERITY_WARNING, .detail = "0755 7:0 after layer 2" },
		{ .rule = "ACC-010", .files = "755 0:0 opt/\n--\n755 8:9 opt/\n" },
		{ .rule = "ACC-010", .files = "644 0:0 etc/x = y\n--\n755 0:0 tmp/\n",
		  .case_name = "stricter", .layer = 3, .path = "/tmp",
		  .severity = SEVERITY_WARNING, .detail = "1777 0:0 after layer 2" },
	};
	/* clang-format on */

	(void)state;
	CHECK(ROWS);
}

static void folders_of_the_server_that_starts_are_writable(void **state)
{
	/* clang-format off */
	static const struct judged_row ROWS[] = {
		{ .rule = "ACC-006", .files = "755 0:0 run/\n" },
		{ .rule = "ACC-006", .config = "{'Cmd':['/bin/nginx']}",
		  .files = "755 0:0 bin/nginx = \177ELF\n755 0:0 run/\n",
		  .case_name = "server-not-writable", .path = "/run",
		  .severity = SEVERITY_WARNING },
		{ .rule = "ACC-006", .config = "{'Cmd':['/bin/nginx']}",
		  .files = "755 0:0 bin/nginx = \177ELF\n777 0:0 run/\n" },
	};
	/* clang-format on */

	(void)state;
	CHECK(ROWS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scripts_of_the_user_can_be_executed),
		cmocka_unit_test(what_is_beside_owner_and_mode_is_counted),
		cmocka_unit_test(a_layer_that_shuts_a_system_folder_is_named),
		cmocka_unit_test(folders_of_the_server_that_starts_are_writable),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
