/*
 * Fixes of what the image starts and says about it: Entrypoint, Cmd,
 * ExposedPorts; and a log file that becomes a link to the standard output.
 */
#include <inttypes.h>
#include <string.h>

#include "access/shell_line.h"
#include "fix_priv.h"

enum { WORDS_MOST = 256 };

/* The words of a new Entrypoint; the strings are borrowed or in the arena. */
struct entrypoint {
	struct arena arena;
	const char *words[WORDS_MOST + 1];
	size_t count;
};

static void entrypoint_done(struct entrypoint *entrypoint)
{
	arena_done(&entrypoint->arena);
}

static int add_word(struct entrypoint *new, const char *word, struct err *err)
{
	if (new->count == WORDS_MOST)
		return err_set(err, ERR_UNSUPPORTED, "the start command has too many words");
	new->words[new->count++] = word;
	return 0;
}

static int not_simple(struct err *err)
{
	return err_set(err, ERR_UNSUPPORTED,
		       "the start command needs its shell: this needs a build");
}

/* ---- ways to change an Entrypoint ---- */

/* What begins more than a simple command, and what only the shell itself can do. */
static bool is_plain_command(const struct shell_words *words)
{
	static const char *const OTHERS[] = { "if",   "for",  "while",    "until",  "case",
					      "{",    "(",    "function", "!",      "fi",
					      "done", "esac", "cd",       "export", "set",
					      "eval", ".",    "source",   "wait",   "exit" };
	const struct shell_word *first = &words->all.items[0];

	for (size_t i = 0; i < sizeof(OTHERS) / sizeof(*OTHERS); i++) {
		if (!strcmp(first->text, OTHERS[i]))
			return false;
	}
	return first->is_known && !shell_line_is_assignment(first->text);
}

/* A shell's line as words, where a shell would do nothing else with it. */
static int split(struct entrypoint *new, const char *const *old, struct err *err)
{
	const char *code = shell_line_code(old);
	struct shell_words words = { 0 };
	enum shell_end end = SHELL_OTHER;
	int result = code ? shell_line_next(&code, &new->arena, &words, &end, err) : 0;
	bool is_plain = code && end == SHELL_END && !*code && words.all.count;

	for (size_t i = 0; is_plain && i < words.all.count; i++)
		is_plain = words.all.items[i].is_known;
	is_plain = is_plain && is_plain_command(&words);
	size_t first = is_plain && !strcmp(words.all.items[0].text, "exec");
	if (result == 0 && (!is_plain || first == words.all.count))
		result = not_simple(err);
	for (size_t i = first; result == 0 && i < words.all.count; i++)
		result = add_word(new, words.all.items[i].text, err);
	VEC_DONE(&words.all);
	return result;
}

/* Where the last command of a line begins; NULL: it is no plain sequence of commands. */
static const char *last_command(struct entrypoint *new, const char *code, struct err *err)
{
	struct shell_words words = { 0 };
	enum shell_end end = SHELL_THEN;
	const char *last = NULL, *rest = code;

	while (end == SHELL_THEN && *rest) {
		const char *from = rest + strspn(rest, " \t");

		if (shell_line_next(&rest, &new->arena, &words, &end, err) < 0)
			break;
		if (words.all.count)
			last = is_plain_command(&words) ? from : NULL;
	}
	VEC_DONE(&words.all);
	return end == SHELL_END ? last : NULL;
}

/* The shell hands its process and the arguments over to the last command. */
static int wrap(struct entrypoint *new, const char *const *old, struct err *err)
{
	const char *code = shell_line_code(old);
	const char *last = code ? last_command(new, code, err) : NULL;

	if (!last)
		return not_simple(err);
	bool has_exec = !strncmp(last, "exec ", 5);
	char *line = arena_printf(&new->arena, "%.*s%s%s \"$@\"", (int)(last - code), code,
				  has_exec ? "" : "exec ", last);
	if (!line)
		return err_nomem(err);
	new->words[0] = old[0];
	new->words[1] = old[1];
	new->words[2] = line;
	new->words[3] = "--"; /* becomes $0 */
	new->count = 4;
	return 0;
}

