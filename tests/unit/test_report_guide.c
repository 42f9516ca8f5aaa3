/* The walkthrough on paper. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/judged.h"
#include "lib/reported.h"

static void expect(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("no '%s' in:\n%s", part, text);
}

static void a_question_has_rule_evidence_source_and_fixes(void **state)
{
	struct judged judged;
	struct guide *guide;
	struct guide_question question;

	(void)state;
	judged_open(&judged,
		    &(struct judged_input){
			    .files = "755 0:0 app/\n600 0:0 app/a = x\n600 0:0 app/b = x\n" });
	assert_int_equal(guide_new(&guide, NULL), 0);
	assert_int_equal(guide_next(guide, judged.judgement, &question, NULL), 1);
	while (strcmp(question.finding->rule_case->name, "unreadable") != 0) {
		assert_int_equal(guide_skip(guide, judged.judgement, &question, true, NULL), 0);
		assert_int_equal(guide_next(guide, judged.judgement, &question, NULL), 1);
	}
	char *text = REPORTED(PLAINLY, report_guide_question, judged.judgement, &question);
	expect(text, "✗ ACC-004  the user's content can be read and written\n");
	expect(text, "    1000:100 may not read, write /app/a: -rw------- root:root\n");
	expect(text, "      /app/a  -rw------- root:root  other has no rw");
	expect(text, "    S1: \"Modify the permission on files");
	expect(text, "    and 1 more like this\n");
	expect(text, "  1 give the file to the platform's group (chgrp, chmod g+) (recommended)\n    1 path: +");
	expect(text, "  2 chown the file to the user\n");
	free(text);
	guide_free(guide);
	judged_done(&judged);
}

static void what_is_not_asked_is_told_with_a_way(void **state)
{
	struct judged judged;

	(void)state;
	judged_open(&judged, &(struct judged_input){ .config = "{'Cmd':['/no\\u001bwhere']}" });
	char *text = REPORTED(PLAINLY, report_guide_notes, judged.judgement);
	expect(text, "not to be mended from here\n✗ ACC-001  ");
	expect(text, "/no\\ewhere");
	expect(text, "    in the Dockerfile: add what is missing in the Dockerfile\n");
	assert_null(strchr(text, '\033'));
	free(text);
	judged_done(&judged);
}

static void commands_are_one_line_each(void **state)
{
	static const struct result_file file = { .path = "my image.tar",
						 .format = SOURCE_DOCKER_ARCHIVE };
	struct judged judged;

	(void)state;
	judged_open(&judged, &(struct judged_input){ 0 });
	char *text = REPORTED(PLAINLY, report_guide_commands, judged.judgement, &file);
	expect(text, "to test and push it\n  load it:\n    docker load -i 'my image.tar'\n");
	expect(text, "    docker run --rm -u 1000 ");
	expect(text, "  push it:\n    docker push judged:1\n");
	free(text);
	judged_done(&judged);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_question_has_rule_evidence_source_and_fixes),
		cmocka_unit_test(what_is_not_asked_is_told_with_a_way),
		cmocka_unit_test(commands_are_one_line_each),
	};

	/* What may be shown is the locale's to say. */
	setlocale(LC_CTYPE, "C.UTF-8");
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
