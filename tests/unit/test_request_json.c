/* Values at their places: lists, maps, elements of arrays; nothing breaks out of a string. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json_path.h"
#include "lib/requested.h"

static void each_input_is_a_channel(void **state)
{
	static const char *const more[] = { "input=train=s3://b/t=1", "input=s3://b/x=y",
					    "input-compression=Gzip", NULL };
	struct request *request = requested("sagemaker", more);
	json_t *channels = json_path_get(request->json, "InputDataConfig");
	char *text = json_dumps(json_array_get(channels, 0), JSON_COMPACT);

	(void)state;
	assert_int_equal(json_array_size(channels), 2);
	assert_string_equal(text, "{\"ChannelName\":\"train\",\"DataSource\":{\"S3DataSource\":{"
				  "\"S3Uri\":\"s3://b/t=1\",\"S3DataType\":\"S3Prefix\","
				  "\"S3DataDistributionType\":\"FullyReplicated\"}},"
				  "\"CompressionType\":\"Gzip\"}");
	free(text);
	assert_string_equal(json_path_string(channels, "1.ChannelName"), "training");
	assert_string_equal(json_path_string(channels, "1.DataSource.S3DataSource.S3Uri"),
			    "s3://b/x=y");
	assert_string_equal(json_path_string(channels, "1.CompressionType"), "Gzip");
	request_free(request);
}

static void maps_are_objects_or_pairs(void **state)
{
	static const char *const more[] = { "env=A_B=c=d", "tag=team=us", "tag=cost.center=7", NULL };
	struct request *request = requested("sagemaker", more);

	(void)state;
	assert_string_equal(json_path_string(request->json, "Environment.A_B"), "c=d");
	assert_string_equal(json_path_string(request->json, "Tags.1.Key"), "cost.center");
	assert_string_equal(json_path_string(request->json, "Tags.1.Value"), "7");
	request_free(request);
}

static void numbers_and_flags_are_no_texts(void **state)
{
	static const char *const more[] = { "instance-count=3", "network-isolation=true", NULL };
	struct request *request = requested("sagemaker", more);

	(void)state;
	assert_int_equal(json_integer_value(
				 json_path_get(request->json, "ResourceConfig.InstanceCount")),
			 3);
	assert_true(json_is_true(json_path_get(request->json, "EnableNetworkIsolation")));
	request_free(request);
}

static void a_hostile_value_stays_a_value(void **state)
{
	static const char HOSTILE[] = "\"}]\n'''\\$(id)`id`\u2028%s{x}";
	char setting[128] = "env=A=";
	const char *more[] = { setting, NULL };
	struct request *request;

	(void)state;
	memcpy(setting + 6, HOSTILE, sizeof(HOSTILE));
	request = requested("sagemaker", more);
	assert_int_equal(request->errors.count, 0);
	const char *text = requested_file(request, "create-training-job.json");
	json_t *json = json_loads(text, 0, NULL);
	assert_non_null(json);
	assert_string_equal(json_path_string(json, "Environment.A"), HOSTILE);
	json_decref(json);
	request_free(request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_input_is_a_channel),
		cmocka_unit_test(maps_are_objects_or_pairs),
		cmocka_unit_test(numbers_and_flags_are_no_texts),
		cmocka_unit_test(a_hostile_value_stays_a_value),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
