/* The two requests of ModelArts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json_path.h"
#include "lib/requested.h"

static struct request *training(const char *reference, const char *command, const char *boot_line)
{
	const char *const more[] = { command, NULL };
	const struct request_input input = {
		.reference = reference,
		.has_image = true,
		.settings = more,
		.boot_line = boot_line,
	};

	return requested_input("modelarts", &input);
}

static void the_image_is_named_as_swr_does(void **state)
{
	struct request *request = training("swr.example.com/team/sub/img:1", NULL, NULL);

	(void)state;
	assert_string_equal(json_path_string(request->json, "algorithm.engine.image_url"),
			    "team/sub/img:1");
	assert_string_equal(json_path_string(request->json, "kind"), "job");
	assert_true(json_is_null(json_path_get(request->json, "algorithm.policies.auto_search")));
	assert_non_null(requested_file(request, "training-job.json"));
	request_free(request);
}

static void a_name_without_organization_or_tag_is_refused(void **state)
{
	static const char *const wrong[] = { "swr.example.com/img:1", "swr.example.com/team/img" };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct request *request = training(wrong[i], NULL, NULL);

		assert_int_equal(request->errors.count, 1);
		request_free(request);
	}
}

static void the_command_of_the_image_is_the_default(void **state)
{
	struct request *request = training("h.x/o/i:1", "command=", "sh /run.sh");

	(void)state;
	assert_int_equal(request->errors.count, 1); /* empty is not allowed */
	request_free(request);
	const struct request_input input = {
		.kind = request_kind_find("modelarts"),
		.settings = (const char *const[]){ "flavor=f", NULL },
		.reference = "h.x/o/i:1",
		.has_image = true,
		.boot_line = "sh /run.sh",
	};
	assert_int_equal(request_make(&input, &request, NULL), 0);
	assert_string_equal(json_path_string(request->json, "algorithm.command"), "sh /run.sh");
	request_free(request);
}

static void a_model_has_apis_and_health(void **state)
{
	static const char *const more[] = { "api=/", "api=/v2", "api-method=get", NULL };
	struct request *request = requested("modelarts-inference", more);

	(void)state;
	assert_string_equal(json_path_string(request->json, "model_type"), "Image");
	assert_string_equal(json_path_string(request->json, "apis.1.url"), "/v2");
	assert_string_equal(json_path_string(request->json, "apis.1.method"), "get");
	assert_string_equal(json_path_string(request->json, "apis.0.request.Content-type"),
			    "application/json");
	assert_string_equal(json_path_string(request->json, "health.url"), "/health");
	assert_string_equal(json_path_string(request->json, "swr_location"), REQUESTED_REFERENCE);
	assert_non_null(requested_file(request, "config.json"));
	request_free(request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_image_is_named_as_swr_does),
		cmocka_unit_test(a_name_without_organization_or_tag_is_refused),
		cmocka_unit_test(the_command_of_the_image_is_the_default),
		cmocka_unit_test(a_model_has_apis_and_health),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
