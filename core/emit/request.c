/*
 * From settings to a request: collect, derive, fill in defaults, check, and
 * only then build. Every mistake becomes a line; none stops the search for more.
 */
#include "emit/request.h"

#include <stdarg.h>
#include <string.h>

#include "request_priv.h"

static const struct {
	const struct request_kind *kind;
	const struct request_work *work;
} KINDS[] = {
	{ &request__sagemaker, &request__sagemaker_work },
	{ &request__modelarts, &request__modelarts_work },
	{ &request__modelarts_inference, &request__modelarts_inference_work },
};

enum { KIND_COUNT = sizeof(KINDS) / sizeof(*KINDS) };

const struct request_kind *request_kind(size_t i)
{
	return i < KIND_COUNT ? KINDS[i].kind : NULL;
}

const struct request_kind *request_kind_find(const char *name)
{
	for (size_t i = 0; i < KIND_COUNT; i++) {
		if (!strcmp(KINDS[i].kind->name, name))
			return KINDS[i].kind;
	}
	return NULL;
}

static const struct request_work *work_of(const struct request_kind *kind)
{
	for (size_t i = 0; i < KIND_COUNT; i++) {
		if (KINDS[i].kind == kind)
			return KINDS[i].work;
	}
	return NULL;
}

/* ---- lines and files ---- */

__attribute__((format(printf, 2, 0))) static const char *
format_line(struct request_maker *maker, const char *format, va_list args)
{
	CLEANUP(freep) char *text = NULL;

	if (vasprintf(&text, format, args) < 0) {
		text = NULL;
		return NULL;
	}
	return arena_copy(&maker->request->arena, text, strlen(text));
}

int request__error(struct request_maker *maker, struct err *err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	const char *line = format_line(maker, format, args);
	va_end(args);
	return line ? VEC_PUSH(&maker->request->errors, line, err) : err_nomem(err);
}

int request__warn(struct request_maker *maker, struct err *err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	const char *line = format_line(maker, format, args);
	va_end(args);
	return line ? VEC_PUSH(&maker->request->warnings, line, err) : err_nomem(err);
}

int request__add_text(struct request_maker *maker, const char *name, const char *text,
		      struct err *err)
{
	struct request_file file = {
		.name = name,
		.text = text ? arena_copy(&maker->request->arena, text, strlen(text)) : NULL,
	};

	return file.text ? VEC_PUSH(&maker->request->files, file, err) : err_nomem(err);
}

int request__add_json(struct request_maker *maker, const char *name, json_t *json, struct err *err)
{
	CLEANUP(freep) char *text = json ? json_dumps(json, JSON_INDENT(2)) : NULL;
	CLEANUP(freep) char *lines = NULL;

	json_decref(json);
	if (!text || asprintf(&lines, "%s\n", text) < 0) {
		lines = NULL;
		return err_nomem(err);
	}
	return request__add_text(maker, name, lines, err);
}

/* ---- values ---- */

static struct request_values *values_of(struct request_maker *maker, const char *name)
{
	const struct request_kind *kind = maker->input->kind;

	for (size_t i = 0; i < kind->field_count; i++) {
		if (kind->fields[i].name && !strcmp(kind->fields[i].name, name))
			return &maker->values[i];
	}
	return NULL;
}

const char *request__value(const struct request_maker *maker, const char *name)
{
	const struct request_kind *kind = maker->input->kind;

	for (size_t i = 0; i < kind->field_count; i++) {
		const struct request_values *values = &maker->values[i];

		if (kind->fields[i].name && !strcmp(kind->fields[i].name, name))
			return values->items.count ? values->items.items[0] : NULL;
	}
	return NULL;
}

int request__set(struct request_maker *maker, const char *name, const char *text, struct err *err)
{
	struct request_values *values = values_of(maker, name);
	const char *copy = arena_copy(&maker->request->arena, text, strlen(text));

	if (!copy)
		return err_nomem(err);
	values->items.count = 0;
	return VEC_PUSH(&values->items, copy, err);
}

static bool is_empty(const struct request_values *values)
{
	return values->items.count == 1 && !values->items.items[0][0];
}

static int unknown_setting(struct request_maker *maker, const char *name, struct err *err)
{
	const struct request_kind *kind = maker->input->kind;
	char names[1000] = "";
	size_t used = 0;

	for (size_t i = 0; i < kind->field_count; i++) {
		const char *own = kind->fields[i].name;

		if (!own || own[0] == '-' || used >= sizeof(names))
			continue;
		used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s",
					 used ? ", " : "", own);
	}
	return request__error(maker, err, "--set: '%s' is none of %s", name, names);
}

/* "NAME=VALUE". Empty text forgets what was given before, and is forgotten by what follows. */
static int take_setting(struct request_maker *maker, const char *setting, struct err *err)
{
	struct arena *arena = &maker->request->arena;
	const char *equals = strchr(setting, '=');

	if (!equals)
		return request__error(maker, err, "--set: '%s' is no NAME=VALUE", setting);
	char *name = arena_copy(arena, setting, (size_t)(equals - setting));
	const char *text = arena_copy(arena, equals + 1, strlen(equals + 1));
	if (!name || !text)
		return err_nomem(err);
	struct request_values *values = name[0] == '-' ? NULL : values_of(maker, name);
	if (!values)
		return unknown_setting(maker, name, err);
	if (!text[0] || is_empty(values))
		values->items.count = 0;
	return VEC_PUSH(&values->items, text, err);
}

