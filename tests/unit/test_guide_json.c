/* Answers of a walkthrough as JSON, beside the plan. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/fixed.h"
#include "plan/guide.h"

static const struct judged_input INPUT = {
	.config = "{'User':'root'}",
	.files = "755 0:0 app/\n600 0:0 app/a\xff = x\n",
};

static struct guide *new_guide(void)
{
	struct guide *guide;

	assert_int_equal(guide_new(&guide, NULL), 0);
	return guide;
}

/* One fix taken and one question passed over, as JSON. */
static json_t *answered(struct fixed *fixed)
{
	struct guide *guide = new_guide();
	struct guide_question question = { 0 };
	json_t *json;

	fixed_open(fixed, &INPUT);
	assert_int_equal(guide_mark(guide, 0, NULL), 0);
	fixed_add(fixed, "MAT-CFG-001", NULL, NULL, "set-user");
	question.finding = judged_find(&fixed->judged, "ACC-004", "unreadable", NULL);
	assert_non_null(question.finding);
	assert_int_equal(guide_mark(guide, 1, NULL), 0);
	assert_int_equal(guide_skip(guide, fixed->judged.judgement, &question, false, NULL), 0);
	assert_int_equal(guide_to_json(guide, fixed->plan, "nonroot", &json, NULL), 0);
	guide_free(guide);
	return json;
}

static void a_plan_with_answers_is_a_plan(void **state)
{
	struct fixed fixed;
	struct plan *again;
	json_t *json = answered(&fixed);

	(void)state;
	assert_int_equal(
		plan_new(fixed.judged.tree, image_config(fixed.judged.image), &again, NULL), 0);
	assert_int_equal(plan_from_json(again, json, NULL), 0);
	assert_int_equal(plan_step_count(again), 1);
	assert_string_equal(guide_json_profile(json), "nonroot");
	plan_free(again);
	json_decref(json);
	fixed_done(&fixed);
}

static void answers_come_back_and_can_be_taken_back(void **state)
{
	struct fixed fixed;
	struct guide *guide = new_guide();
	json_t *json = answered(&fixed);
	size_t steps;

	(void)state;
	assert_int_equal(guide_from_json(guide, json, 1, NULL), 0);
	assert_int_equal(guide_answer_count(guide), 2);
	assert_string_equal(guide_skipped(guide)[0], "ACC-004 unreadable /app/a\xff");
	assert_null(guide_skipped(guide)[1]);
	assert_true(guide_back(guide, &steps));
	assert_int_equal(steps, 0);
	assert_non_null(guide_skipped(guide)[0]);
	assert_true(guide_back(guide, &steps));
	assert_null(guide_skipped(guide)[0]);
	assert_false(guide_back(guide, &steps));
	guide_free(guide);
	json_decref(json);
	fixed_done(&fixed);
}

static void refuse(const char *text, const char *expected)
{
	struct guide *guide = new_guide();
	json_t *json = json_loads(text, 0, NULL);
	struct err err = { 0 };

	assert_non_null(json);
	assert_int_equal(guide_from_json(guide, json, 2, &err), -ERR_FORMAT);
	assert_non_null(strstr(err.text, expected));
	assert_int_equal(guide_answer_count(guide), 0);
	assert_null(guide_skipped(guide)[0]);
	json_decref(json);
	guide_free(guide);
}

static void what_is_wrong_is_named_and_nothing_stays(void **state)
{
	(void)state;
	refuse("{\"guide\": {\"skipped\": 1}}", "guide: skipped: is no list");
	refuse("{\"guide\": {\"skipped\": [{\"finding\": \"x\"}, {}]}}", "guide: skipped[1]");
	refuse("{\"guide\": {\"skipped\": [{\"finding\": \"x\"}, 7]}}", "guide: skipped[1]");
}

static void a_plan_without_answers_has_its_steps(void **state)
{
	struct guide *guide = new_guide();
	json_t *json = json_object();
	size_t steps;

	(void)state;
	assert_null(guide_json_profile(json));
	assert_int_equal(guide_from_json(guide, json, 2, NULL), 0);
	assert_int_equal(guide_answer_count(guide), 2);
	assert_true(guide_back(guide, &steps));
	assert_int_equal(steps, 1);
	json_decref(json);
	guide_free(guide);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_plan_with_answers_is_a_plan),
		cmocka_unit_test(answers_come_back_and_can_be_taken_back),
		cmocka_unit_test(what_is_wrong_is_named_and_nothing_stays),
		cmocka_unit_test(a_plan_without_answers_has_its_steps),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
