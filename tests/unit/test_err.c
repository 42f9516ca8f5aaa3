/* Errors as values: the first cause stays, context goes before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "base/err.h"

static void the_first_cause_stays(void **state)
{
	struct err err = { 0 };

	(void)state;
	assert_int_equal(err_set(&err, ERR_FORMAT, "bad %d", 7), -ERR_FORMAT);
	assert_int_equal(err_set(&err, ERR_IO, "later"), -ERR_IO);
	assert_int_equal(err.code, ERR_FORMAT);
	assert_string_equal(err.text, "bad 7");
}

static void context_goes_before_the_cause(void **state)
{
	struct err err = { 0 };

	(void)state;
	err_set(&err, ERR_LIMIT, "too large");
	assert_int_equal(err_wrap(&err, "layer %u", 3u), -ERR_LIMIT);
	assert_int_equal(err_wrap(&err, "image"), -ERR_LIMIT);
	assert_string_equal(err.text, "image: layer 3: too large");
}

static void the_reason_of_the_system_is_told(void **state)
{
	struct err err = { 0 };

	(void)state;
	assert_int_equal(err_errno(&err, ENOENT, "cannot open '%s'", "x"), -ERR_IO);
	assert_string_equal(err.text, "cannot open 'x': No such file or directory");
}

static void nobody_needs_to_listen(void **state)
{
	(void)state;
	assert_int_equal(err_set(NULL, ERR_DIGEST, "x"), -ERR_DIGEST);
	assert_int_equal(err_errno(NULL, EIO, "x"), -ERR_IO);
	assert_int_equal(err_nomem(NULL), -ERR_NOMEM);
	assert_true(err_wrap(NULL, "x") < 0);
	err_clear(NULL);
}

static void long_texts_are_cut_and_keep_the_cause(void **state)
{
	struct err err = { 0 };
	char flood[3000];

	(void)state;
	memset(flood, 'x', sizeof(flood) - 1);
	flood[sizeof(flood) - 1] = '\0';
	err_set(&err, ERR_FORMAT, "the cause");
	for (int i = 0; i < 2; i++)
		err_wrap(&err, "%s", flood);
	assert_non_null(strstr(err.text, "the cause"));
	assert_true(strlen(err.text) < sizeof(err.text));
	err_clear(&err);
	err_errno(&err, EIO, "%s", flood);
	assert_non_null(strstr(err.text, strerror(EIO)));
}

static void a_cleared_error_takes_a_new_cause(void **state)
{
	struct err err = { 0 };

	(void)state;
	err_set(&err, ERR_FORMAT, "old");
	err_clear(&err);
	assert_int_equal(err.code, ERR_NONE);
	err_set(&err, ERR_EXISTS, "new");
	assert_string_equal(err.text, "new");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_cause_stays),
		cmocka_unit_test(context_goes_before_the_cause),
		cmocka_unit_test(the_reason_of_the_system_is_told),
		cmocka_unit_test(nobody_needs_to_listen),
		cmocka_unit_test(long_texts_are_cut_and_keep_the_cause),
		cmocka_unit_test(a_cleared_error_takes_a_new_cause),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
