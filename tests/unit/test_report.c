/* What all reports share: breaking lines, colour, counts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/emit/report_priv.h"
#include "lib/reported.h"

static int write_paragraph(size_t column, size_t indent, const char *raw,
			   const struct report_options *options, struct err *err)
{
	return report__paragraph(options, column, indent, raw, err);
}

static char *paragraph(size_t column, size_t indent, const char *raw)
{
	return REPORTED(PLAINLY, write_paragraph, column, indent, raw);
}

static void a_line_breaks_between_words(void **state)
{
	char raw[128] = "";

	(void)state;
	for (int i = 0; i < 12; i++)
		snprintf(raw + strlen(raw), sizeof(raw) - strlen(raw), "word%05d ", i);
	char *text = paragraph(4, 6, raw);
	assert_int_equal(strcspn(text, "\n"), 69);
	assert_int_equal(strncmp(strchr(text, '\n'), "\n      word00007", 16), 0);
	free(text);
}

static void a_long_word_is_not_broken(void **state)
{
	char raw[201];

	(void)state;
	memset(raw, 'x', 200);
	raw[200] = '\0';
	char *text = paragraph(10, 2, raw);
	assert_int_equal(strncmp(text, "\n  xxx", 6), 0);
	assert_int_equal(strlen(text), 3 + 200 + 1);
	free(text);
}

static void spaces_inside_a_line_stay(void **state)
{
	(void)state;
	char *text = paragraph(0, 0, "/a  drwx------ root:root  other");
	assert_string_equal(text, "/a  drwx------ root:root  other\n");
	free(text);
}

static int counts(const size_t *by_severity, const struct report_options *options, struct err *err)
{
	(void)err;
	report_counts(by_severity, options);
	return 0;
}

static void counts_are_in_words(void **state)
{
	static const struct {
		size_t by_severity[3];
		const char *text;
	} ROWS[] = {
		{ { 0, 0, 0 }, "no findings" },
		{ { 1, 0, 1 }, "1 error, 1 info" },
		{ { 2, 2, 3 }, "3 errors, 2 warnings, 2 info" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(ROWS) / sizeof(*ROWS); i++) {
		char *text = REPORTED(PLAINLY, counts, ROWS[i].by_severity);

		assert_string_equal(text, ROWS[i].text);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_breaks_between_words),
		cmocka_unit_test(a_long_word_is_not_broken),
		cmocka_unit_test(spaces_inside_a_line_stay),
		cmocka_unit_test(counts_are_in_words),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
