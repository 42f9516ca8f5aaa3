/* Plans: steps and undo, wants merged by path, the preview. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/planned.h"

static const struct tree_want OPEN_OPT = { .path = "opt", .set_mode = true, .mode = 0755 };
static const struct tree_want OWN_OPT = {
	.path = "opt", .set_uid = true, .uid = 1000, .set_gid = true, .gid = 100
};
static const struct config_edit USER = { .user = "1000" };

static void assert_list(const char *const *list, const char *expected)
{
	char text[200] = "";

	for (; *list; list++) {
		strncat(text, *list, sizeof(text) - strlen(text) - 1);
		strncat(text, " ", sizeof(text) - strlen(text) - 1);
	}
	assert_string_equal(text, expected);
}

static void a_new_plan_changes_nothing(void **state)
{
	struct planned planned;
	struct tree_want *merged;
	size_t count = 99;

	(void)state;
	planned_open(&planned);
	assert_true(plan_is_empty(planned.plan));
	assert_false(plan_changes_config(planned.plan));
	assert_int_equal(plan_step_count(planned.plan), 0);
	plan_wants(planned.plan, &count);
	assert_int_equal(count, 0);
	assert_int_equal(plan_merge(planned.plan, &merged, &count, NULL), 0);
	assert_int_equal(count, 0);
	free(merged);
	assert_false(plan_undo(planned.plan));
	planned_done(&planned);
}

static void a_step_says_what_belongs_to_it(void **state)
{
	struct planned planned;
	size_t count;

	(void)state;
	planned_open(&planned);
	planned_step(planned.plan, "R-1", &OPEN_OPT, NULL);
	planned_step(planned.plan, "R-2", &OWN_OPT, &USER);
	assert_int_equal(plan_step_count(planned.plan), 2);

	struct plan_step step = plan_step(planned.plan, 1);

	assert_string_equal(step.rule_id, "R-2");
	assert_string_equal(step.title, "a title");
	assert_int_equal(step.first_want, 1);
	assert_int_equal(step.want_count, 1);
	assert_int_equal(plan_wants(planned.plan, &count)[step.first_want].uid, 1000);
	assert_int_equal(count, 2);
	assert_true(plan_changes_config(planned.plan));
	planned_done(&planned);
}

static void a_step_without_effect_is_dropped(void **state)
{
	struct planned planned;

	(void)state;
	planned_open(&planned);
	assert_int_equal(plan_begin_step(planned.plan, "R-1", "nothing", NULL), 0);
	assert_false(plan_end_step(planned.plan));
	assert_int_equal(plan_step_count(planned.plan), 0);
	planned_done(&planned);
}

static void a_plan_keeps_its_own_copies(void **state)
{
	struct planned planned;
	char path[] = "opt/new", body[] = "a\0b", target[] = "etc", word[] = "A=1";
	const char *env[] = { word, NULL };
	const struct tree_want want = {
		.path = path, .create = true, .body = body, .body_len = 3, .target = target
	};
	const struct config_edit edit = { .env = env };
	struct config *config;
	struct tree *tree;
	size_t count;

	(void)state;
	planned_open(&planned);
	planned_step(planned.plan, "R-1", &want, &edit);
	path[0] = body[0] = target[0] = word[0] = 'x';

	const struct tree_want *kept = plan_wants(planned.plan, &count);

	assert_string_equal(kept->path, "opt/new");
	assert_memory_equal(kept->body, "a\0b", 3);
	assert_string_equal(kept->target, "etc");
	assert_int_equal(plan_preview(planned.plan, &tree, &config, NULL), 0);
	assert_string_equal(config_env(config, "A"), "1");
	tree_free(tree);
	config_free(config);
	planned_done(&planned);
}

static void undo_takes_back_the_last_step_only(void **state)
{
	struct planned planned;
	size_t count;

	(void)state;
	planned_open(&planned);
	planned_step(planned.plan, "R-1", &OPEN_OPT, NULL);
	planned_step(planned.plan, "R-2", &OWN_OPT, &USER);
	assert_true(plan_undo(planned.plan));
	assert_int_equal(plan_step_count(planned.plan), 1);
	assert_false(plan_changes_config(planned.plan));
	assert_true(plan_wants(planned.plan, &count)->set_mode);
	assert_int_equal(count, 1);
	assert_true(plan_undo(planned.plan));
	assert_true(plan_is_empty(planned.plan));
	planned_step(planned.plan, "R-3", NULL, &USER);
	assert_string_equal(plan_step(planned.plan, 0).rule_id, "R-3");
	planned_done(&planned);
}

static void redo_brings_back_what_undo_took(void **state)
{
	struct planned planned;
	size_t count;

	(void)state;
	planned_open(&planned);
	assert_false(plan_redo(planned.plan));
	planned_step(planned.plan, "R-1", &OPEN_OPT, NULL);
	planned_step(planned.plan, "R-2", &OWN_OPT, &USER);
	assert_true(plan_undo(planned.plan));
	assert_true(plan_undo(planned.plan));
	assert_true(plan_redo(planned.plan));
	assert_int_equal(plan_step_count(planned.plan), 1);
	assert_false(plan_changes_config(planned.plan));
	assert_true(plan_redo(planned.plan));
	assert_false(plan_redo(planned.plan));
	assert_string_equal(plan_step(planned.plan, 1).rule_id, "R-2");
	assert_true(plan_changes_config(planned.plan));
	assert_int_equal(plan_wants(planned.plan, &count)[1].uid, 1000);
	assert_int_equal(count, 2);
	planned_done(&planned);
}

static void another_step_ends_redo(void **state)
{
	struct planned planned;
	struct plan *copy;

	(void)state;
	planned_open(&planned);
	planned_step(planned.plan, "R-1", &OPEN_OPT, NULL);
	planned_step(planned.plan, "R-2", &OWN_OPT, NULL);
	plan_undo(planned.plan);
	assert_int_equal(plan_copy(planned.plan, &copy, NULL), 0);
	assert_false(plan_redo(copy));
	assert_true(plan_undo(copy));
	assert_true(plan_redo(copy));
	plan_free(copy);
	planned_step(planned.plan, "R-3", NULL, &USER);
	assert_false(plan_redo(planned.plan));
	/* What was never whole does not come again either. */
	assert_int_equal(plan_begin_step(planned.plan, "R-4", "half", NULL), 0);
	assert_true(plan_undo(planned.plan));
	assert_false(plan_redo(planned.plan));
	assert_int_equal(plan_step_count(planned.plan), 2);
	planned_done(&planned);
}

