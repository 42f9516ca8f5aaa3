/* The JSON of checked values: rows in order, each at its path. */
#include <string.h>

#include "base/json_path.h"
#include "request_priv.h"

enum { PATH_MOST = 256 };

/* The path with its "*" replaced by an index. */
static const char *indexed(const char *path, size_t i, char out[PATH_MOST])
{
	const char *star = strchr(path, '*');

	if (star)
		snprintf(out, PATH_MOST, "%.*s%zu%s", (int)(star - path), path, i, star + 1);
	else
		snprintf(out, PATH_MOST, "%s", path);
	return out;
}

/* Elements of the array in front of "*". */
static size_t elements(const json_t *json, const char *path)
{
	const char *star = strchr(path, '*');
	char array[PATH_MOST];

	snprintf(array, sizeof(array), "%.*s", (int)(star - path - 1), path);
	return json_array_size(json_path_get(json, array));
}

static json_t *value_json(const struct request_field *field, const char *text)
{
	switch (field->type) {
	case REQUEST_INT:
		return json_integer(strtoll(text, NULL, 10));
	case REQUEST_BOOL:
		return json_boolean(!strcmp(text, "true"));
	case REQUEST_JSON:
		return json_loads(text, JSON_DECODE_ANY, NULL);
	default:
		return json_string(text);
	}
}

static int set_indexed(json_t *json, const char *path, size_t i, json_t *value, struct err *err)
{
	char place[PATH_MOST];

	return json_path_set_new(json, indexed(path, i, place), value, err);
}

/* One value; where the path has a star, in each element that is there by now. */
static int set_value(json_t *json, const struct request_field *field, const char *text,
		     struct err *err)
{
	size_t count = strchr(field->path, '*') ? elements(json, field->path) : 1;
	int result = 0;

	for (size_t i = 0; result == 0 && i < count; i++)
		result = set_indexed(json, field->path, i, value_json(field, text), err);
	return result;
}

/* A list whose path has a star makes the elements; else it is an array of texts. */
static int set_list(json_t *json, const struct request_field *field,
		    const struct request_values *values, struct err *err)
{
	bool makes = strchr(field->path, '*') != NULL;
	int result = makes ? 0 : json_path_set_new(json, field->path, json_array(), err);

	for (size_t i = 0; result == 0 && i < values->items.count; i++) {
		json_t *text = json_string(values->items.items[i]);

		if (makes)
			result = set_indexed(json, field->path, i, text, err);
		else if (json_array_append_new(json_path_get(json, field->path), text) < 0)
			result = err_nomem(err);
	}
	return result;
}

static int set_entry(json_t *json, const struct request_field *field, const char *text, size_t i,
		     struct err *err)
{
	const char *key, *value;
	size_t len = request__key(field, text, &key, &value);

	CLEANUP(freep) char *name = strndup(key, len);
	int result;

	if (!name)
		return err_nomem(err);
	if (!field->key_path) {
		result = json_object_set_new(json_path_get(json, field->path), name,
					     json_string(value));
		return result < 0 ? err_nomem(err) : 0;
	}
	result = set_indexed(json, field->key_path, i, json_string(name), err);
	return result < 0 ? result : set_indexed(json, field->path, i, json_string(value), err);
}

static int set_map(json_t *json, const struct request_field *field,
		   const struct request_values *values, struct err *err)
{
	int result = field->key_path ? 0
				     : json_path_set_new(json, field->path, json_object(), err);

	for (size_t i = 0; result == 0 && i < values->items.count; i++)
		result = set_entry(json, field, values->items.items[i], i, err);
	return result;
}

int request__build(struct request_maker *maker, struct err *err)
{
	const struct request_kind *kind = maker->input->kind;
	json_t *json = maker->request->json = json_object();
	int result = json ? 0 : err_nomem(err);

	for (size_t i = 0; result == 0 && i < kind->field_count; i++) {
		const struct request_field *field = &kind->fields[i];
		const struct request_values *values = &maker->values[i];

		if (!field->path || !values->items.count)
			continue;
		if (field->type == REQUEST_LIST)
			result = set_list(json, field, values, err);
		else if (field->type == REQUEST_MAP)
			result = set_map(json, field, values, err);
		else
			result = set_value(json, field, values->items.items[0], err);
	}
	return result;
}
