/* Quoting for sh(1): asked of sh itself, too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/shell_quote.h"

static void plain_words_need_no_quotes(void **state)
{
	static const char *const NEEDY[] = { "",   " ",   "a b", "$HOME", "a'b",     "a\nb",
					     "~x", "a*b", "a;b", "#",     "\xc3\xa9" };

	(void)state;
	assert_false(shell_quote_needed("/usr/bin/python3.11"));
	assert_false(shell_quote_needed("--set=NAME,x@y:1%+"));
	for (size_t i = 0; i < sizeof(NEEDY) / sizeof(*NEEDY); i++)
		assert_true(shell_quote_needed(NEEDY[i]));
}

static void a_quote_is_put_between_two_words(void **state)
{
	char *word = shell_quote_new("it's");

	(void)state;
	assert_string_equal(word, "'it'\\''s'");
	free(word);
	word = shell_quote_new("");
	assert_string_equal(word, "''");
	free(word);
}

static void the_shell_reads_the_same_bytes(void **state)
{
	static const char *const WORDS[] = { "it's", "''", "$(echo x) `id` \\ \"", "a\nb", "-n *" };

	(void)state;
	for (size_t i = 0; i < sizeof(WORDS) / sizeof(*WORDS); i++) {
		char *word = shell_quote_new(WORDS[i]);
		char command[200], read[100];

		snprintf(command, sizeof(command), "printf %%s %s", word);
		FILE *shell = popen(command, "r");
		size_t len = fread(read, 1, sizeof(read) - 1, shell);

		read[len] = '\0';
		assert_int_equal(pclose(shell), 0);
		assert_string_equal(read, WORDS[i]);
		free(word);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_words_need_no_quotes),
		cmocka_unit_test(a_quote_is_put_between_two_words),
		cmocka_unit_test(the_shell_reads_the_same_bytes),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
