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

#define WARN .severity = SEVERITY_WARNING

static void a_program_counts_where_the_user_can_execute_it(void **state)
{
	/* clang-format off */
	static const struct judged_row ROWS[] = {
		{ ROW, .files = BUT_PYTHON "755 0:0 bin/python3 = x\n" },
		{ ROW, .files = BUT_PYTHON "755 0:0 bin/python2 = x\n" },
		{ ROW, .files = BUT_PYTHON "755 0:0 opt/conda/bin/python = x\n" },
		{ ROW, .files = BUT_PYTHON "755 0:0 usr/bin/python3.11 = x\nl bin/python3 -> ../usr/bin/python3.11\n" },
		{ ROW, .files = BUT_PYTHON, .case_name = "missing", WARN, .detail = "Python" },
		{ ROW, .files = BUT_PYTHON "l bin/python3 -> ../usr/bin/none\n", .case_name = "missing", WARN,
		  .detail = "Python" },
		{ ROW, .files = BUT_PYTHON "755 0:0 bin/python3/\n", .case_name = "missing", WARN },
		{ ROW, .files = BUT_PYTHON "700 0:0 bin/python3 = x\n", .case_name = "denied", WARN,
		  .detail = "Python" },
		{ ROW, .files = BUT_PYTHON "700 0:0 bin/python3 = x\n755 0:0 opt/py/bin/python3 = x\n" },
	};
	/* clang-format on */

	(void)state;
	CHECK(ROWS);
}

static void a_variable_may_name_the_home_of_a_program(void **state)
{
	/* clang-format off */
	static const struct judged_row ROWS[] = {
		{ ROW, .config = "{'Env':['PATH=/bin','JAVA_HOME=/srv/jdk']}",
		  .files = "755 0:0 bin/python3 = x\n755 0:0 bin/zip = x\n755 0:0 bin/unzip = x\n"
			   "755 0:0 srv/jdk/bin/java = x\n" },
		{ ROW, .config = "{'Env':['PATH=/bin']}",
		  .files = "755 0:0 bin/python3 = x\n755 0:0 bin/zip = x\n755 0:0 bin/unzip = x\n"
			   "755 0:0 srv/jdk/bin/java = x\n",
		  .case_name = "missing", WARN, .detail = "a Java runtime" },
	};
	/* clang-format on */

	(void)state;
	CHECK(ROWS);
}

static void a_package_database_tells_what_was_meant_to_be_there(void **state)
{
	/* clang-format off */
	static const struct judged_row ROWS[] = {
		{ ROW, .files = BUT_PYTHON "644 0:0 var/lib/dpkg/info/python3.11-minimal.list = /x|\n",
		  .case_name = "packaged", WARN, .detail = "Python" },
		{ ROW, .files = BUT_PYTHON "644 0:0 opt/conda/conda-meta/python-3.11.4-0.json = {}\n",
		  .case_name = "packaged", WARN, .detail = "Python" },
		{ ROW, .files = BUT_PYTHON "644 0:0 lib/apk/db/installed = C:Q1|P:python3|V:3.11|\n",
		  .case_name = "packaged", WARN, .detail = "Python" },
		{ ROW, .files = BUT_PYTHON "644 0:0 lib/apk/db/installed = C:Q1|P:python3-dev|\n",
		  .case_name = "missing", WARN, .detail = "Python" },
		{ ROW, .files = BUT_PYTHON "644 0:0 var/lib/dpkg/info/python3.11-minimal.list = /x|\n"
			 "755 0:0 bin/python3 = x\n" },
	};
	/* clang-format on */

	(void)state;
	CHECK(ROWS);
}

static void a_substitute_is_named_and_does_not_count(void **state)
{
	/* clang-format off */
	static const struct judged_row ROWS[] = {
		{ ROW, .files = "755 0:0 bin/python3 = x\n755 0:0 bin/java = x\n755 0:0 bin/unzip = x\n",
		  .case_name = "missing", WARN, .detail = "zip (python3 -m zipfile may do)" },
		{ ROW, .files = "755 0:0 opt/p/bin/python3 = x\n755 0:0 bin/java = x\n"
			 "755 0:0 bin/jar = x\n755 0:0 bin/unzip = x\n",
		  .case_name = "missing", WARN, .detail = "zip (jar may do)" },
		{ ROW, .files = "700 0:0 bin/python3 = x\n755 0:0 opt/p/bin/python3 = x\n"
			 "755 0:0 bin/java = x\n755 0:0 bin/unzip = x\n",
		  .case_name = "missing", WARN, .detail = "zip" },
	};
	/* clang-format on */

	(void)state;
	CHECK(ROWS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_program_counts_where_the_user_can_execute_it),
		cmocka_unit_test(a_variable_may_name_the_home_of_a_program),
		cmocka_unit_test(a_package_database_tells_what_was_meant_to_be_there),
		cmocka_unit_test(a_substitute_is_named_and_does_not_count),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
