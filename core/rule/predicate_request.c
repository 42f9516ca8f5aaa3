/*
 * Requests that start a job, and configurations of models: documents beside the
 * image. A rule about one that was not given stays open.
 */
#include <string.h>

#include "base/json_path.h"
#include "base/pattern.h"
#include "oci/reference.h"
#include "rule/aws.h"
#include "rule_priv.h"
#include "start_routes.h"

enum { REFERENCE_MOST = 255 };

/* The document that the rule is about; NULL: it is not given, and the rule is open. */
static const json_t *document(struct rule_run *run)
{
	const char *name = rule__string(run, "document", "request");
	const json_t *json = profile_document(run->profile, name);

	run->is_open |= !json;
	return json;
}

static int report_detail(struct rule_run *run, const char *case_name, const char *detail,
			 struct err *err)
{
	struct finding draft = rule__draft();

	draft.detail = rule__keep(run, detail);
	return rule__report(run, case_name, &draft, err);
}

/* ---- the image of a request ---- */

/* The member that names the image; NULL: it is not there. */
static const char *image_of(const struct rule_run *run, const json_t *request)
{
	return json_path_string(request,
				rule__string(run, "image", "AlgorithmSpecification.TrainingImage"));
}

static int request_image(struct rule_run *run, struct err *err)
{
	const json_t *request = document(run);
	const char *image = request ? image_of(run, request) : NULL;
	struct reference reference;
	struct err cause = { 0 };
	char host[256];

	if (!request)
		return 0;
	if (!image)
		return report_detail(run, "missing", NULL, err);
	if (strlen(image) > REFERENCE_MOST)
		return report_detail(run, "too-long", image, err);
	if (reference_parse(image, &reference, &cause) < 0)
		return report_detail(run, "invalid", cause.text, err);
	reference_host(&reference, host);
	if (!host[0] || !strncmp(host, "localhost", 9))
		return report_detail(run, "no-host", image, err);
	return 0;
}

static int request_pinned(struct rule_run *run, struct err *err)
{
	const json_t *request = document(run);
	const char *image = request ? image_of(run, request) : NULL;
	struct reference reference;

	if (!image || reference_parse(image, &reference, NULL) < 0 || reference.digest[0])
		return 0;
	bool is_latest = !reference.tag[0] || !strcmp(reference.tag, "latest");
	return report_detail(run, is_latest ? "latest" : "tag", image, err);
}

/* ---- how a private registry is reached ---- */

static int request_access(struct rule_run *run, struct err *err)
{
	const json_t *request = document(run);
	const char *image = request ? image_of(run, request) : NULL;
	const char *path = rule__string(
		run, "mode",
		"AlgorithmSpecification.TrainingImageConfig.TrainingRepositoryAccessMode");
	const char *mode = json_path_string(request, path);
	struct reference reference;
	char host[256];

	if (!image || reference_parse(image, &reference, NULL) < 0)
		return 0;
	reference_host(&reference, host);
	if (!host[0] || aws_is_ecr(host) || (mode && !strcmp(mode, "Vpc")))
		return 0;
	return report_detail(run, "not-vpc", mode ? mode : "not set", err);
}

static int request_vpc(struct rule_run *run, struct err *err)
{
	static const struct {
		const char *path, *case_name;
	} MEMBERS[] = {
		{ "VpcConfig.SecurityGroupIds", "no-groups" },
		{ "VpcConfig.Subnets", "no-subnets" },
	};
	const json_t *request = document(run);
	int rc = 0;

	for (size_t i = 0; request && rc == 0 && i < sizeof(MEMBERS) / sizeof(*MEMBERS); i++) {
		if (!json_array_size(json_path_get(request, MEMBERS[i].path)))
			rc = report_detail(run, MEMBERS[i].case_name, NULL, err);
	}
	return rc;
}

/* ---- the machine ---- */

static int request_machine(struct rule_run *run, struct err *err)
{
	const json_t *request = document(run);
	const char *type =
		request ? json_path_string(request, rule__string(run, "instance",
								 "ResourceConfig.InstanceType"))
			: NULL;
	const struct aws_family *family = type ? aws_family_find(type) : NULL;
	const char *wanted = family ? family->architecture : "amd64";
	const char *own = run->config->platform.architecture;

	if (!request || !type || !strcmp(wanted, own))
		return 0;
	return report_detail(run, "other", type, err);
}

