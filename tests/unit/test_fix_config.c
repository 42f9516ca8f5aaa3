/* Fixes in the config: User, WorkingDir, Env. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/plan/fix_priv.h"
#include "lib/fixed.h"

struct row {
	const char *config, *files, *rule, *case_name, *fix;
	const char *user, *working_dir, *env; /* afterwards; env: all words with a blank behind */
};

static void check_row(const struct row *row)
{
	struct fixed fixed;
	struct config *config;
	struct tree *tree;
	char env[300] = "";
	size_t used = 0;

	fixed_open(&fixed, &(struct judged_input){ .config = row->config, .files = row->files });
	fixed_add(&fixed, row->rule, row->case_name, NULL, row->fix);
	fixed_wants(&fixed, "");
	assert_true(plan_changes_config(fixed.plan));
	assert_int_equal(plan_preview(fixed.plan, &tree, &config, NULL), 0);
	if (row->user)
		assert_string_equal(config->user, row->user);
	if (row->working_dir)
		assert_string_equal(config->working_dir, row->working_dir);
	for (size_t i = 0; config->env[i]; i++)
		used += (size_t)snprintf(env + used, sizeof(env) - used, "%s ", config->env[i]);
	if (row->env)
		assert_string_equal(env, row->env);
	tree_free(tree);
	config_free(config);
	fixed_done(&fixed);
}

static void each_fix_changes_its_member(void **state)
{
	static const struct row rows[] = {
		{ "{'User':'root'}", NULL, "MAT-CFG-001", "other", "set-user", "1000", NULL, NULL },
		{ "{'User':null}", NULL, "MAT-CFG-001", "other", "set-user", "1000", NULL, NULL },
		{ "{'User':'nobody'}", NULL, "MAT-CFG-001", "unresolved", "set-user", "1000", NULL,
		  NULL },
		/* The line has another group, so the group is named. */
		{ "{'User':'0'}",
		  "644 0:0 etc/passwd = root:x:0:0::/:/bin/sh|u:x:1000:1000::/home/ma-user:/bin/sh|\n",
		  "MAT-CFG-001", "other", "set-user", "1000:100", NULL, NULL },
		{ "{'WorkingDir':'/srv'}", "755 0:0 srv/\n", "MAT-CFG-003", "other", "set-workdir",
		  NULL, "/home/ma-user", NULL },
		{ NULL, "755 0:0 usr/bin/python3 = \177ELF\n", "MAT-CFG-002", "missing",
		  "set-unbuffered", NULL, NULL, "PATH=/bin:/usr/bin PYTHONUNBUFFERED=1 " },
		{ "{'Env':['PYTHONUNBUFFERED=','PATH=/usr/bin','PYTHONUNBUFFERED=0']}",
		  "755 0:0 usr/bin/python3 = \177ELF\n", "MAT-CFG-002", "off", "set-unbuffered",
		  NULL, NULL, "PYTHONUNBUFFERED=1 PATH=/usr/bin " },
		{ "{'Env':['HOME=/root']}", NULL, "ACC-003", NULL, "replace-home", NULL, NULL,
		  "HOME=/home/ma-user " },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		check_row(&rows[i]);
}

/* A run of one action with arguments as JSON, on a good image. */
static int run_action(int (*act)(const struct fix_run *, struct err *), const char *arguments,
		      const char *config)
{
	json_t *json = json_loads(arguments, 0, NULL);
	const struct rule_fix fix = { .arguments = json };
	struct fixed fixed;
	int result;

	fixed_open(&fixed, &(struct judged_input){ .config = config });

	const struct fix_run run = { .plan = fixed.plan,
				     .judgement = fixed.judged.judgement,
				     .fix = &fix,
				     .tree = fixed.judged.tree,
				     .at = 1 };

	assert_int_equal(plan_begin_step(fixed.plan, "X", "x", NULL), 0);
	result = act(&run, NULL);
	assert_int_equal(result, 0);
	result = plan_end_step(fixed.plan);
	json_decref(json);
	fixed_done(&fixed);
	return result;
}

static void what_is_so_already_is_no_edit(void **state)
{
	(void)state;
	assert_false(run_action(fix__set_config_user, "{\"uid\":1000,\"gid\":100}", NULL));
	assert_false(run_action(fix__set_config_workdir, "{\"path\":\"/home/ma-user\"}", NULL));
	assert_false(run_action(fix__set_config_env,
				"{\"name\":\"PATH\",\"value\":\"/bin:/usr/bin\"}", NULL));
	assert_false(run_action(fix__remove_config_env, "{\"name\":\"LD_PRELOAD\"}", NULL));
	assert_true(run_action(fix__set_config_user, "{\"uid\":7,\"gid\":100}", NULL));
	assert_true(run_action(fix__set_config_workdir, "{\"path\":\"/srv\"}", NULL));
	assert_true(run_action(fix__set_config_env, "{\"name\":\"PATH\",\"value\":\"/x\"}", NULL));
	assert_true(run_action(fix__remove_config_env, "{\"name\":\"PATH\"}", NULL));
}

static void an_argument_that_is_missing_changes_nothing(void **state)
{
	(void)state;
	assert_false(run_action(fix__set_config_workdir, "{}", NULL));
	assert_false(run_action(fix__set_config_env, "{}", NULL));
	assert_false(run_action(fix__remove_config_env, "{}", NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_fix_changes_its_member),
		cmocka_unit_test(what_is_so_already_is_no_edit),
		cmocka_unit_test(an_argument_that_is_missing_changes_nothing),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
