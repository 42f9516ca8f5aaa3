/*
 * CreateTrainingJob of SageMaker for an image in a private registry. Rows and
 * limits are those of the service model in botocore (B); the shape is that of
 * the AWS guide to private registries (S2).
 */
#include <string.h>
#include <time.h>

#include "oci/digest.h"
#include "request_sagemaker.h"
#include "rule/aws.h"

#define S3_URI "(https|s3)://([^/]+)/?(.*)"
#define KMS_KEY "[a-zA-Z0-9:/_-]*"
#define SECRET_NAME "[A-Za-z0-9/_+=.@-]{1,512}"

/* clang-format off */
static const struct request_field FIELDS[] = {
	{ .name = "job-name", .path = "TrainingJobName", .need = REQUEST_REQUIRED, .is_derived = true,
	  .least = 1, .most = 63, .pattern = "[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}", .example = "NAME",
	  .help = "unique in account and region; else the image's name and the time", .source = "B" },
	{ .name = "role", .path = "RoleArn", .need = REQUEST_REQUIRED, .least = 20, .most = 2048,
	  .pattern = "arn:aws[a-z\\-]*:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+",
	  .example = "arn:aws:iam::ACCOUNT:role/NAME",
	  .help = "the role that the job runs as", .source = "B" },
	{ .name = "--image-ref", .path = "AlgorithmSpecification.TrainingImage",
	  .need = REQUEST_REQUIRED, .least = 1, .most = 255, .pattern = ".*",
	  .example = "HOST/PATH[:TAG]", .help = "what the registry calls the image", .source = "B, S2" },
	{ .name = "image-digest", .pattern = "sha256:[0-9a-f]{64}", .example = "sha256:HEX",
	  .help = "pins the image; else the digest of the manifest in IMAGE",
	  .source = "S2: \"refer to the image's digest instead of by name or tag\"" },
	{ .name = "access-mode", .need = REQUEST_REQUIRED, .is_derived = true,
	  .pattern = "Platform|Vpc", .example = "Vpc",
	  .path = "AlgorithmSpecification.TrainingImageConfig.TrainingRepositoryAccessMode",
	  .help = "Vpc for a private registry, Platform for Amazon ECR", .source = "S2" },
	{ .name = "credentials-lambda", .least = 1, .most = 2048,
	  .path = "AlgorithmSpecification.TrainingImageConfig.TrainingRepositoryAuthConfig."
		  "TrainingRepositoryCredentialsProviderArn",
	  .pattern = "arn:[A-Za-z0-9\\-]+:lambda:[A-Za-z0-9\\-]+:[0-9]{12}:function:.+",
	  .example = "arn:aws:lambda:REGION:ACCOUNT:function:NAME",
	  .help = "hands out the registry's user and password; writes its code", .source = "A1" },
	{ .name = "credentials-secret", .least = 1, .most = 2048,
	  .pattern = SECRET_NAME "|arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:" SECRET_NAME,
	  .example = "NAME",
	  .help = "of Secrets Manager, with username and password, for that Lambda", .source = "A1" },
	{ .name = "input-mode", .path = "AlgorithmSpecification.TrainingInputMode", .otherwise = "File",
	  .need = REQUEST_REQUIRED, .pattern = "Pipe|File|FastFile", .example = "File",
	  .help = "how the data comes", .source = "B" },
	{ .name = "entrypoint", .path = "AlgorithmSpecification.ContainerEntrypoint",
	  .type = REQUEST_LIST, .items_most = 100, .least = 0, .most = 256, .pattern = ".*",
	  .example = "WORD", .help = "in place of the image's Entrypoint, a word each", .source = "B" },
	{ .name = "argument", .path = "AlgorithmSpecification.ContainerArguments",
	  .type = REQUEST_LIST, .items_most = 100, .least = 0, .most = 256, .pattern = ".*",
	  .example = "WORD", .help = "in place of 'train', a word each", .source = "B" },
	{ .name = "input", .path = "InputDataConfig.*.DataSource.S3DataSource.S3Uri",
	  .key_path = "InputDataConfig.*.ChannelName", .type = REQUEST_MAP, .need = REQUEST_WANTED,
	  .items_most = 20, .least = 1, .most = 1024, .pattern = S3_URI,
	  .key_pattern = "[A-Za-z0-9\\.\\-_]+", .key_most = 64, .key_otherwise = "training",
	  .example = "[CHANNEL=]s3://BUCKET/FOLDER",
	  .help = "where the training data is", .source = "B, S2" },
	{ .name = "input-type", .path = "InputDataConfig.*.DataSource.S3DataSource.S3DataType",
	  .otherwise = "S3Prefix", .need = REQUEST_REQUIRED, .example = "S3Prefix",
	  .pattern = "ManifestFile|S3Prefix|AugmentedManifestFile|Converse",
	  .help = "what the inputs name", .source = "B" },
	{ .name = "input-distribution", .example = "FullyReplicated",
	  .path = "InputDataConfig.*.DataSource.S3DataSource.S3DataDistributionType",
	  .otherwise = "FullyReplicated", .pattern = "FullyReplicated|ShardedByS3Key",
	  .help = "what each instance gets of the inputs", .source = "B" },
	{ .name = "input-compression", .path = "InputDataConfig.*.CompressionType",
	  .pattern = "None|Gzip", .example = "Gzip", .help = "of the inputs", .source = "B" },
	{ .name = "output", .path = "OutputDataConfig.S3OutputPath", .need = REQUEST_REQUIRED,
	  .least = 1, .most = 1024, .pattern = S3_URI, .example = "s3://BUCKET/FOLDER",
	  .help = "where the model goes", .source = "B" },
	{ .name = "output-kms-key", .path = "OutputDataConfig.KmsKeyId", .least = 1, .most = 2048,
	  .pattern = KMS_KEY, .example = "KEY", .help = "encrypts the output", .source = "B" },
	{ .name = "instance-type", .path = "ResourceConfig.InstanceType", .otherwise = "ml.m5.xlarge",
	  .need = REQUEST_REQUIRED, .pattern = "ml\\.[a-z0-9-]+\\.[a-z0-9]+", .example = "ml.m5.xlarge",
	  .help = "the machine", .source = "B" },
	{ .name = "instance-count", .path = "ResourceConfig.InstanceCount", .otherwise = "1",
	  .need = REQUEST_REQUIRED, .type = REQUEST_INT, .least = 1, .most = INT32_MAX, .example = "1",
	  .help = "how many of them", .source = "B" },
	{ .name = "volume-gb", .path = "ResourceConfig.VolumeSizeInGB", .otherwise = "10",
	  .type = REQUEST_INT, .least = 1, .most = INT32_MAX, .example = "10",
	  .help = "storage of each; empty for machines with a disk of their own", .source = "B" },
	{ .name = "keep-alive-seconds", .path = "ResourceConfig.KeepAlivePeriodInSeconds",
	  .type = REQUEST_INT, .least = 0, .most = 21600, .example = "600",
	  .help = "keeps the machines for the next job", .source = "B" },
	{ .name = "security-group", .path = "VpcConfig.SecurityGroupIds", .type = REQUEST_LIST,
	  .need = REQUEST_REQUIRED, .items_most = 5, .least = 1, .most = 32,
	  .pattern = "[-0-9a-zA-Z]+", .usual = "sg-[0-9a-f]{8,17}", .example = "sg-ID",
	  .help = "that the registry lets in; once for each", .source = "B, S2" },
	{ .name = "subnet", .path = "VpcConfig.Subnets", .type = REQUEST_LIST,
	  .need = REQUEST_REQUIRED, .items_most = 16, .least = 1, .most = 32,
	  .pattern = "[-0-9a-zA-Z]+", .usual = "subnet-[0-9a-f]{8,17}", .example = "subnet-ID",
	  .help = "of the VPC that reaches the registry; once for each", .source = "B, S2" },
	{ .name = "max-runtime-seconds", .path = "StoppingCondition.MaxRuntimeInSeconds",
	  .otherwise = "86400", .type = REQUEST_INT, .least = 1, .most = 2419200, .example = "1800",
	  .help = "when the job is stopped", .source = "B: at most 28 days" },
	{ .name = "hyperparameter", .path = "HyperParameters", .type = REQUEST_MAP, .is_public = true,
	  .items_most = 100, .least = 0, .most = 2500, .pattern = ".*", .key_pattern = ".*",
	  .key_most = 256, .example = "NAME=VALUE", .help = "once for each", .source = "B" },
	{ .name = "env", .path = "Environment", .type = REQUEST_MAP, .is_public = true,
	  .items_most = 100, .least = 0, .most = 512, .pattern = "[\\S\\s]*",
	  .key_pattern = "[a-zA-Z_][a-zA-Z0-9_]*", .key_most = 512, .example = "NAME=VALUE",
	  .help = "a variable of the container; once for each", .source = "B" },
	{ .name = "tag", .path = "Tags.*.Value", .key_path = "Tags.*.Key", .type = REQUEST_MAP,
	  .items_most = 50, .least = 0, .most = 256, .pattern = "([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)",
	  .key_pattern = "([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)", .key_most = 128, .example = "NAME=VALUE",
	  .help = "of the job, as for its costs; once for each", .source = "B" },
	{ .name = "network-isolation", .path = "EnableNetworkIsolation", .type = REQUEST_BOOL,
	  .example = "true", .help = "the container gets no network", .source = "B" },
	{ .name = "encrypt-traffic", .path = "EnableInterContainerTrafficEncryption",
	  .type = REQUEST_BOOL, .example = "true", .help = "between the instances", .source = "B" },
};
/* clang-format on */

