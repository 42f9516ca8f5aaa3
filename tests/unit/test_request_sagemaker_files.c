/* The files beside a training job: nothing in them is invented, all of it follows from the values. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json_path.h"
#include "lib/requested.h"

#define LAMBDA "arn:aws-cn:lambda:cn-north-1:123456789012:function:f"

/* Whether a statement of the policy allows the action on the resource. */
static bool allows(const char *policy, const char *action, const char *resource)
{
	json_t *json = json_loads(policy, 0, NULL), *statement, *name, *own;
	bool found = false;
	size_t s, a, r;

	assert_non_null(json);
	json_array_foreach(json_object_get(json, "Statement"), s, statement) {
		json_t *resources = json_object_get(statement, "Resource");

		json_array_foreach(json_object_get(statement, "Action"), a, name) {
			if (strcmp(json_string_value(name), action) != 0)
				continue;
			if (json_is_string(resources))
				found |= !strcmp(json_string_value(resources), resource);
			json_array_foreach(resources, r, own)
				found |= !strcmp(json_string_value(own), resource);
		}
	}
	json_decref(json);
	return found;
}

static void the_role_may_do_what_the_job_needs(void **state)
{
	struct request *request = requested("sagemaker", NULL);
	const char *policy = requested_file(request, "role-policy.json");

	(void)state;
	assert_true(allows(policy, "s3:GetObject", "arn:aws:s3:::data/training*"));
	assert_true(allows(policy, "s3:PutObject", "arn:aws:s3:::models/out*"));
	assert_true(allows(policy, "s3:ListBucket", "arn:aws:s3:::data"));
	assert_true(allows(policy, "ec2:CreateNetworkInterface", "*"));
	assert_null(strstr(policy, "lambda:"));
	request_free(request);
}

static void a_bucket_alone_is_all_of_it(void **state)
{
	static const char *const more[] = { "output=s3://b", "input=https://host/x", NULL };
	struct request *request = requested("sagemaker", more);
	const char *policy = requested_file(request, "role-policy.json");

	(void)state;
	assert_true(allows(policy, "s3:PutObject", "arn:aws:s3:::b/*"));
	assert_null(strstr(policy, "s3:GetObject"));
	request_free(request);
}

static void the_lambda_reads_its_secret_alone(void **state)
{
	static const char *const more[] = { "credentials-lambda=" LAMBDA, "credentials-secret=a/b",
					    NULL };
	struct request *request = requested("sagemaker", more);

	(void)state;
	assert_true(allows(requested_file(request, "role-policy.json"), "lambda:InvokeFunction",
			   LAMBDA));
	assert_true(allows(requested_file(request, "lambda-policy.json"),
			   "secretsmanager:GetSecretValue",
			   "arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:a/b-??????"));
	assert_non_null(strstr(requested_file(request, "lambda_function.py"), "\nSECRET = \"a/b\"\n"));
	request_free(request);
}

static void a_secret_may_be_named_by_its_arn(void **state)
{
#define SECRET "arn:aws:secretsmanager:eu-west-1:123456789012:secret:x-AbCdEf"
	static const char *const more[] = { "credentials-lambda=" LAMBDA,
					    "credentials-secret=" SECRET, NULL };
	struct request *request = requested("sagemaker", more);

	(void)state;
	assert_true(allows(requested_file(request, "lambda-policy.json"),
			   "secretsmanager:GetSecretValue", SECRET));
	request_free(request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_role_may_do_what_the_job_needs),
		cmocka_unit_test(a_bucket_alone_is_all_of_it),
		cmocka_unit_test(the_lambda_reads_its_secret_alone),
		cmocka_unit_test(a_secret_may_be_named_by_its_arn),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
