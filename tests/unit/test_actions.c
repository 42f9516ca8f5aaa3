/* The table of actions keeps its promises. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

#include <cmocka.h>

#include "tui/actions.h"

static void names_are_unique_and_all_is_said(void **state)
{
	(void)state;
	for (const struct ui_action *action = actions; action->name; action++) {
		for (const struct ui_action *other = actions; other < action; other++)
			assert_string_not_equal(action->name, other->name);
		assert_true(action->help && *action->help);
		assert_true(action->views);
		assert_non_null(action->run);
		assert_true(!action->hint || *action->hint);
	}
}

static void keys_have_names_that_parse(void **state)
{
	(void)state;
	for (const struct ui_action *action = actions; action->name; action++) {
		const char *rest = action->keys;
		key_code key;

		assert_true(key_next(&rest, &key));
		while (key_next(&rest, &key))
			;
		assert_string_equal(rest, "");
	}
}

static void no_key_is_bound_twice_in_a_view(void **state)
{
	(void)state;
	for (const struct ui_action *action = actions; action->name; action++) {
		const char *rest = action->keys;
		key_code key;

		while (key_next(&rest, &key)) {
			for (int view = 0; view < VIEWS; view++) {
				if (action->views & IN_VIEW(view))
					assert_ptr_equal(actions_find(key, (enum view_id)view),
							 action);
			}
		}
	}
}

static void every_view_can_be_left(void **state)
{
	(void)state;
	for (int view = 0; view < VIEWS; view++) {
		assert_non_null(actions_find('q', (enum view_id)view));
		assert_non_null(actions_find(K_ESC, (enum view_id)view));
		assert_non_null(actions_find(K_CTRL('C'), (enum view_id)view));
	}
}

/* These are the terminal's, tmux's or screen's own. */
static void chords_of_others_are_left_alone(void **state)
{
	static const char OTHERS[] = "ABSQMH";

	(void)state;
	for (const char *letter = OTHERS; *letter; letter++) {
		key_code key = K_CTRL(*letter);

		if (key != K_ENTER)
			assert_null(actions_find(key, VIEW_FILES));
	}
}

static void unbound_keys_do_nothing(void **state)
{
	(void)state;
	assert_null(actions_find('~', VIEW_FILES));
	assert_null(actions_find(K_NONE, VIEW_FILES));
	assert_null(actions_find('f', VIEW_HELP));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_unique_and_all_is_said),
		cmocka_unit_test(keys_have_names_that_parse),
		cmocka_unit_test(no_key_is_bound_twice_in_a_view),
		cmocka_unit_test(every_view_can_be_left),
		cmocka_unit_test(chords_of_others_are_left_alone),
		cmocka_unit_test(unbound_keys_do_nothing),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
