/* Commands with their placeholders filled in: every value is one word of the shell. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/judged.h"
#include "rule/command_text.h"

static void check(const char *config, const char *set, const char *pattern, const char *expected)
{
	struct judged judged;
	struct judged_input input = { .config = config, .set = set };

	judged_open(&judged, &input);
	char *text = command_text(judged.judgement, pattern, "team/image:1 a");
	assert_non_null(text);
	assert_string_equal(text, expected);
	free(text);
	judged_done(&judged);
}

static void placeholders_are_filled_in_and_quoted(void **state)
{
	(void)state;
	check(NULL, NULL, "run -u {uid}:{gid} -w {workdir} {image}",
	      "run -u 1000:100 -w /home/ma-user 'team/image:1 a'");
	check(NULL, "workdir=/a'b", "-w {workdir}", "-w '/a'\\''b'");
	check(NULL, "workdir=", "-w {workdir}", "-w ''");
}

static void other_braces_are_the_shells(void **state)
{
	(void)state;
	check(NULL, NULL, "echo ${HOME} { } {\"a\":1} {", "echo ${HOME} { } {\"a\":1} {");
}

static void the_boot_command_is_one_word(void **state)
{
	(void)state;
	check("{'Entrypoint':['/bin/run'],'Cmd':['$(b)']}", NULL, "sh -c {command}",
	      "sh -c '/bin/run '\\''$(b)'\\'''");
	check(NULL, "start-command=cd /x && python t.py", "sh -c {command}",
	      "sh -c 'cd /x && python t.py'");
}

static void an_unnamed_image_is_called_so(void **state)
{
	struct judged judged;
	struct judged_input input = { 0 };

	(void)state;
	judged_open(&judged, &input);
	char *text = command_text(judged.judgement, "{image}", NULL);
	assert_non_null(text);
	assert_true(text[0]);
	free(text);
	judged_done(&judged);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(placeholders_are_filled_in_and_quoted),
		cmocka_unit_test(other_braces_are_the_shells),
		cmocka_unit_test(the_boot_command_is_one_word),
		cmocka_unit_test(an_unnamed_image_is_called_so),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
