/*
 * A plan as JSON, "imgtui.plan/1": steps with their wants and config edits.
 * What is not there is not wanted.
 */
#include <inttypes.h>
#include <string.h>

#include "base/json.h"
#include "base/path.h"
#include "plan/plan.h"
#include "plan_priv.h"

static const struct {
	const char *name;
	enum tar_type type;
} TYPES[] = {
	{ "file", TAR_FILE },
	{ "dir", TAR_DIR },
	{ "symlink", TAR_SYMLINK },
};

enum { TYPE_COUNT = sizeof(TYPES) / sizeof(*TYPES) };

static const char *type_name(enum tar_type type)
{
	for (size_t i = 0; i < TYPE_COUNT; i++) {
		if (TYPES[i].type == type)
			return TYPES[i].name;
	}
	return TYPES[0].name;
}

static json_t *mode_to_json(uint32_t mode)
{
	char text[8];

	snprintf(text, sizeof(text), "%04o", mode & 07777);
	return json_string(text);
}

static json_t *want_to_json(const struct tree_want *want, struct err *err)
{
	CLEANUP(json_decrefp) json_t *json = json_object();

	if (json_set_bytes(json, "path", want->path, strlen(want->path), err) < 0 ||
	    (want->remove && json_object_set_new(json, "remove", json_true())) ||
	    (want->create &&
	     json_object_set_new(json, "create", json_string(type_name(want->type)))) ||
	    (want->set_mode && json_object_set_new(json, "mode", mode_to_json(want->mode))) ||
	    (want->set_uid && json_object_set_new(json, "uid", json_integer(want->uid))) ||
	    (want->set_gid && json_object_set_new(json, "gid", json_integer(want->gid))) ||
	    (want->body && json_set_bytes(json, "body", want->body, want->body_len, err) < 0) ||
	    (want->target &&
	     json_set_bytes(json, "target", want->target, strlen(want->target), err) < 0)) {
		err_nomem(err);
		return NULL;
	}
	return STEAL(json);
}

static int list_to_json(json_t *object, const char *key, const char *const *list)
{
	json_t *array;

	if (!list)
		return 0;
	array = json_array();
	for (; *list; list++) {
		if (json_array_append_new(array, json_string(*list)) < 0) {
			json_decref(array);
			return -1;
		}
	}
	return json_object_set_new(object, key, array);
}

static json_t *edit_to_json(const struct config_edit *edit, struct err *err)
{
	CLEANUP(json_decrefp) json_t *json = json_object();

	if ((edit->user && json_object_set_new(json, "user", json_string(edit->user))) ||
	    (edit->working_dir &&
	     json_object_set_new(json, "working_dir", json_string(edit->working_dir))) ||
	    list_to_json(json, "env", edit->env) ||
	    list_to_json(json, "entrypoint", edit->entrypoint) ||
	    list_to_json(json, "cmd", edit->cmd) || list_to_json(json, "expose", edit->expose)) {
		err_nomem(err);
		return NULL;
	}
	return STEAL(json);
}

static json_t *packages_to_json(const struct plan_packages *packages)
{
	CLEANUP(json_decrefp) json_t *json = json_pack("{s:s}", "manager", packages->manager);

	return json && list_to_json(json, "names", packages->names) == 0 ? STEAL(json) : NULL;
}

/* The member is there where there are some. */
static int step_packages_to_json(const struct plan *plan, const struct plan_step *step,
				 json_t *json)
{
	size_t count;
	const struct plan_packages *packages = plan_packages(plan, &count);
	json_t *array;

	if (step->packages_count == 0)
		return 0;
	array = json_array();
	if (json_object_set_new(json, "packages", array) < 0)
		return -1;
	for (size_t i = 0; i < step->packages_count; i++) {
		if (json_array_append_new(
			    array, packages_to_json(&packages[step->first_packages + i])) < 0)
			return -1;
	}
	return 0;
}

