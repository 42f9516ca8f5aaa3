/*
 * A shell's line, command by command, up to the first one that is no builtin
 * without effects on files: what comes after that may build on what it did.
 */
#include <string.h>

#include "core/access/access_priv.h"

int access__shift(struct start_walk *walk, size_t count)
{
	struct shell_words *words = &walk->words;

	words->all.count -= count;
	memmove(words->all.items, words->all.items + count,
		words->all.count * sizeof(*words->all.items));
	return START_GO_ON;
}

int access__finish(struct start_walk *walk)
{
	walk->words.all.count = 0;
	return START_GO_ON;
}

/* What a word does at the beginning of a shell's command. */
enum builtin {
	BUILTIN_NONE,
	BUILTIN_PASS,
	BUILTIN_EXPORT,
	BUILTIN_CD,
	BUILTIN_EXEC,
	BUILTIN_READ,
	BUILTIN_OPAQUE,
};

static enum builtin find_builtin(const char *word)
{
	static const struct {
		const char *name;
		enum builtin builtin;
	} BUILTINS[] = {
		{ ":", BUILTIN_PASS },         { "true", BUILTIN_PASS },
		{ "echo", BUILTIN_PASS },      { "printf", BUILTIN_PASS },
		{ "set", BUILTIN_PASS },       { "export", BUILTIN_EXPORT },
		{ "unset", BUILTIN_PASS },     { "umask", BUILTIN_PASS },
		{ "ulimit", BUILTIN_PASS },    { "trap", BUILTIN_PASS },
		{ "cd", BUILTIN_CD },          { "exec", BUILTIN_EXEC },
		{ ".", BUILTIN_READ },         { "source", BUILTIN_READ },
		{ "eval", BUILTIN_OPAQUE },    { "if", BUILTIN_OPAQUE },
		{ "for", BUILTIN_OPAQUE },     { "while", BUILTIN_OPAQUE },
		{ "until", BUILTIN_OPAQUE },   { "case", BUILTIN_OPAQUE },
		{ "select", BUILTIN_OPAQUE },  { "function", BUILTIN_OPAQUE },
		{ "time", BUILTIN_OPAQUE },    { "!", BUILTIN_OPAQUE },
		{ "command", BUILTIN_OPAQUE }, { "test", BUILTIN_OPAQUE },
		{ "exit", BUILTIN_OPAQUE },    { "wait", BUILTIN_OPAQUE },
	};

	for (size_t i = 0; i < sizeof(BUILTINS) / sizeof(*BUILTINS); i++)
		if (strcmp(word, BUILTINS[i].name) == 0)
			return BUILTINS[i].builtin;
	return BUILTIN_NONE;
}

bool access__assign(struct start_walk *walk, const struct shell_word *word)
{
	const char *value = strchr(word->text, '=') + 1;

	if (strncmp(word->text, "LD_LIBRARY_PATH=", 16) == 0) {
		walk->is_library_path_unknown |= !word->is_known;
		walk->library_path = word->is_known ? value : NULL;
	}
	if (strncmp(word->text, "PATH=", 5) != 0)
		return true;
	if (word->is_known)
		walk->path = value;
	return word->is_known;
}

/* The assignments among the words from 'i' on; export and readonly have them too. */
static bool assign_all(struct start_walk *walk, size_t i, bool at_front)
{
	const struct shell_word *words = walk->words.all.items;

	for (; i < walk->words.all.count; i++) {
		if (shell_line_is_assignment(words[i].text) && !access__assign(walk, &words[i]))
			return false;
		if (at_front && !shell_line_is_assignment(words[i].text))
			break;
	}
	return true;
}

static int change_folder(struct start_walk *walk)
{
	if (walk->words.all.count != 2 || !walk->words.all.items[1].is_known ||
	    walk->words.all.items[1].text[0] == '-')
		return access__stop(walk, START_UNKNOWN);
	walk->folder = access__absolute(walk, walk->words.all.items[1].text);
	return access__check(walk, START_STEP_DIRECTORY, walk->folder, NULL);
}

/* "." and source: what they set is not known afterwards, but for the rest we go on. */
static int read_file(struct start_walk *walk)
{
	if (walk->words.all.count < 2 || !walk->words.all.items[1].is_known)
		return access__stop(walk, START_UNKNOWN);

	const char *name = walk->words.all.items[1].text;

	if (!strchr(name, '/'))
		return access__stop(walk, START_UNKNOWN); /* only some shells look in PATH */
	walk->is_library_path_unknown = true;
	return access__check(walk, START_STEP_SCRIPT, access__absolute(walk, name), NULL);
}

/* One simple command of a line. If words are left, they are the next command. */
static int run_simple(struct start_walk *walk)
{
	size_t i = 0;

	while (i < walk->words.all.count && shell_line_is_assignment(walk->words.all.items[i].text))
		i++;
	if (!assign_all(walk, 0, true))
		return access__stop(walk, START_UNKNOWN);
	access__shift(walk, i);
	if (walk->words.all.count == 0)
		return START_GO_ON;
	if (!walk->words.all.items[0].is_known)
		return access__stop(walk, START_UNKNOWN);

	int r = START_GO_ON;

	switch (find_builtin(walk->words.all.items[0].text)) {
	case BUILTIN_NONE:
		return START_GO_ON;
	case BUILTIN_EXEC:
		access__shift(walk, 1);
		if (walk->words.all.count == 0 || walk->words.all.items[0].text[0] == '-' ||
		    !walk->words.all.items[0].is_known)
			return access__stop(walk, START_UNKNOWN);
		return START_GO_ON;
	case BUILTIN_OPAQUE:
		return access__stop(walk, START_UNKNOWN);
	case BUILTIN_CD:
		r = change_folder(walk);
		break;
	case BUILTIN_READ:
		r = read_file(walk);
		break;
	case BUILTIN_EXPORT:
		if (!assign_all(walk, 1, false))
			return access__stop(walk, START_UNKNOWN);
		break;
	case BUILTIN_PASS:
		break;
	}
	access__finish(walk);
	return r;
}

/* Up to the first command that is no builtin: what comes after it may build on what it did. */
int access__run_line(struct start_walk *walk, const char *line)
{
	enum shell_end end = SHELL_THEN;
	int r = START_GO_ON;

	access__finish(walk);
	while (r == START_GO_ON && end == SHELL_THEN && *line && walk->words.all.count == 0) {
		r = shell_line_next(&line, &walk->start->arena, &walk->words, &end, walk->err);
		if (r == START_GO_ON && walk->words.all.count == 0 && end == SHELL_OTHER)
			return access__stop(walk, START_UNKNOWN); /* a redirection comes first */
		if (r == START_GO_ON)
			r = run_simple(walk);
	}
	if (r == START_GO_ON && walk->words.all.count == 0 && end == SHELL_OTHER)
		return access__stop(walk, START_UNKNOWN);
	return r;
}
