/* Programs that a platform wants to find. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/judged.h"

#define CHECK(rows) judged_check((rows), sizeof(rows) / sizeof(*(rows)))
#define ROW .profile = "modelarts-inference", .rule = "MAI-DEP-001"
#define BUT_PYTHON                                                                                 \
	"755 0:0 usr/lib/jvm/j/bin/java = x\n755 0:0 bin/zip = x\n755 0:0 bin/unzip = x\n"

static void what_is_missing_comes_with_the_line_that_installs_it(void **state)
{
	/* clang-format off */
	static const struct judged_row ROWS[] = {
		{ ROW, .files = BUT_PYTHON "755 0:0 bin/python3 = x\n" },
		{ ROW, .files = BUT_PYTHON "755 0:0 opt/conda/bin/python = x\n" },
		{ ROW, .files = BUT_PYTHON, .case_name = "missing", .severity = SEVERITY_WARNING,
		  .detail = "Python" },
		{ ROW, .files = BUT_PYTHON "644 0:0 etc/os-release = NAME=x|ID_LIKE=\"rhel debian\"|\n",
		  .case_name = "missing", .severity = SEVERITY_WARNING,
		  .detail = "Python; in the Dockerfile: RUN apt-get update && apt-get install -y "
			    "--no-install-recommends python3 && rm -rf /var/lib/apt/lists/*" },
		{ ROW, .files = BUT_PYTHON "644 0:0 usr/lib/os-release = ID=alpine|\n",
		  .case_name = "missing", .severity = SEVERITY_WARNING,
		  .detail = "Python; in the Dockerfile: RUN apk add --no-cache python3" },
		{ ROW, .files = BUT_PYTHON "700 0:0 bin/python3 = x\n", .case_name = "denied",
		  .severity = SEVERITY_WARNING, .detail = "Python" },
	};
	/* clang-format on */

	(void)state;
	CHECK(ROWS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_missing_comes_with_the_line_that_installs_it),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
