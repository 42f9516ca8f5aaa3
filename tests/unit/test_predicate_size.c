/* The sizes of an image and of its layers, by limits that are set low. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/judged.h"

#define CHECK(rows) judged_check((rows), sizeof(rows) / sizeof(*(rows)))

static void limits_are_parameters(void **state)
{
	/* clang-format off */
	static const struct judged_row ROWS[] = {
		{ .rule = "MAT-SIZ-001" },
		{ .rule = "MAT-SIZ-001", .set = "size_error_gb=0", .case_name = "larger",
		  .severity = SEVERITY_ERROR },
		{ .rule = "MAT-SIZ-001", .set = "size_error_gb=1" },
		{ .rule = "MAT-SIZ-002" },
		{ .rule = "MAT-SIZ-002", .set = "layer_error_gb=0", .case_name = "larger",
		  .severity = SEVERITY_ERROR, .layer = 1 },
	};
	/* clang-format on */

	(void)state;
	CHECK(ROWS);
}

/* All that people call the size is told. */
static void the_words_tell_all_sizes(void **state)
{
	struct judged judged;
	struct judged_input input = { .set = "size_error_gb=0",
				      .files = "644 0:0 opt = 0123456789\n--\nx opt\n" };

	(void)state;
	judged_open(&judged, &input);
	const struct finding *finding = judged_find(&judged, "MAT-SIZ-001", "larger", NULL);
	assert_non_null(finding);
	assert_non_null(strstr(finding->detail, "10 B that later layers hide"));
	assert_non_null(strstr(finding->detail, "in layers"));
	assert_true(finding->bytes > 3 * 1024);
	judged_done(&judged);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(limits_are_parameters),
		cmocka_unit_test(the_words_tell_all_sizes),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
