/* Rules that no image answers stay open. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/build.h"
#include "lib/judged.h"

static void an_asked_rule_is_open_without_a_finding(void **state)
{
	static const char OWN[] =
		"{\"name\":\"own\",\"title\":\"t\",\"include\":[\"access\"],\"rules\":[{"
		"\"id\":\"A-1\",\"title\":\"t\",\"source\":\"s\",\"predicate\":\"ask\","
		"\"subject\":\"ask\",\"certainty\":\"ask\",\"command\":\"curl {image}\"}]}";
	const char *path = test_path("own.json");
	struct judged judged;
	struct judged_input input = { .profile = path };

	(void)state;
	test_write(path, OWN, strlen(OWN));
	judged_open(&judged, &input);
	assert_int_equal(judged_count(&judged, "A-1"), 0);
	assert_int_equal(judged_status(&judged, "A-1"), RULE_OPEN);
	judged_done(&judged);
}

static void a_boot_command_is_judged_once_it_is_named(void **state)
{
	static const struct judged_row ROWS[] = {
		{ .rule = "MAT-ASK-001", .is_open = true },
		{ .set = "start-command=cd /tmp && sh run.sh;", .rule = "MAT-ASK-001" },
		{ .set = "start-command=sh run.sh\nls", .rule = "MAT-ASK-001",
		  .case_name = "line-break", .severity = SEVERITY_WARNING },
		{ .set = "start-command=sh run.sh; cd /tmp", .rule = "MAT-ASK-001",
		  .case_name = "not-last", .severity = SEVERITY_WARNING, .detail = "cd /tmp" },
	};

	(void)state;
	judged_check(ROWS, sizeof(ROWS) / sizeof(*ROWS));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_asked_rule_is_open_without_a_finding),
		cmocka_unit_test(a_boot_command_is_judged_once_it_is_named),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
