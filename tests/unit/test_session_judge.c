/* Users, profiles, fixes and undo: what is judged again, and what of a failure stays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <jansson.h>

#include "lib/opened.h"
#include "rule/finding_key.h"

static struct session *open_one(void)
{
	return opened(opened_store("judge.tar", SOURCE_DOCKER_ARCHIVE, "gzip", 10));
}

static const struct finding *find(const struct judgement *judgement, const char *rule)
{
	for (size_t i = 0; i < judgement->findings.count; i++) {
		if (!strcmp(judgement->findings.items[i].rule->id, rule))
			return &judgement->findings.items[i];
	}
	return NULL;
}

static void fix_first(struct session *session, const char *rule)
{
	const struct finding *finding = find(session_view(session)->preview, rule);
	const struct rule_fix *fix;
	struct err err = { 0 };

	assert_non_null(finding);
	assert_true(fix_options(session_view(session)->preview, finding, &fix, 1) > 0);
	if (session_fix(session, finding, fix, &err) != 1)
		fail_msg("%s", err.text);
}

static void a_fix_changes_the_preview_and_not_the_image(void **state)
{
	struct session *session = open_one();
	const struct session_view *view = session_view(session);

	(void)state;
	fix_first(session, "MAT-USR-001");
	assert_true(view->judging);
	/* Meanwhile nothing else can be asked for. */
	assert_int_equal(session_fix_all(session, NULL, NULL), -ERR_INVALID);
	assert_int_equal(session_set_user(session, "0", NULL), -ERR_INVALID);
	session_wait(session, true);
	assert_false(view->judging);
	assert_null(find(view->preview, "MAT-USR-001"));
	assert_non_null(find(view->judgement, "MAT-USR-001"));
	assert_int_equal(plan_step_count(view->plan), 1);
	assert_true(session_forecast(session)->append > 0);
	session_free(session);
}

static void undo_takes_the_preview_back(void **state)
{
	struct session *session = open_one();
	const struct session_view *view = session_view(session);

	(void)state;
	assert_false(session_undo(session));
	fix_first(session, "MAT-USR-001");
	session_wait(session, true);
	fix_first(session, "MAT-CFG-001");
	session_wait(session, true);
	assert_int_equal(plan_step_count(view->plan), 2);
	assert_true(session_undo(session));
	session_wait(session, true);
	assert_non_null(find(view->preview, "MAT-CFG-001"));
	assert_null(find(view->preview, "MAT-USR-001"));
	/* Also while a judgement is on its way. */
	assert_true(session_undo(session));
	assert_false(session_undo(session));
	session_wait(session, true);
	assert_ptr_equal(view->preview, view->judgement);
	assert_true(plan_is_empty(view->plan));
	session_free(session);
}

static void redo_goes_over_all_kinds_of_steps(void **state)
{
	struct session *session = open_one();
	const struct session_view *view = session_view(session);
	CLEANUP(json_decrefp) json_t *json = NULL;
	size_t steps;

	(void)state;
	assert_false(session_redo(session));
	assert_int_equal(session_fix_all(session, NULL, NULL), 0);
	session_wait(session, true);
	steps = plan_step_count(view->plan);
	while (session_undo(session))
		;
	session_wait(session, true);
	assert_ptr_equal(view->preview, view->judgement);
	while (session_redo(session))
		;
	session_wait(session, true);
	assert_int_equal(plan_step_count(view->plan), steps);
	assert_int_equal(view->preview->by_severity[SEVERITY_ERROR], 0);
	/* A plan that is loaded can be gone through as well. */
	assert_int_equal(plan_to_json(view->plan, &json, NULL), 0);
	assert_int_equal(session_load_plan(session, json, NULL), 0);
	session_wait(session, true);
	assert_false(session_redo(session));
	assert_true(session_undo(session));
	session_wait(session, true);
	/* Nothing comes of it, and so it ends nothing. */
	assert_int_equal(session_fix_all(session, (const char *const[]){ "X", NULL }, NULL), 0);
	session_wait(session, true);
	assert_true(session_redo(session));
	session_wait(session, true);
	assert_int_equal(plan_step_count(view->plan), steps);
	session_free(session);
}