static const char *const NEXT[] = {
	"aws sagemaker create-training-job --cli-input-json file://create-training-job.json",
	"python3 create_training_job.py",
	NULL,
};

const struct request_kind request__sagemaker = {
	.name = "sagemaker",
	.title = "a SageMaker training job with an image of a private registry",
	.profile = "sagemaker-training",
	.fields = FIELDS,
	.field_count = sizeof(FIELDS) / sizeof(*FIELDS),
	.next = NEXT,
};

/* ---- values that follow from others ---- */

/* "my-training-image-20261121-054100" of ".../my_training.image". */
static int derive_name(struct request_maker *maker, struct err *err)
{
	const char *name = strrchr(maker->reference.name, '/');
	time_t created = (time_t)maker->input->created;
	char text[64] = "";
	struct tm tm;
	size_t len = 0;

	if (request__value(maker, "job-name") || !name || !gmtime_r(&created, &tm))
		return 0;
	for (name++; *name && len < 40; name++, len++)
		text[len] = (char)(strchr("._", *name) ? '-' : *name);
	strftime(text + len, sizeof(text) - len, "-%Y%m%d-%H%M%S", &tm);
	return request__set(maker, "job-name", text, err);
}

static int derive_mode(struct request_maker *maker, struct err *err)
{
	char host[256];

	if (request__value(maker, "access-mode"))
		return 0;
	return request__set(maker, "access-mode",
			    aws_is_ecr(reference_host(&maker->reference, host)) ? "Platform"
										 : "Vpc",
			    err);
}

