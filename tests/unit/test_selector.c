/* Which nodes a rule's arguments select. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/rule/selector.h"
#include "lib/trees.h"

struct seen {
	const struct tree *tree;
	char text[400];
	size_t len;
};

static int note(void *context, node_id node, const struct tree_stat *stat, struct err *err)
{
	struct seen *seen = context;
	char *path = tree_path_new(seen->tree, node);

	(void)stat;
	(void)err;
	seen->len += (size_t)snprintf(seen->text + seen->len, sizeof(seen->text) - seen->len, "%s ",
				      path);
	free(path);
	return 0;
}

static int refuse(void *context, node_id node, const struct tree_stat *stat, struct err *err)
{
	++*(size_t *)context;
	(void)node;
	(void)stat;
	return err_set(err, ERR_IO, "no");
}

static void build(struct tf *tf)
{
	struct tb tar = { 0 };

	tb_dir(&tar, "opt", 0755, 0, 0);
	tb_dir(&tar, "opt/a", 0755, 0, 0);
	tb_symlink(&tar, "opt/a/link", "run.sh");
	tb_file(&tar, "opt/a/run.sh", 0755, 0, 0, "x");
	tb_file(&tar, "opt/a/secret", 0600, 0, 0, "x");
	tb_file(&tar, "opt/a/su", 04755, 0, 0, "x");
	tb_dir(&tar, "opt/shut", 0700, 0, 0);
	tb_file(&tar, "opt/shut/f", 0644, 0, 0, "x");
	tf_layer(tf, &tar);
	tf_build(tf);
}

/* Arguments with ' for ". */
static json_t *arguments_of(const char *text)
{
	char given[400];

	snprintf(given, sizeof(given), "{%s}", text);
	for (char *c = given; *c; c++)
		*c = *c == '\'' ? '"' : *c;
	return json_loads(given, 0, NULL);
}

/* 'seen' may be NULL: it gets the tree. */
static int select_with(const char *text, selector_visit *visit, void *context, struct seen *seen)
{
	json_t *arguments = arguments_of(text);
	const struct profile profile = { 0 };
	const struct rule rule = { .arguments = arguments };
	struct rule_run run = { .rule = &rule, .profile = &profile, .at = 1 };
	struct tf tf = { 0 };

	build(&tf);
	run.tree = tf.tree;
	if (seen)
		seen->tree = tf.tree;
	int rc = rule__select(&run, visit, context, NULL);
	json_decref(arguments);
	tf_done(&tf);
	return rc;
}

static void check(const char *arguments, const char *expected)
{
	struct seen seen = { 0 };

	assert_int_equal(select_with(arguments, note, &seen, &seen), 0);
	assert_string_equal(seen.text, expected);
}

static void paths_are_globs(void **state)
{
	(void)state;
	check("'paths':['/opt/a/*.sh','/opt/none']", "/opt/a/run.sh ");
	check("'paths':['/opt/*']", "/opt/a /opt/shut ");
	check("'paths':[]", "");
}

static void without_paths_everything_is_looked_at(void **state)
{
	(void)state;
	check("'pattern':'/(su|secret)$'", "/opt/a/secret /opt/a/su ");
	check("'type':'dir'", "/ /opt /opt/a /opt/shut ");
}

static void what_is_below_two_paths_is_met_once(void **state)
{
	(void)state;
	check("'paths':['/opt','/opt/a'],'below':true,'type':'symlink'", "/opt/a/link ");
	check("'paths':['/opt/shut'],'below':true", "/opt/shut /opt/shut/f ");
}

static void names_and_pattern_must_both_match(void **state)
{
	(void)state;
	check("'names':['s*','none'],'pattern':'a/s[^e]$'", "/opt/a/su ");
	check("'names':['run.sh']", "/opt/a/run.sh ");
	check("'names':['?']", "/opt/a /opt/shut/f ");
}

static void what_is_private_is_left_out_with_all_below(void **state)
{
	(void)state;
	check("'pattern':'^/opt/','type':'file','private':['/opt/a']", "/opt/shut/f ");
	check("'paths':['/opt/a/su'],'private':['/opt/a']", "");
}

static void bad_arguments_are_errors(void **state)
{
	(void)state;
	assert_int_equal(select_with("'type':'door'", note, NULL, NULL), -(int)ERR_INVALID);
	assert_int_equal(select_with("'pattern':'('", note, NULL, NULL), -(int)ERR_INVALID);
}

static void an_error_of_the_visit_ends_the_walk(void **state)
{
	size_t count = 0;

	(void)state;
	assert_int_equal(select_with("'type':'file'", refuse, &count, NULL), -(int)ERR_IO);
	assert_int_equal(count, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_are_globs),
		cmocka_unit_test(without_paths_everything_is_looked_at),
		cmocka_unit_test(what_is_below_two_paths_is_met_once),
		cmocka_unit_test(names_and_pattern_must_both_match),
		cmocka_unit_test(what_is_private_is_left_out_with_all_below),
		cmocka_unit_test(bad_arguments_are_errors),
		cmocka_unit_test(an_error_of_the_visit_ends_the_walk),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
