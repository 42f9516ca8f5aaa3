/* Signs in owner, mode and attributes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "lib/judged.h"

#define RULE .rule = "MAI-MAL-001", .profile = "modelarts-inference", .is_open = true
#define WARNED .severity = SEVERITY_WARNING
#define NOTED .severity = SEVERITY_INFO

/* clang-format off */
static const struct judged_row ROWS[] = {
	{ RULE, WARNED, .case_name = "setuid", .path = "/bin/x", .files = "4755 0:0 bin/x = a\n" },
	{ RULE, WARNED, .case_name = "setgid", .path = "/bin/x", .files = "2755 0:0 bin/x = a\n" },
	{ RULE, WARNED, .case_name = "setgid", .path = "/bin/x", .files = "6755 0:0 bin/x = a\n" },
	{ RULE, NOTED, .case_name = "setuid-known", .path = "/bin/su", .files = "4755 0:0 bin/su = a\n" },
	{ RULE, NOTED, .case_name = "setgid-known", .path = "/bin/wall", .files = "2755 0:5 bin/wall = a\n" },
	{ RULE, .files = "2755 0:0 opt/\n" },
	{ RULE, WARNED, .case_name = "capability", .path = "/bin/ping", .detail = "cap_net_raw=ep",
	  .files = "cap 755 0:0 bin/ping\n" },
	{ RULE, WARNED, .case_name = "world-writable-file", .path = "/bin/x", .files = "666 0:0 bin/x = a\n" },
	{ RULE, WARNED, .case_name = "world-writable-dir", .path = "/opt", .files = "777 0:0 opt/\n" },
	{ RULE, .files = "1777 0:0 opt/\n" },
	{ RULE, .files = "755 0:0 opt/\nl opt/link -> x\n" },
	{ RULE, .files = "755 0:0 dev/\n666 0:0 dev/null = x\n777 0:0 proc/\n" },
	{ RULE, .files = "4755 0:0 bin/x = a\n--\nx bin/x\n" },
};
/* clang-format on */

static void each_mode_has_its_sign(void **state)
{
	(void)state;
	judged_check(ROWS, sizeof(ROWS) / sizeof(*ROWS));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_mode_has_its_sign),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
