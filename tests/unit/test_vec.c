/* Growing arrays and sizes that cannot wrap. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/vec.h"

static void items_keep_their_order_and_value(void **state)
{
	VEC(int) numbers = { 0 };

	(void)state;
	for (int i = 0; i < 1000; i++)
		assert_int_equal(VEC_PUSH(&numbers, i * 3, NULL), 0);
	assert_int_equal(numbers.count, 1000);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(numbers.items[i], i * 3);
	VEC_DONE(&numbers);
	assert_null(numbers.items);
	assert_int_equal(numbers.count, 0);
}

static void room_grows_by_doubling(void **state)
{
	VEC(char) bytes = { 0 };

	(void)state;
	assert_int_equal(VEC_RESERVE(&bytes, 100, NULL), 0);
	assert_int_equal(bytes.room, 100);
	bytes.count = 100;
	assert_int_equal(VEC_RESERVE(&bytes, 1, NULL), 0);
	assert_int_equal(bytes.room, 200);
	VEC_DONE(&bytes);
}

static void a_size_that_cannot_be_is_refused_and_nothing_lost(void **state)
{
	VEC(uint64_t) numbers = { 0 };
	struct err err = { 0 };

	(void)state;
	assert_int_equal(VEC_PUSH(&numbers, 7, &err), 0);
	assert_int_equal(VEC_RESERVE(&numbers, SIZE_MAX, &err), -ERR_NOMEM);
	assert_int_equal(VEC_RESERVE(&numbers, SIZE_MAX / 4, NULL), -ERR_NOMEM);
	assert_int_equal(err.code, ERR_NOMEM);
	assert_int_equal(numbers.count, 1);
	assert_int_equal(numbers.items[0], 7);
	VEC_DONE(&numbers);
}

static void sums_and_products_tell_an_overflow(void **state)
{
	uint64_t result = 0;

	(void)state;
	assert_true(size_add(UINT64_MAX - 1, 1, &result));
	assert_true(result == UINT64_MAX);
	assert_false(size_add(UINT64_MAX, 1, &result));
	assert_true(size_mul(UINT64_C(1) << 32, UINT64_C(1) << 31, &result));
	assert_true(result == UINT64_C(1) << 63);
	assert_false(size_mul(UINT64_C(1) << 32, UINT64_C(1) << 32, &result));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(items_keep_their_order_and_value),
		cmocka_unit_test(room_grows_by_doubling),
		cmocka_unit_test(a_size_that_cannot_be_is_refused_and_nothing_lost),
		cmocka_unit_test(sums_and_products_tell_an_overflow),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
