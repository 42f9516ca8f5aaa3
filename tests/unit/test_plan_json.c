/* Plans as JSON: there and back, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/plan/plan_priv.h"
#include "lib/planned.h"

/* A document of one step with one want or edit of these members, with ' for ". */
#define WANT(members) "{'schema':'imgtui.plan/1','steps':[{'wants':[{" members "}]}]}"
#define PACKAGES(item) "{'schema':'imgtui.plan/1','steps':[{'packages':[" item "]}]}"
#define EDIT(members) "{'schema':'imgtui.plan/1','steps':[{'config':[{" members "}]}]}"

static json_t *load(const char *quoted)
{
	char *text = strdup(quoted);
	json_t *json;

	for (char *at = text; (at = strchr(at, '\''));)
		*at = '"';
	json = json_loads(text, 0, NULL);
	if (!json)
		fail_msg("no JSON: %s", quoted);
	free(text);
	return json;
}

/* The plan written, read into 'ret_again' and written again is the same. */
static void assert_round_trip(const struct planned *planned, struct plan **ret_again)
{
	json_t *first, *second;

	assert_int_equal(plan_to_json(planned->plan, &first, NULL), 0);
	assert_int_equal(plan_new(planned->tf.tree, planned->config, ret_again, NULL), 0);
	assert_int_equal(plan_from_json(*ret_again, first, NULL), 0);
	assert_int_equal(plan_to_json(*ret_again, &second, NULL), 0);
	assert_true(json_equal(first, second));
	json_decref(first);
	json_decref(second);
}

static void refuse(const char *quoted, const char *expected)
{
	struct planned planned;
	struct err err = { 0 };
	json_t *json = load(quoted);

	planned_open(&planned);
	assert_int_equal(plan_from_json(planned.plan, json, &err), -ERR_FORMAT);
	assert_string_equal(err.text, expected);
	assert_int_equal(plan_step_count(planned.plan), 0);
	assert_true(plan_is_empty(planned.plan));
	json_decref(json);
	planned_done(&planned);
}

static void an_empty_plan_comes_back(void **state)
{
	struct planned planned;
	struct plan *again;

	(void)state;
	planned_open(&planned);
	assert_round_trip(&planned, &again);
	assert_true(plan_is_empty(again));
	plan_free(again);
	planned_done(&planned);
}

static void every_member_of_a_want_comes_back(void **state)
{
	static const struct tree_want LINK = {
		.path = "opt/l", .create = true, .type = TAR_SYMLINK, .target = "../etc"
	};
	static const struct tree_want NEW = { .path = "opt/x",
					      .create = true,
					      .type = TAR_FILE,
					      .set_mode = true,
					      .mode = 04750,
					      .set_uid = true,
					      .uid = 1000,
					      .set_gid = true,
					      .gid = 100,
					      .body = "",
					      .body_len = 0 };
	struct planned planned;
	struct plan *again;
	size_t count;

	(void)state;
	planned_open(&planned);
	planned_step(planned.plan, "R-1", &LINK, NULL);
	planned_step(planned.plan, "R-2", &NEW, NULL);
	planned_step(planned.plan, "R-3", &(struct tree_want){ .path = "opt/y", .remove = true },
		     NULL);
	assert_round_trip(&planned, &again);

	const struct tree_want *wants = plan_wants(again, &count);

	assert_int_equal(count, 3);
	assert_true(wants[2].remove);
	assert_false(wants[0].remove || wants[1].remove || wants[2].create);
	assert_string_equal(wants[0].path, "opt/l");
	assert_string_equal(wants[0].target, "../etc");
	assert_int_equal(wants[0].type, TAR_SYMLINK);
	assert_false(wants[0].set_mode || wants[0].set_uid || wants[0].set_gid);
	assert_null(wants[0].body);
	assert_true(wants[1].create && wants[1].set_mode && wants[1].set_uid && wants[1].set_gid);
	assert_int_equal(wants[1].mode, 04750);
	assert_int_equal(wants[1].uid, 1000);
	assert_int_equal(wants[1].gid, 100);
	assert_non_null(wants[1].body);
	assert_int_equal(wants[1].body_len, 0);
	assert_null(wants[1].target);
	plan_free(again);
	planned_done(&planned);
}

static void bytes_that_are_no_utf8_come_back(void **state)
{
	static const struct tree_want ODD = { .path = "opt/caf\xe9",
					      .create = true,
					      .body = "a\0\xff",
					      .body_len = 3,
					      .target = "\xfe/x" };
	struct planned planned;
	struct plan *again;
	size_t count;

	(void)state;
	planned_open(&planned);
	planned_step(planned.plan, "R-1", &ODD, NULL);
	assert_round_trip(&planned, &again);

	const struct tree_want *want = plan_wants(again, &count);

	assert_string_equal(want->path, "opt/caf\xe9");
	assert_int_equal(want->body_len, 3);
	assert_memory_equal(want->body, "a\0\xff", 3);
	assert_string_equal(want->target, "\xfe/x");
	plan_free(again);
	planned_done(&planned);
}

