/* The findings of one image for programs: "imgtui.check/1". */
#include <string.h>

#include "base/json.h"
#include "plan/fix.h"
#include "report_priv.h"
#include "rule/command_text.h"
#include "rule/finding_text.h"

enum { FIXES_MOST = 8 };

static json_t *fix_json(const struct judgement *judgement, const struct finding *finding,
			const struct rule_fix *fix)
{
	uint64_t bytes;
	bool known = fix_cost(judgement, finding, fix, &bytes, NULL) == 0;

	return json_pack("{s:s, s:s, s:o}", "id", fix->id, "title", fix->title, "bytes",
			 known ? json_integer((json_int_t)bytes) : json_null());
}

static json_t *fixes_json(const struct judgement *judgement, const struct finding *finding)
{
	const struct rule_fix *fixes[FIXES_MOST];
	size_t count = fix_options(judgement, finding, fixes, FIXES_MOST);
	json_t *array = json_array();

	for (size_t i = 0; array && i < count && i < FIXES_MOST; i++) {
		if (json_array_append_new(array, fix_json(judgement, finding, fixes[i])) < 0) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

static int set_path(json_t *object, const struct judgement *judgement,
		    const struct finding *finding, struct err *err)
{
	CLEANUP(freep) char *path = finding_path(judgement, finding);

	if (!path)
		return report__set(object, "path", json_null(), err);
	return json_set_bytes(object, "path", path, strlen(path), err);
}

static int fill_finding(json_t *object, const struct judgement *judgement,
			const struct finding *finding, struct err *err)
{
	CLEANUP(freep) char *message = finding_message(judgement, finding);
	char **why = finding_why(judgement, finding);
	json_t *lines = why && message ? report__lines_json(why) : NULL;

	finding_why_free(why);
	if (!lines)
		return err_nomem(err);
	if (set_path(object, judgement, finding, err) < 0 ||
	    report__set(object, "layer",
			finding->layer ? json_integer(finding->layer) : json_null(), err) < 0 ||
	    report__set(object, "message", report__string_json(message), err) < 0) {
		json_decref(lines);
		return -ERR_NOMEM;
	}
	if (report__set(object, "why", lines, err) < 0 ||
	    report__set(object, "source", report__string_json(finding->rule->source), err) < 0)
		return -ERR_NOMEM;
	return report__set(object, "fixes", fixes_json(judgement, finding), err);
}

static json_t *finding_json(const struct judgement *judgement, const struct finding *finding)
{
	CLEANUP(json_decrefp)
	json_t *object = json_pack("{s:s, s:s, s:s}", "rule", finding->rule->id, "severity",
				   severity_name(finding->severity), "certainty",
				   certainty_name(finding->rule->certainty));

	if (!object || fill_finding(object, judgement, finding, NULL) < 0)
		return NULL;
	return STEAL(object);
}

static json_t *findings_json(const struct judgement *judgement)
{
	json_t *array = json_array();

	for (size_t i = 0; array && i < judgement->findings.count; i++) {
		if (json_array_append_new(
			    array, finding_json(judgement, &judgement->findings.items[i])) < 0) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

static json_t *rule_json(const struct judgement *judgement, size_t i)
{
	const struct rule *rule = profile_rule(judgement->input.profile, i);
	enum rule_status status = judgement->status[i];
	json_t *object = json_pack("{s:s, s:s, s:s, s:s}", "id", rule->id, "status",
				   report__status_name(status), "title", rule->title, "subject",
				   subject_name(rule->subject));

	if (object && rule->command && status == RULE_OPEN) {
		CLEANUP(freep) char *command = command_text(judgement, rule->command, NULL);

		json_object_set_new(object, "command", report__string_json(command));
	}
	return object;
}

static json_t *rules_json(const struct judgement *judgement)
{
	json_t *array = json_array();

	for (size_t i = 0; array && i < profile_rule_count(judgement->input.profile); i++)
		json_array_append_new(array, rule_json(judgement, i));
	return array;
}

static json_t *summary_json(const struct judgement *judgement)
{
	json_t *object = json_object();

	for (size_t i = 3; object && i-- > 0;)
		json_object_set_new(object, severity_name((enum severity)i),
				    json_integer((json_int_t)judgement->by_severity[i]));
	return object;
}

int report_check_json(const struct judgement *judgement, const struct report_options *options,
		      struct err *err)
{
	CLEANUP(json_decrefp) json_t *object = json_object();
	const char *name = source_name(image_source(judgement->input.image));
	char user[128];

	if (!object)
		return err_nomem(err);
	if (report__set(object, "schema", json_string("imgtui.check/1"), err) < 0 ||
	    report__set(object, "image", report__string_json(name), err) < 0 ||
	    report__set(object, "profile",
			report__string_json(profile_name(judgement->input.profile)), err) < 0 ||
	    report__set(object, "user", json_string(identity_text(&judgement->identity, user)),
			err) < 0 ||
	    report__set(object, "summary", summary_json(judgement), err) < 0 ||
	    report__set(object, "rules", rules_json(judgement), err) < 0 ||
	    report__set(object, "findings", findings_json(judgement), err) < 0 ||
	    report__set(object, "problems", report__problems_json(options), err) < 0)
		return -ERR_NOMEM;
	return report__write_json(options, STEAL(object), err);
}

int report_check_error_json(const char *image, const char *text,
			    const struct report_options *options, struct err *err)
{
	return report__write_json(options,
				  json_pack("{s:s, s:o, s:o}", "schema", "imgtui.check/1", "image",
					    report__string_json(image), "error",
					    report__string_json(text)),
				  err);
}
