/* The folders that the user works in: which they are, and that none is met twice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/rule/scope_walk.h"
#include "lib/trees.h"

static void build(struct tf *tf)
{
	struct tb tar = { 0 };

	tb_dir(&tar, "app", 0755, 0, 0);
	tb_dir(&tar, "app/data", 0755, 0, 0);
	tb_file(&tar, "app/data/x", 0644, 0, 0, "x");
	tb_dir(&tar, "app/lib", 0755, 0, 0);
	tb_file(&tar, "app/lib/y", 0644, 0, 0, "y");
	tb_dir(&tar, "srv", 0755, 0, 0);
	tb_dir(&tar, "usr", 0755, 0, 0);
	tb_dir(&tar, "usr/home", 0755, 0, 0);
	tb_symlink(&tar, "work", "srv");
	tf_layer(tf, &tar);
	tf_build(tf);
}

/* "/app: /app /app/lib; /srv: /srv; ": the tops, and what is met below each. */
static void walk_text(const struct rule_run *run, char *out, size_t room)
{
	struct scope_walk walk;
	size_t len = 0;
	node_id top;

	assert_int_equal(rule__scope_walk_init(&walk, run, NULL), 0);
	while (rule__scope_walk_top(&walk, &top)) {
		char *path = tree_path_new(run->tree, top);

		len += (size_t)snprintf(out + len, room - len, "%s:", path);
		free(path);
		while (rule__scope_walk_next(&walk, NULL) > 0) {
			path = tree_path_new(run->tree, walk.below.node);
			len += (size_t)snprintf(out + len, room - len, " %s", path);
			free(path);
		}
		len += (size_t)snprintf(out + len, room - len, "; ");
	}
	rule__scope_walk_done(&walk);
}

static void check(const char *scope, const char *working_dir, const char *home,
		  const char *expected)
{
	json_t *arguments =
		json_pack("{s:o, s:[s]}", "scope", json_loads(scope, 0, NULL), "system", "/usr");
	const struct rule rule = { .arguments = arguments };
	const struct profile profile = { 0 };
	const char *env[] = { NULL };
	const struct config config = { .working_dir = working_dir, .env = env };
	struct identity identity = { 0 };
	struct rule_run run = {
		.rule = &rule, .profile = &profile, .config = &config, .identity = &identity
	};
	char text[1000] = "";
	struct tf tf = { 0 };

	snprintf(identity.home, sizeof(identity.home), "%s", home);
	build(&tf);
	run.tree = tf.tree;
	run.at = 1;
	walk_text(&run, text, sizeof(text));
	assert_string_equal(text, expected);
	json_decref(arguments);
	tf_done(&tf);
}

static void named_folders_come_before_the_working_directory_and_home(void **state)
{
	(void)state;
	check("[\"/app/data\",\"/none\"]", "/work", "/app/lib",
	      "/app/data: /app/data /app/data/x; /srv: /srv; /app/lib: /app/lib /app/lib/y; ");
}

static void what_was_met_is_not_met_again(void **state)
{
	(void)state;
	check("[\"/app/data\",\"/app\"]", "/app", "/app/lib",
	      "/app/data: /app/data /app/data/x; /app: /app /app/lib /app/lib/y; ");
}

static void the_root_and_the_system_are_no_part_of_it(void **state)
{
	(void)state;
	check("[\"/usr\"]", "/", "/usr/home", "");
	check("[]", "", "/srv", "/srv: /srv; ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(named_folders_come_before_the_working_directory_and_home),
		cmocka_unit_test(what_was_met_is_not_met_again),
		cmocka_unit_test(the_root_and_the_system_are_no_part_of_it),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