static void wants_of_one_path_merge_member_by_member(void **state)
{
	static const struct tree_want CLOSE_OPT = { .path = "opt", .set_mode = true, .mode = 0700 };
	struct planned planned;
	struct tree_want *merged;
	size_t count;

	(void)state;
	planned_open(&planned);
	planned_step(planned.plan, "R-1", &CLOSE_OPT, NULL);
	planned_step(planned.plan, "R-2", &OWN_OPT, NULL);
	planned_step(planned.plan, "R-3", &OPEN_OPT, NULL);
	assert_int_equal(plan_merge(planned.plan, &merged, &count, NULL), 0);
	assert_int_equal(count, 1);
	assert_true(merged->set_mode && merged->set_uid && merged->set_gid);
	assert_int_equal(merged->mode, 0755);
	assert_int_equal(merged->uid, 1000);
	assert_int_equal(merged->gid, 100);
	free(merged);
	planned_done(&planned);
}

static void a_new_file_stays_new_when_its_contents_change(void **state)
{
	static const struct tree_want NEW = {
		.path = "etc/group", .create = true, .type = TAR_FILE, .body = "old", .body_len = 3
	};
	static const struct tree_want EDIT = { .path = "etc/group", .body = "new!", .body_len = 4 };
	struct planned planned;
	struct tree_want *merged;
	size_t count;

	(void)state;
	planned_open(&planned);
	planned_step(planned.plan, "R-1", &NEW, NULL);
	planned_step(planned.plan, "R-2", &EDIT, NULL);
	assert_int_equal(plan_merge(planned.plan, &merged, &count, NULL), 0);
	assert_int_equal(count, 1);
	assert_true(merged->create);
	assert_int_equal(merged->body_len, 4);
	assert_memory_equal(merged->body, "new!", 4);
	free(merged);
	planned_done(&planned);
}

