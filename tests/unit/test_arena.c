/* Memory that is freed all at once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdalign.h>
#include <string.h>

#include "base/arena.h"

static void memory_is_zeroed_and_aligned(void **state)
{
	struct arena arena = { 0 };

	(void)state;
	for (size_t size = 1; size < 100; size++) {
		unsigned char *bytes = arena_alloc(&arena, size);

		assert_non_null(bytes);
		assert_int_equal((uintptr_t)bytes % alignof(max_align_t), 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(bytes[i], 0);
		memset(bytes, 0xff, size);
	}
	arena_done(&arena);
}

static void pointers_stay_valid_while_it_grows(void **state)
{
	struct arena arena = { 0 };
	char *all[2000];

	(void)state;
	for (int i = 0; i < 2000; i++)
		all[i] = arena_printf(&arena, "string number %d", i);
	for (int i = 0; i < 2000; i++) {
		char expected[32];

		snprintf(expected, sizeof(expected), "string number %d", i);
		assert_string_equal(all[i], expected);
	}
	arena_done(&arena);
}

static void a_large_object_leaves_the_small_ones_alone(void **state)
{
	struct arena arena = { 0 };
	char *before = arena_copy(&arena, "before", 6);
	char *large = arena_alloc(&arena, 1 << 20);
	char *after = arena_copy(&arena, "after", 5);

	(void)state;
	memset(large, 'x', 1 << 20);
	assert_string_equal(before, "before");
	assert_string_equal(after, "after");
	arena_done(&arena);
}

static void copies_hold_any_byte_and_end_with_nul(void **state)
{
	struct arena arena = { 0 };
	const char *copy = arena_copy(&arena, "a\0b", 3);

	(void)state;
	assert_memory_equal(copy, "a\0b", 4);
	assert_string_equal(arena_copy(&arena, NULL, 0), "");
	arena_done(&arena);
}

static void sizes_that_cannot_be_are_refused(void **state)
{
	struct arena arena = { 0 };

	(void)state;
	assert_null(arena_alloc(&arena, SIZE_MAX));
	assert_null(arena_alloc(&arena, PTRDIFF_MAX - 1));
	assert_null(arena_copy(&arena, "x", SIZE_MAX));
	arena_done(&arena);
}

static void it_is_usable_again_when_done(void **state)
{
	struct arena arena = { 0 };

	(void)state;
	arena_copy(&arena, "x", 1);
	arena_done(&arena);
	assert_string_equal(arena_copy(&arena, "y", 1), "y");
	arena_done(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_is_zeroed_and_aligned),
		cmocka_unit_test(pointers_stay_valid_while_it_grows),
		cmocka_unit_test(a_large_object_leaves_the_small_ones_alone),
		cmocka_unit_test(copies_hold_any_byte_and_end_with_nul),
		cmocka_unit_test(sizes_that_cannot_be_are_refused),
		cmocka_unit_test(it_is_usable_again_when_done),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
