/* Oddities of an input, kept on the object where they were seen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/problem.h"

static void problems_are_kept_in_order(void **state)
{
	struct problem_list list = { 0 };

	(void)state;
	problem_add(&list, PROBLEM_ODD_PATH, 512, "'%s' is absolute", "/x");
	problem_add(&list, PROBLEM_HISTORY, PROBLEM_NOWHERE, "two");
	assert_int_equal(list.all.count, 2);
	assert_int_equal(list.all.items[0].kind, PROBLEM_ODD_PATH);
	assert_int_equal(list.all.items[0].offset, 512);
	assert_string_equal(list.all.items[0].text, "'/x' is absolute");
	assert_true(list.all.items[1].offset == PROBLEM_NOWHERE);
	assert_false(list.damaged);
	problem_list_done(&list);
}

static void damage_marks_the_list(void **state)
{
	struct problem_list list = { 0 };

	(void)state;
	problem_add(&list, PROBLEM_TRUNCATED, 0, "ends early");
	assert_true(list.damaged);
	problem_list_done(&list);
}

static void a_flood_is_counted_and_still_marks_damage(void **state)
{
	struct problem_list list = { 0 };

	(void)state;
	for (int i = 0; i < PROBLEM_MAX + 5; i++)
		problem_add(&list, PROBLEM_ODD_VALUE, 0, "%d", i);
	assert_int_equal(list.all.count, PROBLEM_MAX);
	assert_int_equal(list.dropped, 5);
	problem_add(&list, PROBLEM_BAD_HEADER, 0, "bad");
	assert_true(list.damaged);
	problem_list_done(&list);
}

static void a_long_text_is_cut(void **state)
{
	struct problem_list list = { 0 };
	char flood[5000];

	(void)state;
	memset(flood, 'x', sizeof(flood) - 1);
	flood[sizeof(flood) - 1] = '\0';
	problem_add(&list, PROBLEM_ODD_PATH, 0, "%s", flood);
	assert_int_equal(strlen(list.all.items[0].text), 2047);
	problem_list_done(&list);
}

static void nobody_needs_to_listen(void **state)
{
	(void)state;
	problem_add(NULL, PROBLEM_ODD_PATH, 0, "x");
}

static void every_kind_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (int i = 0; i < PROBLEM_KINDS; i++) {
		const char *name = problem_name((enum problem_kind)i);

		assert_non_null(name);
		for (int j = 0; j < i; j++)
			assert_string_not_equal(name, problem_name((enum problem_kind)j));
	}
}

static void other_bytes_are_damage_and_odd_names_are_not(void **state)
{
	(void)state;
	assert_true(problem_is_damage(PROBLEM_DIGEST_MISMATCH));
	assert_true(problem_is_damage(PROBLEM_MISSING_BLOB));
	assert_false(problem_is_damage(PROBLEM_ODD_PATH));
	assert_false(problem_is_damage(PROBLEM_DUPLICATE_KEY));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(problems_are_kept_in_order),
		cmocka_unit_test(damage_marks_the_list),
		cmocka_unit_test(a_flood_is_counted_and_still_marks_damage),
		cmocka_unit_test(a_long_text_is_cut),
		cmocka_unit_test(nobody_needs_to_listen),
		cmocka_unit_test(every_kind_has_a_name_of_its_own),
		cmocka_unit_test(other_bytes_are_damage_and_odd_names_are_not),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