static void an_edit_by_hand_is_judged_and_can_be_taken_back(void **state)
{
	struct session *session = open_one();
	const struct session_view *view = session_view(session);
	struct plan_edit edit;
	node_id node;

	(void)state;
	fix_first(session, "MAT-CFG-001");
	session_wait(session, true);
	plan_edit_give(&view->preview->identity, &edit);
	node = tree_find(view->preview->input.tree, "app");
	assert_int_equal(session_edit(session, &edit, &node, 1, true, NULL), 0);
	assert_int_equal(session_edit(session, &edit, &node, 1, true, NULL), -ERR_INVALID);
	session_wait(session, true);
	assert_int_equal(view->edited.paths, 2);
	assert_int_equal(plan_step_count(view->plan), 2);
	assert_string_equal(plan_step(view->plan, 1).title,
			    "owner 1000:100 with u+rwX for 2 paths under /app");
	assert_null(find(view->preview, "ACC-004"));
	/* The config has no path; what both paths take is the layer but for its end. */
	assert_int_equal(view->changes->all.count, 2);
	assert_int_equal(session_forecast(session)->append, view->changes->all.items[0].bytes +
							       view->changes->all.items[1].bytes +
							       1024);
	assert_true(session_undo(session));
	session_wait(session, true);
	assert_int_equal(view->changes->all.count, 0);
	assert_non_null(find(view->preview, "ACC-004"));
	assert_true(session_redo(session));
	session_wait(session, true);
	assert_null(find(view->preview, "ACC-004"));
	/* The same again changes nothing. */
	assert_int_equal(session_edit(session, &edit, &node, 1, true, NULL), 0);
	session_wait(session, true);
	assert_int_equal(view->edited.paths, 0);
	assert_int_equal(plan_step_count(view->plan), 2);
	assert_false(view->judging);
	session_free(session);
}

static void all_is_fixed_at_once(void **state)
{
	struct session *session = open_one();
	const struct session_view *view = session_view(session);

	(void)state;
	assert_int_equal(session_fix_all(session, NULL, NULL), 0);
	session_wait(session, true);
	assert_int_equal(view->preview->by_severity[SEVERITY_ERROR], 0);
	assert_true(view->judgement->by_severity[SEVERITY_ERROR] > 0);
	assert_true(plan_step_count(view->plan) > 2);
	/* One more fix or undo goes on from there. */
	assert_true(session_undo(session));
	session_wait(session, true);
	session_free(session);
}

static void only_the_rules_that_are_named_are_fixed(void **state)
{
	static const char *const rules[] = { "MAT-CFG-001", NULL };
	struct session *session = open_one();
	const struct session_view *view = session_view(session);

	(void)state;
	assert_int_equal(session_fix_all(session, rules, NULL), 0);
	session_wait(session, true);
	assert_int_equal(plan_step_count(view->plan), 1);
	assert_string_equal(plan_step(view->plan, 0).rule_id, "MAT-CFG-001");
	session_free(session);
}

static void a_cancelled_fix_leaves_the_plan_as_it_was(void **state)
{
	struct session *session = open_one();
	const struct session_view *view = session_view(session);

	(void)state;
	fix_first(session, "MAT-CFG-001");
	session_wait(session, true);
	fix_first(session, "MAT-USR-001");
	session_cancel(session);
	session_wait(session, true);
	assert_int_equal(view->phase, SESSION_READY);
	/* It may have been too fast for us; what is shown fits the plan in both cases. */
	if (view->judge_error.code == ERR_CANCELLED) {
		assert_int_equal(plan_step_count(view->plan), 1);
		assert_non_null(find(view->preview, "MAT-USR-001"));
	} else {
		assert_int_equal(plan_step_count(view->plan), 2);
		assert_null(find(view->preview, "MAT-USR-001"));
	}
	assert_null(find(view->preview, "MAT-CFG-001"));
	session_free(session);
}

static void another_user_is_judged_for(void **state)
{
	struct session *session = open_one();
	const struct session_view *view = session_view(session);
	struct err err = { 0 };

	(void)state;
	fix_first(session, "MAT-CFG-001");
	session_wait(session, true);
	assert_int_equal(session_set_user(session, "0:0", NULL), 0);
	session_wait(session, true);
	assert_int_equal(view->judgement->identity.uid, 0);
	assert_int_equal(view->preview->identity.uid, 0);
	assert_int_equal(plan_step_count(view->plan), 1);
	assert_int_equal(session_set_user(session, "nobody-here", &err), -ERR_NOT_FOUND);
	assert_int_equal(view->judgement->identity.uid, 0);
	assert_int_equal(session_set_user(session, NULL, NULL), 0);
	session_wait(session, true);
	assert_int_equal(view->judgement->identity.uid, 1000);
	session_free(session);
}

