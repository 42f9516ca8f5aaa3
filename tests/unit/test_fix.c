/* Adding fixes: which are offered, what they cost, what they leave alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/plan/fix_priv.h"
#include "lib/fixed.h"

static const char GROUP_GONE[] = "644 0:0 etc/group = root:x:0:|\n";

static void offered_are_the_fixes_of_the_case(void **state)
{
	struct fixed fixed;
	const struct finding *finding;
	const struct rule_fix *fixes[3];

	(void)state;
	fixed_open(&fixed, &(struct judged_input){ .files = "700 0:0 app/\n600 0:0 app/x = y\n" });
	finding = judged_find(&fixed.judged, "ACC-004", "unreadable-directory", "/app");
	assert_non_null(finding);
	assert_int_equal(fix_options(fixed.judged.judgement, finding, fixes, 3), 3);
	/* The least change first, bits for everybody last, and by name only. */
	assert_string_equal(fixes[0]->id, "give-group-tree");
	assert_string_equal(fixes[1]->id, "own-directory");
	assert_string_equal(fixes[2]->id, "allow");
	assert_true(fixes[2]->confirm);
	assert_null(fixed_option(&fixed, finding, "open-directory"));
	fixed_done(&fixed);
}

static void a_step_is_named_for_its_rule(void **state)
{
	struct fixed fixed;

	(void)state;
	fixed_open(&fixed, &(struct judged_input){ .files = GROUP_GONE });
	fixed_add(&fixed, "MAT-GRP-001", "missing", NULL, "add-group");
	assert_int_equal(plan_step_count(fixed.plan), 1);
	assert_string_equal(plan_step(fixed.plan, 0).rule_id, "MAT-GRP-001");
	assert_true(strlen(plan_step(fixed.plan, 0).title) > 0);
	fixed_done(&fixed);
}

static void undo_takes_the_step_back(void **state)
{
	struct fixed fixed;

	(void)state;
	fixed_open(&fixed, &(struct judged_input){ .files = "600 0:0 app/x = y\n" });
	fixed_add(&fixed, "ACC-004", NULL, "/app/x", "own-file");
	fixed_wants(&fixed, "app/x u1000\n");
	assert_true(plan_undo(fixed.plan));
	fixed_wants(&fixed, "");
	assert_true(plan_is_empty(fixed.plan));
	fixed_done(&fixed);
}

static void what_needs_a_build_leaves_the_plan_alone(void **state)
{
	struct fixed fixed;
	struct err err = { 0 };

	(void)state;
	fixed_open(&fixed, &(struct judged_input){ .config = "{'Cmd':['/bin/none']}" });
	assert_int_equal(fixed_try(&fixed, "ACC-001", "not-found", NULL, "rebuild", &err),
			 -ERR_UNSUPPORTED);
	assert_non_null(strstr(err.text, "build"));
	assert_int_equal(plan_step_count(fixed.plan), 0);
	fixed_done(&fixed);
}

static void what_is_so_already_is_no_step(void **state)
{
	struct fixed fixed;
	struct judged_input input = { .files = "600 0:0 app/x = y\n" };
	struct tree_want want = { .path = "app/x", .set_uid = true, .uid = 1000 };
	const struct finding *finding;
	struct tree *tree;
	struct config *config;

	(void)state;
	fixed_open(&fixed, &input);
	finding = judged_find(&fixed.judged, "ACC-004", NULL, "/app/x");
	assert_int_equal(plan_begin_step(fixed.plan, "X", "x", NULL), 0);
	assert_int_equal(plan_want(fixed.plan, &want, NULL), 0);
	assert_true(plan_end_step(fixed.plan));
	assert_int_equal(plan_preview(fixed.plan, &tree, &config, NULL), 0);
	fixed.judged.judgement->input.tree = tree;
	assert_int_equal(fix_add(fixed.plan, fixed.judged.judgement, finding,
				 fixed_option(&fixed, finding, "own-file"), NULL),
			 0);
	assert_int_equal(plan_step_count(fixed.plan), 1);
	tree_free(tree);
	config_free(config);
	fixed_done(&fixed);
}

