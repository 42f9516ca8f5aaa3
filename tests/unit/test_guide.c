/* The walkthrough: the order of questions, answers, back, and what is not asked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/plan/fix_priv.h"
#include "core/plan/guide_priv.h"
#include "lib/fixed.h"
#include "plan/guide.h"

/* A fault of every stage. */
static const struct judged_input FAULTY = {
	.base = "755 0:0 etc/\n644 0:0 etc/passwd = root:x:0:0:root:/root:/bin/sh|\n"
		"644 0:0 etc/group = root:x:0:|\n755 0:0 bin/\n755 0:0 bin/sh = \177ELF\n"
		"755 0:0 home/\n755 0:0 tmp/\n",
	.files = "755 0:0 app/\n600 0:0 app/a = x\n600 0:0 app/b = x\n600 0:0 app/c = x\n"
		 "700 0:0 app/d/\n",
	.config = "{'User':'root'}",
};

/* An image, its plan and its guide; the judgement is of the plan's preview. */
struct walk {
	struct fixed fixed;
	struct guide *guide;
	struct guide_question question;
};

static void walk_open(struct walk *walk, const struct judged_input *input)
{
	*walk = (struct walk){ 0 };
	fixed_open(&walk->fixed, input);
	assert_int_equal(guide_new(&walk->guide, NULL), 0);
}

static void walk_done(struct walk *walk)
{
	guide_free(walk->guide);
	fixed_done(&walk->fixed);
}

/* Judge the preview anew, after a change of the plan. */
static void rejudge(struct walk *walk)
{
	static const char *const nothing[] = { NULL };

	fix_result_done(&walk->fixed.result);
	fixed_all(&walk->fixed, nothing);
}

static const struct judgement *preview(const struct walk *walk)
{
	return walk->fixed.result.judgement ? walk->fixed.result.judgement
					    : walk->fixed.judged.judgement;
}

static bool next(struct walk *walk)
{
	struct err err = { 0 };
	int there = guide_next(walk->guide, preview(walk), &walk->question, &err);

	if (there < 0)
		fail_msg("%s", err.text);
	return there;
}

static void accept_first(struct walk *walk)
{
	assert_int_equal(guide_mark(walk->guide, plan_step_count(walk->fixed.plan), NULL), 0);
	assert_int_equal(fix_add(walk->fixed.plan, preview(walk), walk->question.finding,
				 walk->question.options[0].fix, NULL),
			 1);
	rejudge(walk);
}

static void accept_alike(struct walk *walk)
{
	const struct fix_alike alike = { walk->question.finding->rule_case,
					 walk->question.options[0].fix };
	const struct fix_choice choice = { .alike = &alike, .except = guide_skipped(walk->guide) };
	struct fix_result result;

	assert_int_equal(guide_mark(walk->guide, plan_step_count(walk->fixed.plan), NULL), 0);
	assert_int_equal(fix_all(walk->fixed.plan, &walk->fixed.judged.judgement->input, &choice,
				 &result, NULL),
			 0);
	fix_result_done(&walk->fixed.result);
	walk->fixed.result = result;
}

static void pass_over(struct walk *walk, bool all_alike)
{
	assert_int_equal(guide_mark(walk->guide, plan_step_count(walk->fixed.plan), NULL), 0);
	assert_int_equal(guide_skip(walk->guide, preview(walk), &walk->question, all_alike, NULL),
			 0);
}

static void back(struct walk *walk)
{
	size_t steps;

	assert_true(guide_back(walk->guide, &steps));
	while (plan_step_count(walk->fixed.plan) > steps)
		plan_undo(walk->fixed.plan);
	rejudge(walk);
}

/* Skip on to a question about this rule. */
static void go_to(struct walk *walk, const char *rule)
{
	while (next(walk) && strcmp(walk->question.finding->rule->id, rule) != 0)
		pass_over(walk, true);
	assert_string_equal(walk->question.finding->rule->id, rule);
}

static void causes_come_first(void **state)
{
	struct walk walk;
	enum guide_stage last = GUIDE_ACCOUNTS;
	bool seen[4] = { false };

	(void)state;
	walk_open(&walk, &FAULTY);
	for (size_t i = 1; next(&walk); i++) {
		assert_int_equal(walk.question.number, i);
		assert_true(walk.question.stage >= last);
		last = walk.question.stage;
		seen[last] = true;
		pass_over(&walk, false);
	}
	for (size_t i = 0; i < 4; i++)
		assert_true(seen[i]);
	walk_done(&walk);
}

static void the_group_is_asked_before_the_user(void **state)
{
	struct walk walk;

	(void)state;
	walk_open(&walk, &FAULTY);
	assert_true(next(&walk));
	assert_string_equal(walk.question.finding->rule->id, "MAT-GRP-001");
	accept_first(&walk);
	assert_true(next(&walk));
	assert_string_equal(walk.question.finding->rule->id, "MAT-USR-001");
	walk_done(&walk);
}

static void accepting_all_ends_at_a_clean_image(void **state)
{
	struct walk walk;
	unsigned answers = 0;

	(void)state;
	walk_open(&walk, &FAULTY);
	while (next(&walk) && answers++ < 50)
		accept_first(&walk);
	assert_in_range(answers, 5, 20);
	assert_int_equal(preview(&walk)->by_severity[SEVERITY_ERROR], 0);
	assert_int_equal(preview(&walk)->by_severity[SEVERITY_WARNING], 0);
	walk_done(&walk);
}

