/*
 * What goes beside the JSON of a training job: the script that sends it, the
 * policy of its role, and the Lambda that hands out the registry's credentials.
 * Values stay in JSON; the only one in a script is the name of the secret, as a
 * JSON string, which is a string of Python too.
 */
#include <string.h>

#include "request_sagemaker.h"

static const char SCRIPT[] =
	"#!/usr/bin/env python3\n"
	"\"\"\"Create the training job that create-training-job.json, in this folder, describes.\"\"\"\n"
	"import json\n"
	"import os\n"
	"import sys\n"
	"\n"
	"import boto3\n"
	"\n"
	"\n"
	"def main():\n"
	"    folder = os.path.dirname(os.path.abspath(__file__))\n"
	"    path = os.path.join(folder, \"create-training-job.json\")\n"
	"    with open(path, encoding=\"utf-8\") as file:\n"
	"        request = json.load(file)\n"
	"    client = boto3.client(\"sagemaker\")\n"
	"    try:\n"
	"        response = client.create_training_job(**request)\n"
	"    except Exception as error:\n"
	"        print(f\"error calling CreateTrainingJob operation: {error}\", file=sys.stderr)\n"
	"        return 1\n"
	"    print(response[\"TrainingJobArn\"])\n"
	"    return 0\n"
	"\n"
	"\n"
	"if __name__ == \"__main__\":\n"
	"    sys.exit(main())\n";

/* %s: the secret as a JSON string of ASCII. */
static const char LAMBDA[] =
	"\"\"\"Hand the registry's user and password to SageMaker, from a secret of Secrets Manager.\n"
	"\n"
	"The secret is JSON: {\"username\": \"...\", \"password\": \"...\"}.\n"
	"\"\"\"\n"
	"import json\n"
	"\n"
	"import boto3\n"
	"\n"
	"SECRET = %s\n"
	"\n"
	"\n"
	"def lambda_handler(event, context):\n"
	"    client = boto3.client(\"secretsmanager\")\n"
	"    secret = json.loads(client.get_secret_value(SecretId=SECRET)[\"SecretString\"])\n"
	"    return {\n"
	"        \"Credentials\": {\n"
	"            \"Username\": secret[\"username\"],\n"
	"            \"Password\": secret[\"password\"],\n"
	"        }\n"
	"    }\n";

static json_t *policy_json(json_t *statements)
{
	return json_pack("{s:s, s:o}", "Version", "2012-10-17", "Statement", statements);
}

/* Field i of an ARN, from 0: partition is 1, region 3, account 4. */
static const char *arn_field(const char *arn, size_t i, char out[64])
{
	while (i-- && strchr(arn, ':'))
		arn = strchr(arn, ':') + 1;
	snprintf(out, 64, "%.*s", (int)strcspn(arn, ":"), arn);
	return out;
}

/* ---- the role of the job ---- */

/* "arn:aws:s3:::bucket/folder*" of a URI; NULL: it is no s3 URI. The partition is the role's. */
static json_t *bucket_arn(const struct request_maker *maker, const char *uri, bool objects)
{
	char partition[64];
	const char *bucket = strncmp(uri, "s3://", 5) == 0 ? uri + 5 : NULL;

	if (!bucket)
		return NULL;
	arn_field(request__value(maker, "role"), 1, partition);
	return json_sprintf("arn:%s:s3:::%.*s%s", partition,
			    (int)(objects ? strlen(bucket) : strcspn(bucket, "/")), bucket,
			    !objects		      ? ""
			    : strchr(bucket, '/') ? "*"
						      : "/*");
}

/* Where the job reads and writes, as resources. */
static json_t *s3_resources(const struct request_maker *maker, bool objects, bool output)
{
	json_t *resources = json_array(), *channel;
	size_t i;

	json_array_foreach(json_object_get(maker->request->json, "InputDataConfig"), i, channel) {
		const char *uri = NULL;

		json_unpack(channel, "{s:{s:{s:s}}}", "DataSource", "S3DataSource", "S3Uri", &uri);
		if (uri && !output)
			json_array_append_new(resources, bucket_arn(maker, uri, objects));
	}
	if (output || !objects)
		json_array_append_new(resources,
				      bucket_arn(maker, request__value(maker, "output"), objects));
	return resources;
}