/* A pinned image is named by its digest alone: the service takes one form or the other. */
static int derive_image(struct request_maker *maker, struct err *err)
{
	const struct reference *reference = &maker->reference;
	const char *digest = request__value(maker, "image-digest");
	char text[sizeof(reference->name) + sizeof(reference->digest) + 1];
	struct digest parsed;

	if (!reference->name[0])
		return 0;
	if (!digest)
		digest = reference->digest[0] ? reference->digest : maker->input->digest;
	if (digest && digest_parse(digest, &parsed, NULL) < 0)
		return 0; /* its own row says so */
	if (digest) {
		snprintf(text, sizeof(text), "%s@%s", reference->name, digest);
		return request__set(maker, "--image-ref", text, err);
	}
	if (!maker->input->has_image)
		return 0;
	return request__warn(maker, err,
			     "the image is named by its tag%s, which can be moved: only the registry "
			     "knows the digest of an image from a docker-archive, after the push; "
			     "--set image-digest=sha256:... pins it",
			     reference->tag[0] ? "" : " (none is given, which means 'latest')");
}

static int derive(struct request_maker *maker, struct err *err)
{
	int result = derive_name(maker, err);

	if (result == 0)
		result = derive_mode(maker, err);
	return result < 0 ? result : derive_image(maker, err);
}

