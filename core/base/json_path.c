/* One step a component, down from the root; see base/json_path.h. */
#include "base/json_path.h"

#include <string.h>

enum { COMPONENT_MOST = 128 };

static bool is_index(const char *component)
{
	return component[0] && !component[strspn(component, "0123456789")];
}

/* The next component of a path; false: its end, or it is longer than any name we know. */
static bool next_component(const char **path, char component[COMPONENT_MOST])
{
	size_t len = strcspn(*path, ".");

	if (len == 0 || len >= COMPONENT_MOST)
		return false;
	memcpy(component, *path, len);
	component[len] = '\0';
	*path += len + ((*path)[len] == '.');
	return true;
}

static json_t *child(const json_t *parent, const char *component)
{
	if (json_is_array(parent) && is_index(component))
		return json_array_get(parent, strtoul(component, NULL, 10));
	return json_object_get(parent, component);
}

/* Borrowed; NULL: it does not fit the parent, or out of memory. */
static json_t *put_child(json_t *parent, const char *component, json_t *value)
{
	int result = -1;

	if (json_is_object(parent))
		result = json_object_set_new(parent, component, value);
	else if (json_is_array(parent) && is_index(component) &&
		 strtoul(component, NULL, 10) == json_array_size(parent))
		result = json_array_append_new(parent, value);
	else if (json_is_array(parent) && is_index(component))
		result = json_array_set_new(parent, strtoul(component, NULL, 10), value);
	else
		json_decref(value);
	return result < 0 ? NULL : value;
}

json_t *json_path_get(const json_t *root, const char *path)
{
	char component[COMPONENT_MOST];
	json_t *at = NULL;

	while (next_component(&path, component)) {
		at = child(root, component);
		if (!at)
			return NULL;
		root = at;
	}
	return at;
}

const char *json_path_string(const json_t *root, const char *path)
{
	return json_string_value(json_path_get(root, path));
}

/* What is at the component, made where it is not there: an array where an index follows. */
static json_t *enter(json_t *parent, const char *component, const char *rest)
{
	char next[COMPONENT_MOST];
	json_t *found = child(parent, component);

	if (found)
		return found;
	if (!next_component(&rest, next))
		return NULL;
	return put_child(parent, component, is_index(next) ? json_array() : json_object());
}

int json_path_set_new(json_t *root, const char *path, json_t *value, struct err *err)
{
	const char *whole = path;
	char component[COMPONENT_MOST];
	json_t *at = root;

	if (!value)
		return err_nomem(err);
	while (at && next_component(&path, component)) {
		if (!*path) {
			at = put_child(at, component, value);
			return at ? 0 : err_set(err, ERR_INVALID, "'%s' does not fit", whole);
		}
		at = enter(at, component, path);
	}
	json_decref(value);
	return err_set(err, ERR_INVALID, "'%s' does not fit", whole);
}
