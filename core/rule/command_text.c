/*
 * Commands for people to run: a pattern of the profile with its placeholders
 * filled in. A value is quoted so that the shell sees one word, whatever the
 * image says.
 */
#include "rule/command_text.h"

#include <inttypes.h>
#include <string.h>

#include "base/shell_quote.h"
#include "image/image.h"
#include "rule_priv.h"

static const char *const NAMES[] = { "image", "command", NULL };

const char *const *command_placeholders(void)
{
	return NAMES;
}

size_t command_placeholder(const char *open)
{
	size_t len = strspn(open + 1, "abcdefghijklmnopqrstuvwxyz0123456789-_");

	return len < 60 && open[1 + len] == '}' ? len : 0;
}

/* As one word of sh(1), in quotes where it needs them. */
static void put_word(FILE *out, const char *word)
{
	if (shell_quote_needed(word))
		shell_quote_put(out, word);
	else
		fputs(word, out);
}

static void put_words(FILE *out, const char *const *words, bool *any)
{
	for (size_t i = 0; words && words[i]; i++) {
		if (*any)
			fputc(' ', out);
		put_word(out, words[i]);
		*any = true;
	}
}

static void write_boot_line(FILE *out, const struct judgement *judgement)
{
	const char *own = profile_string(judgement->input.profile, "start-command", "");
	const char *const *arguments = profile_list(judgement->input.profile, "start-arguments");
	const struct config *config = judgement->input.config;
	bool any = false;

	if (own[0]) {
		fputs(own, out);
		return;
	}
	put_words(out, (const char *const *)config->entrypoint, &any);
	put_words(out, arguments[0] ? arguments : (const char *const *)config->cmd, &any);
}

static char *finish(FILE *out, char **text)
{
	if (out && fclose(out) == 0)
		return *text;
	free(*text);
	return NULL;
}

char *command_boot_line(const struct judgement *judgement)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	if (out)
		write_boot_line(out, judgement);
	return finish(out, &text);
}

static void put_image(FILE *out, const struct judgement *judgement, const char *reference)
{
	const char *name = reference ? reference : image_name(judgement->input.image);

	put_word(out, name && name[0] ? name : "IMAGE");
}

static void put_command(FILE *out, const struct judgement *judgement)
{
	CLEANUP(freep) char *line = command_boot_line(judgement);

	put_word(out, line ? line : "");
}

static void put_parameter(FILE *out, const struct parameter *parameter)
{
	bool any = false;

	switch (parameter->type) {
	case PARAMETER_INT:
		fprintf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(parameter->value));
		break;
	case PARAMETER_BOOL:
		fputs(json_is_true(parameter->value) ? "true" : "false", out);
		break;
	case PARAMETER_STRING:
		put_word(out, json_string_value(parameter->value));
		break;
	case PARAMETER_LIST:
		put_words(out, parameter->list, &any);
		break;
	}
}

static void put_placeholder(FILE *out, const struct judgement *judgement, const char *name,
			    const char *reference)
{
	const struct parameter *parameter = rule__parameter_find(judgement->input.profile, name);

	if (!strcmp(name, "image"))
		put_image(out, judgement, reference);
	else if (!strcmp(name, "command"))
		put_command(out, judgement);
	else if (parameter)
		put_parameter(out, parameter);
}

char *command_text(const struct judgement *judgement, const char *pattern, const char *reference)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	for (const char *at = pattern; out && *at;) {
		size_t name_len = *at == '{' ? command_placeholder(at) : 0;
		char name[64];

		if (!name_len) {
			fputc(*at++, out);
			continue;
		}
		snprintf(name, sizeof(name), "%.*s", (int)name_len, at + 1);
		put_placeholder(out, judgement, name, reference);
		at += name_len + 2;
	}
	return finish(out, &text);
}