static int collect(struct request_maker *maker, struct err *err)
{
	const char *const *settings = maker->input->settings;
	int result = 0;

	for (size_t i = 0; result == 0 && settings && settings[i]; i++)
		result = take_setting(maker, settings[i], err);
	if (result == 0 && maker->input->reference)
		result = request__set(maker, "--image-ref", maker->input->reference, err);
	return result;
}

static int check_reference(struct request_maker *maker, struct err *err)
{
	struct err why = { 0 };

	if (!maker->input->reference ||
	    reference_parse(maker->input->reference, &maker->reference, &why) == 0)
		return 0;
	maker->reference = (struct reference){ 0 };
	return request__error(maker, err, "--image-ref: %s", why.text);
}

/* ---- fields ---- */

const char *request_field_usage(const struct request_field *field, char *out, size_t room)
{
	const char *example = field->example ? field->example : "VALUE";

	if (field->name[0] == '-')
		snprintf(out, room, "%s %s", field->name, example);
	else
		snprintf(out, room, "--set %s=%s", field->name, example);
	return out;
}

static const char *PRINTF_LIKE(2, 3)
	missing_line(struct request_maker *maker, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	const char *line = format_line(maker, format, args);
	va_end(args);
	return line;
}

/*
 * What only the user knows: the example stands in its place, which no service
 * takes, and a line says so. An option of its own cannot be left open.
 */
static int report_missing(struct request_maker *maker, const struct request_field *field,
			  struct request_values *values, bool was_empty, struct err *err)
{
	char usage[256];
	const char *example = field->example;
	const char *line = missing_line(
		maker, "missing: %s  %s%s", request_field_usage(field, usage, sizeof(usage)),
		field->help, field->need == REQUEST_WANTED ? "; empty to leave it out" : "");

	if (!line)
		return err_nomem(err);
	if (field->name[0] == '-' || !example || was_empty)
		return VEC_PUSH(&maker->request->errors, line, err);
	/* "[CHANNEL=]s3://…": without what may be left out */
	if (example[0] == '[' && strchr(example, ']'))
		example = strchr(example, ']') + 1;
	values->is_open = true;
	int result = VEC_PUSH(&values->items, example, err);
	return result < 0 ? result : VEC_PUSH(&maker->request->missing, line, err);
}

static int fill_field(struct request_maker *maker, const struct request_field *field,
		      struct request_values *values, struct err *err)
{
	bool was_empty = is_empty(values);
	const struct request *request = maker->request;

	if (values->items.count && !was_empty)
		return 0;
	values->items.count = 0;
	if (was_empty && field->need != REQUEST_REQUIRED)
		return 0;
	if (field->otherwise)
		return VEC_PUSH(&values->items, field->otherwise, err);
	if (field->need == REQUEST_OPTIONAL)
		return 0;
	/* What it follows from may be what is wrong, or not there yet. */
	if (field->is_derived && (request->errors.count || !maker->input->has_image))
		return 0;
	return report_missing(maker, field, values, was_empty, err);
}

static int check_fields(struct request_maker *maker, struct err *err)
{
	const struct request_kind *kind = maker->input->kind;
	int result = 0;

	for (size_t i = 0; result == 0 && i < kind->field_count; i++) {
		result = fill_field(maker, &kind->fields[i], &maker->values[i], err);
		if (result == 0 && kind->fields[i].name && !maker->values[i].is_open)
			result = request__check_field(maker, &kind->fields[i], &maker->values[i],
						      err);
	}
	return result;
}

static int make(struct request_maker *maker, struct err *err)
{
	const struct request_work *work = work_of(maker->input->kind);
	int result;

	if ((result = collect(maker, err)) < 0 || (result = check_reference(maker, err)) < 0 ||
	    (result = work->derive(maker, err)) < 0 || (result = check_fields(maker, err)) < 0 ||
	    (result = work->check(maker, err)) < 0)
		return result;
	if (maker->request->errors.count)
		return 0;
	result = request__build(maker, err);
	return result < 0 ? result : work->write(maker, err);
}

int request_make(const struct request_input *input, struct request **ret_request, struct err *err)
{
	CLEANUP(request_freep) struct request *request = calloc(1, sizeof(*request));
	struct request_maker maker = { .input = input, .request = request };

	if (!request)
		return err_nomem(err);
	int result = make(&maker, err);
	for (size_t i = 0; i < REQUEST_FIELDS_MOST; i++)
		VEC_DONE(&maker.values[i].items);
	if (result < 0)
		return result;
	*ret_request = STEAL(request);
	return 0;
}

void request_free(struct request *request)
{
	if (!request)
		return;
	json_decref(request->json);
	VEC_DONE(&request->errors);
	VEC_DONE(&request->missing);
	VEC_DONE(&request->warnings);
	VEC_DONE(&request->files);
	arena_done(&request->arena);
	free(request);
}

void request_freep(struct request **request)
{
	request_free(*request);
}
