/* Which files are worth reading. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/rule/indicator.h"
#include "lib/build.h"
#include "lib/judged.h"
#include "lib/trees.h"

static void a_glob_names_the_end_of_a_path_or_all_of_it(void **state)
{
	static const struct {
		const char *glob, *path;
		bool is_named;
	} ROWS[] = {
		{ "id_*", "root/.ssh/id_rsa", true },
		{ "rsa", "root/.ssh/id_rsa", false },
		{ ".ssh/*", "root/.ssh/id_rsa", true },
		{ "ssh/*", "root/.ssh/id_rsa", false },
		{ "/root/.ssh/*", "root/.ssh/id_rsa", true },
		{ "/.ssh/*", "root/.ssh/id_rsa", false },
		{ "/*/.ssh/id_rsa", "root/.ssh/id_rsa", true },
		{ "/root", "root", true },
		{ "a/root", "root", false },
		{ "/*/root", "root", false },
		{ "*", "root", true },
	};
	struct tf tf = { 0 };
	struct tb tar = { 0 };

	(void)state;
	tb_file(&tar, "root/.ssh/id_rsa", 0600, 0, 0, "");
	tf_layer(&tf, &tar);
	tf_build(&tf);
	for (size_t i = 0; i < sizeof(ROWS) / sizeof(*ROWS); i++) {
		if (rule__names_node(ROWS[i].glob, strlen(ROWS[i].glob), tf.tree,
				     tree_find(tf.tree, ROWS[i].path)) != ROWS[i].is_named)
			fail_msg("%s and %s", ROWS[i].glob, ROWS[i].path);
	}
	assert_false(rule__names_node("*", 1, tf.tree, NODE_ROOT));
	tf_done(&tf);
}

/* What judging a rule with this row of contents says. */
static void assert_refused(const char *row, const char *why)
{
	char profile[1000];
	const char *path = test_path("own.json");
	struct judged judged;
	struct judgement *judgement = NULL;
	struct err err = { 0 };

	snprintf(
		profile, sizeof(profile),
		"{\"name\":\"own\",\"title\":\"t\",\"include\":[\"access\"],\"rules\":[{"
		"\"id\":\"O-1\",\"title\":\"t\",\"source\":\"s\",\"predicate\":\"indicators\","
		"\"certainty\":\"heuristic\",\"arguments\":{\"contents\":[%s]},\"cases\":{\"miner\":"
		"{\"severity\":\"info\",\"message\":\"{path}\"}}}]}",
		row);
	test_write(path, profile, strlen(profile));
	judged_open(&judged, &(struct judged_input){ 0 });
	struct judge_input input = judged.judgement->input;
	struct profile *own = NULL;
	if (profile_load(path, NULL, &own, &err) < 0)
		fail_msg("%s", err.text);
	input.profile = own;
	assert_int_equal(judge(&input, &judgement, &err), -ERR_INVALID);
	if (!strstr(err.text, why))
		fail_msg("'%s' does not say '%s'", err.text, why);
	profile_free(own);
	judged_done(&judged);
}

static void a_wrong_row_is_refused_with_its_number(void **state)
{
	(void)state;
	assert_refused("{\"case\":\"miner\",\"names\":[\"x\"]}", "contents[0]: needs \"case\" and");
	assert_refused("{\"case\":\"miner\",\"what\":\"w\"}", "contents[0]: needs \"names\",");
	assert_refused("{\"case\":\"miner\",\"what\":\"w\",\"start\":true,\"first\":0}",
		       "\"first\" must be from 1 to 1048576");
	assert_refused("{\"case\":\"miner\",\"what\":\"w\",\"names\":[\"*a*\"]}",
		       "contents[0].names: '*a*' begins and ends with a wildcard");
	assert_refused("{\"case\":\"miner\",\"what\":\"w\",\"start\":true},"
		       "{\"case\":\"miner\",\"what\":\"w\",\"start\":true,\"pattern\":\"(\"}",
		       "contents[1].pattern");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_glob_names_the_end_of_a_path_or_all_of_it),
		cmocka_unit_test(a_wrong_row_is_refused_with_its_number),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
