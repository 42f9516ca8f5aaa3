/* The rules of a profile as text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/judged.h"
#include "lib/reported.h"

static char *text_of(struct judged *judged)
{
	struct report_options options = { .charset = TEXT_UTF8 };
	char *text = NULL;
	size_t len;

	judged_open(judged, &(struct judged_input){ 0 });
	options.out = open_memstream(&text, &len);
	assert_non_null(options.out);
	assert_int_equal(report_profile_text(judged->profile, &options, NULL), 0);
	fclose(options.out);
	return text;
}

static void a_rule_has_severity_source_and_fixes(void **state)
{
	struct judged judged;
	char *text = text_of(&judged);

	(void)state;
	assert_non_null(strstr(text, "modelarts-training: "));
	assert_non_null(strstr(text, "\nMAT-USR-001  "));
	assert_non_null(strstr(text, "\n    error, "));
	assert_non_null(strstr(text, "\n    fix: "));
	assert_non_null(strstr(text, "\n    uid=1000\n        int: "));
	assert_non_null(strstr(text, "\n    docker run --rm -u {uid} "));
	free(text);
	judged_done(&judged);
}

static void lines_are_short_and_no_fix_is_repeated(void **state)
{
	char last[8][200] = { "" };
	struct judged judged;
	char *text = text_of(&judged), *rest = text;
	size_t count = 0;

	(void)state;
	for (char *line; (line = strsep(&rest, "\n"));) {
		if (!*line)
			count = 0;
		if (!strcmp(line, "To test a result:")) /* commands stay whole */
			break;
		assert_true(text_width(line) <= 80);
		if (strncmp(line, "    fix: ", 9) != 0 && strncmp(line, "    or:  ", 9) != 0)
			continue;
		for (size_t i = 0; i < count; i++)
			assert_string_not_equal(last[i], line + 9);
		assert_true(count < 8);
		snprintf(last[count++], sizeof(last[0]), "%s", line + 9);
	}
	free(text);
	judged_done(&judged);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_rule_has_severity_source_and_fixes),
		cmocka_unit_test(lines_are_short_and_no_fix_is_repeated),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
