/* What follows from several values of a training job: name, digest, access mode, credentials, machine. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json_path.h"
#include "lib/requested.h"

#define IMAGE "AlgorithmSpecification.TrainingImage"
#define CONFIG "AlgorithmSpecification.TrainingImageConfig"
#define MODE CONFIG ".TrainingRepositoryAccessMode"

/* The good request for one image reference. */
static struct request *with_reference(const char *reference, const char *digest,
				      const char *const *more)
{
	const struct request_input input = {
		.reference = reference,
		.digest = digest,
		.has_image = true,
		.settings = more,
		.architecture = "amd64",
		.created = 1763704860,
	};

	return requested_input("sagemaker", &input);
}

static void expect_image(const char *reference, const char *digest, const char *set,
			 const char *image, size_t warnings)
{
	const char *const more[] = { set, NULL };
	struct request *request = with_reference(reference, digest, more);
	char *errors = requested_errors(request);

	assert_string_equal(errors, "");
	assert_string_equal(json_path_string(request->json, IMAGE), image);
	assert_int_equal(request->warnings.count, warnings);
	free(errors);
	request_free(request);
}

static void the_image_is_pinned_where_the_digest_is_known(void **state)
{
	static const char OTHER[] = "sha256:"
				    "1111111111111111111111111111111111111111111111111111111111111111";
	char given[128], pinned[160];

	(void)state;
	expect_image("r.example.com/a:1", NULL, NULL, "r.example.com/a:1", 1);
	expect_image("r.example.com/a", NULL, NULL, "r.example.com/a", 1);
	expect_image("r.example.com/a:1", REQUESTED_DIGEST, NULL,
		     "r.example.com/a@" REQUESTED_DIGEST, 0);
	expect_image("r.example.com/a:1", NULL, "image-digest=" REQUESTED_DIGEST,
		     "r.example.com/a@" REQUESTED_DIGEST, 0);
	expect_image("r.example.com/a:1@" REQUESTED_DIGEST, NULL, NULL,
		     "r.example.com/a@" REQUESTED_DIGEST, 0);
	snprintf(given, sizeof(given), "image-digest=%s", OTHER);
	snprintf(pinned, sizeof(pinned), "r.example.com/a@%s", OTHER);
	expect_image("r.example.com/a:1", REQUESTED_DIGEST, given, pinned, 1);
}

static void a_private_registry_is_reached_by_the_vpc(void **state)
{
	struct request *request = with_reference("r.example.com:5000/a:1", NULL, NULL);

	(void)state;
	assert_string_equal(json_path_string(request->json, MODE), "Vpc");
	assert_null(json_path_get(request->json, CONFIG ".TrainingRepositoryAuthConfig"));
	assert_null(requested_file(request, "lambda_function.py"));
	request_free(request);
	request = with_reference("123456789012.dkr.ecr.eu-central-1.amazonaws.com/a:1", NULL, NULL);
	assert_string_equal(json_path_string(request->json, MODE), "Platform");
	request_free(request);
}

static void expect_error(const char *reference, const char *first, const char *second,
			 const char *part)
{
	const char *const more[] = { first, second, NULL };
	struct request *request = with_reference(reference, NULL, more);

	if (request->errors.count != 1 || !strstr(request->errors.items[0], part))
		fail_msg("'%s' is not the one error: %s", part,
			 request->errors.count ? request->errors.items[0] : "none");
	request_free(request);
}

static void what_does_not_fit_together_is_refused(void **state)
{
	static const char LAMBDA[] =
		"credentials-lambda=arn:aws:lambda:eu-central-1:123456789012:function:f";

	(void)state;
	expect_error("a/b:1", NULL, NULL, "docker.io");
	expect_error("localhost:5000/b:1", NULL, NULL, "this machine");
	expect_error("r.example.com/b:1", "access-mode=Platform", NULL, "SMR-ACC-001");
	expect_error("r.example.com/b:1", LAMBDA, NULL, "missing: --set credentials-secret=");
	expect_error("r.example.com/b:1", "credentials-secret=s", NULL,
		     "missing: --set credentials-lambda=");
}

static void the_name_is_of_image_and_time(void **state)
{
	struct request *request = with_reference("r.example.com/team/my_training.image:1.0", NULL, NULL);

	(void)state;
	assert_string_equal(json_path_string(request->json, "TrainingJobName"),
			    "my-training-image-20251121-060100");
	request_free(request);
}

static void expect_warning(const char *architecture, const char *instance, const char *part)
{
	char setting[64];
	const char *const more[] = { setting, "volume-gb=", NULL };
	const struct request_input input = {
		.reference = "r.example.com/a@" REQUESTED_DIGEST,
		.has_image = true,
		.settings = more,
		.architecture = architecture,
	};

	snprintf(setting, sizeof(setting), "instance-type=%s", instance);
	struct request *request = requested_input("sagemaker", &input);
	if (!part)
		assert_int_equal(request->warnings.count, 0);
	else if (request->warnings.count != 1 || !strstr(request->warnings.items[0], part))
		fail_msg("no warning with '%s' for %s on %s", part, architecture, instance);
	request_free(request);
}

static void the_machine_has_to_fit_the_image(void **state)
{
	(void)state;
	expect_warning("amd64", "ml.m5.xlarge", NULL);
	expect_warning("arm64", "ml.m5.xlarge", "SMT-ARC-001");
	expect_warning("amd64", "ml.p6e-gb200.36xlarge", "SMT-ARC-001");
	expect_warning("arm64", "ml.p6e-gb200.36xlarge", NULL);
	expect_warning("", "ml.m5.xlarge", NULL);
	expect_warning("amd64", "ml.m6g.xlarge", "no family");
	expect_warning("amd64", "ml.zz.xlarge", "no family");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_image_is_pinned_where_the_digest_is_known),
		cmocka_unit_test(a_private_registry_is_reached_by_the_vpc),
		cmocka_unit_test(what_does_not_fit_together_is_refused),
		cmocka_unit_test(the_name_is_of_image_and_time),
		cmocka_unit_test(the_machine_has_to_fit_the_image),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
