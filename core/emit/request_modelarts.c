/*
 * The two requests of ModelArts: POST /v2/{project_id}/training-jobs (O14), and
 * config.json of a model that is imported from an image (O4).
 */
#include <string.h>

#include "request_priv.h"

#define OBS_PATH "/[^/]+(/.*)?"

/* clang-format off */
static const struct request_field TRAINING[] = {
	{ .path = "kind", .otherwise = "job" },
	{ .name = "job-name", .path = "metadata.name", .need = REQUEST_REQUIRED, .otherwise = "job-1",
	  .least = 1, .most = 64, .pattern = "[A-Za-z0-9_-]+", .example = "NAME",
	  .help = "of the job", .source = "O14" },
	{ .name = "description", .path = "metadata.description", .least = 0, .most = 256,
	  .example = "TEXT", .help = "of the job", .source = "O14" },
	{ .name = "--image-ref", .path = "algorithm.engine.image_url", .need = REQUEST_REQUIRED,
	  .least = 1, .most = 500, .example = "HOST/ORGANIZATION/IMAGE:TAG",
	  .help = "what SWR calls the image; the host is left out", .source = "O14" },
	{ .name = "command", .path = "algorithm.command", .need = REQUEST_REQUIRED, .is_derived = true,
	  .least = 1, .most = 10000, .example = "'cd /home/ma-user && python train.py'",
	  .help = "the boot command; else the image's Entrypoint and Cmd", .source = "O14, H3" },
	{ .name = "parameter", .path = "algorithm.parameters.*.value",
	  .key_path = "algorithm.parameters.*.name", .type = REQUEST_MAP, .is_public = true,
	  .key_pattern = ".+", .key_most = 256, .example = "NAME=VALUE",
	  .help = "of the command; once for each", .source = "O14" },
	{ .path = "algorithm.policies.auto_search", .type = REQUEST_JSON, .otherwise = "null" },
	{ .name = "input", .path = "algorithm.inputs.*.remote.obs.obs_url",
	  .key_path = "algorithm.inputs.*.name", .type = REQUEST_MAP, .least = 1, .most = 1024,
	  .pattern = OBS_PATH, .key_pattern = "[A-Za-z0-9_-]+", .key_most = 64,
	  .example = "NAME=/BUCKET/FOLDER/", .help = "data; once for each", .source = "O14" },
	{ .name = "output", .path = "algorithm.outputs.*.remote.obs.obs_url",
	  .key_path = "algorithm.outputs.*.name", .type = REQUEST_MAP, .least = 1, .most = 1024,
	  .pattern = OBS_PATH, .key_pattern = "[A-Za-z0-9_-]+", .key_most = 64,
	  .example = "NAME=/BUCKET/FOLDER/", .help = "results; once for each", .source = "O14" },
	{ .name = "env", .path = "algorithm.environments", .type = REQUEST_MAP, .is_public = true,
	  .items_most = 100, .least = 0, .most = 4096, .key_pattern = "[A-Za-z_][A-Za-z0-9_]*",
	  .key_most = 8192, .example = "NAME=VALUE",
	  .help = "a variable of the container; once for each", .source = "O14" },
	{ .name = "flavor", .path = "spec.resource.flavor_id", .need = REQUEST_REQUIRED, .least = 1,
	  .most = 256, .pattern = "\\S+", .example = "FLAVOR_ID", .help = "the machine", .source = "O14" },
	{ .name = "node-count", .path = "spec.resource.node_count", .need = REQUEST_REQUIRED,
	  .otherwise = "1", .type = REQUEST_INT, .least = 1, .most = INT32_MAX, .example = "1",
	  .help = "how many of them", .source = "O14" },
	{ .name = "log-path", .path = "spec.log_export_path.obs_url", .least = 1, .most = 1024,
	  .pattern = OBS_PATH, .example = "/BUCKET/FOLDER", .help = "where the logs go in OBS",
	  .source = "O14" },
};

