/* Signs of malicious code: what all kinds have in common. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/build.h"
#include "lib/judged.h"
#include "rule/finding_text.h"

#define RULE .rule = "MAI-MAL-001", .profile = "modelarts-inference", .is_open = true
#define CONTENT .case_name = NULL

static const char SIGNS[] = "4755 0:0 bin/odd = \177ELF\n666 0:0 bin/open = x\n";

static void an_image_without_signs_has_no_finding_and_stays_open(void **state)
{
	struct judged judged;

	(void)state;
	judged_open(&judged, &(struct judged_input){ .profile = "modelarts-inference" });
	assert_int_equal(judged_count(&judged, "MAI-MAL-001"), 0);
	assert_int_equal(judged_status(&judged, "MAI-MAL-001"), RULE_OPEN);
	judged_done(&judged);
}

static void signs_are_counted_and_decide_nothing(void **state)
{
	struct judged judged;

	(void)state;
	judged_open(&judged, &(struct judged_input){ .files = SIGNS,
						     .profile = "modelarts-inference" });
	const struct finding *sum = judged_find(&judged, "MAI-MAL-001", "sum", NULL);

	assert_non_null(sum);
	assert_int_equal(sum->severity, SEVERITY_INFO);
	char *text = finding_message(judged.judgement, sum);
	assert_string_equal(text, "not verifiable; 2 indicators");
	free(text);
	assert_int_equal(judged_status(&judged, "MAI-MAL-001"), RULE_OPEN);
	judged_done(&judged);
}

static void signs_are_ignored_by_kind_and_by_place(void **state)
{
	static const struct judged_row ROWS[] = {
		{ RULE, .case_name = "setuid", .files = SIGNS, .path = "/bin/odd",
		  .severity = SEVERITY_WARNING, .set = "ignore-indicators=world-writable-file" },
		{ RULE, .case_name = "world-writable-file", .files = SIGNS, .path = "/bin/open",
		  .severity = SEVERITY_WARNING, .set = "ignore-indicators=setuid" },
		{ RULE, CONTENT, .files = SIGNS,
		  .set = "ignore-indicators=setuid,world-writable-file" },
		{ RULE, CONTENT, .files = SIGNS, .set = "ignore-indicators=/bin/o*" },
	};

	(void)state;
	judged_check(ROWS, sizeof(ROWS) / sizeof(*ROWS));
}

static void a_profile_of_ones_own_takes_a_kind_out(void **state)
{
	static const char OWN[] =
		"{\"name\":\"own\",\"title\":\"t\",\"include\":[\"modelarts-inference\"],"
		"\"rules\":[{\"id\":\"MAI-MAL-001\",\"cases\":{\"setuid\":null,\"sum\":null}}]}";
	const char *path = test_path("own.json");
	struct judged judged;

	(void)state;
	test_write(path, OWN, strlen(OWN));
	judged_open(&judged, &(struct judged_input){ .files = SIGNS, .profile = path });
	assert_int_equal(judged_count(&judged, "MAI-MAL-001"), 1);
	assert_non_null(judged_find(&judged, "MAI-MAL-001", "world-writable-file", "/bin/open"));
	judged_done(&judged);
}

static void long_lists_are_cut_and_say_so(void **state)
{
	char files[4096] = "755 0:0 opt/\n";
	struct judged judged;

	(void)state;
	for (int i = 0; i < 53; i++)
		snprintf(files + strlen(files), sizeof(files) - strlen(files),
			 "666 0:0 opt/f%02d = y\n", i);
	judged_open(&judged,
		    &(struct judged_input){ .files = files, .profile = "modelarts-inference" });
	const struct finding *more = judged_find(&judged, "MAI-MAL-001", "more", NULL);
	const struct finding *sum = judged_find(&judged, "MAI-MAL-001", "sum", NULL);

	assert_int_equal(judged_count(&judged, "MAI-MAL-001"), 52);
	assert_int_equal(more ? more->count : 0, 3);
	assert_int_equal(sum ? sum->count : 0, 53);
	judged_done(&judged);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_image_without_signs_has_no_finding_and_stays_open),
		cmocka_unit_test(signs_are_counted_and_decide_nothing),
		cmocka_unit_test(signs_are_ignored_by_kind_and_by_place),
		cmocka_unit_test(a_profile_of_ones_own_takes_a_kind_out),
		cmocka_unit_test(long_lists_are_cut_and_say_so),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
