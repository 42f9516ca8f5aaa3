/* Folders that an arbitrary user shares through root's group. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/judged.h"

#define CHECK(rows) judged_check((rows), sizeof(rows) / sizeof(*(rows)))
#define ROW .profile = "nonroot", .rule = "NR-002"
#define QUIET "{'WorkingDir':'/tmp','Env':['HOME=/tmp']}"

static void the_group_may_what_the_owner_may(void **state)
{
	/* clang-format off */
	static const struct judged_row ROWS[] = {
		{ ROW, .config = QUIET },
		{ ROW, .config = QUIET, .files = "775 1000:0 app/\n664 1000:0 app/x = x\n" },
		{ ROW, .config = QUIET, .files = "775 1000:0 app/\n644 1000:0 app/x = x\n",
		  .case_name = "not-shared", .path = "/app", .severity = SEVERITY_WARNING },
		{ ROW, .config = QUIET, .files = "775 1000:7 app/\n", .case_name = "not-shared",
		  .path = "/app", .severity = SEVERITY_WARNING },
		{ ROW, .config = "{'WorkingDir':'/srv','Env':['HOME=/tmp']}",
		  .files = "755 0:0 srv/\n", .case_name = "not-shared", .path = "/srv",
		  .severity = SEVERITY_WARNING },
		{ ROW, .config = "{'WorkingDir':'/etc','Env':['HOME=/tmp']}" },
		{ ROW, .config = QUIET, .files = "775 0:0 app/\nl app/l -> x\n" },
	};
	/* clang-format on */

	(void)state;
	CHECK(ROWS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_group_may_what_the_owner_may),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
