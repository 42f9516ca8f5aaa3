/* Lines of passwd and group. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/access/account_file.h"

/* What came of the text of a file. */
struct result {
	struct accounts accounts;
	char *text;
};

static void read_text(struct result *result, const char *bytes, size_t len, account_add_fn *add)
{
	struct err err = { 0 };

	*result = (struct result){ .text = malloc(len + 1) };
	assert_non_null(result->text);
	memcpy(result->text, bytes, len);
	result->text[len] = '\0';

	struct account_file file = {
		.path = "file",
		.text = result->text,
		.len = len,
		.accounts = &result->accounts,
		.err = &err,
	};
	size_t room = access__count_lines(&file);

	result->accounts.users = calloc(room, sizeof(*result->accounts.users));
	result->accounts.groups = calloc(room, sizeof(*result->accounts.groups));
	assert_int_equal(access__read_lines(&file, add), 0);
}

static void done(struct result *result)
{
	free(result->text);
	free(result->accounts.users);
	free(result->accounts.groups);
	problem_list_done(&result->accounts.problems);
	arena_done(&result->accounts.arena);
}

/* How many users, and the text of the only problem (NULL: none). */
static void check_users(const char *text, size_t users, const char *problem)
{
	struct result result;

	read_text(&result, text, strlen(text), access__add_user);
	assert_int_equal(result.accounts.user_count, users);
	assert_int_equal(result.accounts.problems.all.count, problem ? 1 : 0);
	if (problem)
		assert_string_equal(result.accounts.problems.all.items[0].text, problem);
	done(&result);
}

static void lines_without_numbers_are_passed_over(void **state)
{
	static const char *const LINES[] = {
		"a\n",
		"a:x:1\n",
		"a:x::1:::\n",
		"a:x:1::::\n",
		"a:x:one:1:::\n",
		"a:x:-1:1:::\n",
		"a:x:1:-1:::\n",
		"a:x:-0:1:::\n",
		"a:x:+1:1:::\n",
		"a:x:4294967295:1:::\n",
		"a:x:99999999999999999999:1:::\n",
		":x:1:1:::\n",
		"+::::::\n",
		"#a:x:1:1:::\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(LINES) / sizeof(*LINES); i++)
		check_users(LINES[i], 0, "file: line 1 is malformed and passed over");
}

static void groups_without_numbers_are_passed_over(void **state)
{
	static const char TEXT[] = "g:x:-1:\nh:x:4294967295:\ni:x:one:\nj:x:7:\n";
	struct result result;

	(void)state;
	read_text(&result, TEXT, strlen(TEXT), access__add_group);
	assert_int_equal(result.accounts.group_count, 1);
	assert_string_equal(result.accounts.groups[0].name, "j");
	assert_int_equal(result.accounts.problems.all.count, 3);
	assert_string_equal(result.accounts.problems.all.items[0].text,
			    "file: line 1 is malformed and passed over");
	done(&result);
}

static void odd_lines_that_can_be_read_are_kept(void **state)
{
	(void)state;
	check_users("a:x:1:1\n", 1, "file: line 1 has 4 fields instead of 7");
	check_users("a:x:1:1:::", 1, "file: the last line has no newline");
	check_users("\n  \na:x:1:1:::\r\n", 1, "file: lines end in CR LF");
	check_users("  a:x:4294967294:1:::\n", 1, NULL);
	check_users("", 0, NULL);
}

static void blanks_and_returns_are_not_part_of_a_field(void **state)
{
	static const char TEXT[] = " a:x:1:1::/home:/bin/sh \r\n";
	struct result result;

	(void)state;
	read_text(&result, TEXT, strlen(TEXT), access__add_user);
	assert_string_equal(result.accounts.users[0].name, "a");
	assert_string_equal(result.accounts.users[0].shell, "/bin/sh");
	done(&result);
}

static void a_line_with_a_nul_is_malformed(void **state)
{
	static const char TEXT[] = "a:x:1:1:::\0\nb:x:2:2:::\n";
	struct result result;

	(void)state;
	read_text(&result, TEXT, sizeof(TEXT) - 1, access__add_user);
	assert_int_equal(result.accounts.user_count, 1);
	assert_int_equal(result.accounts.users[0].line, 2);
	done(&result);
}

static void empty_members_are_left_out(void **state)
{
	static const char TEXT[] = "g:x:5:,a,,b,\nh:x:6\ni::7:\n";
	struct result result;

	(void)state;
	read_text(&result, TEXT, strlen(TEXT), access__add_group);
	assert_int_equal(result.accounts.group_count, 2);

	const struct account_group *group = &result.accounts.groups[0];

	assert_string_equal(group->members[0], "a");
	assert_string_equal(group->members[1], "b");
	assert_null(group->members[2]);
	assert_null(result.accounts.groups[1].members[0]);
	done(&result);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_without_numbers_are_passed_over),
		cmocka_unit_test(groups_without_numbers_are_passed_over),
		cmocka_unit_test(odd_lines_that_can_be_read_are_kept),
		cmocka_unit_test(blanks_and_returns_are_not_part_of_a_field),
		cmocka_unit_test(a_line_with_a_nul_is_malformed),
		cmocka_unit_test(empty_members_are_left_out),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