static void config_edits_come_back(void **state)
{
	static const char *const ENV[] = { "A=1", "PATH", NULL };
	static const char *const NONE[] = { NULL };
	static const struct config_edit FIRST = { .user = "1000:100", .env = ENV };
	static const struct config_edit SECOND = { .working_dir = "/home", .cmd = NONE,
						   .expose = ENV };
	struct planned planned;
	struct plan *again;
	size_t count;

	(void)state;
	planned_open(&planned);
	planned_step(planned.plan, "R-1", NULL, &FIRST);
	planned_step(planned.plan, "R-2", NULL, &SECOND);
	assert_round_trip(&planned, &again);

	const struct config_edit *edit = plan__step_edits(again, 0, &count);

	assert_int_equal(count, 1);
	assert_string_equal(edit->user, "1000:100");
	assert_string_equal(edit->env[1], "PATH");
	assert_null(edit->env[2]);
	assert_true(!edit->working_dir && !edit->cmd && !edit->entrypoint);
	edit = plan__step_edits(again, 1, &count);
	assert_string_equal(edit->working_dir, "/home");
	assert_non_null(edit->cmd);
	assert_string_equal(edit->expose[0], "A=1");
	assert_null(edit->cmd[0]);
	plan_free(again);
	planned_done(&planned);
}

static void steps_keep_their_rule_and_title(void **state)
{
	struct planned planned;
	struct plan *again;

	(void)state;
	planned_open(&planned);
	planned_step(planned.plan, "R-1", NULL, &(struct config_edit){ .user = "1" });
	assert_round_trip(&planned, &again);
	assert_string_equal(plan_step(again, 0).rule_id, "R-1");
	assert_string_equal(plan_step(again, 0).title, "a title");
	plan_free(again);
	planned_done(&planned);
}

static void what_is_written_can_be_reviewed(void **state)
{
	static const struct tree_want WANT = {
		.path = "opt", .set_mode = true, .mode = 0755, .set_uid = true, .uid = 7
	};
	struct planned planned;
	json_t *json, *expected = load("{'schema':'imgtui.plan/1','steps':[{'rule':'R-1',"
				       "'title':'a title','config':[],"
				       "'wants':[{'path':'opt','mode':'0755','uid':7}]}]}");

	(void)state;
	planned_open(&planned);
	planned_step(planned.plan, "R-1", &WANT, NULL);
	assert_int_equal(plan_to_json(planned.plan, &json, NULL), 0);
	assert_true(json_equal(json, expected));
	json_decref(json);
	json_decref(expected);
	planned_done(&planned);
}

static void packages_come_back(void **state)
{
	struct planned planned;
	json_t *json,
		*expected = load("{'schema':'imgtui.plan/1','steps':[{'rule':'R-1','title':'t',"
				 "'config':[],'wants':[],"
				 "'packages':[{'manager':'apk','names':['zip','g++']}]}]}");

	(void)state;
	planned_open(&planned);
	assert_int_equal(plan_from_json(planned.plan, expected, NULL), 0);
	assert_true(plan_needs_build(planned.plan));
	assert_int_equal(plan_to_json(planned.plan, &json, NULL), 0);
	assert_true(json_equal(json, expected));
	json_decref(json);
	json_decref(expected);
	planned_done(&planned);
}

static void bad_packages_are_named(void **state)
{
	(void)state;
	refuse(PACKAGES("{'names':['zip']}"), "steps[0]: packages[0]: has no manager with names");
	refuse(PACKAGES("{'manager':'apt'}"), "steps[0]: packages[0]: has no manager with names");
	refuse(PACKAGES("7"), "steps[0]: packages[0]: has no manager with names");
	refuse(PACKAGES("{'manager':'sh','names':['zip']}"),
	       "steps[0]: packages[0]: 'sh' is no package manager that is known");
	refuse(PACKAGES("{'manager':'apt','names':['a b']}"),
	       "steps[0]: packages[0]: 'a b' is no name of a package");
	refuse(PACKAGES("{'manager':'apt','names':[1]}"),
	       "steps[0]: packages[0]: names: is no list of strings");
}

static void a_path_is_normalised(void **state)
{
	struct planned planned;
	json_t *json = load(WANT("'path':'/opt//./x/'"));
	size_t count;

	(void)state;
	planned_open(&planned);
	assert_int_equal(plan_from_json(planned.plan, json, NULL), 0);
	assert_string_equal(plan_wants(planned.plan, &count)->path, "opt/x");
	json_decref(json);
	planned_done(&planned);
}

static void what_is_no_plan_is_refused(void **state)
{
	static const char none[] = "is no plan: no schema \"imgtui.plan/1\" with steps";

	(void)state;
	refuse("[]", none);
	refuse("{}", none);
	refuse("{'schema':'imgtui.plan/1'}", none);
	refuse("{'schema':'imgtui.plan/1','steps':{}}", none);
	refuse("{'schema':'imgtui.plan/2','steps':[]}", none);
}

