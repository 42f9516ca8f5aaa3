/*
 * What all reports share: colour, marks, breaking of lines, JSON in one line.
 * Every byte of an image passes text_visible() or jansson's escaping.
 */
#include <string.h>

#include "base/json.h"
#include "report_priv.h"

static const char *const COLORS[] = {
	[REPORT_PLAIN] = "",        [REPORT_STRONG] = "\033[1m",   [REPORT_DIM] = "\033[2m",
	[REPORT_INFO] = "\033[36m", [REPORT_WARNING] = "\033[33m", [REPORT_ERROR] = "\033[31m",
};

static const struct {
	enum report_role role;
	const char *utf8, *ascii;
} SEVERITIES[] = {
	[SEVERITY_INFO] = { REPORT_INFO, "i", "i" },
	[SEVERITY_WARNING] = { REPORT_WARNING, "!", "!" },
	[SEVERITY_ERROR] = { REPORT_ERROR, "✗", "X" },
};

void report__begin(const struct report_options *options, enum report_role role)
{
	if (options->color)
		fputs(COLORS[role], options->out);
}

void report__end(const struct report_options *options, enum report_role role)
{
	if (options->color && role != REPORT_PLAIN)
		fputs("\033[0m", options->out);
}

enum report_role report__severity_role(enum severity severity)
{
	return SEVERITIES[severity].role;
}

const char *report__severity_mark(const struct report_options *options, enum severity severity)
{
	return options->charset == TEXT_UTF8 ? SEVERITIES[severity].utf8
					     : SEVERITIES[severity].ascii;
}

/* The bytes of 'text' for a line with 'room' columns: up to a space, or all that there is. */
static size_t line_length(const char *text, size_t room, bool may_break)
{
	size_t width;
	size_t fit = text_fit(text, room, &width);
	size_t cut = fit;

	if (!text[fit])
		return fit;
	while (cut && text[cut] != ' ')
		cut--;
	if (cut || may_break)
		return cut;
	return strcspn(text, " ");
}

int report__paragraph(const struct report_options *options, size_t column, size_t indent,
		      const char *raw, struct err *err)
{
	return report__paragraph_in(options, REPORT_PLAIN, column, indent, raw, err);
}

int report__paragraph_in(const struct report_options *options, enum report_role role, size_t column,
			 size_t indent, const char *raw, struct err *err)
{
	CLEANUP(freep) char *visible = text_visible_new(raw, strlen(raw), options->charset);
	bool may_break = column > indent;

	if (!visible)
		return err_nomem(err);
	report__begin(options, role);
	for (const char *rest = visible; *rest;) {
		size_t room = column < REPORT_COLUMNS ? REPORT_COLUMNS - column : 0;
		size_t len = line_length(rest, room, may_break);

		fwrite(rest, 1, len, options->out);
		rest += len;
		rest += strspn(rest, " ");
		if (*rest)
			fprintf(options->out, "\n%*s", (int)indent, "");
		column = indent;
		may_break = false;
	}
	report__end(options, role);
	fputc('\n', options->out);
	return 0;
}

int report__paragraph_take(const struct report_options *options, size_t column, size_t indent,
			   char *text, struct err *err)
{
	CLEANUP(freep) char *taken = text;

	return taken ? report__paragraph(options, column, indent, taken, err) : err_nomem(err);
}

void report__text(const struct report_options *options, const char *raw)
{
	text_visible_print(options->out, raw, strlen(raw), options->charset);
}

const char *report__status_name(enum rule_status status)
{
	static const char *const NAMES[] = {
		[RULE_PASS] = "pass",
		[RULE_FAIL] = "fail",
		[RULE_OPEN] = "open",
	};

	return NAMES[status];
}

const char *report__plural(size_t count)
{
	return count == 1 ? "" : "s";
}

void report_heading(const char *text, const struct report_options *options)
{
	report__begin(options, REPORT_STRONG);
	fputs(text, options->out);
	report__end(options, REPORT_STRONG);
	fputc('\n', options->out);
}

void report_counts(const size_t by_severity[3], const struct report_options *options)
{
	const char *between = "";

	for (size_t i = 3; i-- > 0;) {
		enum severity severity = (enum severity)i;

		if (!by_severity[i])
			continue;
		fputs(between, options->out);
		report__begin(options, SEVERITIES[i].role);
		/* "info" has no plural. */
		fprintf(options->out, "%zu %s%s", by_severity[i], severity_name(severity),
			severity == SEVERITY_INFO ? "" : report__plural(by_severity[i]));
		report__end(options, SEVERITIES[i].role);
		between = ", ";
	}
	if (!*between)
		fputs("no findings", options->out);
}

json_t *report__string_json(const char *text)
{
	return text ? json_from_bytes(text, strlen(text)) : json_null();
}

json_t *report__lines_json(char *const *lines)
{
	json_t *array = json_array();

	for (size_t i = 0; array && lines && lines[i]; i++) {
		if (json_array_append_new(array, report__string_json(lines[i])) < 0) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

static json_t *problem_json(const struct problem *problem)
{
	json_t *json = json_pack("{s:s, s:b, s:o}", "kind", problem_name(problem->kind), "damage",
				 problem_is_damage(problem->kind), "text",
				 report__string_json(problem->text));

	if (json && problem->offset != PROBLEM_NOWHERE)
		json_object_set_new(json, "offset", json_integer((json_int_t)problem->offset));
	return json;
}

json_t *report__problems_json(const struct report_options *options)
{
	CLEANUP(json_decrefp) json_t *array = json_array();

	if (!array)
		return NULL;
	for (size_t l = 0; options->problems && options->problems[l]; l++) {
		const struct problem_list *list = options->problems[l];

		for (size_t i = 0; i < list->all.count; i++) {
			if (json_array_append_new(array, problem_json(&list->all.items[i])) < 0)
				return NULL;
		}
	}
	return STEAL(array);
}

int report__set(json_t *object, const char *key, json_t *value, struct err *err)
{
	return value && json_object_set_new(object, key, value) == 0 ? 0 : err_nomem(err);
}

/* jansson lets DEL pass; inside a string it has an escape like the other control bytes. */
static int write_safely(const char *bytes, size_t len, void *out)
{
	for (size_t i = 0; i < len; i++) {
		if (bytes[i] == '\x7f')
			fputs("\\u007f", out);
		else
			fputc(bytes[i], out);
	}
	return 0; /* a stream that takes no more is the caller's to notice */
}

int report__write_json(const struct report_options *options, json_t *json, struct err *err)
{
	int result;

	if (!json)
		return err_nomem(err);
	/* ASCII alone: what a terminal might take for a command is escaped too. */
	result = json_dump_callback(json, write_safely, options->out,
				    JSON_COMPACT | JSON_ENSURE_ASCII);
	json_decref(json);
	fputc('\n', options->out);
	return result < 0 ? err_nomem(err) : 0;
}
