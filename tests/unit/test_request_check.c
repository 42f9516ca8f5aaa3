/* Every field of every request takes a good value and refuses a bad one, and says which and why. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/requested.h"

/* What a field takes and what it refuses; NULL: it refuses nothing. */
struct row {
	const char *kind, *field;
	const char *good, *bad;
};

/* clang-format off */
static const struct row ROWS[] = {
	{ "sagemaker", "job-name", "my--job-1", "my_job" },
	{ "sagemaker", "role", "arn:aws-cn:iam::123456789012:role/service-role/A_b+=,.@-", "arn:aws:iam::12345678901:role/Trainer" },
	{ "sagemaker", "image-digest", REQUESTED_DIGEST, "sha256:0123" },
	{ "sagemaker", "access-mode", "Vpc", "vpc" },
	{ "sagemaker", "credentials-lambda", "arn:aws:lambda:eu-central-1:123456789012:function:f", "arn:aws:lambda:eu-central-1:1234567890:function:f" },
	{ "sagemaker", "credentials-secret", "team/registry", "team registry" },
	{ "sagemaker", "input-mode", "FastFile", "fastfile" },
	{ "sagemaker", "entrypoint", "--word=\"x\"", "two\nlines" },
	{ "sagemaker", "argument", "$(id)", "two\nlines" },
	{ "sagemaker", "input", "a.b-c_D=https://host/x", "train ing=s3://b" },
	{ "sagemaker", "input-type", "ManifestFile", "Prefix" },
	{ "sagemaker", "input-distribution", "ShardedByS3Key", "Sharded" },
	{ "sagemaker", "input-compression", "Gzip", "Zstd" },
	{ "sagemaker", "output", "s3://b", "b/folder" },
	{ "sagemaker", "output-kms-key", "alias/key", "key with space" },
	{ "sagemaker", "instance-type", "ml.p4d.24xlarge", "m5.xlarge" },
	{ "sagemaker", "instance-count", "2", "0" },
	{ "sagemaker", "volume-gb", "30", "-1" },
	{ "sagemaker", "keep-alive-seconds", "21600", "21601" },
	{ "sagemaker", "security-group", "sg-0123456789abcdef0", "sg_1" },
	{ "sagemaker", "subnet", "subnet-01234567", "subnet-1,subnet-2" },
	{ "sagemaker", "max-runtime-seconds", "2419200", "2419201" },
	{ "sagemaker", "hyperparameter", "lr=0.1", "0.1" },
	{ "sagemaker", "env", "NAME_1=a\nb", "1NAME=a" },
	{ "sagemaker", "tag", "Größe=a b", "a=b;c" },
	{ "sagemaker", "network-isolation", "true", "yes" },
	{ "sagemaker", "encrypt-traffic", "false", "0" },
	{ "modelarts", "job-name", "job_1-a", "job.1" },
	{ "modelarts", "description", "any $(text)", NULL },
	{ "modelarts", "command", "cd /home/ma-user && python train.py", NULL },
	{ "modelarts", "parameter", "a=b", "b" },
	{ "modelarts", "input", "data=/bucket/folder/", "data=obs://bucket" },
	{ "modelarts", "output", "model=/bucket", "a b=/bucket" },
	{ "modelarts", "env", "A=", "A-B=c" },
	{ "modelarts", "flavor", "modelarts.p3.large.public", "a b" },
	{ "modelarts", "node-count", "1", "one" },
	{ "modelarts", "log-path", "/bucket/logs", "bucket/logs" },
	{ "modelarts-inference", "algorithm", "image_classification", "a=b" },
	{ "modelarts-inference", "api", "/predict", "predict" },
	{ "modelarts-inference", "api-method", "POST", "SEND" },
	{ "modelarts-inference", "request-type", "multipart/form-data", "text/plain" },
	{ "modelarts-inference", "response-type", "application/json", "applicaton/json" },
	{ "modelarts-inference", "health", "/healthz", "healthz" },
	{ "modelarts-inference", "health-delay-seconds", "0", "1s" },
	{ "modelarts-inference", "health-timeout-seconds", "10", "0" },
};
/* clang-format on */

static const struct row *row_of(const char *kind, const char *field)
{
	for (size_t i = 0; i < sizeof(ROWS) / sizeof(*ROWS); i++) {
		if (!strcmp(ROWS[i].kind, kind) && !strcmp(ROWS[i].field, field))
			return &ROWS[i];
	}
	fail_msg("no values are known for %s of %s", field, kind);
	return NULL;
}

/* The secret and its Lambda come together. */
static struct request *request_with(const char *kind, const char *field, const char *text)
{
	char setting[8192];
	const char *more[] = { setting, NULL, NULL };

	snprintf(setting, sizeof(setting), "%s=%s", field, text);
	if (!strcmp(field, "credentials-secret"))
		more[1] = "credentials-lambda=arn:aws:lambda:r:123456789012:function:f";
	if (!strcmp(field, "credentials-lambda"))
		more[1] = "credentials-secret=s";
	return requested(kind, more);
}

static void expect_good(const struct row *row)
{
	struct request *request = request_with(row->kind, row->field, row->good);
	char *errors = requested_errors(request);

	if (errors[0] || !request->json || !request->files.count)
		fail_msg("%s=%s is refused: %s", row->field, row->good, errors);
	free(errors);
	request_free(request);
}

static void expect_bad(const char *kind, const char *field, const char *text)
{
	struct request *request = request_with(kind, field, text);
	size_t len = strlen(field);

	if (!request->errors.count)
		fail_msg("%s=%.100s is taken", field, text);
	if (strncmp(request->errors.items[0], field, len) != 0 ||
	    request->errors.items[0][len] != ':')
		fail_msg("%s is not named by: %s", field, request->errors.items[0]);
	assert_null(request->json);
	assert_int_equal(request->files.count, 0);
	request_free(request);
}

