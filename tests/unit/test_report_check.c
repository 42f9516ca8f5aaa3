/* The report of findings as text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/judged.h"
#include "lib/reported.h"

static void a_good_image_has_no_findings(void **state)
{
	struct judged judged;

	(void)state;
	judged_open(&judged, &(struct judged_input){ 0 });
	char *text = REPORTED(PLAINLY, report_check_text, judged.judgement);
	assert_non_null(strstr(text, "\n\nno findings\n"));
	assert_non_null(strstr(text, "modelarts-training, as 1000:100, 1 layer, "));
	free(text);
	judged_done(&judged);
}

static void a_finding_has_title_message_reason_and_fix(void **state)
{
	struct judged judged;

	(void)state;
	judged_open(&judged,
		    &(struct judged_input){ .files = "755 0:0 app/\n600 0:0 app/x = y\n" });
	char *text = REPORTED(PLAINLY, report_check_text, judged.judgement);
	assert_non_null(strstr(text, "✗ ACC-004  the user's content can be read and written\n"));
	assert_non_null(
		strstr(text, "    1000:100 may not read, write /app/x: -rw------- root:root\n"));
	assert_non_null(strstr(text, "      /app  drwxr-xr-x root:root  other has x\n"));
	assert_non_null(strstr(text, "      layer 2, RUN step 2\n"));
	assert_non_null(strstr(text, "      fix: give the file to the platform's group"));
	assert_non_null(strstr(text, "\n1 error, 1 warning\n"));
	free(text);
	judged_done(&judged);
}

static void long_lists_are_cut(void **state)
{
	char files[2048] = "755 1000:100 app/\n";
	struct judged judged;

	(void)state;
	for (int i = 0; i < 25; i++)
		snprintf(files + strlen(files), sizeof(files) - strlen(files),
			 "600 0:0 app/f%02d = y\n", i);
	judged_open(&judged, &(struct judged_input){ .files = files });
	char *text = REPORTED(PLAINLY, report_check_text, judged.judgement);
	assert_non_null(strstr(text, "app/f19"));
	assert_null(strstr(text, "app/f20"));
	assert_non_null(strstr(text, "    … and 5 more (--format json lists all)\n"));
	free(text);
	judged_done(&judged);
}

static void lines_have_at_most_eighty_columns(void **state)
{
	struct judged judged;

	(void)state;
	judged_open(
		&judged,
		&(struct judged_input){
			.files = "x etc/passwd\nx etc/group\n700 0:0 app/\n600 0:0 app/x = y\n" });
	char *text = REPORTED(((struct report_options){ .charset = TEXT_ASCII }), report_check_text,
			      judged.judgement);
	for (const char *line = strchr(text, '\n') + 1; *line; line += strcspn(line, "\n") + 1)
		assert_true(strcspn(line, "\n") <= 80);
	free(text);
	judged_done(&judged);
}

static void colour_is_only_where_it_was_asked_for(void **state)
{
	struct judged judged;

	(void)state;
	judged_open(&judged, &(struct judged_input){ .files = "x etc/passwd\n" });
	char *plain = REPORTED(PLAINLY, report_check_text, judged.judgement);
	char *color = REPORTED(((struct report_options){ .color = true }), report_check_text,
			       judged.judgement);
	assert_null(strchr(plain, '\033'));
	assert_non_null(strstr(color, "\033[31m✗ MAT-USR-006\033[0m"));
	free(plain);
	free(color);
	judged_done(&judged);
}

static void problems_are_listed(void **state)
{
	struct problem_list list = { 0 };
	const struct problem_list *lists[] = { &list, NULL };
	struct judged judged;

	(void)state;
	problem_add(&list, PROBLEM_DIGEST_MISMATCH, 7, "layer 1 is \033 odd");
	judged_open(&judged, &(struct judged_input){ 0 });
	char *text = REPORTED(((struct report_options){ .problems = lists }), report_check_text,
			      judged.judgement);
	assert_non_null(strstr(text, "  digest-mismatch  layer 1 is \\e odd\n"));
	free(text);
	judged_done(&judged);
	problem_list_done(&list);
}

static void names_of_the_image_are_shown_escaped(void **state)
{
	struct judged judged;

	(void)state;
	judged_open(&judged,
		    &(struct judged_input){ .files = "755 0:0 app/\n600 0:0 app/\033[2J = y\n" });
	char *text = REPORTED(PLAINLY, report_check_text, judged.judgement);
	assert_null(strchr(text, '\033'));
	assert_non_null(strstr(text, "/app/\\e[2J"));
	free(text);
	judged_done(&judged);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_image_has_no_findings),
		cmocka_unit_test(a_finding_has_title_message_reason_and_fix),
		cmocka_unit_test(long_lists_are_cut),
		cmocka_unit_test(lines_have_at_most_eighty_columns),
		cmocka_unit_test(colour_is_only_where_it_was_asked_for),
		cmocka_unit_test(problems_are_listed),
		cmocka_unit_test(names_of_the_image_are_shown_escaped),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
