/* A script that the platform starts by its name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/judged.h"

#define CHECK(rows) judged_check((rows), sizeof(rows) / sizeof(*(rows)))
#define ROW .profile = "modelarts-inference", .rule = "MAI-RUN-001"

static void the_run_script_must_be_there_readable_and_fit(void **state)
{
	/* clang-format off */
	static const struct judged_row ROWS[] = {
		{ ROW, .files = "644 0:0 home/run.sh = #!/bin/sh|exec x|\n" },
		{ ROW, .files = "644 0:0 home/run.sh = exec x\n" },
		{ ROW, .files = "644 0:0 home/run.sh = #! /bin/sh -e|\n" },
		{ ROW, .case_name = "missing", .path = "/home/run.sh", .severity = SEVERITY_ERROR },
		{ ROW, .case_name = "missing-lenient", .path = "/home/run.sh",
		  .severity = SEVERITY_INFO, .set = "batch=false" },
		{ ROW, .case_name = "not-file", .path = "/home/run.sh", .severity = SEVERITY_ERROR,
		  .files = "755 0:0 home/run.sh/\n" },
		{ ROW, .case_name = "unreadable", .path = "/home/run.sh",
		  .severity = SEVERITY_ERROR, .files = "700 0:0 home/run.sh = x\n" },
		{ ROW, .case_name = "hidden", .path = "/home/run.sh", .severity = SEVERITY_ERROR,
		  .files = "700 0:0 home/\n644 0:0 home/run.sh = x\n" },
		{ ROW, .case_name = "crlf", .path = "/home/run.sh", .severity = SEVERITY_ERROR,
		  .files = "644 0:0 home/run.sh = #!/bin/sh\r|exec x\r|\n" },
		{ ROW, .case_name = "no-interpreter", .path = "/home/run.sh",
		  .severity = SEVERITY_ERROR, .detail = "/bin/bash",
		  .files = "644 0:0 home/run.sh = #!/bin/bash -e|\n" },
		{ ROW, .files = "644 0:0 opt/r = x\nl home/run.sh -> ../opt/r\n", .case_name = NULL },
	};
	/* clang-format on */

	(void)state;
	CHECK(ROWS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_run_script_must_be_there_readable_and_fit),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
