/* Lines from a descriptor. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tui/answers.h"

/* The reading end of a pipe with these bytes in it, closed behind them. */
static struct answers piped(const char *bytes, size_t len)
{
	struct answers answers = { 0 };
	int fds[2];

	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	assert_int_equal(write(fds[1], bytes, len), (ssize_t)len);
	close(fds[1]);
	answers.fd = fds[0];
	return answers;
}

static void expect_line(struct answers *answers, const char *expected)
{
	char line[8];

	assert_int_equal(answers_next(answers, line, sizeof(line)), ANSWER_LINE);
	assert_string_equal(line, expected);
}

static void expect_end(struct answers *answers)
{
	char line[8];

	assert_int_equal(answers_next(answers, line, sizeof(line)), ANSWER_END);
	close(answers->fd);
}

static void lines_come_without_ends_and_blanks(void **state)
{
	static const char bytes[] = "1\n  a2 \r\n\ns\n";
	struct answers answers = piped(bytes, strlen(bytes));

	(void)state;
	expect_line(&answers, "1");
	expect_line(&answers, "a2");
	expect_line(&answers, "");
	expect_line(&answers, "s");
	expect_end(&answers);
}

static void the_last_line_needs_no_end(void **state)
{
	struct answers answers = piped("q", 1);

	(void)state;
	expect_line(&answers, "q");
	expect_end(&answers);
}

static void a_long_line_is_cut(void **state)
{
	struct answers answers = piped("1234567890\n2\n", 13);

	(void)state;
	expect_line(&answers, "1234567");
	expect_line(&answers, "2");
	expect_end(&answers);
}

static void a_flood_without_a_line_end_does_not_grow(void **state)
{
	static char bytes[ANSWERS_ROOM + 3];
	struct answers answers;

	(void)state;
	memset(bytes, 'x', sizeof(bytes));
	answers = piped(bytes, sizeof(bytes));
	expect_line(&answers, "xxxxxxx");
	expect_line(&answers, "xxx");
	expect_end(&answers);
}

static void nothing_is_the_end(void **state)
{
	struct answers answers = piped("", 0);

	(void)state;
	expect_end(&answers);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_come_without_ends_and_blanks),
		cmocka_unit_test(the_last_line_needs_no_end),
		cmocka_unit_test(a_long_line_is_cut),
		cmocka_unit_test(a_flood_without_a_line_end_does_not_grow),
		cmocka_unit_test(nothing_is_the_end),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
