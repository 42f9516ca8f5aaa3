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
enum builtin { BUILTIN_NONE, BUILTIN_PASS, BUILTIN_CD, BUILTIN_EXEC, BUILTIN_READ, BUILTIN_OPAQUE };

static enum builtin find_builtin(const char *word)
{
	static const struct {
		const char *name;
		enum builtin builtin;
	} BUILTINS[] = {
		{ ":", BUILTIN_PASS },         { "true", BUILTIN_PASS },
		{ "echo", BUILTIN_PASS },      { "printf", BUILTIN_PASS },
		{ "set", BUILTIN_PASS },       { "export", BUILTIN_PASS },
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

static bool sets_path(const struct start_walk *walk)
{
	for (size_t i = 0; i < walk->words.all.count; i++)
		if (strncmp(walk->words.all.items[i].text, "PATH=", 5) == 0)
			return true;
	return false;
}

static int change_folder(struct start_walk *walk)
{
	node_id node;

	if (walk->words.all.count != 2 || !walk->words.all.items[1].is_known ||
	    walk->words.all.items[1].text[0] == '-')
		return access__stop(walk, START_UNKNOWN);
	walk->folder = access__absolute(walk, walk->words.all.items[1].text);

	int r = access__check(walk, "directory", walk->folder, ACCESS_EXECUTE, &node);

	if (r == START_GO_ON && !access__is_type(walk, node, TAR_DIR))
		return access__stop(walk, START_NOT_FOUND);
	return r;
}

/* "." and source: what they set is not known afterwards, but for the rest we go on. */
static int read_file(struct start_walk *walk)
{
	if (walk->words.all.count < 2 || !walk->words.all.items[1].is_known)
		return access__stop(walk, START_UNKNOWN);

	const char *name = walk->words.all.items[1].text;

	if (!strchr(name, '/'))
		return access__stop(walk,
				    START_UNKNOWN); /* looked up in PATH by some shells only */
	return access__check(walk, "script", access__absolute(walk, name), ACCESS_READ, NULL);
}

/* One simple command of a line. If words are left, they are the next command. */
static int run_simple(struct start_walk *walk)
{
	size_t i = 0;

	while (i < walk->words.all.count && access__is_assignment(walk->words.all.items[i].text))
		i++;
	if (sets_path(walk))
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
		r = access__shell_next(&line, &walk->start->arena, &walk->words, &end, walk->err);
		if (r == START_GO_ON && walk->words.all.count == 0 && end == SHELL_OTHER)
			return access__stop(walk, START_UNKNOWN); /* a redirection comes first */
		if (r == START_GO_ON)
			r = run_simple(walk);
	}
	if (r == START_GO_ON && walk->words.all.count == 0 && end == SHELL_OTHER)
		return access__stop(walk, START_UNKNOWN);
	return r;
}