static json_t *step_to_json(const struct plan *plan, size_t i, struct err *err)
{
	CLEANUP(json_decrefp) json_t *json = json_object();
	const struct plan_step step = plan_step(plan, i);
	const struct config_edit *edits;
	size_t edit_count, want_count;
	const struct tree_want *wants = plan_wants(plan, &want_count);
	json_t *array = json_array(), *config = json_array();

	json_object_set_new(json, "rule", json_string(step.rule_id));
	json_object_set_new(json, "title", json_from_bytes(step.title, strlen(step.title)));
	if (json_object_set_new(json, "wants", array) < 0 ||
	    json_object_set_new(json, "config", config) < 0)
		goto nomem;
	for (size_t w = 0; w < step.want_count; w++) {
		if (json_array_append_new(array, want_to_json(&wants[step.first_want + w], err)) <
		    0)
			goto nomem;
	}
	edits = plan__step_edits(plan, i, &edit_count);
	for (size_t e = 0; e < edit_count; e++) {
		if (json_array_append_new(config, edit_to_json(&edits[e], err)) < 0)
			goto nomem;
	}
	if (step_packages_to_json(plan, &step, json) < 0)
		goto nomem;
	return STEAL(json);
nomem:
	err_nomem(err);
	return NULL;
}

int plan_to_json(const struct plan *plan, json_t **ret_json, struct err *err)
{
	CLEANUP(json_decrefp) json_t *json = json_object();
	json_t *steps = json_array();

	json_object_set_new(json, "schema", json_string("imgtui.plan/1"));
	if (json_object_set_new(json, "steps", steps) < 0)
		return err_nomem(err);
	for (size_t i = 0; i < plan_step_count(plan); i++) {
		if (json_array_append_new(steps, step_to_json(plan, i, err)) < 0)
			return err_nomem(err);
	}
	*ret_json = STEAL(json);
	return 0;
}

/* NULL if it is not there; another type is a mistake, as what it says would be passed over. */
static int read_text(const json_t *json, const char *key, const char **ret_text, struct err *err)
{
	const json_t *value = json_object_get(json, key);

	if (value && !json_is_string(value))
		return err_set(err, ERR_FORMAT, "%s: is no string", key);
	*ret_text = json_string_value(value);
	return 0;
}

static int read_array(const json_t *json, const char *key, const json_t **ret_array,
		      struct err *err)
{
	const json_t *value = json_object_get(json, key);

	if (value && !json_is_array(value))
		return err_set(err, ERR_FORMAT, "%s: is no list", key);
	*ret_array = value;
	return 0;
}

static int read_type(const json_t *json, struct tree_want *want, struct err *err)
{
	const char *name;
	int result = read_text(json, "create", &name, err);

	if (result < 0 || !name)
		return result;
	for (size_t i = 0; i < TYPE_COUNT; i++) {
		if (strcmp(TYPES[i].name, name) == 0) {
			want->create = true;
			want->type = TYPES[i].type;
			return 0;
		}
	}
	return err_set(err, ERR_FORMAT, "create: '%s' is none of file, dir, symlink", name);
}

static int read_mode(const json_t *json, struct tree_want *want, struct err *err)
{
	const char *text;
	unsigned long mode;
	int result = read_text(json, "mode", &text, err);

	if (result < 0 || !text)
		return result;
	mode = strtoul(text, NULL, 8);
	if (!*text || text[strspn(text, "01234567")] || mode > 07777)
		return err_set(err, ERR_FORMAT, "mode: '%s' is no octal mode", text);
	want->set_mode = true;
	want->mode = (uint32_t)mode;
	return 0;
}

static int read_id(const json_t *json, const char *key, bool *ret_set, int64_t *ret_id,
		   struct err *err)
{
	const json_t *value = json_object_get(json, key);

	if (!value)
		return 0;
	if (!json_is_integer(value) || json_integer_value(value) < 0 ||
	    json_integer_value(value) >= UINT32_MAX)
		return err_set(err, ERR_FORMAT, "%s: is no user or group number", key);
	*ret_set = true;
	*ret_id = json_integer_value(value);
	return 0;
}

