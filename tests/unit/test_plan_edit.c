/* Edits by hand: which paths change, and to what. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/fixed.h"
#include "plan/plan_edit.h"

static const char FILES[] = "755 0:0 opt/\n"
			    "750 0:0 opt/app/\n"
			    "640 0:0 opt/app/notes = x\n"
			    "4755 0:0 opt/app/tool = x\n"
			    "l opt/app/link -> notes\n"
			    "755 0:0 dev/\n"
			    "600 0:0 dev/console = x\n"
			    "644 0:0 usr/lib/one = x\n"
			    "h opt/app/one -> usr/lib/one\n";

static void open_files(struct fixed *fixed)
{
	fixed_open(fixed, &(struct judged_input){ .files = FILES });
}

static struct plan_edit owner(const struct fixed *fixed, const char *text)
{
	struct plan_edit edit = { 0 };
	struct err err = { 0 };

	if (plan_edit_read_owner(text, fixed->judged.judgement->accounts, &edit, &err) < 0)
		fail_msg("%s", err.text);
	return edit;
}

static struct plan_edit mode(const char *text)
{
	struct plan_edit edit = { 0 };

	assert_int_equal(plan_edit_read_mode(text, &edit, NULL), 0);
	return edit;
}

static int add(struct fixed *fixed, struct plan_edit edit, const char *path, bool below,
	       struct plan_edit_result *ret_result)
{
	const node_id node = tree_find(fixed->judged.tree, path);
	const struct plan_edit_target target = { .nodes = &node, .count = 1, .below = below };
	struct err err = { 0 };
	int result = plan_edit_add(fixed->plan, fixed->judged.judgement, &edit, &target, ret_result,
				   &err);

	if (result < 0)
		fail_msg("%s", err.text);
	return result;
}

static void one_path_changes_alone(void **state)
{
	struct plan_edit_result result;
	struct fixed fixed;

	(void)state;
	open_files(&fixed);
	assert_int_equal(add(&fixed, owner(&fixed, "1000:100"), "opt/app", false, &result), 1);
	assert_int_equal(result.paths, 1);
	fixed_wants(&fixed, "opt/app u1000 g100\n");
	assert_string_equal(plan_step(fixed.plan, 0).rule_id, PLAN_EDIT_RULE);
	assert_string_equal(plan_step(fixed.plan, 0).title, "owner 1000:100 for /opt/app");
	fixed_done(&fixed);
}

static void everything_below_changes_with_it(void **state)
{
	struct plan_edit_result result;
	struct fixed fixed;

	(void)state;
	open_files(&fixed);
	assert_int_equal(add(&fixed, owner(&fixed, "1000:100"), "opt/app", true, &result), 1);
	/* The other name of a hard link, too; nothing is said of modes, setuid stays. */
	fixed_wants(&fixed, "opt/app u1000 g100\nopt/app/link u1000 g100\n"
			    "opt/app/notes u1000 g100\nopt/app/one u1000 g100\n"
			    "opt/app/tool u1000 g100\nusr/lib/one u1000 g100\n");
	assert_int_equal(result.paths, 6);
	assert_int_equal(result.set_ids, 1);
	assert_int_equal(result.other_names, 1);
	assert_string_equal(plan_step(fixed.plan, 0).title, "owner 1000:100 for 6 paths under /");
	fixed_done(&fixed);
}

static void modes_change_path_by_path_and_links_do_not(void **state)
{
	struct plan_edit_result result;
	struct fixed fixed;

	(void)state;
	open_files(&fixed);
	assert_int_equal(add(&fixed, mode("go+rX"), "opt/app", true, &result), 1);
	fixed_wants(&fixed, "opt/app 0755\nopt/app/notes 0644\n");
	assert_string_equal(plan_step(fixed.plan, 0).title,
			    "mode go+rX for 2 paths under /opt/app");
	assert_int_equal(add(&fixed, mode("0600"), "opt/app/link", false, &result), 0);
	assert_int_equal(plan_step_count(fixed.plan), 1);
	fixed_done(&fixed);
}

static void what_is_given_can_be_read_and_written(void **state)
{
	struct plan_edit_result result;
	struct plan_edit give;
	struct fixed fixed;

	(void)state;
	fixed_open(&fixed, &(struct judged_input){ .files = "755 0:0 opt/\n555 0:0 opt/a/\n"
							    "400 0:0 opt/a/f = x\n"
							    "555 1000:100 opt/a/x = x\n" });
	plan_edit_give(&fixed.judged.judgement->identity, &give);
	assert_string_equal(give.text, "owner 1000:100 with u+rwX");
	assert_int_equal(add(&fixed, give, "opt/a", true, &result), 1);
	fixed_wants(&fixed, "opt/a 0755 u1000 g100\nopt/a/f 0600 u1000 g100\nopt/a/x 0755\n");
	fixed_done(&fixed);
}

