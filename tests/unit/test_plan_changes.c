/* What a plan changes path by path, and the bytes of each in an appended layer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/fixed.h"
#include "plan/plan_changes.h"

static void want(struct fixed *fixed, const struct tree_want *want)
{
	assert_int_equal(plan_begin_step(fixed->plan, "R-1", "title", NULL), 0);
	assert_int_equal(plan_want(fixed->plan, want, NULL), 0);
	assert_true(plan_end_step(fixed->plan));
}

static void assert_changes(struct fixed *fixed, const char *expected)
{
	struct plan_changes changes;
	struct tree *preview;
	struct config *config;
	char text[512] = "";

	assert_int_equal(plan_preview(fixed->plan, &preview, &config, NULL), 0);
	assert_int_equal(
		plan_changes_find(fixed->plan, fixed->judged.tree, preview, &changes, NULL), 0);
	for (size_t i = 0; i < changes.all.count; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s %" PRIu64 "\n",
			 changes.all.items[i].path, changes.all.items[i].bytes);
	assert_string_equal(text, expected);
	plan_changes_done(&changes);
	tree_free(preview);
	config_free(config);
}

static void steps_for_one_path_are_one_change(void **state)
{
	struct fixed fixed;

	(void)state;
	fixed_open(&fixed, &(struct judged_input){ .files = "700 0:0 opt/\n644 0:0 opt/f = x\n" });
	want(&fixed, &(struct tree_want){ .path = "opt/f", .set_mode = true, .mode = 0600 });
	want(&fixed, &(struct tree_want){ .path = "opt", .set_uid = true, .uid = 1000 });
	want(&fixed, &(struct tree_want){ .path = "opt", .set_gid = true, .gid = 100 });
	assert_changes(&fixed, "opt 512\nopt/f 1024\n");
	/* As it was: nothing changes any more. */
	want(&fixed, &(struct tree_want){ .path = "opt/f", .set_mode = true, .mode = 0644 });
	assert_changes(&fixed, "opt 512\n");
	fixed_done(&fixed);
}

static void further_names_are_a_header_each(void **state)
{
	struct fixed fixed;

	(void)state;
	fixed_open(&fixed, &(struct judged_input){ .files = "755 0:0 opt/\n644 0:0 opt/b = x\n"
							    "h opt/a -> opt/b\n" });
	want(&fixed, &(struct tree_want){ .path = "opt/a", .set_uid = true, .uid = 7 });
	want(&fixed, &(struct tree_want){ .path = "opt/b", .set_uid = true, .uid = 7 });

	struct plan_changes changes;
	struct tree *preview;
	struct config *config;

	assert_int_equal(plan_preview(fixed.plan, &preview, &config, NULL), 0);
	assert_int_equal(plan_changes_find(fixed.plan, fixed.judged.tree, preview, &changes, NULL),
			 0);
	assert_int_equal(changes.all.count, 2);
	assert_int_equal(changes.all.items[0].bytes + changes.all.items[1].bytes, 1024 + 512);
	plan_changes_done(&changes);
	tree_free(preview);
	config_free(config);
	fixed_done(&fixed);
}

static void what_is_new_or_gone_is_a_change(void **state)
{
	struct fixed fixed;

	(void)state;
	fixed_open(&fixed, &(struct judged_input){ .files = "755 0:0 opt/\n644 0:0 opt/f = x\n" });
	want(&fixed, &(struct tree_want){ .path = "opt/f", .remove = true });
	want(&fixed, &(struct tree_want){ .path = "opt/none", .remove = true });
	want(&fixed, &(struct tree_want){ .path = "new",
					  .create = true,
					  .type = TAR_FILE,
					  .set_mode = true,
					  .mode = 0644,
					  .body = "text",
					  .body_len = 4 });
	assert_changes(&fixed, "new 1024\nopt/f 512\n");
	fixed_done(&fixed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(steps_for_one_path_are_one_change),
		cmocka_unit_test(further_names_are_a_header_each),
		cmocka_unit_test(what_is_new_or_gone_is_a_change),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
