/*
 * Changed copies of a config. The loaded JSON is copied and edited, never
 * rebuilt, so that what we do not know survives in its order.
 */
#include <string.h>

#include "base/json.h"
#include "core/oci/config_priv.h"
#include "oci/config.h"

/* The object below 'key', made where it is absent or null; NULL: out of memory. */
static json_t *object_below(json_t *parent, const char *key)
{
	json_t *object = json_object_get(parent, key);

	if (json_is_object(object))
		return object;
	object = json_object();
	return json_object_set_new(parent, key, object) == 0 ? object : NULL;
}

static int string_set(json_t *object, const char *key, const char *value, struct err *err)
{
	if (json_object_set_new(object, key, json_from_bytes(value, strlen(value))) < 0)
		return err_nomem(err);
	return 0;
}

static int strings_set(json_t *object, const char *key, const char *const *values, struct err *err)
{
	json_t *list = json_array();

	if (json_object_set_new(object, key, list) < 0)
		return err_nomem(err);
	for (size_t i = 0; values[i]; i++)
		if (json_array_append_new(list, json_from_bytes(values[i], strlen(values[i]))) < 0)
			return err_nomem(err);
	return 0;
}

/* "NAME=value" takes the place of the first of that name; further ones go. "NAME" removes all. */
static int env_change(json_t *list, const char *change, struct err *err)
{
	size_t name = strcspn(change, "=");
	bool placed = change[name] == '\0';

	for (size_t i = 0; i < json_array_size(list);) {
		const char *old = json_string_value(json_array_get(list, i));
		int r = 0;

		if (!old || strncmp(old, change, name) != 0 || old[name] != '=') {
			i++;
			continue;
		}
		if (placed) {
			r = json_array_remove(list, i);
		} else {
			r = json_array_set_new(list, i++, json_from_bytes(change, strlen(change)));
			placed = true;
		}
		if (r < 0)
			return err_nomem(err);
	}
	if (!placed && json_array_append_new(list, json_from_bytes(change, strlen(change))) < 0)
		return err_nomem(err);
	return 0;
}

static int env_edit(json_t *inner, const char *const *changes, struct err *err)
{
	json_t *list = json_object_get(inner, "Env");

	if (!json_is_array(list)) {
		list = json_array();
		if (json_object_set_new(inner, "Env", list) < 0)
			return err_nomem(err);
	}
	for (size_t i = 0; changes[i]; i++)
		if (env_change(list, changes[i], err) < 0)
			return -ERR_NOMEM;
	return 0;
}

static int expose_edit(json_t *inner, const char *const *ports, struct err *err)
{
	json_t *set = object_below(inner, "ExposedPorts");

	if (!set)
		return err_nomem(err);
	for (size_t i = 0; ports[i]; i++) {
		if (!json_object_get(set, ports[i]) &&
		    json_object_set_new(set, ports[i], json_object()) < 0)
			return err_nomem(err);
	}
	return 0;
}

static int inner_edit(json_t *inner, const struct config_edit *edit, struct err *err)
{
	if ((edit->user && string_set(inner, "User", edit->user, err) < 0) ||
	    (edit->working_dir && string_set(inner, "WorkingDir", edit->working_dir, err) < 0) ||
	    (edit->env && env_edit(inner, edit->env, err) < 0) ||
	    (edit->entrypoint && strings_set(inner, "Entrypoint", edit->entrypoint, err) < 0) ||
	    (edit->cmd && strings_set(inner, "Cmd", edit->cmd, err) < 0) ||
	    (edit->expose && expose_edit(inner, edit->expose, err) < 0))
		return -ERR_NOMEM;
	return 0;
}

int config_edit(const struct config *config, const struct config_edit *edit,
		struct config **ret_config, struct err *err)
{
	CLEANUP(json_decrefp) json_t *json = json_deep_copy(config->json);
	json_t *inner = json ? object_below(json, "config") : NULL;

	if (!inner)
		return err_nomem(err);
	if (inner_edit(inner, edit, err) < 0)
		return -ERR_NOMEM;
	return config__read(STEAL(json), limits_default(), ret_config, err);
}

static int diff_ids_set(json_t *json, const struct config_layers *layers, struct err *err)
{
	json_t *rootfs = object_below(json, "rootfs");
	json_t *list = json_array();

	if (!rootfs || json_object_set_new(rootfs, "diff_ids", list) < 0)
		return err_nomem(err);
	if (!json_object_get(rootfs, "type") &&
	    json_object_set_new(rootfs, "type", json_string("layers")) < 0)
		return err_nomem(err);
	for (size_t i = 0; i < layers->count; i++) {
		char text[DIGEST_TEXT];

		digest_text(&layers->diff_ids[i], text);
		if (json_array_append_new(list, json_string(text)) < 0)
			return err_nomem(err);
	}
	return 0;
}

static int history_add(json_t *list, const struct config_layers *layers, struct err *err)
{
	json_t *entry = json_object();

	if (json_array_append_new(list, entry) < 0)
		return err_nomem(err);
	if ((layers->created && string_set(entry, "created", layers->created, err) < 0) ||
	    string_set(entry, "created_by", layers->created_by, err) < 0)
		return -ERR_NOMEM;
	if (layers->new_layers == 0 && json_object_set_new(entry, "empty_layer", json_true()) < 0)
		return err_nomem(err);
	return 0;
}

int config_to_json(const struct config *config, const struct config_layers *layers,
		   json_t **ret_json, struct err *err)
{
	CLEANUP(json_decrefp) json_t *json = json_deep_copy(config->json);

	if (!json)
		return err_nomem(err);
	if (diff_ids_set(json, layers, err) < 0)
		return -ERR_NOMEM;
	json_t *history = json_object_get(json, "history");

	if (layers->created_by && json_array_size(history) > 0) {
		size_t count = layers->new_layers ? layers->new_layers : 1;

		for (size_t i = 0; i < count; i++)
			if (history_add(history, layers, err) < 0)
				return -ERR_NOMEM;
	}
	*ret_json = STEAL(json);
	return 0;
}
