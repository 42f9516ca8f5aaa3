/* The words of findings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/judged.h"
#include "rule/finding_text.h"

static void assert_message(const struct judged_input *input, const char *rule, const char *expected)
{
	struct judged judged;

	judged_open(&judged, input);
	const struct finding *finding = judged_find(&judged, rule, NULL, NULL);
	assert_non_null(finding);
	char *message = finding_message(judged.judgement, finding);
	assert_string_equal(message, expected);
	free(message);
	judged_done(&judged);
}

static void a_denial_names_user_mode_and_owner(void **state)
{
	(void)state;
	assert_message(&(struct judged_input){ .files = "755 1000:100 app/\n600 0:42 app/x = x\n" },
		       "ACC-004", "1000:100 may not read, write /app/x: -rw------- root:42");
}

static void a_directory_is_searched_not_executed(void **state)
{
	(void)state;
	assert_message(
		&(struct judged_input){ .files = "755 1000:100 app/\n700 0:0 app/d/\n" }, "ACC-004",
		"1000:100 may not read, write, search directory /app/d: drwx------ root:root");
}

static void a_hidden_tree_has_count_and_size(void **state)
{
	(void)state;
	assert_message(
		&(struct judged_input){ .files = "644 0:0 root/a = 12345\n644 0:0 root/b = 1\n" },
		"ACC-005", "/root (drwx------ root:root) hides 2 files (6 B) from 1000:100");
}

static void what_points_into_a_hidden_tree_is_named(void **state)
{
	(void)state;
	assert_message(&(struct judged_input){ .files = "755 0:0 root/py/\n"
							"755 0:0 root/py/python = 12345\n"
							"l bin/python -> ../root/py/python\n" },
		       "ACC-005",
		       "/root (drwx------ root:root) hides 1 file (5 B) from 1000:100, and "
		       "/bin/python points into it");
}

static void one_thing_is_told_in_the_singular(void **state)
{
	(void)state;
	assert_message(&(struct judged_input){ .files = "644 0:0 root/a = 12345\n" }, "ACC-005",
		       "/root (drwx------ root:root) hides 1 file (5 B) from 1000:100");
}

static void a_blocker_is_named_with_its_mode(void **state)
{
	(void)state;
	assert_message(
		&(struct judged_input){ .config =
						"{'Cmd':['/root/t'],'WorkingDir':null,'Env':null}",
					.files = "755 0:0 root/t = x\n" },
		"ACC-001",
		"1000:100 cannot reach /root/t (command of the start command): "
		"/root is drwx------ root:root");
}

static void parameters_are_filled_in(void **state)
{
	(void)state;
	assert_message(&(struct judged_input){ .set = "gid=4711" }, "MAT-GRP-001",
		       "no group has GID 4711");
	assert_message(&(struct judged_input){ .set = "workdir=/x" }, "MAT-CFG-003",
		       "WorkingDir is /home/ma-user, not /x");
}

static void every_message_of_the_profile_expands(void **state)
{
	struct judged judged;

	(void)state;
	judged_open(&judged, &(struct judged_input){ .files = "644 0:0 root/a = 1\n" });
	struct finding finding = judged.judgement->findings.items[0];
	for (size_t i = 0; i < profile_rule_count(judged.profile); i++) {
		const struct rule *rule = profile_rule(judged.profile, i);

		for (size_t k = 0; k < rule->case_count; k++) {
			finding.rule_case = &rule->cases[k];
			char *message = finding_message(judged.judgement, &finding);
			assert_non_null(message);
			assert_null(strpbrk(message, "{}"));
			free(message);
		}
	}
	judged_done(&judged);
}

static void a_path_that_is_not_there_is_told_by_its_name(void **state)
{
	struct judged judged;

	(void)state;
	judged_open(&judged, &(struct judged_input){ .files = "x tmp\n" });
	const struct finding *finding = judged_find(&judged, "ACC-006", "missing", NULL);
	char *path = finding_path(judged.judgement, finding);
	assert_string_equal(path, "/tmp");
	free(path);
	judged_done(&judged);
}

static void a_finding_about_the_config_has_no_path(void **state)
{
	struct judged judged;

	(void)state;
	judged_open(&judged, &(struct judged_input){ .set = "workdir=/x" });
	assert_null(
		finding_path(judged.judgement, judged_find(&judged, "MAT-CFG-003", NULL, NULL)));
	judged_done(&judged);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_denial_names_user_mode_and_owner),
		cmocka_unit_test(a_directory_is_searched_not_executed),
		cmocka_unit_test(a_hidden_tree_has_count_and_size),
		cmocka_unit_test(what_points_into_a_hidden_tree_is_named),
		cmocka_unit_test(one_thing_is_told_in_the_singular),
		cmocka_unit_test(a_blocker_is_named_with_its_mode),
		cmocka_unit_test(parameters_are_filled_in),
		cmocka_unit_test(every_message_of_the_profile_expands),
		cmocka_unit_test(a_path_that_is_not_there_is_told_by_its_name),
		cmocka_unit_test(a_finding_about_the_config_has_no_path),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
