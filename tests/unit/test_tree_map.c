/* The small map of the merge and of previews. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "core/tree/tree_priv.h"

static void an_empty_map_has_nothing(void **state)
{
	struct tree_map map = { 0 };

	(void)state;
	assert_int_equal(tree__map_get(&map, 0), NONE);
	tree__map_done(&map);
}

static void what_is_put_is_found_after_growing(void **state)
{
	struct tree_map map = { 0 };
	struct err err = { 0 };

	(void)state;
	for (uint32_t i = 0; i < 5000; i++)
		assert_int_equal(tree__map_put(&map, tree__pair(i, i * 7), i, &err), 0);
	assert_int_equal(map.count, 5000);
	for (uint32_t i = 0; i < 5000; i++)
		assert_int_equal(tree__map_get(&map, tree__pair(i, i * 7)), i);
	assert_int_equal(tree__map_get(&map, tree__pair(1, 6)), NONE);
	tree__map_done(&map);
}

static void the_last_value_counts(void **state)
{
	struct tree_map map = { 0 };
	struct err err = { 0 };

	(void)state;
	assert_int_equal(tree__map_put(&map, 5, 1, &err), 0);
	assert_int_equal(tree__map_put(&map, 5, 2, &err), 0);
	assert_int_equal(map.count, 1);
	assert_int_equal(tree__map_get(&map, 5), 2);
	tree__map_done(&map);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_map_has_nothing),
		cmocka_unit_test(what_is_put_is_found_after_growing),
		cmocka_unit_test(the_last_value_counts),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