static void options_are_few_and_all_change_something(void **state)
{
	struct walk walk;

	(void)state;
	walk_open(&walk, &FAULTY);
	while (next(&walk)) {
		assert_in_range(walk.question.option_count, 1, GUIDE_OPTIONS);
		for (size_t i = 0; i < walk.question.option_count; i++)
			assert_int_equal(walk.question.options[i].effect.outcome, FIX_CHANGES);
		pass_over(&walk, false);
	}
	walk_done(&walk);
}

static void those_alike_are_one_answer(void **state)
{
	struct walk walk;

	(void)state;
	walk_open(&walk, &FAULTY);
	go_to(&walk, "ACC-004");
	while (strcmp(walk.question.finding->rule_case->name, "unreadable") != 0) {
		pass_over(&walk, true);
		assert_true(next(&walk));
	}
	assert_int_equal(walk.question.alike, 3);
	accept_alike(&walk);
	assert_int_equal(plan_step_count(walk.fixed.plan), 3);
	assert_false(next(&walk));
	back(&walk);
	assert_int_equal(plan_step_count(walk.fixed.plan), 0);
	assert_true(next(&walk));
	assert_int_equal(walk.question.alike, 3);
	walk_done(&walk);
}

static void what_was_skipped_is_not_mended_with_those_alike(void **state)
{
	struct walk walk;

	(void)state;
	walk_open(&walk, &FAULTY);
	go_to(&walk, "ACC-004");
	while (strcmp(walk.question.finding->rule_case->name, "unreadable") != 0) {
		pass_over(&walk, true);
		assert_true(next(&walk));
	}
	pass_over(&walk, false);
	assert_true(next(&walk));
	assert_int_equal(walk.question.alike, 2);
	accept_alike(&walk);
	fixed_wants(&walk.fixed, "app/b 0660 g100\napp/c 0660 g100\n");
	walk_done(&walk);
}

static void back_brings_a_skipped_question_again(void **state)
{
	struct walk walk;
	size_t steps;

	(void)state;
	walk_open(&walk, &FAULTY);
	assert_false(guide_back(walk.guide, &steps));
	assert_true(next(&walk));
	const struct rule *first = walk.question.finding->rule;
	pass_over(&walk, true);
	assert_int_equal(guide_answer_count(walk.guide), 1);
	assert_true(next(&walk));
	assert_ptr_not_equal(walk.question.finding->rule, first);
	back(&walk);
	assert_true(next(&walk));
	assert_ptr_equal(walk.question.finding->rule, first);
	assert_int_equal(guide_answer_count(walk.guide), 0);
	walk_done(&walk);
}

static void a_good_image_is_not_asked_about(void **state)
{
	struct walk walk;

	(void)state;
	walk_open(&walk, &(struct judged_input){ 0 });
	assert_false(next(&walk));
	walk_done(&walk);
}

static void what_a_build_must_do_is_noted(void **state)
{
	struct guide_note notes[32];
	struct walk walk;
	size_t count, at = 0;

	(void)state;
	walk_open(&walk, &(struct judged_input){ .config = "{'Cmd':['/nowhere']}" });
	assert_false(next(&walk));
	count = guide_notes(preview(&walk), notes, 32);
	while (at < count && strcmp(notes[at].rule->id, "ACC-001") != 0)
		at++;
	assert_true(at < count);
	assert_non_null(notes[at].finding);
	assert_string_equal(notes[at].fix->action, "dockerfile-only");
	assert_int_equal(notes[at].alike, 1);
	assert_int_equal(guide_notes(preview(&walk), notes, 0), count);
	walk_done(&walk);
}

/* A bulk fix would take no setuid file from its owner: it is told, not asked. */
static void what_stays_its_owners_is_noted_and_not_asked(void **state)
{
	struct guide_note notes[32];
	struct walk walk;
	size_t count, at = 0;

	(void)state;
	walk_open(&walk,
		  &(struct judged_input){ .files = "777 0:0 app/\n4600 0:0 app/suid = x\n" });
	assert_non_null(judged_find(&walk.fixed.judged, "ACC-004", NULL, "/app/suid"));
	assert_false(next(&walk));
	count = guide_notes(preview(&walk), notes, 32);
	while (at < count && strcmp(notes[at].rule->id, "ACC-004") != 0)
		at++;
	assert_true(at < count);
	assert_null(notes[at].fix);
	walk_done(&walk);
}

/* A new action that edits accounts or the config has its place, too. */
static void actions_are_in_the_stage_of_their_kind(void **state)
{
	(void)state;
	for (enum action action = 0; action < ACTIONS; action++) {
		enum guide_stage stage;
		bool placed = guide__place(action, &stage);

		if (fix__edits_accounts(action))
			assert_true(placed && stage == GUIDE_ACCOUNTS);
		if (strstr(action_name(action), "-config-"))
			assert_true(placed && stage == GUIDE_CONFIG);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(causes_come_first),
		cmocka_unit_test(the_group_is_asked_before_the_user),
		cmocka_unit_test(accepting_all_ends_at_a_clean_image),
		cmocka_unit_test(options_are_few_and_all_change_something),
		cmocka_unit_test(those_alike_are_one_answer),
		cmocka_unit_test(what_was_skipped_is_not_mended_with_those_alike),
		cmocka_unit_test(back_brings_a_skipped_question_again),
		cmocka_unit_test(a_good_image_is_not_asked_about),
		cmocka_unit_test(what_a_build_must_do_is_noted),
		cmocka_unit_test(what_stays_its_owners_is_noted_and_not_asked),
		cmocka_unit_test(actions_are_in_the_stage_of_their_kind),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