static void add_statement(json_t *statements, const char *const *actions, json_t *resources)
{
	json_t *names = json_array();

	for (size_t i = 0; actions[i]; i++)
		json_array_append_new(names, json_string(actions[i]));
	if (json_is_string(resources) || json_array_size(resources))
		json_array_append_new(statements,
				      json_pack("{s:s, s:o, s:o}", "Effect", "Allow", "Action",
						names, "Resource", resources));
	else {
		json_decref(names);
		json_decref(resources);
	}
}

/* A7: what the role of a training job needs, in a VPC; A1: and for the Lambda. */
static json_t *role_policy(const struct request_maker *maker)
{
	static const char *const READ[] = { "s3:GetObject", NULL };
	static const char *const WRITE[] = { "s3:PutObject", NULL };
	static const char *const LIST[] = { "s3:ListBucket", NULL };
	static const char *const WATCH[] = { "cloudwatch:PutMetricData", "logs:CreateLogGroup",
					     "logs:CreateLogStream", "logs:DescribeLogStreams",
					     "logs:PutLogEvents", NULL };
	static const char *const NETWORK[] = { "ec2:CreateNetworkInterface",
					       "ec2:CreateNetworkInterfacePermission",
					       "ec2:DeleteNetworkInterface",
					       "ec2:DeleteNetworkInterfacePermission",
					       "ec2:DescribeDhcpOptions",
					       "ec2:DescribeNetworkInterfaces",
					       "ec2:DescribeSecurityGroups", "ec2:DescribeSubnets",
					       "ec2:DescribeVpcs", NULL };
	static const char *const INVOKE[] = { "lambda:InvokeFunction", NULL };
	const char *lambda = request__value(maker, "credentials-lambda");
	json_t *statements = json_array();

	add_statement(statements, READ, s3_resources(maker, true, false));
	add_statement(statements, WRITE, s3_resources(maker, true, true));
	add_statement(statements, LIST, s3_resources(maker, false, false));
	add_statement(statements, WATCH, json_string("*"));
	add_statement(statements, NETWORK, json_string("*"));
	if (lambda)
		add_statement(statements, INVOKE, json_string(lambda));
	return policy_json(statements);
}

/* ---- the Lambda ---- */

static json_t *lambda_policy(const char *lambda, const char *secret)
{
	static const char *const SECRET[] = { "secretsmanager:GetSecretValue", NULL };
	static const char *const LOGS[] = { "logs:CreateLogGroup", "logs:CreateLogStream",
					    "logs:PutLogEvents", NULL };
	char partition[64], region[64], account[64];
	json_t *statements = json_array();
	json_t *resource;

	/* The service adds a hyphen and six characters to a secret's name. */
	if (!strncmp(secret, "arn:", 4))
		resource = json_string(secret);
	else
		resource = json_sprintf("arn:%s:secretsmanager:%s:%s:secret:%s-??????",
					arn_field(lambda, 1, partition),
					arn_field(lambda, 3, region), arn_field(lambda, 4, account),
					secret);
	add_statement(statements, SECRET, resource);
	add_statement(statements, LOGS, json_string("*"));
	return policy_json(statements);
}

static int write_lambda(struct request_maker *maker, struct err *err)
{
	const char *lambda = request__value(maker, "credentials-lambda");
	const char *secret = request__value(maker, "credentials-secret");
	CLEANUP(freep) char *text = NULL;
	CLEANUP(json_decrefp) json_t *value = json_string(secret);
	CLEANUP(freep)
	char *literal = value ? json_dumps(value, JSON_ENCODE_ANY | JSON_ENSURE_ASCII) : NULL;

	if (!literal || asprintf(&text, LAMBDA, literal) < 0) {
		text = NULL;
		return err_nomem(err);
	}
	int result = request__add_text(maker, "lambda_function.py", text, err);
	if (result < 0)
		return result;
	return request__add_json(maker, "lambda-policy.json", lambda_policy(lambda, secret), err);
}

int request__write_sagemaker(struct request_maker *maker, struct err *err)
{
	int result;

	if ((result = request__add_json(maker, "create-training-job.json",
					json_incref(maker->request->json), err)) < 0 ||
	    (result = request__add_text(maker, "create_training_job.py", SCRIPT, err)) < 0 ||
	    (result = request__add_json(maker, "role-policy.json", role_policy(maker), err)) < 0)
		return result;
	return request__value(maker, "credentials-lambda") ? write_lambda(maker, err) : 0;
}
