/*
 * Which instruction made which layer. Entries without "empty_layer" belong to
 * the layers in their order; where the numbers differ nothing is guessed.
 */
#include <string.h>

#include "core/image/image_priv.h"

/* The classic builder's marks, and what BuildKit puts in front of a command. */
static const struct {
	const char *prefix;
	const char *instead;
} PREFIXES[] = {
	{ "/bin/sh -c #(nop) ", "" }, { "RUN /bin/sh -c ", "RUN " }, { "/bin/sh -c ", "RUN " },
	{ "RUN cmd /S /C ", "RUN " }, { "cmd /S /C #(nop) ", "" },   { "cmd /S /C ", "RUN " },
};

static const char BUILDKIT_END[] = "# buildkit";

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* "|2 A=1 B=2 /bin/sh -c command": build arguments in front of a command. */
static const char *arguments_skip(const char *text)
{
	const char *at = strncmp(text, "RUN ", 4) == 0 ? text + 4 : text;

	if (at[0] != '|' || at[1] < '0' || at[1] > '9')
		return text;
	const char *shell = strstr(at, " /bin/sh -c ");

	return shell ? shell + 1 : text;
}

const char *image_history__clean(struct arena *arena, const char *created_by)
{
	const char *text = created_by, *instead = "";

	while (is_space(*text))
		text++;
	text = arguments_skip(text);
	for (size_t i = 0; i < sizeof(PREFIXES) / sizeof(PREFIXES[0]); i++) {
		size_t len = strlen(PREFIXES[i].prefix);

		if (strncmp(text, PREFIXES[i].prefix, len) == 0) {
			text += len;
			instead = PREFIXES[i].instead;
			break;
		}
	}
	while (is_space(*text))
		text++;
	size_t len = strlen(text), end = strlen(BUILDKIT_END);

	while (len > 0 && is_space(text[len - 1]))
		len--;
	if (len >= end && strncmp(text + len - end, BUILDKIT_END, end) == 0)
		len -= end;
	while (len > 0 && is_space(text[len - 1]))
		len--;
	size_t front = strlen(instead);
	char *clean = arena_alloc(arena, front + len + 1);

	if (!clean)
		return NULL;
	memcpy(clean, instead, front);
	memcpy(clean + front, text, len);
	return clean;
}

static size_t filled_count(const struct config *config)
{
	size_t count = 0;

	for (size_t i = 0; i < config->history_count; i++)
		count += !config->history[i].empty_layer;
	return count;
}

int image_history__match(struct image *image, struct err *err)
{
	const struct config *config = image->config;
	size_t filled = filled_count(config), history = 0;

	if (config->history_count == 0)
		return 0;
	if (filled != image->layer_count) {
		problem_add(&image->problems, PROBLEM_HISTORY, PROBLEM_NOWHERE,
			    "the history tells of %zu layers, the image has %zu: which instruction "
			    "made which layer is not known",
			    filled, image->layer_count);
		return 0;
	}
	for (size_t i = 0; i < image->layer_count; i++, history++) {
		struct image_layer *layer = &image->layers[i];

		while (config->history[history].empty_layer)
			history++;
		layer->history = history;
		layer->created_by =
			image_history__clean(&image->arena, config->history[history].created_by);
		if (!layer->created_by)
			return err_nomem(err);
	}
	return 0;
}
