/* imgtui-profile(5) knows every predicate and action, and its example is sound. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/rule/rule_priv.h"
#include "lib/build.h"
#include "rule/action.h"

static char *manual(void)
{
	const char *top = getenv("top_srcdir");
	char path[4096];
	char *text = calloc(1, 1 << 20);

	snprintf(path, sizeof(path), "%s/share/man/imgtui-profile.5", top ? top : ".");
	FILE *file = fopen(path, "r");
	assert_non_null(file);
	assert_non_null(text);
	assert_true(fread(text, 1, (1 << 20) - 1, file) > 0);
	fclose(file);
	return text;
}

static void check_word(const char *text, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = text; (at = strstr(at, word)); at += len) {
		if (strchr(" \n", at[-1]) && strchr(" \n", at[len]))
			return;
	}
	fail_msg("the manual does not know '%s'", word);
}

static void predicates_and_actions_are_known(void **state)
{
	char *text = manual();

	(void)state;
	for (size_t i = 0; rule__predicate(i); i++)
		check_word(text, rule__predicate(i)->name);
	for (enum action i = 0; i < ACTIONS; i++)
		check_word(text, action_name(i));
	free(text);
}

static void the_example_is_a_profile(void **state)
{
	char *text = manual();
	char *begin = strstr(text, ".Bd -literal");
	struct profile *profile = NULL;
	struct err err = { 0 };

	(void)state;
	assert_non_null(begin);
	begin = strchr(begin, '\n') + 1;
	char *end = strstr(begin, ".Ed");
	assert_non_null(end);
	test_write(test_path("example.json"), begin, (size_t)(end - begin));
	if (profile_load(test_path("example.json"), NULL, &profile, &err) < 0)
		fail_msg("%s", err.text);
	assert_string_equal(profile_name(profile), "our-training");
	profile_free(profile);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(predicates_and_actions_are_known),
		cmocka_unit_test(the_example_is_a_profile),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
