/*
 * The configuration of an image, read from JSON; see oci/config.h. A null
 * member is an absent one; a member of another type is an error, as with Go.
 */
#include "oci/config.h"

#include <string.h>

#include "base/json.h"
#include "core/oci/config_priv.h"

static int wrong_type(const char *member, const char *expected, struct err *err)
{
	return err_set(err, ERR_FORMAT, "member '%s' is not %s", member, expected);
}

static int string_read(const json_t *object, const char *key, const char **ret, struct err *err)
{
	const json_t *value = json_object_get(object, key);

	if (value && !json_is_string(value) && !json_is_null(value))
		return wrong_type(key, "a string", err);
	*ret = value && json_is_string(value) ? json_string_value(value) : "";
	return 0;
}

/* Entrypoint and Cmd may be one string, which Docker takes as a list of one. */
static int strings_read(const json_t *object, const char *key, const char ***ret_strings,
			struct err *err)
{
	const json_t *value = json_object_get(object, key);
	bool single = value && json_is_string(value) && strcmp(key, "Env") != 0;
	size_t count = single ? 1 : json_array_size(value);
	const char **strings = calloc(count + 1, sizeof(*strings));

	if (!strings)
		return err_nomem(err);
	*ret_strings = strings;
	if (value && !single && !json_is_array(value) && !json_is_null(value))
		return wrong_type(key, "a list of strings", err);
	for (size_t i = 0; i < count; i++) {
		strings[i] = json_string_value(single ? value : json_array_get(value, i));
		if (!strings[i])
			return wrong_type(key, "a list of strings", err);
	}
	return 0;
}

/* Volumes and ExposedPorts are sets: objects whose keys are what is in them. */
static int keys_read(json_t *object, const char *key, const char ***ret_strings, struct err *err)
{
	json_t *value = json_object_get(object, key);
	const char **strings = calloc(json_object_size(value) + 1, sizeof(*strings));
	size_t count = 0;

	if (!strings)
		return err_nomem(err);
	*ret_strings = strings;
	if (value && !json_is_object(value) && !json_is_null(value))
		return wrong_type(key, "an object", err);
	for (void *it = json_object_iter(value); it; it = json_object_iter_next(value, it))
		strings[count++] = json_object_iter_key(it);
	return 0;
}

static int inner_read(struct config *config, struct err *err)
{
	json_t *inner = json_object_get(config->json, "config");
	int r = 0;

	if (inner && !json_is_object(inner) && !json_is_null(inner))
		return wrong_type("config", "an object", err);
	if ((r = string_read(inner, "User", &config->user, err)) < 0 ||
	    (r = string_read(inner, "WorkingDir", &config->working_dir, err)) < 0 ||
	    (r = strings_read(inner, "Env", &config->env, err)) < 0 ||
	    (r = strings_read(inner, "Entrypoint", &config->entrypoint, err)) < 0 ||
	    (r = strings_read(inner, "Cmd", &config->cmd, err)) < 0)
		return r;
	if (r == 0)
		r = keys_read(inner, "Volumes", &config->volumes, err);
	return r < 0 ? r : keys_read(inner, "ExposedPorts", &config->exposed_ports, err);
}

/* *ret_array is NULL where the member is absent or null. */
static int array_get(const json_t *object, const char *key, const struct limits *limits,
		     const json_t **ret_array, struct err *err)
{
	const json_t *value = json_object_get(object, key);

	*ret_array = NULL;
	if (!value || json_is_null(value))
		return 0;
	if (!json_is_array(value))
		return wrong_type(key, "a list", err);
	*ret_array = value;
	return limits_check(json_array_size(value), limits->layers, key, err);
}

static int diff_ids_read(struct config *config, const struct limits *limits, struct err *err)
{
	const json_t *list;
	int r = array_get(json_object_get(config->json, "rootfs"), "diff_ids", limits, &list, err);

	if (r < 0)
		return r;
	config->diff_ids = calloc(json_array_size(list) + 1, sizeof(*config->diff_ids));
	if (!config->diff_ids)
		return err_nomem(err);
	config->diff_id_count = json_array_size(list);
	for (size_t i = 0; i < config->diff_id_count; i++) {
		const char *text = json_string_value(json_array_get(list, i));

		if (digest_parse(text, &config->diff_ids[i], err) < 0) {
			err_wrap(err, "rootfs.diff_ids[%zu]", i);
			return -ERR_FORMAT;
		}
	}
	return 0;
}

static int history_read(struct config *config, const struct limits *limits, struct err *err)
{
	const json_t *list;
	int r = array_get(config->json, "history", limits, &list, err);

	if (r < 0)
		return r;
	config->history = calloc(json_array_size(list) + 1, sizeof(*config->history));
	if (!config->history)
		return err_nomem(err);
	config->history_count = json_array_size(list);
	for (size_t i = 0; i < config->history_count; i++) {
		const json_t *entry = json_array_get(list, i);
		struct config_history *history = &config->history[i];

		if ((r = string_read(entry, "created_by", &history->created_by, err)) < 0 ||
		    (r = string_read(entry, "comment", &history->comment, err)) < 0)
			return r;
		history->empty_layer = json_get_bool(entry, "empty_layer", false);
	}
	return 0;
}

int config__read(json_t *json, const struct limits *limits, struct config **ret_config,
		 struct err *err)
{
	CLEANUP(config_freep) struct config *config = calloc(1, sizeof(*config));
	int r;

	if (!config) {
		json_decref(json);
		return err_nomem(err);
	}
	config->json = json;
	if (!json_is_object(json))
		return err_set(err, ERR_FORMAT, "a JSON object is expected");
	platform_from_json(json, &config->platform);
	if ((r = inner_read(config, err)) < 0 || (r = diff_ids_read(config, limits, err)) < 0 ||
	    (r = history_read(config, limits, err)) < 0)
		return r;
	*ret_config = STEAL(config);
	return 0;
}

int config_parse(const char *bytes, size_t len, const char *what, const struct limits *limits,
		 struct problem_list *problems, struct config **ret_config, struct err *err)
{
	json_t *json = NULL;
	int r;

	if (!limits)
		limits = limits_default();
	r = json_parse(bytes, len, what, limits, problems, &json, err);
	if (r < 0)
		return r;
	r = config__read(json, limits, ret_config, err);
	if (r < 0)
		err_wrap(err, "%s", what);
	return r;
}

void config_free(struct config *config)
{
	if (!config)
		return;
	free(config->env);
	free(config->entrypoint);
	free(config->cmd);
	free(config->volumes);
	free(config->exposed_ports);
	free(config->diff_ids);
	free(config->history);
	json_decref(config->json);
	free(config);
}

void config_freep(struct config **config)
{
	config_free(*config);
}

const char *config_env(const struct config *config, const char *name)
{
	size_t len = strlen(name);
	const char *value = NULL;

	for (size_t i = 0; config->env[i]; i++)
		if (strncmp(config->env[i], name, len) == 0 && config->env[i][len] == '=')
			value = config->env[i] + len + 1;
	return value;
}

char *config_words_text(const char *const *words)
{
	CLEANUP(json_decrefp) json_t *list = json_array();

	for (size_t i = 0; list && words[i]; i++) {
		if (json_array_append_new(list, json_from_bytes(words[i], strlen(words[i]))) < 0)
			return NULL;
	}
	return list ? json_dumps(list, 0) : NULL;
}

bool config_same_words(const char *const *a, const char *const *b)
{
	size_t i = 0;

	while (a[i] && b[i] && strcmp(a[i], b[i]) == 0)
		i++;
	return !a[i] && !b[i];
}