static void every_field_takes_a_good_value_and_refuses_a_bad_one(void **state)
{
	(void)state;
	for (size_t k = 0; request_kind(k); k++) {
		const struct request_kind *kind = request_kind(k);

		for (size_t f = 0; f < kind->field_count; f++) {
			const char *name = kind->fields[f].name;

			if (!name || name[0] == '-')
				continue;
			const struct row *row = row_of(kind->name, name);
			expect_good(row);
			if (row->bad)
				expect_bad(row->kind, row->field, row->bad);
			expect_bad(row->kind, row->field, "\xff=\xff");
		}
	}
}

static void a_text_is_not_longer_than_its_field_allows(void **state)
{
	char text[8192 + 64];

	(void)state;
	for (size_t k = 0; request_kind(k); k++) {
		const struct request_kind *kind = request_kind(k);

		for (size_t f = 0; f < kind->field_count; f++) {
			const struct request_field *field = &kind->fields[f];
			bool is_text = field->type == REQUEST_TEXT || field->type == REQUEST_LIST;

			if (!is_text || !field->name || field->name[0] == '-' || !field->most ||
			    field->most > 8192)
				continue;
			memset(text, 'a', sizeof(text));
			text[field->most + 1] = '\0';
			expect_bad(kind->name, field->name, text);
		}
	}
}

static void characters_are_counted_and_not_bytes(void **state)
{
	char text[4 * 256 + 1] = "";
	struct row row = { "modelarts", "description", text, NULL };

	(void)state;
	for (size_t i = 0; i < 256; i++)
		memcpy(text + 2 * i, "\xc3\xa4", 3);
	expect_good(&row);
	memcpy(text + 512, "a", 2);
	expect_bad(row.kind, row.field, text);
}

static void a_list_has_no_more_items_than_allowed(void **state)
{
	static const char *const six[] = { "security-group=sg-00000001", "security-group=sg-00000002",
					   "security-group=sg-00000003", "security-group=sg-00000004",
					   "security-group=sg-00000005", "security-group=sg-00000006",
					   NULL };
	struct request *request;

	(void)state;
	request = requested("sagemaker", six + 1);
	assert_int_equal(request->errors.count, 0);
	request_free(request);
	request = requested("sagemaker", six);
	assert_int_equal(request->errors.count, 1);
	request_free(request);
}

static void a_value_is_given_once(void **state)
{
	static const char *const twice[] = { "job-name=a", "job-name=b", "env=A=1", "env=A=2", NULL };
	struct request *request = requested("sagemaker", twice);

	(void)state;
	assert_int_equal(request->errors.count, 2);
	request_free(request);
}

static void what_looks_like_a_secret_is_warned_about(void **state)
{
	static const char *const more[] = { "env=DB_PASSWORD=x", "hyperparameter=api_key=x", NULL };
	struct request *request = requested("sagemaker", more);

	(void)state;
	assert_int_equal(request->errors.count, 0);
	assert_int_equal(request->warnings.count, 3); /* and the tag */
	request_free(request);
}

static void rows_say_what_they_are(void **state)
{
	(void)state;
	for (size_t k = 0; request_kind(k); k++) {
		const struct request_kind *kind = request_kind(k);

		for (size_t f = 0; f < kind->field_count; f++) {
			const struct request_field *field = &kind->fields[f];

			if (!field->name) {
				assert_non_null(field->otherwise);
				assert_non_null(field->path);
				continue;
			}
			assert_true(field->help && field->source && field->example);
			for (size_t o = 0; o < f; o++) {
				const struct request_field *other = &kind->fields[o];

				assert_true(!other->name || strcmp(other->name, field->name) != 0);
			}
		}
	}
}

/* Between the marks of the kind in imgtui(1); free(). */
static char *manual_of(const char *kind)
{
	const char *top = getenv("top_srcdir");
	char path[4096], mark[64];
	char *text = calloc(1, 1 << 20);

	snprintf(path, sizeof(path), "%s/share/man/imgtui.1", top ? top : ".");
	FILE *file = fopen(path, "r");
	assert_true(file && text);
	assert_true(fread(text, 1, (1 << 20) - 1, file) > 0);
	fclose(file);
	snprintf(mark, sizeof(mark), "BEGIN request %s\n", kind);
	char *begin = strstr(text, mark);
	assert_non_null(begin);
	memmove(text, begin, strlen(begin) + 1);
	begin = strstr(text, "END request");
	assert_non_null(begin);
	*begin = '\0';
	return text;
}

static void the_manual_knows_every_field(void **state)
{
	char line[128];

	(void)state;
	for (size_t k = 0; request_kind(k); k++) {
		const struct request_kind *kind = request_kind(k);
		char *manual = manual_of(kind->name);

		for (size_t f = 0; f < kind->field_count; f++) {
			const char *name = kind->fields[f].name;

			snprintf(line, sizeof(line), ".Cm %s%s\n", name ? name : "",
				 f + 1 < kind->field_count ? " ," : "");
			if (name && name[0] != '-' && !strstr(manual, line))
				fail_msg("the manual does not know '%s' of %s", name, kind->name);
		}
		free(manual);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_field_takes_a_good_value_and_refuses_a_bad_one),
		cmocka_unit_test(a_text_is_not_longer_than_its_field_allows),
		cmocka_unit_test(characters_are_counted_and_not_bytes),
		cmocka_unit_test(a_list_has_no_more_items_than_allowed),
		cmocka_unit_test(a_value_is_given_once),
		cmocka_unit_test(what_looks_like_a_secret_is_warned_about),
		cmocka_unit_test(rows_say_what_they_are),
		cmocka_unit_test(the_manual_knows_every_field),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
