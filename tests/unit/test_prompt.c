/* The line editor. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

#include <cmocka.h>

#include "tui/prompt.h"

static struct prompt prompt_with(const char *text)
{
	struct prompt prompt = { 0 };

	prompt_open(&prompt, "File:", text, NULL);
	return prompt;
}

static void keys(struct prompt *prompt, const key_code *all, size_t count)
{
	for (size_t i = 0; i < count; i++)
		assert_int_equal(prompt_key(prompt, all[i]), PROMPT_GOES_ON);
}

#define KEYS(prompt, ...)                                                                          \
	keys(prompt, (const key_code[]){ __VA_ARGS__ },                                            \
	     sizeof((const key_code[]){ __VA_ARGS__ }) / sizeof(key_code))

static void text_is_inserted_at_the_cursor(void **state)
{
	struct prompt prompt = prompt_with("ac");

	(void)state;
	KEYS(&prompt, K_LEFT, 'b', K_END, 'd', K_HOME, '0');
	assert_string_equal(prompt.text, "0abcd");
}

static void characters_are_erased_whole(void **state)
{
	struct prompt prompt = prompt_with("x\xe2\x82\xac");

	(void)state;
	KEYS(&prompt, K_BACKSPACE);
	assert_string_equal(prompt.text, "x");
	KEYS(&prompt, 0x1f600, K_LEFT, K_DELETE);
	assert_string_equal(prompt.text, "x");
}

static void line_is_erased_up_to_the_cursor(void **state)
{
	struct prompt prompt = prompt_with("old.tar");

	(void)state;
	KEYS(&prompt, K_LEFT, K_CTRL('U'));
	assert_string_equal(prompt.text, "r");
}

static void control_keys_insert_nothing(void **state)
{
	struct prompt prompt = prompt_with("a");

	(void)state;
	KEYS(&prompt, K_CTRL('G'), K_UP, K_TAB, 0x9b);
	assert_string_equal(prompt.text, "a");
}

static void full_line_takes_no_more(void **state)
{
	struct prompt prompt = prompt_with("");

	(void)state;
	for (int i = 0; i < 2 * PROMPT_ROOM; i++)
		prompt_key(&prompt, 'x');
	assert_int_equal(strlen(prompt.text), PROMPT_ROOM - 1);
	assert_int_equal(prompt.len, PROMPT_ROOM - 1);
}

static void enter_accepts_and_escape_drops(void **state)
{
	struct prompt prompt = prompt_with("a");

	(void)state;
	assert_int_equal(prompt_key(&prompt, K_ENTER), PROMPT_ACCEPTED);
	assert_int_equal(prompt_key(&prompt, K_ESC), PROMPT_DROPPED);
	KEYS(&prompt, K_BACKSPACE);
	assert_int_equal(prompt_key(&prompt, K_BACKSPACE), PROMPT_DROPPED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_inserted_at_the_cursor),
		cmocka_unit_test(characters_are_erased_whole),
		cmocka_unit_test(line_is_erased_up_to_the_cursor),
		cmocka_unit_test(control_keys_insert_nothing),
		cmocka_unit_test(full_line_takes_no_more),
		cmocka_unit_test(enter_accepts_and_escape_drops),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