static void another_profile_is_judged_by(void **state)
{
	static const char profile[] =
		"{\"name\":\"small\",\"title\":\"Small\",\"about\":[\"x\"],\"parameters\":{"
		"\"uid\":{\"type\":\"int\",\"default\":7,\"help\":\"h\"},"
		"\"gid\":{\"type\":\"int\",\"default\":8,\"help\":\"h\"}},\"rules\":[{"
		"\"id\":\"S-1\",\"title\":\"t\",\"source\":\"s\",\"predicate\":\"group-exists\","
		"\"arguments\":{\"gid\":0},\"cases\":{"
		"\"no-file\":{\"severity\":\"error\",\"message\":\"m\"},"
		"\"missing\":{\"severity\":\"error\",\"message\":\"m\"},"
		"\"other-name\":{\"severity\":\"info\",\"message\":\"m\"}},\"fixes\":[]}]}";
	struct session *session = open_one();
	const struct session_view *view = session_view(session);
	struct err err = { 0 };

	(void)state;
	fix_first(session, "MAT-CFG-001");
	session_wait(session, true);
	assert_int_equal(session_set_profile(session, "no-such-profile", NULL), -ERR_NOT_FOUND);
	assert_string_equal(session_profile_argument(session), "modelarts-training");
	assert_string_equal(profile_name(session_profile(session)), "modelarts-training");
	test_write(test_path("small.json"), profile, sizeof(profile) - 1);
	if (session_set_profile(session, test_path("small.json"), &err) < 0)
		fail_msg("%s", err.text);
	session_wait(session, true);
	assert_int_equal(view->phase, SESSION_READY);
	assert_string_equal(profile_name(session_profile(session)), "small");
	assert_int_equal(view->judgement->findings.count, 0);
	assert_int_equal(view->judgement->identity.uid, 7);
	/* The plan stays. */
	assert_int_equal(plan_step_count(view->plan), 1);
	assert_string_equal(view->preview->input.config->user, "1000:100");
	session_free(session);
}

static void a_plan_is_loaded_or_refused_whole(void **state)
{
	struct session *session = open_one();
	const struct session_view *view = session_view(session);
	struct err err = { 0 };
	json_t *json, *bad;

	(void)state;
	assert_int_equal(session_fix_all(session, NULL, NULL), 0);
	session_wait(session, true);
	assert_int_equal(plan_to_json(view->plan, &json, NULL), 0);
	while (session_undo(session))
		;
	session_wait(session, true);
	assert_ptr_equal(view->preview, view->judgement);
	if (session_load_plan(session, json, &err) < 0)
		fail_msg("%s", err.text);
	session_wait(session, true);
	assert_int_equal(view->preview->by_severity[SEVERITY_ERROR], 0);
	bad = json_string("no plan");
	assert_true(session_load_plan(session, bad, &err) < 0);
	session_wait(session, true);
	assert_int_equal(view->preview->by_severity[SEVERITY_ERROR], 0);
	json_decref(bad);
	json_decref(json);
	session_free(session);
}

static void one_fix_for_all_that_are_alike_leaves_the_rest(void **state)
{
	static const char *const none[] = { NULL };
	struct session *session = open_one();
	const struct session_view *view = session_view(session);
	const struct finding *finding = find(view->preview, "MAT-USR-001");
	const struct rule_fix *fix;
	char *except[] = { finding_key(view->preview, finding), NULL };

	(void)state;
	assert_true(fix_options(view->preview, finding, &fix, 1) > 0);
	assert_int_equal(session_fix_alike(session, finding, fix, none, NULL), 0);
	session_wait(session, true);
	assert_int_equal(plan_step_count(view->plan), 1);
	assert_null(find(view->preview, "MAT-USR-001"));
	assert_non_null(find(view->preview, "MAT-GRP-001"));
	assert_true(session_undo_to(session, 0));
	assert_false(session_undo_to(session, 0));
	session_wait(session, true);

	finding = find(view->preview, "MAT-USR-001");
	assert_int_equal(
		session_fix_alike(session, finding, fix, (const char *const *)except, NULL), 0);
	free(except[0]); /* copied */
	session_wait(session, true);
	assert_true(plan_is_empty(view->plan));
	session_free(session);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_fix_changes_the_preview_and_not_the_image),
		cmocka_unit_test(undo_takes_the_preview_back),
		cmocka_unit_test(one_fix_for_all_that_are_alike_leaves_the_rest),
		cmocka_unit_test(redo_goes_over_all_kinds_of_steps),
		cmocka_unit_test(an_edit_by_hand_is_judged_and_can_be_taken_back),
		cmocka_unit_test(all_is_fixed_at_once),
		cmocka_unit_test(only_the_rules_that_are_named_are_fixed),
		cmocka_unit_test(a_cancelled_fix_leaves_the_plan_as_it_was),
		cmocka_unit_test(another_user_is_judged_for),
		cmocka_unit_test(another_profile_is_judged_by),
		cmocka_unit_test(a_plan_is_loaded_or_refused_whole),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
