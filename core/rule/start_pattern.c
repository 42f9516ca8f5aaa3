/* Matching of lines of the start chain; see start_pattern.h. */
#include "start_pattern.h"

#include <ctype.h>
#include <string.h>

#include "rule/command_text.h"

/* More of a line is not shown. */
enum { SHOWN = 120 };

/* ---- values in patterns ---- */

/* NULL: the brace belongs to the pattern. */
static const struct parameter *named_parameter(const struct rule_run *run, const char *open,
					       size_t len)
{
	char name[64];

	snprintf(name, sizeof(name), "%.*s", (int)len, open + 1);
	const struct parameter *parameter = len ? rule__parameter_find(run->profile, name) : NULL;
	return parameter && parameter->type != PARAMETER_LIST ? parameter : NULL;
}

static void put_value(FILE *out, const struct parameter *parameter)
{
	const char *text = json_string_value(parameter->value);

	if (parameter->type == PARAMETER_INT)
		fprintf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(parameter->value));
	else if (parameter->type == PARAMETER_BOOL)
		fputs(json_is_true(parameter->value) ? "true" : "false", out);
	/* pcre2pattern(3): a backslash takes the meaning of any ASCII byte but letters and digits. */
	for (; text && *text; text++) {
		if (isascii((unsigned char)*text) && !isalnum((unsigned char)*text))
			fputc('\\', out);
		fputc(*text, out);
	}
}

char *rule__start_pattern_text(const struct rule_run *run, const char *pattern)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	for (const char *at = pattern; out && *at;) {
		size_t name_len = *at == '{' ? command_placeholder(at) : 0;
		const struct parameter *parameter = named_parameter(run, at, name_len);

		if (parameter) {
			put_value(out, parameter);
			at += name_len + 2;
			continue;
		}
		if (*at == '\\' && at[1])
			fputc(*at++, out);
		fputc(*at++, out);
	}
	if (out && fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}

/* ---- lists of patterns ---- */

static int read_list(struct pattern_list *list, const struct rule_run *run, const char *argument,
		     struct err *err)
{
	const char *text;

	for (size_t i = 0; (text = rule__item(run, argument, i)); i++) {
		struct pattern *pattern = NULL;
		int rc = pattern_new(text, PATTERN_REGEX, 0, &pattern, err);

		if (rc < 0)
			return rc;
		if (VEC_PUSH(&list->all, pattern, err) < 0) {
			pattern_free(pattern);
			return -(int)ERR_NOMEM;
		}
	}
	return 0;
}

int rule__start_patterns_init(struct start_patterns *patterns, const struct rule_run *run,
			      const char *argument, struct err *err)
{
	int rc;

	*patterns = (struct start_patterns){ 0 };
	rc = read_list(&patterns->any, run, argument, err);
	for (size_t i = 0; rc == 0 && i < START_FILE_KINDS; i++) {
		char name[64];

		snprintf(name, sizeof(name), "%s-%s", argument, rule__start_kind_name(i));
		rc = read_list(&patterns->by_kind[i], run, name, err);
	}
	return rc;
}

static void list_done(struct pattern_list *list)
{
	for (size_t i = 0; i < list->all.count; i++)
		pattern_free(list->all.items[i]);
	VEC_DONE(&list->all);
}

void rule__start_patterns_done(struct start_patterns *patterns)
{
	list_done(&patterns->any);
	for (size_t i = 0; i < START_FILE_KINDS; i++)
		list_done(&patterns->by_kind[i]);
}

static bool list_match(const struct pattern_list *list, const struct start_line *line)
{
	for (size_t i = 0; i < list->all.count; i++) {
		if (pattern_match(list->all.items[i], line->text, line->len, NULL))
			return true;
	}
	return false;
}

bool rule__start_patterns_match(const struct start_patterns *patterns,
				const struct start_line *line)
{
	return list_match(&patterns->any, line) ||
	       list_match(&patterns->by_kind[line->file->kind], line);
}

const char *rule__start_line_text(struct rule_run *run, const struct start_line *line)
{
	struct arena *arena = &run->judgement->arena;
	const char *newline = memchr(line->text, '\n', line->len);
	size_t len = newline ? (size_t)(newline - line->text) : line->len;
	CLEANUP(freep) char *path = NULL;
	const char *text;

	const char *more = len > SHOWN ? " …" : "";
	len = len < SHOWN ? len : SHOWN;
	if (!node_is_none(line->file->node))
		path = tree_path_new(run->tree, line->file->node);
	if (path)
		text = arena_printf(arena, "line %u of %s: %.*s%s", line->number, path, (int)len,
				    line->text, more);
	else
		text = arena_printf(arena, "the start command: %.*s%s", (int)len, line->text, more);
	return text ? text : "";
}