static void a_bad_want_is_named(void **state)
{
	/* clang-format off */
	static const struct {
		const char *json, *told;
	} ROWS[] = {
		{ WANT("'mode':'0755'"), "path: is not there" },
		{ WANT("'path':7"), "path: is not there" },
		{ WANT("'path':'a/../../b'"), "path: '..' is not allowed" },
		{ WANT("'path_base64':'YQBi'"), "path: has a NUL byte" },
		{ WANT("'path_base64':'?'"), "path_base64: is no base64" },
		{ WANT("'path':'a','mode':'0788'"), "mode: '0788' is no octal mode" },
		{ WANT("'path':'a','mode':'10000'"), "mode: '10000' is no octal mode" },
		{ WANT("'path':'a','mode':'-1'"), "mode: '-1' is no octal mode" },
		{ WANT("'path':'a','mode':' 755'"), "mode: ' 755' is no octal mode" },
		{ WANT("'path':'a','mode':''"), "mode: '' is no octal mode" },
		{ WANT("'path':'a','mode':493"), "mode: is no string" },
		{ WANT("'path':'a','uid':-1"), "uid: is no user or group number" },
		{ WANT("'path':'a','gid':4294967295"), "gid: is no user or group number" },
		{ WANT("'path':'a','uid':'7'"), "uid: is no user or group number" },
		{ WANT("'path':'a','create':'pipe'"),
		  "create: 'pipe' is none of file, dir, symlink" },
		{ WANT("'path':'a','create':true"), "create: is no string" },
		{ WANT("'path':'a','remove':1"), "remove: is neither true nor false" },
		{ WANT("'path':'a','body':[]"), "body: is not there" },
		{ WANT("'path':'a','body_base64':'A'"), "body_base64: is no base64" },
		{ WANT("'path':'a','target_base64':'YQBi'"), "target: has a NUL byte" },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < sizeof(ROWS) / sizeof(*ROWS); i++) {
		char told[200];

		snprintf(told, sizeof(told), "steps[0]: wants[0]: %s", ROWS[i].told);
		refuse(ROWS[i].json, told);
	}
}

static void a_bad_edit_is_named(void **state)
{
	/* clang-format off */
	static const struct {
		const char *json, *told;
	} ROWS[] = {
		{ EDIT("'user':1000"), "user: is no string" },
		{ EDIT("'working_dir':[]"), "working_dir: is no string" },
		{ EDIT("'cmd':'sh'"), "cmd: is no list" },
		{ EDIT("'env':['A=1',2]"), "env: is no list of strings" },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < sizeof(ROWS) / sizeof(*ROWS); i++) {
		char told[200];

		snprintf(told, sizeof(told), "steps[0]: config[0]: %s", ROWS[i].told);
		refuse(ROWS[i].json, told);
	}
	refuse("{'schema':'imgtui.plan/1','steps':[{'config':[7]}]}",
	       "steps[0]: config[0]: is no object");
}

static void a_bad_step_is_named(void **state)
{
	(void)state;
	refuse("{'schema':'imgtui.plan/1','steps':[{'rule':1}]}", "steps[0]: rule: is no string");
	refuse("{'schema':'imgtui.plan/1','steps':[{'wants':{}}]}", "steps[0]: wants: is no list");
	refuse("{'schema':'imgtui.plan/1','steps':[{'config':1}]}", "steps[0]: config: is no list");
}

static void all_steps_are_taken_or_none(void **state)
{
	struct planned planned;
	json_t *json = load("{'schema':'imgtui.plan/1','steps':["
			    "{'wants':[{'path':'opt','mode':'0755'}]},"
			    "{'wants':[{'path':'opt','uid':1},{'path':'etc','uid':-1}]}]}");
	struct err err = { 0 };
	size_t count;

	(void)state;
	planned_open(&planned);
	planned_step(planned.plan, "R-1", NULL, &(struct config_edit){ .user = "1" });
	assert_int_equal(plan_from_json(planned.plan, json, &err), -ERR_FORMAT);
	assert_string_equal(err.text, "steps[1]: wants[1]: uid: is no user or group number");
	assert_int_equal(plan_step_count(planned.plan), 1);
	plan_wants(planned.plan, &count);
	assert_int_equal(count, 0);
	assert_true(plan_changes_config(planned.plan));
	assert_false(plan_redo(planned.plan));
	json_decref(json);
	planned_done(&planned);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_plan_comes_back),
		cmocka_unit_test(every_member_of_a_want_comes_back),
		cmocka_unit_test(bytes_that_are_no_utf8_come_back),
		cmocka_unit_test(config_edits_come_back),
		cmocka_unit_test(steps_keep_their_rule_and_title),
		cmocka_unit_test(what_is_written_can_be_reviewed),
		cmocka_unit_test(packages_come_back),
		cmocka_unit_test(bad_packages_are_named),
		cmocka_unit_test(a_path_is_normalised),
		cmocka_unit_test(what_is_no_plan_is_refused),
		cmocka_unit_test(a_bad_want_is_named),
		cmocka_unit_test(a_bad_edit_is_named),
		cmocka_unit_test(a_bad_step_is_named),
		cmocka_unit_test(all_steps_are_taken_or_none),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
