/* See requested.h. */
#include "lib/requested.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { SETTINGS_MOST = 256 };

static const struct {
	const char *kind;
	const char *settings[8];
} GOOD[] = {
	{ "sagemaker",
	  { "role=arn:aws:iam::123456789012:role/Trainer", "input=s3://data/training",
	    "output=s3://models/out", "security-group=sg-0123456789abcdef0",
	    "subnet=subnet-0123456789abcdef0", NULL } },
	{ "modelarts", { "flavor=modelarts.vm.gpu.p100", "command=python train.py", NULL } },
	{ "modelarts-inference", { NULL } },
};

const char *const *requested_settings(const char *kind)
{
	for (size_t i = 0; i < sizeof(GOOD) / sizeof(*GOOD); i++) {
		if (!strcmp(GOOD[i].kind, kind))
			return GOOD[i].settings;
	}
	fail_msg("no good settings are known for %s", kind);
	return NULL;
}

/* Whether a setting of 'more' is about the same field. */
static bool is_replaced(const char *setting, const char *const *more)
{
	size_t len = strcspn(setting, "=") + 1;

	for (size_t i = 0; more && more[i]; i++) {
		if (!strncmp(more[i], setting, len))
			return true;
	}
	return false;
}

struct request *requested_input(const char *kind, const struct request_input *input)
{
	const char *const *good = requested_settings(kind);
	const char *settings[SETTINGS_MOST];
	struct request_input own = *input;
	struct request *request = NULL;
	struct err err = { 0 };
	size_t count = 0;

	for (size_t i = 0; good[i]; i++) {
		if (!is_replaced(good[i], input->settings))
			settings[count++] = good[i];
	}
	for (size_t i = 0; input->settings && input->settings[i]; i++) {
		assert_true(count < SETTINGS_MOST - 1);
		settings[count++] = input->settings[i];
	}
	settings[count] = NULL;
	own.kind = request_kind_find(kind);
	assert_non_null(own.kind);
	own.settings = settings;
	if (request_make(&own, &request, &err) < 0)
		fail_msg("%s", err.text);
	return request;
}

struct request *requested(const char *kind, const char *const *more)
{
	const struct request_input input = {
		.settings = more,
		.reference = REQUESTED_REFERENCE,
		.has_image = true,
		.architecture = "amd64",
	};

	return requested_input(kind, &input);
}

const char *requested_file(const struct request *request, const char *name)
{
	for (size_t i = 0; i < request->files.count; i++) {
		if (!strcmp(request->files.items[i].name, name))
			return request->files.items[i].text;
	}
	return NULL;
}

char *requested_errors(const struct request *request)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	for (size_t i = 0; i < request->errors.count; i++)
		fprintf(out, "%s\n", request->errors.items[i]);
	fclose(out);
	return text;
}
