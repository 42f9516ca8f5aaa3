/* Settings become values: missing ones, empty ones, defaults, and all mistakes at once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json_path.h"
#include "lib/requested.h"

static void all_that_is_missing_is_told_at_once(void **state)
{
	const struct request_input input = { .kind = request_kind_find("sagemaker") };
	struct request *request = NULL;

	(void)state;
	assert_int_equal(request_make(&input, &request, NULL), 0);
	static const char *const MISSING[] = {
		"missing: --set role=arn:aws:iam::ACCOUNT:role/NAME", "missing: --set input=",
		"missing: --set output=", "missing: --set security-group=", "missing: --set subnet=",
	};
	assert_int_equal(request->missing.count, 5);
	for (size_t i = 0; i < 5; i++) {
		bool found = false;

		for (size_t k = 0; k < 5; k++)
			found |= strstr(request->missing.items[k], MISSING[i]) != NULL;
		assert_true(found);
	}
	assert_int_equal(request->errors.count, 1);
	assert_non_null(strstr(request->errors.items[0], "missing: --image-ref HOST/PATH[:TAG]"));
	assert_null(request->json);
	request_free(request);
}

/* An example that no service takes, so that nobody sends it by mistake. */
static void examples_stand_for_what_is_missing(void **state)
{
	const struct request_input input = {
		.kind = request_kind_find("sagemaker"),
		.reference = REQUESTED_REFERENCE,
		.has_image = true,
		.architecture = "amd64",
	};
	struct request *request = NULL;

	(void)state;
	assert_int_equal(request_make(&input, &request, NULL), 0);
	assert_int_equal(request->errors.count, 0);
	assert_int_equal(request->missing.count, 5);
	assert_string_equal(json_path_string(request->json, "RoleArn"),
			    "arn:aws:iam::ACCOUNT:role/NAME");
	assert_string_equal(
		json_path_string(request->json, "InputDataConfig.0.DataSource.S3DataSource.S3Uri"),
		"s3://BUCKET/FOLDER");
	assert_true(request->files.count > 0);
	request_free(request);
}

static void a_mistake_does_not_hide_another(void **state)
{
	static const char *const more[] = { "role=x", "nonsense=1", "no-value", "volume-gb=0", NULL };
	struct request *request = requested("sagemaker", more);

	(void)state;
	assert_int_equal(request->errors.count, 4);
	assert_non_null(strstr(request->errors.items[0], "'nonsense' is none of job-name, role, "));
	assert_non_null(strstr(request->errors.items[1], "'no-value' is no NAME=VALUE"));
	assert_non_null(strstr(request->errors.items[2], "role"));
	assert_non_null(strstr(request->errors.items[3], "volume-gb: 0 is not in 1 to"));
	request_free(request);
}

static void an_option_is_no_setting(void **state)
{
	static const char *const more[] = { "--image-ref=a.b/c:1", NULL };
	struct request *request = requested("sagemaker", more);

	(void)state;
	assert_int_equal(request->errors.count, 1);
	request_free(request);
}

static void an_empty_value_leaves_a_field_out(void **state)
{
	static const char *const more[] = { "volume-gb=", "input=", "env=A=1", "env=", NULL };
	struct request *request = requested("sagemaker", more);

	(void)state;
	assert_int_equal(request->errors.count, 0);
	assert_null(json_path_get(request->json, "ResourceConfig.VolumeSizeInGB"));
	assert_null(json_path_get(request->json, "InputDataConfig"));
	assert_null(json_path_get(request->json, "Environment"));
	request_free(request);
}

static void what_is_required_cannot_be_empty(void **state)
{
	static const char *const more[] = { "role=", "subnet=", NULL };
	struct request *request = requested("sagemaker", more);

	(void)state;
	assert_int_equal(request->errors.count, 2);
	assert_non_null(strstr(request->errors.items[0], "missing: --set role="));
	request_free(request);
}

static void an_empty_list_is_begun_again(void **state)
{
	static const char *const more[] = { "env=A=1", "env=", "env=B=2", NULL };
	struct request *request = requested("sagemaker", more);

	(void)state;
	assert_null(json_path_get(request->json, "Environment.A"));
	assert_string_equal(json_path_string(request->json, "Environment.B"), "2");
	request_free(request);
}

static void a_reference_is_checked(void **state)
{
	const struct request_input input = { .reference = "Host/UPPER", .has_image = true };
	struct request *request = requested_input("sagemaker", &input);

	(void)state;
	assert_int_equal(request->errors.count, 1);
	assert_non_null(strstr(request->errors.items[0], "--image-ref: "));
	request_free(request);
}

static void kinds_are_found_by_name(void **state)
{
	(void)state;
	for (size_t i = 0; request_kind(i); i++)
		assert_ptr_equal(request_kind_find(request_kind(i)->name), request_kind(i));
	assert_null(request_kind_find("nothing"));
	request_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_that_is_missing_is_told_at_once),
		cmocka_unit_test(examples_stand_for_what_is_missing),
		cmocka_unit_test(a_mistake_does_not_hide_another),
		cmocka_unit_test(an_option_is_no_setting),
		cmocka_unit_test(an_empty_value_leaves_a_field_out),
		cmocka_unit_test(what_is_required_cannot_be_empty),
		cmocka_unit_test(an_empty_list_is_begun_again),
		cmocka_unit_test(a_reference_is_checked),
		cmocka_unit_test(kinds_are_found_by_name),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