static void parents_come_before_children(void **state)
{
	static const char *const PATHS[] = { "opt/a/b", "opt/a", "opt-x", "", "opt" };
	static const char *const SORTED[] = { "", "opt", "opt-x", "opt/a", "opt/a/b" };
	enum { PATH_COUNT = sizeof(PATHS) / sizeof(*PATHS) };
	struct planned planned;
	struct tree_want *merged;
	size_t count;

	(void)state;
	planned_open(&planned);
	for (size_t i = 0; i < PATH_COUNT; i++)
		planned_step(planned.plan, "R-1",
			     &(struct tree_want){ .path = PATHS[i], .set_mode = true }, NULL);
	assert_int_equal(plan_merge(planned.plan, &merged, &count, NULL), 0);
	assert_int_equal(count, PATH_COUNT);
	for (size_t i = 0; i < PATH_COUNT; i++)
		assert_string_equal(merged[i].path, SORTED[i]);
	free(merged);
	planned_done(&planned);
}

static void the_preview_shows_what_would_be(void **state)
{
	static const struct tree_want FILE_IN_OPT = { .path = "opt/x",
						      .create = true,
						      .type = TAR_FILE,
						      .set_mode = true,
						      .mode = 0640,
						      .body = "hello",
						      .body_len = 5 };
	struct planned planned;
	struct config *config;
	struct tree *tree;

	(void)state;
	planned_open(&planned);
	planned_step(planned.plan, "R-1", &FILE_IN_OPT, NULL);
	planned_step(planned.plan, "R-2", &OWN_OPT, &USER);
	assert_int_equal(plan_preview(planned.plan, &tree, &config, NULL), 0);
	tf_assert(tree, 1,
		  "d 0755 0:0 / implied\n"
		  "d 0755 0:0 /etc\n"
		  "- 0644 0:0 /etc/passwd\n"
		  "d 0700 1000:100 /opt\n"
		  "- 0640 0:0 /opt/x\n");
	assert_string_equal(config->user, "1000");
	assert_string_equal(planned.config->user, "root");
	tree_free(tree);
	config_free(config);
	planned_done(&planned);
}

static void later_config_edits_win_and_others_stay(void **state)
{
	static const char *const FIRST_ENV[] = { "HOME=/root", "LANG=de", NULL };
	static const char *const LATER_ENV[] = { "HOME=/home/me", "PATH", NULL };
	static const char *const CMD[] = { "run", "it", NULL };
	static const struct config_edit FIRST = { .user = "5", .env = FIRST_ENV, .cmd = CMD };
	static const struct config_edit LATER = { .user = "1000", .env = LATER_ENV };
	struct planned planned;
	struct config *config;
	struct tree *tree;

	(void)state;
	planned_open(&planned);
	planned_step(planned.plan, "R-1", NULL, &FIRST);
	planned_step(planned.plan, "R-2", NULL, &LATER);
	assert_int_equal(plan_preview(planned.plan, &tree, &config, NULL), 0);
	assert_string_equal(config->user, "1000");
	assert_string_equal(config->working_dir, "/");
	assert_list(config->env, "LANG=de HOME=/home/me ");
	assert_list(config->cmd, "run it ");
	tree_free(tree);
	config_free(config);
	planned_done(&planned);
}

static void a_path_that_is_not_there_fails_the_preview(void **state)
{
	static const struct tree_want NOWHERE = { .path = "no/where", .set_mode = true };
	struct planned planned;
	struct config *config = NULL;
	struct tree *tree = NULL;

	(void)state;
	planned_open(&planned);
	planned_step(planned.plan, "R-1", &NOWHERE, NULL);
	assert_int_equal(plan_preview(planned.plan, &tree, &config, NULL), -ERR_NOT_FOUND);
	assert_null(tree);
	assert_null(config);
	planned_done(&planned);
}

