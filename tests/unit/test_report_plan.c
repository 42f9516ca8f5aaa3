/* What a plan does, before and after. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/judged.h"
#include "lib/reported.h"

#include "plan/plan.h"

static void every_change_is_shown(void **state)
{
	static const char *const WORDS[] = { "a", "b c", NULL };
	struct judged judged;
	struct plan *plan;
	struct judgement *after;
	struct tree *tree;
	struct config *config;
	struct err err = { 0 };

	(void)state;
	judged_open(&judged, &(struct judged_input){ .files = "700 0:0 d/\n600 0:0 d/key = x\n" });
	assert_int_equal(plan_new(judged.tree, image_config(judged.image), &plan, &err), 0);
	assert_int_equal(plan_begin_step(plan, "ACC-005", "open it", &err), 0);
	assert_int_equal(
		plan_want(plan, &(struct tree_want){ .path = "d", .set_mode = true, .mode = 0755 },
			  &err),
		0);
	assert_int_equal(plan_want(plan,
				   &(struct tree_want){ .path = "n",
							.create = true,
							.type = TAR_FILE,
							.set_mode = true,
							.mode = 0600,
							.set_uid = true,
							.uid = 1000,
							.body = "abc",
							.body_len = 3 },
				   &err),
			 0);
	assert_int_equal(
		plan_want(plan, &(struct tree_want){ .path = "etc", .set_uid = true }, &err), 0);
	assert_int_equal(
		plan_want(plan, &(struct tree_want){ .path = "d/key", .remove = true }, &err), 0);
	assert_int_equal(plan_edit_config(plan, &(struct config_edit){ .working_dir = "/d", .cmd = WORDS }, &err),
			 0);
	assert_true(plan_end_step(plan));
	assert_int_equal(plan_preview(plan, &tree, &config, &err), 0);
	struct judge_input input = judged.judgement->input;
	input.tree = tree;
	input.config = config;
	assert_int_equal(judge(&input, &after, &err), 0);

	char *text = REPORTED(PLAINLY, report_plan_text, plan, judged.judgement, after);
	assert_non_null(strstr(text, "1 fix\n  ACC-005  open it\nbefore and after\n"));
	assert_non_null(strstr(text, "  /d  drwx------ root:root → drwxr-xr-x root:root\n"));
	assert_null(strstr(text, "/etc")); /* as it was */
	assert_non_null(strstr(text, "  /d/key  -rw------- root:root → removed\n"));
	assert_non_null(strstr(text, "  /n  new → -rw------- "));
	assert_non_null(strstr(text, ", new contents (3 B)\n"));
	assert_non_null(strstr(text, " → \"/d\"\n"));
	assert_non_null(strstr(text, "  config Cmd  [\"/bin/sh\"] → [\"a\", \"b c\"]\n"));
	free(text);
	judgement_free(after);
	tree_free(tree);
	config_free(config);
	plan_free(plan);
	judged_done(&judged);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_change_is_shown),
	};

	/* What may be shown is the locale's to say, and an arrow is to be shown. */
	setlocale(LC_CTYPE, "C.UTF-8");
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
