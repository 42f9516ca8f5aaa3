/* What predicates share: arguments, cases that a rule leaves out, layers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "core/rule/rule_priv.h"
#include "lib/judged.h"

static struct rule_run run_of(const struct judged *judged, const struct rule *rule)
{
	return (struct rule_run){
		.judgement = judged->judgement,
		.rule = rule,
		.tree = judged->tree,
		.at = judgement_at(judged->judgement),
		.config = judged->judgement->input.config,
		.profile = judged->profile,
		.identity = &judged->judgement->identity,
	};
}

static void a_case_that_the_rule_leaves_out_is_not_reported(void **state)
{
	struct rule_case cases[] = { { "hidden", SEVERITY_WARNING, "m" } };
	const struct rule rule = { .cases = cases, .case_count = 1 };
	struct finding draft = rule__draft();
	struct judged judged;

	(void)state;
	judged_open(&judged, &(struct judged_input){ 0 });
	struct rule_run run = run_of(&judged, &rule);
	assert_int_equal(rule__report(&run, "pointed-into", &draft, NULL), 0);
	assert_int_equal(judged.judgement->findings.count, 0);
	assert_int_equal(rule__report(&run, "hidden", &draft, NULL), 0);
	assert_int_equal(judged.judgement->findings.count, 1);
	assert_int_equal(judged.judgement->findings.items[0].severity, SEVERITY_WARNING);
	assert_ptr_equal(judged.judgement->findings.items[0].rule_case, cases);
	judged_done(&judged);
}

static void a_denial_is_of_the_layer_that_set_the_mode(void **state)
{
	struct rule_case cases[] = { { "hidden", SEVERITY_WARNING, "m" } };
	const struct rule rule = { .cases = cases, .case_count = 1 };
	struct finding draft = rule__draft();
	struct judged judged;

	(void)state;
	judged_open(&judged, &(struct judged_input){ .files = "700 0:0 home/\n" });
	struct rule_run run = run_of(&judged, &rule);
	size_t first = judged.judgement->findings.count;
	draft.node = tree_find(judged.tree, "home/ma-user");
	assert_int_equal(rule__report(&run, "hidden", &draft, NULL), 0);
	draft.blocker = tree_find(judged.tree, "home");
	draft.denied = ACCESS_EXECUTE;
	assert_int_equal(rule__report(&run, "hidden", &draft, NULL), 0);
	assert_int_equal(judged.judgement->findings.items[first].layer, 1);
	assert_int_equal(judged.judgement->findings.items[first + 1].layer, 2);
	judged_done(&judged);
}

static void arguments_are_read_with_their_types(void **state)
{
	json_t *arguments = json_pack("{s:s, s:b, s:s, s:[s,s]}", "uid", "$uid", "strict", 0,
				      "home", "/x", "list", "a", "b");
	const struct rule rule = { .arguments = arguments };
	struct judged judged;

	(void)state;
	judged_open(&judged, &(struct judged_input){ 0 });
	struct rule_run run = run_of(&judged, &rule);
	assert_int_equal(rule__int(&run, "uid", 1), 1000);
	assert_int_equal(rule__int(&run, "none", 1), 1);
	assert_false(rule__bool(&run, "strict", true));
	assert_string_equal(rule__string(&run, "home", ""), "/x");
	assert_string_equal(rule__item(&run, "list", 1), "b");
	assert_null(rule__item(&run, "list", 2));
	json_decref(arguments);
	judged_done(&judged);
}

static void a_word_is_listed_by_itself_or_by_a_glob(void **state)
{
	json_t *arguments = json_pack("{s:[s,s]}", "names", "sudo", "ssh-*");
	const struct rule rule = { .arguments = arguments };
	struct judged judged;

	(void)state;
	judged_open(&judged, &(struct judged_input){ 0 });
	struct rule_run run = run_of(&judged, &rule);
	assert_true(rule__listed(&run, "names", "sudo"));
	assert_true(rule__listed(&run, "names", "ssh-agent"));
	assert_false(rule__listed(&run, "names", "su"));
	assert_false(rule__listed(&run, "none", "sudo"));
	json_decref(arguments);
	judged_done(&judged);
}

static void every_predicate_has_cases_and_one_name(void **state)
{
	(void)state;
	for (size_t i = 0; rule__predicate(i); i++) {
		const struct predicate *row = rule__predicate(i);

		assert_non_null(row->judge);
		assert_true(row->cases[0] || !strcmp(row->name, "ask"));
		assert_ptr_equal(rule__predicate_find(row->name), row);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_case_that_the_rule_leaves_out_is_not_reported),
		cmocka_unit_test(a_denial_is_of_the_layer_that_set_the_mode),
		cmocka_unit_test(arguments_are_read_with_their_types),
		cmocka_unit_test(a_word_is_listed_by_itself_or_by_a_glob),
		cmocka_unit_test(every_predicate_has_cases_and_one_name),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
