/* Conda environments without activation. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/judged.h"

#define CHECK(rows) judged_check((rows), sizeof(rows) / sizeof(*(rows)))
#define CONDA "755 0:0 opt/\n755 0:0 opt/c/\n755 0:0 opt/c/conda-meta/\n755 0:0 opt/c/bin/\n"

static void an_environment_is_on_path_or_named(void **state)
{
	/* clang-format off */
	static const struct judged_row ROWS[] = {
		{ .rule = "MAT-CND-001" },
		{ .rule = "MAT-CND-001", .files = CONDA, .case_name = "not-on-path",
		  .path = "/opt/c", .severity = SEVERITY_WARNING },
		{ .rule = "MAT-CND-001", .files = CONDA,
		  .config = "{'Env':['PATH=/bin:/opt/c/bin']}" },
		{ .rule = "MAT-CND-001", .files = CONDA "l opt/d -> c\n",
		  .config = "{'Env':['PATH=/opt/d/bin']}" },
		{ .rule = "MAT-CND-001", .files = CONDA,
		  .config = "{'Env':['PATH=/bin','ANACONDA_DIR=/opt/c']}" },
		{ .rule = "MAT-CND-001", .files = CONDA "700 0:0 opt/c/\n", .case_name = "hidden",
		  .path = "/opt/c", .severity = SEVERITY_ERROR },
		{ .rule = "MAT-CND-001", .files = "644 0:0 opt/c/conda-meta = x\n" },
	};
	/* clang-format on */

	(void)state;
	CHECK(ROWS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_environment_is_on_path_or_named),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
