/* Interned byte strings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/strpool.h"

enum { MANY = 100 * 1000 };

static str_id add(struct strpool *pool, const char *text)
{
	str_id id;

	assert_int_equal(strpool_add(pool, text, strlen(text), &id, NULL), 0);
	return id;
}

static void equal_bytes_have_one_id(void **state)
{
	CLEANUP(strpool_freep) struct strpool *pool = strpool_new();
	str_id usr = add(pool, "usr");

	(void)state;
	assert_int_equal(add(pool, "usr").v, usr.v);
	assert_int_not_equal(add(pool, "us").v, usr.v);
	assert_int_not_equal(add(pool, "usr2").v, usr.v);
	assert_int_not_equal(add(pool, "sr").v, usr.v);
	assert_string_equal(strpool_get(pool, usr), "usr");
	assert_int_equal(strpool_count(pool), 5);
}

static void the_empty_string_is_in_every_pool(void **state)
{
	CLEANUP(strpool_freep) struct strpool *pool = strpool_new();
	str_id id = { 99 };

	(void)state;
	assert_int_equal(add(pool, "").v, STR_EMPTY.v);
	assert_true(strpool_find(pool, "", 0, &id));
	assert_int_equal(id.v, STR_EMPTY.v);
	assert_string_equal(strpool_get(pool, STR_EMPTY), "");
}

static void only_the_length_counts_not_a_nul(void **state)
{
	CLEANUP(strpool_freep) struct strpool *pool = strpool_new();
	str_id id;

	(void)state;
	assert_int_equal(strpool_add(pool, "etc/passwd", 3, &id, NULL), 0);
	assert_string_equal(strpool_get(pool, id), "etc");
}

static void what_is_not_there_is_not_found(void **state)
{
	CLEANUP(strpool_freep) struct strpool *pool = strpool_new();
	str_id id = { 99 };

	(void)state;
	assert_false(strpool_find(pool, "usr", 3, &id));
	assert_int_equal(id.v, 99);
}

static void a_hundred_thousand_strings_are_found_again(void **state)
{
	CLEANUP(strpool_freep) struct strpool *pool = strpool_new();
	CLEANUP(freep) str_id *ids = calloc(MANY, sizeof(*ids));
	char text[32];
	str_id found;

	(void)state;
	for (int i = 0; i < MANY; i++) {
		snprintf(text, sizeof(text), "name-%d", i);
		ids[i] = add(pool, text);
	}
	strpool_seal(pool);
	assert_int_equal(strpool_count(pool), MANY + 1);
	for (int i = 0; i < MANY; i++) {
		snprintf(text, sizeof(text), "name-%d", i);
		if (!strpool_find(pool, text, strlen(text), &found) || found.v != ids[i].v ||
		    strcmp(strpool_get(pool, ids[i]), text) != 0)
			fail_msg("'%s' is lost", text);
	}
}

static void sealing_gives_memory_back(void **state)
{
	CLEANUP(strpool_freep) struct strpool *pool = strpool_new();
	size_t before = strpool_memory(pool);
	str_id id;

	(void)state;
	add(pool, "usr");
	strpool_seal(pool);
	assert_true(strpool_memory(pool) < before);
	assert_true(strpool_find(pool, "usr", 3, &id));
}

static void sealed_for_reading_keeps_the_strings_alone(void **state)
{
	CLEANUP(strpool_freep) struct strpool *pool = strpool_new();
	str_id usr = add(pool, "usr"), bin = add(pool, "bin");
	size_t sealed;

	(void)state;
	strpool_seal(pool);
	sealed = strpool_memory(pool);
	strpool_seal_for_reading(pool);
	assert_true(strpool_memory(pool) < sealed);
	assert_string_equal(strpool_get(pool, usr), "usr");
	assert_string_equal(strpool_get(pool, bin), "bin");
	assert_string_equal(strpool_get(pool, STR_EMPTY), "");
}

static void nothing_is_free_to_free(void **state)
{
	(void)state;
	strpool_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal_bytes_have_one_id),
		cmocka_unit_test(the_empty_string_is_in_every_pool),
		cmocka_unit_test(only_the_length_counts_not_a_nul),
		cmocka_unit_test(what_is_not_there_is_not_found),
		cmocka_unit_test(a_hundred_thousand_strings_are_found_again),
		cmocka_unit_test(sealing_gives_memory_back),
		cmocka_unit_test(sealed_for_reading_keeps_the_strings_alone),
		cmocka_unit_test(nothing_is_free_to_free),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
