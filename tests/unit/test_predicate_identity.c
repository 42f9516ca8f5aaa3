/* The platform's user against the one that an engine makes of its uid. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/judged.h"

static void what_another_group_changes_is_one_note(void **state)
{
	/* clang-format off */
	static const struct judged_row ROWS[] = {
		{ .rule = "ACC-007" },
		/* The same group is no other user, whatever the files say. */
		{ .rule = "ACC-007", .files = "640 0:0 opt/x = y\n" },
		{ .rule = "ACC-007", .case_name = "differs", .severity = SEVERITY_INFO,
		  .path = "/opt/x", .detail = "1000:0: /opt/x, /opt/z",
		  .files = "x etc/passwd\n--\n640 0:0 opt/x = y\n640 0:0 opt/z = y\n" },
		{ .rule = "ACC-007", .case_name = "differs", .severity = SEVERITY_INFO,
		  .path = "/opt/x", .detail = "1000:100+44: /opt/x, …",
		  .files = "644 0:0 etc/group = root:x:0:|ma-group:x:100:|video:x:44:ma-user|\n"
			   "750 0:44 opt/x/\n644 0:0 opt/x/y = z\n" },
		/* Another group, but no file of it. */
		{ .rule = "ACC-007",
		  .files = "644 0:0 etc/group = root:x:0:|ma-group:x:100:|video:x:44:ma-user|\n" },
	};
	/* clang-format on */

	(void)state;
	judged_check(ROWS, sizeof(ROWS) / sizeof(*ROWS));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_another_group_changes_is_one_note),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