static bool has_bytes(const json_t *json, const char *key, const char *key_base64)
{
	return json_object_get(json, key) || json_object_get(json, key_base64);
}

/* Bytes that are a C string afterwards. */
static int read_name(const json_t *json, const char *key, char **ret_name, struct err *err)
{
	CLEANUP(freep) char *name = NULL;
	size_t len;
	int result = json_get_bytes(json, key, &name, &len, err);

	if (result < 0)
		return result;
	if (memchr(name, '\0', len))
		return err_set(err, ERR_FORMAT, "%s: has a NUL byte", key);
	*ret_name = STEAL(name);
	return 0;
}

/* A path of a plan must be one of an image: relative, normalised. */
static int read_path(const json_t *json, char **ret_path, struct err *err)
{
	CLEANUP(freep) char *path = NULL;
	unsigned oddity;
	size_t len;
	int result = read_name(json, "path", &path, err);

	if (result < 0)
		return result;
	len = path_normalise(path, strlen(path), &oddity);
	path[len] = '\0';
	if (oddity & PATH_HAD_DOTDOT)
		return err_set(err, ERR_FORMAT, "path: '..' is not allowed");
	*ret_path = STEAL(path);
	return 0;
}

static int read_remove(const json_t *json, struct tree_want *want, struct err *err)
{
	const json_t *value = json_object_get(json, "remove");

	if (value && !json_is_boolean(value))
		return err_set(err, ERR_FORMAT, "remove: is neither true nor false");
	want->remove = json_is_true(value);
	return 0;
}

static int want_from_json(struct plan *plan, const json_t *json, struct err *err)
{
	CLEANUP(freep) char *path = NULL;
	CLEANUP(freep) char *body = NULL;
	CLEANUP(freep) char *target = NULL;
	struct tree_want want = { 0 };
	int result;

	if ((result = read_path(json, &path, err)) < 0 ||
	    (result = read_remove(json, &want, err)) < 0 ||
	    (result = read_type(json, &want, err)) < 0 ||
	    (result = read_mode(json, &want, err)) < 0 ||
	    (result = read_id(json, "uid", &want.set_uid, &want.uid, err)) < 0 ||
	    (result = read_id(json, "gid", &want.set_gid, &want.gid, err)) < 0)
		return result;
	if (has_bytes(json, "body", "body_base64") &&
	    (result = json_get_bytes(json, "body", &body, &want.body_len, err)) < 0)
		return result;
	if (has_bytes(json, "target", "target_base64") &&
	    (result = read_name(json, "target", &target, err)) < 0)
		return result;
	want.path = path;
	want.body = body;
	want.target = target;
	return plan_want(plan, &want, err);
}

/* NULL-ended and allocated; its strings are borrowed from the JSON. */
static int list_from_json(const json_t *object, const char *key, const char ***ret_list,
			  struct err *err)
{
	CLEANUP(freep) const char **list = NULL;
	const json_t *array = NULL;
	int result = read_array(object, key, &array, err);

	if (result < 0 || !array)
		return result;
	list = calloc(json_array_size(array) + 1, sizeof(*list));
	if (!list)
		return err_nomem(err);
	for (size_t i = 0; i < json_array_size(array); i++) {
		list[i] = json_string_value(json_array_get(array, i));
		if (!list[i])
			return err_set(err, ERR_FORMAT, "%s: is no list of strings", key);
	}
	*ret_list = STEAL(list);
	return 0;
}

