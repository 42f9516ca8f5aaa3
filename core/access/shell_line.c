/*
 * Splits a line as a POSIX shell does, as far as that is possible without
 * running it: quotes, separators, comments. A word with an expansion is marked
 * as unknown; nothing is expanded.
 */
#include "access/shell_line.h"

#include <ctype.h>
#include <string.h>

#include "base/path.h"

/* A word that is being read. */
struct builder {
	VEC(char) bytes;
	bool is_known, is_begun, is_quoted;
};

static int put(struct builder *word, char c, struct err *err)
{
	word->is_begun = true;
	return VEC_PUSH(&word->bytes, c, err);
}

static int end_word(struct builder *word, struct arena *arena, struct shell_words *words,
		    struct err *err)
{
	const char *text = arena_copy(arena, word->bytes.items, word->bytes.count);
	struct shell_word done = { text, word->is_known };
	bool is_begun = word->is_begun;

	word->bytes.count = 0;
	word->is_known = true;
	word->is_begun = word->is_quoted = false;
	if (!is_begun)
		return 0;
	return text ? VEC_PUSH(&words->all, done, err) : err_nomem(err);
}

/* *at stands behind the opening quote, and then behind the closing one. */
static int read_quoted(const char **at, char quote, struct builder *word, struct err *err)
{
	const char *c = *at;

	word->is_begun = word->is_quoted = true;
	for (; *c && *c != quote; c++) {
		if (quote == '"' && *c == '\\' && c[1] && strchr("$`\"\\\n", c[1])) {
			if (*++c == '\n')
				continue;
		} else if (quote == '"' && (*c == '$' || *c == '`')) {
			word->is_known = false;
		}
		if (put(word, *c, err) < 0)
			return -ERR_NOMEM;
	}
	if (*c)
		c++;
	else
		word->is_known = false;
	*at = c;
	return 0;
}

/* One character, quoted string or escape of a word. */
static int read_piece(const char **at, struct builder *word, struct err *err)
{
	char c = *(*at)++;

	if (c == '\'' || c == '"')
		return read_quoted(at, c, word, err);
	if (c == '\\' && **at == '\n') {
		++*at;
		return 0;
	}
	if (c == '\\' && **at) {
		word->is_quoted = true;
		return put(word, *(*at)++, err);
	}
	if (strchr("$`*?[(){}", c) || (c == '~' && !word->is_begun))
		word->is_known = false;
	return put(word, c, err);
}

/* The number in front of a redirection is no word. */
static void drop_descriptor(struct builder *word)
{
	for (size_t i = 0; i < word->bytes.count; i++)
		if (!isdigit((unsigned char)word->bytes.items[i]))
			return;
	word->is_begun = word->is_quoted;
}

/* Whether *at stands at what ends a simple command; then it is passed over. */
static bool read_separator(const char **at, enum shell_end *ret_end)
{
	static const struct {
		const char *text;
		enum shell_end end;
	} SEPARATORS[] = {
		{ "&&", SHELL_THEN },  { ";", SHELL_THEN },  { "\n", SHELL_THEN },
		{ "||", SHELL_OTHER }, { "|", SHELL_OTHER }, { "&", SHELL_OTHER },
		{ "<", SHELL_OTHER },  { ">", SHELL_OTHER },
	};

	for (size_t i = 0; i < sizeof(SEPARATORS) / sizeof(*SEPARATORS); i++) {
		size_t len = strlen(SEPARATORS[i].text);

		if (strncmp(*at, SEPARATORS[i].text, len) != 0)
			continue;
		*at += len;
		*ret_end = SEPARATORS[i].end;
		return true;
	}
	return false;
}

int shell_line_next(const char **rest, struct arena *arena, struct shell_words *words,
		    enum shell_end *ret_end, struct err *err)
{
	struct builder word = { .is_known = true };
	const char *at = *rest;
	int r = 0;

	words->all.count = 0;
	*ret_end = SHELL_END;
	while (r == 0 && *at) {
		if (*at == '<' || *at == '>')
			drop_descriptor(&word);
		if (read_separator(&at, ret_end))
			break;
		if (*at == '#' && !word.is_begun) {
			at += strcspn(at, "\n");
		} else if (*at == ' ' || *at == '\t') {
			at++;
			r = end_word(&word, arena, words, err);
		} else {
			r = read_piece(&at, &word, err);
		}
	}
	if (r == 0)
		r = end_word(&word, arena, words, err);
	VEC_DONE(&word.bytes);
	*rest = at;
	return r;
}

bool shell_line_is_assignment(const char *word)
{
	const char *at = word;

	while (isalnum((unsigned char)*at) || *at == '_')
		at++;
	return at > word && *at == '=' && !isdigit((unsigned char)*word);
}

const char *shell_line_code(const char *const *words)
{
	static const char *const SHELLS[] = { "sh", "bash", "dash", "ash", "ksh", "zsh" };
	bool is_shell = false;

	for (size_t i = 0; words && words[0] && i < sizeof(SHELLS) / sizeof(*SHELLS); i++)
		is_shell |= !strcmp(path_base(words[0]), SHELLS[i]);
	if (!is_shell || !words[1] || words[1][0] != '-' || words[1][strlen(words[1]) - 1] != 'c')
		return NULL;
	return words[2];
}
