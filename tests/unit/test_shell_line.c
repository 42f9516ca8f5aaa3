/* A shell line is split into words and commands; nothing is expanded. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "access/shell_line.h"

/* All commands of a line: words in brackets, '?' behind unknown ones, then how the command ended.
 */
static void check(const char *line, const char *expected)
{
	static const char *const ENDS[] = {
		[SHELL_END] = ".", [SHELL_THEN] = ";", [SHELL_OTHER] = "|"
	};
	char text[512] = "";
	FILE *out = fmemopen(text, sizeof(text), "w");
	struct shell_words words = { 0 };
	enum shell_end end = SHELL_THEN;
	struct arena arena = { 0 };
	struct err err = { 0 };

	while (end != SHELL_END) {
		assert_int_equal(shell_line_next(&line, &arena, &words, &end, &err), 0);
		for (size_t i = 0; i < words.all.count; i++)
			fprintf(out, "[%s]%s", words.all.items[i].text,
				words.all.items[i].is_known ? "" : "?");
		fputs(ENDS[end], out);
	}
	fclose(out);
	assert_string_equal(text, expected);
	VEC_DONE(&words.all);
	arena_done(&arena);
}

static void words_lose_their_quotes(void **state)
{
	(void)state;
	check("a  b\tc", "[a][b][c].");
	check("'a b' \"c d\"e \\f\\ g ''", "[a b][c de][f g][].");
	check("\"\\$x \\a\" '\\n'", "[$x \\a][\\n].");
	check("a\\\nb", "[ab].");
	check("a # b", "[a].");
	check("a#b", "[a#b].");
	check("", ".");
}

static void what_is_expanded_is_not_known(void **state)
{
	(void)state;
	check("a $x \"$y\" '$z' `b` *.c ~/d e~", "[a][$x]?[$y]?[$z][`b`]?[*.c]?[~/d]?[e~].");
	check("(a) {b", "[(a)]?[{b]?.");
	check("'a", "[a]?.");
}

static void commands_end_at_separators(void **state)
{
	(void)state;
	check("a&&b;c\nd", "[a];[b];[c];[d].");
	check("a || b | c & d", "[a]|[b]|[c]|[d].");
	check("a 2>&1", "[a]||[1].");
	check("a '2'>b", "[a][2]|[b].");
	check("a b2>c", "[a][b2]|[c].");
}

static void assignments_are_told_from_words(void **state)
{
	(void)state;
	assert_true(shell_line_is_assignment("A_1=x"));
	assert_true(shell_line_is_assignment("a="));
	assert_false(shell_line_is_assignment("1a=x"));
	assert_false(shell_line_is_assignment("=x"));
	assert_false(shell_line_is_assignment("a-b=x"));
	assert_false(shell_line_is_assignment("a"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_lose_their_quotes),
		cmocka_unit_test(what_is_expanded_is_not_known),
		cmocka_unit_test(commands_end_at_separators),
		cmocka_unit_test(assignments_are_told_from_words),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