static const struct request_field INFERENCE[] = {
	{ .name = "algorithm", .path = "model_algorithm", .need = REQUEST_REQUIRED,
	  .otherwise = "custom_model", .least = 1, .most = 36,
	  .pattern = "(?=[\\x20-\\x7e]+\\z)[A-Za-z][^&!'\\\\\"<>=]*", .example = "image_classification",
	  .help = "what the model is for", .source = "O4" },
	{ .path = "model_type", .otherwise = "Image" },
	{ .name = "--image-ref", .path = "swr_location", .least = 1, .most = 500,
	  .example = "HOST/ORGANIZATION/IMAGE:TAG",
	  .help = "what SWR calls the image; only an import from OBS needs it", .source = "O4" },
	{ .name = "api", .path = "apis.*.url", .type = REQUEST_LIST, .need = REQUEST_REQUIRED,
	  .otherwise = "/", .least = 1, .most = 1024, .pattern = "/\\S*", .example = "/",
	  .help = "a path that the service answers; once for each", .source = "S3, O4" },
	{ .name = "api-method", .path = "apis.*.method", .need = REQUEST_REQUIRED, .otherwise = "post",
	  .pattern = "(?i)get|post|put|delete", .example = "post", .help = "of these paths",
	  .source = "O4" },
	{ .name = "request-type", .path = "apis.*.request.Content-type", .need = REQUEST_REQUIRED,
	  .otherwise = "application/json", .pattern = "application/json|multipart/form-data",
	  .example = "application/json", .help = "what they take", .source = "O4" },
	{ .path = "apis.*.request.data", .type = REQUEST_JSON,
	  .otherwise = "{\"type\":\"object\",\"properties\":{}}" },
	{ .name = "response-type", .path = "apis.*.response.Content-type", .need = REQUEST_REQUIRED,
	  .otherwise = "application/json", .pattern = "application/json|multipart/form-data",
	  .example = "application/json", .help = "what they answer", .source = "O4" },
	{ .path = "apis.*.response.data", .type = REQUEST_JSON,
	  .otherwise = "{\"type\":\"object\",\"properties\":{}}" },
	{ .name = "health", .path = "health.url", .need = REQUEST_REQUIRED, .otherwise = "/health",
	  .least = 1, .most = 1024, .pattern = "/\\S*", .example = "/health",
	  .help = "answers 200 when the service is well", .source = "S3, O4" },
	{ .path = "health.protocol", .otherwise = "http" },
	{ .name = "health-delay-seconds", .path = "health.initial_delay_seconds",
	  .need = REQUEST_REQUIRED, .otherwise = "12", .pattern = "[0-9]{1,5}", .example = "12",
	  .help = "before it is asked for the first time", .source = "O4, O5" },
	{ .name = "health-timeout-seconds", .path = "health.timeout_seconds",
	  .need = REQUEST_REQUIRED, .otherwise = "5", .pattern = "[1-9][0-9]{0,4}", .example = "5",
	  .help = "how long it may take", .source = "O4" },
};
/* clang-format on */

static const char *const TRAINING_NEXT[] = {
	"curl -X POST https://ENDPOINT/v2/PROJECT_ID/training-jobs -H \"X-Auth-Token: $TOKEN\" "
	"-H 'Content-Type: application/json' --data @training-job.json",
	NULL,
};

static const char *const INFERENCE_NEXT[] = {
	"imgtui check --profile modelarts-inference --model-config config.json IMAGE",
	NULL,
};

const struct request_kind request__modelarts = {
	.name = "modelarts",
	.title = "a ModelArts training job",
	.profile = "modelarts-training",
	.fields = TRAINING,
	.field_count = sizeof(TRAINING) / sizeof(*TRAINING),
	.next = TRAINING_NEXT,
};

const struct request_kind request__modelarts_inference = {
	.name = "modelarts-inference",
	.title = "config.json of a model imported from an image",
	.profile = "modelarts-inference",
	.fields = INFERENCE,
	.field_count = sizeof(INFERENCE) / sizeof(*INFERENCE),
	.next = INFERENCE_NEXT,
};

/* SWR's path: the host is that of the region. A digest alone is not among what the document allows. */
static int derive_training(struct request_maker *maker, struct err *err)
{
	const struct reference *reference = &maker->reference;
	const char *boot_line = maker->input->boot_line;
	char text[sizeof(reference->name) + sizeof(reference->tag) + 1];

	if (reference->name[0]) {
		snprintf(text, sizeof(text), "%s%s%s", reference_path(reference),
			 reference->tag[0] ? ":" : "", reference->tag);
		if (request__set(maker, "--image-ref", text, err) < 0)
			return -ERR_NOMEM;
	}
	if (request__value(maker, "command") || !boot_line || !boot_line[0])
		return 0;
	return request__set(maker, "command", boot_line, err);
}

static int check_training(struct request_maker *maker, struct err *err)
{
	const struct reference *reference = &maker->reference;

	if (!reference->name[0])
		return 0;
	if (!strchr(reference_path(reference), '/'))
		return request__error(maker, err,
				      "--image-ref: '%s' names no organization of SWR in front of the "
				      "image (O14: ORGANIZATION/IMAGE:TAG)",
				      reference_path(reference));
	if (reference->tag[0])
		return 0;
	return request__error(maker, err, "--image-ref: '%s' has no tag (O14: ORGANIZATION/IMAGE:TAG)",
			      maker->input->reference);
}

static int write_training(struct request_maker *maker, struct err *err)
{
	return request__add_json(maker, "training-job.json", json_incref(maker->request->json),
				 err);
}

const struct request_work request__modelarts_work = {
	.derive = derive_training,
	.check = check_training,
	.write = write_training,
};

static int nothing(struct request_maker *maker, struct err *err)
{
	(void)maker;
	(void)err;
	return 0;
}

static int write_inference(struct request_maker *maker, struct err *err)
{
	return request__add_json(maker, "config.json", json_incref(maker->request->json), err);
}

const struct request_work request__modelarts_inference_work = {
	.derive = nothing,
	.check = nothing,
	.write = write_inference,
};
