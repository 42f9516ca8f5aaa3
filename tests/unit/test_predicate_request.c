/* Requests and models' configurations beside the image. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/judged.h"

#define CHECK(rows) judged_check((rows), sizeof(rows) / sizeof(*(rows)))
#define TRAINING .profile = "sagemaker-training"
#define MODEL .profile = "modelarts-inference", .rule = "MAI-API-001", .severity = SEVERITY_WARNING
#define IMAGE(name) "{'AlgorithmSpecification':{'TrainingImage':'" name "'}}"
#define SERVE(line) .files = "755 1000:100 home/\n644 1000:100 home/run.sh = exec python3 /app/s.py|\n" \
			     "755 0:0 bin/python3 = \177ELF\n755 0:0 app/\n644 0:0 app/s.py = " line "|\n", \
		    .config = "{'Cmd':['/bin/sh','/home/run.sh']}"

static void a_request_names_an_image_that_can_be_reached(void **state)
{
	/* clang-format off */
	static const struct judged_row ROWS[] = {
		{ TRAINING, .rule = "SMR-REF-001", .request = IMAGE("r.example.com/a:1") },
		{ TRAINING, .rule = "SMR-REF-001", .request = "{}", .case_name = "missing",
		  .severity = SEVERITY_ERROR },
		{ TRAINING, .rule = "SMR-REF-001", .request = IMAGE("r.example.com/A"),
		  .case_name = "invalid", .severity = SEVERITY_ERROR },
		{ TRAINING, .rule = "SMR-REF-001", .request = IMAGE("team/a:1"),
		  .case_name = "no-host", .severity = SEVERITY_ERROR },
		{ TRAINING, .rule = "SMR-REF-001", .request = IMAGE("localhost:5000/a"),
		  .case_name = "no-host", .severity = SEVERITY_ERROR },
		{ TRAINING, .rule = "SMR-REF-002", .request = IMAGE("r.example.com/a:1"),
		  .case_name = "tag", .severity = SEVERITY_WARNING },
		{ TRAINING, .rule = "SMR-REF-002", .request = IMAGE("r.example.com/a"),
		  .case_name = "latest", .severity = SEVERITY_WARNING },
		{ TRAINING, .rule = "SMR-ACC-001", .request = IMAGE("r.example.com/a"),
		  .case_name = "not-vpc", .severity = SEVERITY_ERROR, .detail = "not set" },
		{ TRAINING, .rule = "SMR-ACC-001",
		  .request = IMAGE("123456789012.dkr.ecr.eu-central-1.amazonaws.com/a:1") },
		{ TRAINING, .rule = "SMR-VPC-001", .request = "{'VpcConfig':{'Subnets':['s']}}",
		  .case_name = "no-groups", .severity = SEVERITY_ERROR },
		{ TRAINING, .rule = "SMT-ARC-001",
		  .request = "{'ResourceConfig':{'InstanceType':'ml.m5.xlarge'}}" },
		{ TRAINING, .rule = "SMT-ARC-001",
		  .request = "{'ResourceConfig':{'InstanceType':'ml.c7g.xlarge'}}",
		  .case_name = "other", .severity = SEVERITY_ERROR, .detail = "ml.c7g.xlarge" },
	};
	/* clang-format on */

	(void)state;
	CHECK(ROWS);
}

static void without_the_document_the_rule_stays_open(void **state)
{
	static const char *const RULES[] = { "SMR-REF-001", "SMR-REF-002", "SMR-ACC-001",
					     "SMR-VPC-001", "SMT-ARC-001" };
	struct judged judged;
	struct judged_input input = { .profile = "sagemaker-training" };

	(void)state;
	judged_open(&judged, &input);
	for (size_t i = 0; i < sizeof(RULES) / sizeof(*RULES); i++) {
		assert_int_equal(judged_count(&judged, RULES[i]), 0);
		assert_int_equal(judged_status(&judged, RULES[i]), RULE_OPEN);
	}
	judged_done(&judged);
}

static void a_models_configuration_fits_the_image(void **state)
{
	/* clang-format off */
	static const struct judged_row ROWS[] = {
		{ MODEL, .model_config = "{'model_type':'Image','model_algorithm':'a','health':{'url':'/h'}}" },
		{ MODEL, .model_config = "{}", .case_name = "type", .detail = "not set" },
		{ MODEL, .model_config = "{'model_type':'Image','model_algorithm':'1'}",
		  .case_name = "algorithm", .detail = "1" },
		{ MODEL, .model_config = "{'model_type':'Image','model_algorithm':'a','dependencies':[]}",
		  .case_name = "dependencies" },
		{ MODEL, .model_config = "{'model_type':'Image','model_algorithm':'a','apis':{}}",
		  .case_name = "apis" },
		{ MODEL, .model_config = "{'model_type':'Image','model_algorithm':'a','apis':[{'url':'x y'}]}",
		  .case_name = "url", .detail = "x y" },
		{ MODEL, .model_config = "{'model_type':'Image','model_algorithm':'a','health':{'url':'h'}}",
		  .case_name = "health", .detail = "h" },
		{ MODEL, SERVE("@app.route('/predict')"), .model_config =
		  "{'model_type':'Image','model_algorithm':'a','apis':[{'url':'/predict'}],'health':{'url':'/h'}}" },
		{ MODEL, SERVE("@app.route('/other')"), .model_config =
		  "{'model_type':'Image','model_algorithm':'a','apis':[{'url':'/predict'}],'health':{'url':'/h'}}",
		  .case_name = "no-route", .detail = "/predict" },
	};
	/* clang-format on */

	(void)state;
	CHECK(ROWS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_names_an_image_that_can_be_reached),
		cmocka_unit_test(without_the_document_the_rule_stays_open),
		cmocka_unit_test(a_models_configuration_fits_the_image),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