static void what_the_runtime_mounts_over_is_left_out(void **state)
{
	struct plan_edit_result result;
	struct fixed fixed;

	(void)state;
	open_files(&fixed);
	assert_int_equal(add(&fixed, owner(&fixed, "7"), "dev/console", false, &result), 0);
	assert_int_equal(result.skipped, 1);
	assert_int_equal(add(&fixed, owner(&fixed, "7"), "dev", true, &result), 1);
	assert_int_equal(result.skipped, 1);
	fixed_wants(&fixed, "dev u7\n");
	fixed_done(&fixed);
}

static void nothing_is_asked_for_twice(void **state)
{
	struct plan_edit_result result;
	const struct plan_edit edit = mode("0700");
	struct fixed fixed;
	size_t count;

	(void)state;
	open_files(&fixed);

	const node_id nodes[] = { tree_find(fixed.judged.tree, "opt/app/notes"),
				  tree_find(fixed.judged.tree, "opt/app"),
				  tree_find(fixed.judged.tree, "opt"),
				  tree_find(fixed.judged.tree, "opt/app/notes") };
	const struct plan_edit_target target = { .nodes = nodes, .count = 4, .below = true };

	assert_int_equal(
		plan_edit_add(fixed.plan, fixed.judged.judgement, &edit, &target, &result, NULL),
		1);
	plan_wants(fixed.plan, &count);
	assert_int_equal(count, 6); /* opt, app, notes, tool, and the file of two names */
	assert_int_equal(result.paths, 6);
	fixed_done(&fixed);
}

static void a_cancelled_edit_leaves_no_step(void **state)
{
	struct cancel cancel = { 0 };
	struct plan_edit_result result;
	const struct plan_edit edit = mode("0700");
	struct fixed fixed;

	(void)state;
	open_files(&fixed);
	cancel_request(&cancel);

	const node_id node = tree_find(fixed.judged.tree, "opt");
	const struct plan_edit_target target = { &node, 1, true, &cancel };

	assert_int_equal(
		plan_edit_add(fixed.plan, fixed.judged.judgement, &edit, &target, &result, NULL),
		-ERR_CANCELLED);
	assert_int_equal(plan_step_count(fixed.plan), 0);
	fixed_done(&fixed);
}

static void owners_are_names_or_numbers(void **state)
{
	static const struct {
		const char *text, *title;
	} ROWS[] = {
		{ "root", "owner 0" },
		{ "1000", "owner 1000" },
		{ "1000:100", "owner 1000:100" },
		{ "root:root", "owner 0:0" },
		{ ":root", "group 0" },
		{ ":27", "group 27" },
		{ "root:", "owner 0:0" },
		{ "4294967294:1", "owner 4294967294:1" },
	};
	struct fixed fixed;

	(void)state;
	open_files(&fixed);
	for (size_t i = 0; i < sizeof(ROWS) / sizeof(*ROWS); i++)
		assert_string_equal(owner(&fixed, ROWS[i].text).text, ROWS[i].title);
	fixed_done(&fixed);
}

static void what_is_no_owner_is_refused(void **state)
{
	static const struct {
		const char *text, *expected;
	} ROWS[] = {
		{ "", "write an owner as USER, USER:GROUP or :GROUP" },
		{ ":", "write a group behind ':'" },
		{ "nobody-here", "'nobody-here' is no user of the image, and no number" },
		{ "root:nobodies", "'nobodies' is no group of the image, and no number" },
		{ "4294967295", "'4294967295' is no user of the image, and no number" },
		{ "99999999999999999999", "'99999999999999999999' is no user of the image, and no "
					  "number" },
		{ "-1", "'-1' is no user of the image, and no number" },
		{ "31337:", "write a group behind ':'" },
	};
	struct fixed fixed;

	(void)state;
	open_files(&fixed);
	for (size_t i = 0; i < sizeof(ROWS) / sizeof(*ROWS); i++) {
		struct plan_edit edit;
		struct err err = { 0 };

		assert_int_equal(plan_edit_read_owner(ROWS[i].text,
						      fixed.judged.judgement->accounts, &edit,
						      &err),
				 -ERR_INVALID);
		assert_string_equal(err.text, ROWS[i].expected);
	}
	fixed_done(&fixed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_path_changes_alone),
		cmocka_unit_test(everything_below_changes_with_it),
		cmocka_unit_test(modes_change_path_by_path_and_links_do_not),
		cmocka_unit_test(what_is_given_can_be_read_and_written),
		cmocka_unit_test(what_the_runtime_mounts_over_is_left_out),
		cmocka_unit_test(nothing_is_asked_for_twice),
		cmocka_unit_test(a_cancelled_edit_leaves_no_step),
		cmocka_unit_test(owners_are_names_or_numbers),
		cmocka_unit_test(what_is_no_owner_is_refused),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