/* What follows the "--" of a wrapper. */
static int unwrap(struct entrypoint *new, const char *const *old, struct err *err)
{
	size_t i = 0;
	int result = 0;

	while (old[i] && strcmp(old[i], "--") != 0)
		i++;
	if (!old[i])
		return not_simple(err);
	for (i++; result == 0 && old[i]; i++)
		result = add_word(new, old[i], err);
	return result;
}

static int clear(struct entrypoint *new, const char *const *old, struct err *err)
{
	(void)old;
	(void)err;
	new->count = 0;
	return 0;
}

static const struct {
	const char *name;
	int (*change)(struct entrypoint *new, const char *const *old, struct err *err);
} WAYS[] = {
	{ "split", split },
	{ "wrap", wrap },
	{ "unwrap", unwrap },
	{ "clear", clear },
};

int fix__set_config_entrypoint(const struct fix_run *run, struct err *err)
{
	const char *const *old = (const char *const *)run->judgement->input.config->entrypoint;
	const char *how = fix__string(run, "how", "");
	CLEANUP(entrypoint_done) struct entrypoint new = { 0 };
	struct config_edit edit = { .entrypoint = new.words };
	int result = 0;

	for (size_t i = 0; i < sizeof(WAYS) / sizeof(*WAYS); i++) {
		if (!strcmp(WAYS[i].name, how))
			result = WAYS[i].change(&new, old, err);
	}
	if (result < 0 || config_same_words(old, new.words))
		return result;
	return plan_edit_config(run->plan, &edit, err);
}

/* ---- Cmd, ports ---- */

/* A word of the list "words": "$name" is the parameter. NULL: behind the last one. */
static const char *word_argument(const struct fix_run *run, size_t i)
{
	const struct profile *profile = run->judgement->input.profile;
	const char *word = json_string_value(
		json_array_get(profile_argument(profile, run->fix->arguments, "words"), i));

	return word && word[0] == '$' ? profile_string(profile, word + 1, "") : word;
}

int fix__set_config_cmd(const struct fix_run *run, struct err *err)
{
	static const char *const NONE[] = { NULL };
	const struct config *config = run->judgement->input.config;
	const char *words[WORDS_MOST + 1] = { NULL };
	struct config_edit edit = { .cmd = words };
	const char *word;

	for (size_t i = 0; i < WORDS_MOST && (word = word_argument(run, i)); i++)
		words[i] = word;
	if (json_is_true(profile_argument(run->judgement->input.profile, run->fix->arguments,
					  "clear-entrypoint")) &&
	    config->entrypoint[0])
		edit.entrypoint = NONE;
	if (!words[0] ||
	    (!edit.entrypoint && config_same_words((const char *const *)config->cmd, words)))
		return 0;
	return plan_edit_config(run->plan, &edit, err);
}

int fix__expose_port(const struct fix_run *run, struct err *err)
{
	const struct config *config = run->judgement->input.config;
	char port[32];
	const char *const ports[] = { port, NULL };
	struct config_edit edit = { .expose = ports };

	snprintf(port, sizeof(port), "%" PRId64 "/tcp", fix__int(run, "port", 0));
	for (size_t i = 0; config->exposed_ports[i]; i++) {
		if (!strcmp(config->exposed_ports[i], port))
			return 0;
	}
	return plan_edit_config(run->plan, &edit, err);
}

/* ---- logs ---- */

int fix__link_to_stdout(const struct fix_run *run, struct err *err)
{
	struct tree_want want = { .type = TAR_SYMLINK,
				  .mode = 0777,
				  .target = fix__string(run, "target", "/dev/stdout") };

	if (!run->finding->path || node_is_none(run->finding->node))
		return err_set(err, ERR_UNSUPPORTED,
			       "the log's name cannot be told: this needs an edit of the program");
	return fix__make(run, run->finding->path, &want, err);
}