/* ---- rules about several fields ---- */

static int check_host(struct request_maker *maker, struct err *err)
{
	const char *mode = request__value(maker, "access-mode");
	char host[256];

	if (!maker->reference.name[0])
		return 0;
	reference_host(&maker->reference, host);
	if (!host[0])
		return request__error(maker, err,
				      "--image-ref: '%s' has no host in front, so it means docker.io; "
				      "a private registry is asked for (S2)",
				      maker->reference.name);
	if (!strncmp(host, "localhost", strcspn(host, ":")))
		return request__error(maker, err,
				      "--image-ref: '%s' is this machine, which SageMaker cannot reach",
				      host);
	if (mode && !strcmp(mode, "Platform") && !aws_is_ecr(host))
		return request__error(maker, err,
				      "access-mode: '%s' is no Amazon ECR registry, so it must be Vpc "
				      "(SMR-ACC-001, S2)",
				      host);
	return 0;
}

static int check_credentials(struct request_maker *maker, struct err *err)
{
	const char *lambda = request__value(maker, "credentials-lambda");
	const char *secret = request__value(maker, "credentials-secret");
	const char *mode = request__value(maker, "access-mode");

	if (lambda && !secret)
		return request__error(maker, err,
				      "missing: --set credentials-secret=NAME  the secret that the "
				      "Lambda reads");
	if (secret && !lambda)
		return request__error(maker, err,
				      "missing: --set credentials-lambda=arn:aws:lambda:REGION:ACCOUNT:"
				      "function:NAME  the Lambda that reads the secret");
	if (lambda && mode && !strcmp(mode, "Platform"))
		return request__error(maker, err,
				      "credentials-lambda: is for access-mode Vpc alone (A1)");
	return 0;
}

static int check_instance(struct request_maker *maker, struct err *err)
{
	const char *type = request__value(maker, "instance-type");
	const char *have = maker->input->architecture;
	const struct aws_family *family = type ? aws_family_find(type) : NULL;

	if (!type)
		return 0;
	if (!family || !family->trains)
		return request__warn(maker, err,
				     "instance-type: '%s' is of no family that is known for training",
				     type);
	if (family->has_disk && request__value(maker, "volume-gb") &&
	    request__warn(maker, err,
			  "volume-gb: %s has a disk of its own, and no volume is used; --set "
			  "volume-gb= leaves it out",
			  type) < 0)
		return -ERR_NOMEM;
	if (!have || !have[0] || !strcmp(have, family->architecture))
		return 0;
	return request__warn(maker, err,
			     "the image is for %s and %s is %s: nothing in it would start "
			     "(SMT-ARC-001)",
			     have, type, family->architecture);
}

static int check_digest(struct request_maker *maker, struct err *err)
{
	const char *digest = request__value(maker, "image-digest");
	const char *have = maker->input->digest;

	if (!digest && maker->reference.digest[0])
		digest = maker->reference.digest;
	if (!digest || !have || !strcmp(digest, have))
		return 0;
	return request__warn(maker, err, "image-digest: IMAGE has another one, %s", have);
}

static int check(struct request_maker *maker, struct err *err)
{
	int result;

	if ((result = check_host(maker, err)) < 0 ||
	    (result = check_credentials(maker, err)) < 0 ||
	    (result = check_instance(maker, err)) < 0)
		return result;
	return check_digest(maker, err);
}

const struct request_work request__sagemaker_work = {
	.derive = derive,
	.check = check,
	.write = request__write_sagemaker,
};