static void a_copy_is_independent(void **state)
{
	struct planned planned;
	struct plan *copy;
	size_t count;

	(void)state;
	planned_open(&planned);
	planned_step(planned.plan, "R-1", &OPEN_OPT, NULL);
	planned_step(planned.plan, "R-2", &OWN_OPT, &USER);
	assert_int_equal(plan_copy(planned.plan, &copy, NULL), 0);
	while (plan_undo(planned.plan))
		;
	assert_int_equal(plan_step_count(copy), 2);
	assert_string_equal(plan_step(copy, 1).rule_id, "R-2");
	plan_wants(copy, &count);
	assert_int_equal(count, 2);
	assert_true(plan_undo(copy));
	assert_false(plan_changes_config(copy));
	plan_free(copy);
	plan_free(NULL);
	planned_done(&planned);
}

static int install(struct plan *plan, const char *manager, const char *name)
{
	const char *const names[] = { name, NULL };
	int result;

	assert_int_equal(plan_begin_step(plan, "R-9", "title", NULL), 0);
	result = plan_install(plan, &(struct plan_packages){ manager, names }, NULL);
	if (result < 0)
		plan_undo(plan);
	else
		assert_true(plan_end_step(plan));
	return result;
}

static void packages_need_a_build(void **state)
{
	struct planned planned;
	struct plan *copy;
	size_t count;

	(void)state;
	planned_open(&planned);
	assert_int_equal(install(planned.plan, "apt", "zip"), 0);
	assert_false(plan_is_empty(planned.plan));
	assert_true(plan_needs_build(planned.plan));
	assert_true(plan_has_package(planned.plan, "apt", "zip"));
	assert_false(plan_has_package(planned.plan, "apk", "zip"));
	planned_step(planned.plan, "R-1", &OPEN_OPT, NULL);
	assert_false(plan_needs_build(planned.plan));
	assert_int_equal(plan_copy(planned.plan, &copy, NULL), 0);
	assert_true(plan_undo(copy));
	assert_true(plan_needs_build(copy));
	assert_string_equal(plan_packages(copy, &count)->names[0], "zip");
	assert_int_equal(count, 1);
	assert_true(plan_undo(copy));
	assert_true(plan_is_empty(copy));
	plan_free(copy);
	planned_done(&planned);
}

static void what_is_no_package_is_refused(void **state)
{
	struct planned planned;

	(void)state;
	planned_open(&planned);
	assert_int_equal(install(planned.plan, "make", "zip"), -ERR_INVALID);
	assert_int_equal(install(planned.plan, "apt", "zip; reboot"), -ERR_INVALID);
	assert_int_equal(install(planned.plan, "apt", "--force"), -ERR_INVALID);
	assert_true(plan_is_empty(planned.plan));
	planned_done(&planned);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_plan_changes_nothing),
		cmocka_unit_test(packages_need_a_build),
		cmocka_unit_test(what_is_no_package_is_refused),
		cmocka_unit_test(a_step_says_what_belongs_to_it),
		cmocka_unit_test(a_step_without_effect_is_dropped),
		cmocka_unit_test(a_plan_keeps_its_own_copies),
		cmocka_unit_test(undo_takes_back_the_last_step_only),
		cmocka_unit_test(redo_brings_back_what_undo_took),
		cmocka_unit_test(another_step_ends_redo),
		cmocka_unit_test(wants_of_one_path_merge_member_by_member),
		cmocka_unit_test(a_new_file_stays_new_when_its_contents_change),
		cmocka_unit_test(parents_come_before_children),
		cmocka_unit_test(the_preview_shows_what_would_be),
		cmocka_unit_test(later_config_edits_win_and_others_stay),
		cmocka_unit_test(a_path_that_is_not_there_fails_the_preview),
		cmocka_unit_test(a_copy_is_independent),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
