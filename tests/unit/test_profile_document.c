/* Documents that are judged with an image. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/build.h"
#include "rule/profile.h"

static struct profile *load(void)
{
	struct profile *profile = NULL;

	assert_int_equal(profile_load("sagemaker-training", NULL, &profile, NULL), 0);
	return profile;
}

static void a_document_is_kept_by_its_name(void **state)
{
	struct profile *profile = load();

	(void)state;
	test_write(test_path("job.json"), "{\"a\":1}", 7);
	assert_null(profile_document(profile, "request"));
	assert_int_equal(profile_read_document(profile, "request", test_path("job.json"), NULL), 0);
	assert_int_equal(
		json_integer_value(json_object_get(profile_document(profile, "request"), "a")), 1);
	assert_null(profile_document(profile, "model-config"));
	profile_free(profile);
}

static void mistakes_are_told_with_their_place(void **state)
{
	struct profile *profile = load();
	struct err err = { 0 };

	(void)state;
	test_write(test_path("bad.json"), "{\n \"a\":,\n}", 10);
	assert_true(profile_read_document(profile, "request", test_path("bad.json"), &err) < 0);
	assert_non_null(strstr(err.text, "line 2"));
	err_clear(&err);
	test_write(test_path("list.json"), "[1]", 3);
	assert_true(profile_read_document(profile, "request", test_path("list.json"), &err) < 0);
	assert_non_null(strstr(err.text, "object"));
	assert_true(profile_read_document(profile, "request", test_path("none.json"), NULL) < 0);
	assert_null(profile_document(profile, "request"));
	profile_free(profile);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_document_is_kept_by_its_name),
		cmocka_unit_test(mistakes_are_told_with_their_place),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