static uint64_t cost(struct fixed *fixed, const char *rule, const char *path, const char *id)
{
	const struct finding *finding = judged_find(&fixed->judged, rule, NULL, path);
	uint64_t bytes = 0;
	struct err err = { 0 };

	assert_non_null(finding);
	if (fix_cost(fixed->judged.judgement, finding, fixed_option(fixed, finding, id), &bytes,
		     &err) < 0)
		fail_msg("%s", err.text);
	return bytes;
}

static void a_directory_costs_a_header_and_a_file_its_bytes(void **state)
{
	struct fixed fixed;

	(void)state;
	fixed_open(&fixed,
		   &(struct judged_input){
			   .config = "{'Cmd':['/opt/a/run']}",
			   .files = "700 0:0 opt/\n755 0:0 opt/a/\n755 0:0 opt/a/run = \177ELF\n"
				    "600 0:0 app/x = y\n" });
	assert_int_equal(cost(&fixed, "ACC-001", NULL, "open-directory"), 512);
	assert_int_equal(cost(&fixed, "ACC-004", "/app/x", "own-file"), 1024);
	fixed_done(&fixed);
}

/* A folder is made where links lead to, and never over something else. */
static void make_one(const char *files, const char *path, int expected, const char *wants)
{
	struct fixed fixed;
	struct err err = { 0 };
	struct fix_run run;
	int result;

	fixed_open(&fixed, &(struct judged_input){ .files = files });
	run = (struct fix_run){ .plan = fixed.plan,
				.judgement = fixed.judged.judgement,
				.tree = fixed.judged.tree,
				.at = (unsigned)tree_layer_count(fixed.judged.tree) };
	assert_int_equal(plan_begin_step(fixed.plan, "X", "x", NULL), 0);
	result = fix__make_folder(&run, path, 0750, 1000, 100, &err);
	if (result != expected)
		fail_msg("%s: %s", path, err.text);
	if (result == 0) {
		struct tree *tree;
		struct config *config;

		plan_end_step(fixed.plan);
		fixed_wants(&fixed, wants);
		assert_int_equal(plan_preview(fixed.plan, &tree, &config, &err), 0);
		tree_free(tree);
		config_free(config);
	}
	fixed_done(&fixed);
}

static void folders_are_made_where_links_lead_to(void **state)
{
	(void)state;
	make_one(NULL, "/srv/a/b", 0,
		 "+d srv 0755 u0 g0\n+d srv/a 0755 u0 g0\n+d srv/a/b 0750 u1000 g100\n");
	make_one("x home\n--\n755 0:0 var/home/\nl home -> var/home\n", "/home/me", 0,
		 "+d var/home/me 0750 u1000 g100\n");
	make_one("l srv -> /var/tmp\n", "/srv", 0, "+d var/tmp 0750 u1000 g100\n");
}

static void no_folder_is_made_where_something_else_is(void **state)
{
	(void)state;
	make_one("644 0:0 srv = x\n", "/srv", -ERR_UNSUPPORTED, NULL);
	make_one("644 0:0 srv = x\n", "/srv/a", -ERR_UNSUPPORTED, NULL);
	make_one("l srv -> nowhere\n", "/srv/a", -ERR_UNSUPPORTED, NULL);
	make_one("l srv -> srv\n", "/srv", -ERR_UNSUPPORTED, NULL);
	make_one(NULL, "/srv/../etc", -ERR_UNSUPPORTED, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(offered_are_the_fixes_of_the_case),
		cmocka_unit_test(a_step_is_named_for_its_rule),
		cmocka_unit_test(undo_takes_the_step_back),
		cmocka_unit_test(what_needs_a_build_leaves_the_plan_alone),
		cmocka_unit_test(what_is_so_already_is_no_step),
		cmocka_unit_test(a_directory_costs_a_header_and_a_file_its_bytes),
		cmocka_unit_test(folders_are_made_where_links_lead_to),
		cmocka_unit_test(no_folder_is_made_where_something_else_is),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