/* ---- a model's configuration ---- */

static bool fits(const char *text, const char *pattern)
{
	CLEANUP(pattern_freep) struct pattern *compiled = NULL;

	return pattern_new(pattern, PATTERN_REGEX, 0, &compiled, NULL) == 0 &&
	       pattern_match(compiled, text, strlen(text), NULL);
}

/* One API: its url, its method, and whether the image seems to answer there. */
static int check_api(struct rule_run *run, const json_t *api, const struct start_routes *routes,
		     struct err *err)
{
	const char *url = json_get_string(api, "url");
	bool matched = !routes->all.count;

	url = url ? url : "/"; /* the default (O4) */
	if (!fits(url, "\\A/\\S*\\z"))
		return report_detail(run, "url", url, err);
	for (size_t i = 0; i < routes->all.count && !matched; i++)
		matched = rule__route_matches(&routes->all.items[i], url);
	return matched ? 0 : report_detail(run, "no-route", url, err);
}

static int check_apis(struct rule_run *run, const json_t *model, struct err *err)
{
	struct start_routes routes = { 0 };
	json_t *apis = json_get_array(model, "apis"), *api;
	size_t i;
	int rc = rule__routes(run, &routes, err);

	if (rc == 0 && json_object_get(model, "apis") && !apis)
		rc = report_detail(run, "apis", NULL, err);
	json_array_foreach(apis, i, api)
	{
		if (rc == 0)
			rc = check_api(run, api, &routes, err);
	}
	rule__routes_done(&routes);
	return rc;
}

static int check_health(struct rule_run *run, const json_t *model, struct err *err)
{
	const json_t *health = json_object_get(model, "health");
	const char *url = json_get_string(health, "url");
	const char *protocol = json_get_string(health, "protocol");

	if (!health)
		return report_detail(run, "no-health", NULL, err);
	if (!url || !fits(url, "\\A/\\S*\\z"))
		return report_detail(run, "health", url ? url : "no url", err);
	if (protocol && strcasecmp(protocol, "http") != 0)
		return report_detail(run, "health", protocol, err);
	return 0;
}

static int model_config(struct rule_run *run, struct err *err)
{
	const json_t *model = document(run);
	const char *algorithm = json_get_string(model, "model_algorithm");
	const char *type = json_get_string(model, "model_type");
	int rc = 0;

	if (!model)
		return 0;
	if (!type || strcmp(type, "Image") != 0)
		rc = report_detail(run, "type", type ? type : "not set", err);
	if (rc == 0 && (!algorithm || !fits(algorithm, "\\A[A-Za-z][^&!'\"<>=]{0,35}\\z")))
		rc = report_detail(run, "algorithm", algorithm ? algorithm : "not set", err);
	if (rc == 0 && json_object_get(model, "dependencies"))
		rc = report_detail(run, "dependencies", NULL, err);
	if (rc == 0)
		rc = check_apis(run, model, err);
	return rc == 0 ? check_health(run, model, err) : rc;
}

/* clang-format off */
const struct predicate rule__request_predicates[] = {
	{ "request-image", request_image,
	  RULE_WORDS("missing", "too-long", "invalid", "no-host"), RULE_WORDS("document", "image") },
	{ "request-pinned", request_pinned,
	  RULE_WORDS("latest", "tag"), RULE_WORDS("document", "image") },
	{ "request-access", request_access,
	  RULE_WORDS("not-vpc"), RULE_WORDS("document", "image", "mode") },
	{ "request-vpc", request_vpc,
	  RULE_WORDS("no-groups", "no-subnets"), RULE_WORDS("document") },
	{ "request-machine", request_machine,
	  RULE_WORDS("other"), RULE_WORDS("document", "instance") },
	{ "model-config", model_config,
	  RULE_WORDS("type", "algorithm", "dependencies", "apis", "url", "no-route", "no-health", "health"),
	  RULE_WORDS("document") },
	{ NULL, NULL, NULL, NULL },
};
/* clang-format on */