static int edit_from_json(struct plan *plan, const json_t *json, struct err *err)
{
	CLEANUP(freep) const char **env = NULL;
	CLEANUP(freep) const char **entrypoint = NULL;
	CLEANUP(freep) const char **cmd = NULL;
	CLEANUP(freep) const char **expose = NULL;
	struct config_edit edit = { 0 };
	int result;

	if (!json_is_object(json))
		return err_set(err, ERR_FORMAT, "is no object");
	if ((result = read_text(json, "user", &edit.user, err)) < 0 ||
	    (result = read_text(json, "working_dir", &edit.working_dir, err)) < 0 ||
	    (result = list_from_json(json, "env", &env, err)) < 0 ||
	    (result = list_from_json(json, "entrypoint", &entrypoint, err)) < 0 ||
	    (result = list_from_json(json, "cmd", &cmd, err)) < 0 ||
	    (result = list_from_json(json, "expose", &expose, err)) < 0)
		return result;
	edit.env = env;
	edit.entrypoint = entrypoint;
	edit.cmd = cmd;
	edit.expose = expose;
	return plan_edit_config(plan, &edit, err);
}

static int packages_from_json(struct plan *plan, const json_t *json, struct err *err)
{
	CLEANUP(freep) const char **names = NULL;
	struct plan_packages packages = { 0 };
	int result;

	if ((result = read_text(json, "manager", &packages.manager, err)) < 0 ||
	    (result = list_from_json(json, "names", &names, err)) < 0)
		return result;
	if (!packages.manager || !names)
		return err_set(err, ERR_FORMAT, "has no manager with names");
	packages.names = names;
	result = plan_install(plan, &packages, err);
	/* To a reader of the file it is its form that is wrong. */
	if (result == -(int)ERR_INVALID && err)
		err->code = ERR_FORMAT;
	return result == -(int)ERR_INVALID ? -(int)ERR_FORMAT : result;
}

/* Wants, edits and packages into the step that is open. */
static int step_members(struct plan *plan, const json_t *wants, const json_t *config,
			const json_t *packages, struct err *err)
{
	int result;

	for (size_t i = 0; i < json_array_size(wants); i++) {
		result = want_from_json(plan, json_array_get(wants, i), err);
		if (result < 0)
			return err_wrap(err, "wants[%zu]", i), result;
	}
	for (size_t i = 0; i < json_array_size(config); i++) {
		result = edit_from_json(plan, json_array_get(config, i), err);
		if (result < 0)
			return err_wrap(err, "config[%zu]", i), result;
	}
	for (size_t i = 0; i < json_array_size(packages); i++) {
		result = packages_from_json(plan, json_array_get(packages, i), err);
		if (result < 0)
			return err_wrap(err, "packages[%zu]", i), result;
	}
	return 0;
}

static int step_from_json(struct plan *plan, const json_t *json, struct err *err)
{
	const char *rule = NULL, *title = NULL;
	const json_t *wants = NULL, *config = NULL, *packages = NULL;
	int result;

	if ((result = read_text(json, "rule", &rule, err)) < 0 ||
	    (result = read_text(json, "title", &title, err)) < 0 ||
	    (result = read_array(json, "wants", &wants, err)) < 0 ||
	    (result = read_array(json, "config", &config, err)) < 0 ||
	    (result = read_array(json, "packages", &packages, err)) < 0 ||
	    (result = plan_begin_step(plan, rule ? rule : "", title ? title : "", err)) < 0)
		return result;
	result = step_members(plan, wants, config, packages, err);
	if (result < 0)
		plan_undo(plan);
	else
		plan_end_step(plan);
	return result;
}

int plan_from_json(struct plan *plan, const json_t *json, struct err *err)
{
	const char *schema = json_get_string(json, "schema");
	const json_t *steps = json_get_array(json, "steps");
	size_t before = plan_step_count(plan);

	if (!schema || strcmp(schema, "imgtui.plan/1") != 0 || !steps)
		return err_set(err, ERR_FORMAT,
			       "is no plan: no schema \"imgtui.plan/1\" with steps");
	for (size_t i = 0; i < json_array_size(steps); i++) {
		int result = step_from_json(plan, json_array_get(steps, i), err);

		if (result < 0) {
			plan__cut(plan, before);
			return err_wrap(err, "steps[%zu]", i), result;
		}
	}
	return 0;
}
