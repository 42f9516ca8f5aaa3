/* Names in Env, and the machine. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/judged.h"

#define CHECK(rows) judged_check((rows), sizeof(rows) / sizeof(*(rows)))

static void names_of_the_platform_are_noted(void **state)
{
	/* clang-format off */
	static const struct judged_row ROWS[] = {
		{ .rule = "MAT-ENV-001" },
		{ .rule = "MAT-ENV-001", .config = "{'Env':['PATH=/bin','XMA_1=x']}" },
		{ .rule = "MAT-ENV-001", .config = "{'Env':['MA_JOB_DIR=x']}",
		  .case_name = "replaced", .severity = SEVERITY_INFO, .detail = "MA_JOB_DIR" },
		{ .rule = "MAT-ENV-001", .config = "{'Env':['PYTHONPATH=x']}",
		  .case_name = "prepended", .severity = SEVERITY_INFO, .detail = "PYTHONPATH" },
		{ .rule = "MAT-ENV-001", .config = "{'Env':['1A=x']}", .case_name = "invalid",
		  .severity = SEVERITY_INFO, .detail = "1A" },
		{ .rule = "MAT-ENV-001", .config = "{'Env':['a.b=x']}", .case_name = "invalid",
		  .severity = SEVERITY_INFO, .detail = "a.b" },
	};
	/* clang-format on */

	(void)state;
	CHECK(ROWS);
}

static void the_machine_is_the_pools(void **state)
{
	/* clang-format off */
	static const struct judged_row ROWS[] = {
		{ .rule = "MAT-ARC-001" },
		{ .rule = "MAT-ARC-001", .set = "architecture=amd64" },
		{ .rule = "MAT-ARC-001", .set = "architecture=arm64", .case_name = "other",
		  .severity = SEVERITY_ERROR, .detail = "amd64" },
		{ .rule = "MAT-ARC-001", .files = "755 0:0 bin/sh = \177ELF arm64\n",
		  .case_name = "program", .path = "/bin/sh", .severity = SEVERITY_ERROR },
	};
	/* clang-format on */

	(void)state;
	CHECK(ROWS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_of_the_platform_are_noted),
		cmocka_unit_test(the_machine_is_the_pools),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
