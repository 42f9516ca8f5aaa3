/*
 * Follows a start command from program to program: each round judges one
 * program and says what it starts in its turn. No recursion; what is not
 * understood ends as START_UNKNOWN, never as a guess.
 */
#include "access/start.h"

#include <fnmatch.h>
#include <string.h>

#include "base/path.h"
#include "core/access/access_priv.h"

enum { MOST_ROUNDS = 16 };

/* A program that starts another one, or reads a script. */
struct program {
	const char *name;        /* as fnmatch(3) */
	const char *with_value;  /* option letters that take the next word */
	const char *inline_code; /* option letters after which no script follows */
	bool plain_long;         /* long options take no further word */
	int (*follow)(struct start_walk *walk, const struct program *program);
};

/* ---- What a program starts ---- */

/*
 * The index of the first word that is no option. *ret_inline: one of them says
 * that no script follows, or hides where it is.
 */
static size_t skip_options(const struct start_walk *walk, const struct program *program,
			   bool *ret_inline)
{
	const struct shell_word *words = walk->words.all.items;
	size_t i = 1;

	*ret_inline = false;
	for (; i < walk->words.all.count && words[i].is_known; i++) {
		const char *letter = words[i].text;

		if ((*letter != '-' && *letter != '+') || !letter[1])
			break;
		if (strcmp(letter, "--") == 0)
			return i + 1;
		if (letter[1] == '-') {
			*ret_inline |= !program->plain_long && !strchr(letter, '=');
			continue;
		}
		while (*++letter && !strchr(program->with_value, *letter) && !*ret_inline)
			*ret_inline = strchr(program->inline_code, *letter) != NULL;
		for (; *letter && letter[1]; letter++) /* "-lc", "-cl" */
			*ret_inline |= strchr(program->inline_code, letter[1]) != NULL;
		if (*letter && strchr(program->with_value, *letter))
			i++;
	}
	return i;
}

static int follow_script(struct start_walk *walk, const struct program *program)
{
	bool is_inline;
	size_t i = skip_options(walk, program, &is_inline);

	if (is_inline || i >= walk->words.all.count)
		return access__finish(walk);

	const struct shell_word word = walk->words.all.items[i];

	if (!word.is_known)
		return access__stop(walk, START_UNKNOWN);
	access__finish(walk);
	if (strcmp(word.text, "-") == 0)
		return START_GO_ON;
	return access__check(walk, START_STEP_SCRIPT, access__absolute(walk, word.text), NULL);
}

static int follow_java(struct start_walk *walk, const struct program *program)
{
	size_t i = 1;

	(void)program;
	while (i < walk->words.all.count && strcmp(walk->words.all.items[i].text, "-jar") != 0)
		i++;
	if (i + 1 >= walk->words.all.count)
		return access__finish(walk);

	const struct shell_word word = walk->words.all.items[i + 1];

	access__finish(walk);
	if (!word.is_known)
		return access__stop(walk, START_UNKNOWN);
	return access__check(walk, START_STEP_SCRIPT, access__absolute(walk, word.text), NULL);
}

/* tini, dumb-init, nohup, … start the rest of their words. */
static int follow_wrapper(struct start_walk *walk, const struct program *program)
{
	bool is_inline;
	size_t i = skip_options(walk, program, &is_inline);

	if (is_inline)
		return access__stop(walk, START_UNKNOWN);
	return i < walk->words.all.count ? access__shift(walk, i) : access__finish(walk);
}

static int follow_env(struct start_walk *walk, const struct program *program)
{
	bool is_inline;
	size_t i = skip_options(walk, program, &is_inline);

	for (; i < walk->words.all.count; i++) {
		const struct shell_word *word = &walk->words.all.items[i];

		if (!strchr(word->text, '='))
			break;
		if (!access__assign(walk, word))
			return access__stop(walk, START_UNKNOWN);
	}
	if (is_inline)
		return access__stop(walk, START_UNKNOWN);
	return i < walk->words.all.count ? access__shift(walk, i) : access__finish(walk);
}

static int follow_shell(struct start_walk *walk, const struct program *program)
{
	bool is_inline;
	size_t i = skip_options(walk, program, &is_inline);

	if (!is_inline)
		return follow_script(walk, program);
	if (i >= walk->words.all.count)
		return access__finish(walk);

	const struct shell_word word = walk->words.all.items[i];

	return word.is_known ? access__run_line(walk, word.text)
			     : access__stop(walk, START_UNKNOWN);
}

/* ---- The whole command ---- */

static const struct program *find_program(const char *path)
{
	/* clang-format off */
	static const struct program PROGRAMS[] = {
		{ "sh",         "oO",   "c",        true,  follow_shell },
		{ "bash",       "oO",   "c",        true,  follow_shell },
		{ "dash",       "o",    "c",        true,  follow_shell },
		{ "ash",        "o",    "c",        true,  follow_shell },
		{ "ksh",        "o",    "c",        true,  follow_shell },
		{ "zsh",        "o",    "c",        true,  follow_shell },
		{ "python*",    "WX",   "cm",       false, follow_script },
		{ "perl",       "I",    "eE",       false, follow_script },
		{ "node",       "rC",   "ep",       false, follow_script },
		{ "Rscript",    "",     "e",        false, follow_script },
		{ "ruby",       "rIC",  "e",        false, follow_script },
		{ "php",        "dcz",  "rBREaSm",  false, follow_script },
		{ "java",       "",     "",         false, follow_java },
		{ "env",        "uC",   "S",        true,  follow_env },
		{ "tini",       "pe",   "",         true,  follow_wrapper },
		{ "tini-*",     "pe",   "",         true,  follow_wrapper },
		{ "dumb-init",  "r",    "",         true,  follow_wrapper },
		{ "catatonit",  "",     "",         true,  follow_wrapper },
		{ "nohup",      "",     "",         true,  follow_wrapper },
		{ "setsid",     "",     "",         true,  follow_wrapper },
		{ "nice",       "n",    "",         true,  follow_wrapper },
		{ "stdbuf",     "ioe",  "",         true,  follow_wrapper },
		{ "torchrun",   "",     "m",        false, follow_script },
	};
	/* clang-format on */
	const char *base = path_base(path);

	for (size_t i = 0; i < sizeof(PROGRAMS) / sizeof(*PROGRAMS); i++)
		if (fnmatch(PROGRAMS[i].name, base, 0) == 0)
			return &PROGRAMS[i];
	return NULL;
}

static int run_command(struct start_walk *walk)
{
	if (!walk->words.all.items[0].is_known)
		return access__stop(walk, START_UNKNOWN);

	const char *name = walk->words.all.items[0].text;
	const struct program *program = find_program(name);
	const char *path = access__look_up(walk, name);
	int r = path ? access__execute(walk, path) : err_nomem(walk->err);

	if (r != START_GO_ON)
		return r;
	/* Shells, and env and its like by execvp(3), take what has no format for a script. */
	walk->has_shell = true;
	return program ? program->follow(walk, program) : access__finish(walk);
}

static int add_words(struct start_walk *walk, const char *const *words)
{
	for (; words && *words; words++) {
		const struct shell_word word = { *words, true };

		if (VEC_PUSH(&walk->words.all, word, walk->err) < 0)
			return -ERR_NOMEM;
	}
	return 0;
}

static int collect_words(struct start_walk *walk)
{
	const struct start_input *input = walk->input;

	if (input->command)
		return add_words(walk, input->command);
	if (add_words(walk, (const char *const *)input->config->entrypoint) < 0)
		return -ERR_NOMEM;
	return add_words(walk, (const char *const *)input->config->cmd);
}

static int run(struct start_walk *walk)
{
	int r = collect_words(walk);

	if (r < 0)
		return r;
	if (walk->words.all.count == 0)
		return access__stop(walk, START_NO_COMMAND);
	for (unsigned round = 0; r == START_GO_ON && walk->words.all.count > 0; round++) {
		if (round == MOST_ROUNDS)
			return access__stop(walk, START_UNKNOWN);
		r = cancel_check(walk->input->content->cancel, walk->err);
		if (r == START_GO_ON)
			r = run_command(walk);
	}
	return r;
}

/* What is not there may be in a layer that is missing from the image, or unreadable. */
static void doubt(struct start *start, const struct content *content)
{
	static const bool IS_MISSING[] = {
		[START_UNKNOWN] = false,
		[START_NOT_FOUND] = true,
		[START_BAD_INTERPRETER] = true,
		[START_NO_LIBRARY] = true,
	};

	for (unsigned layer = 1; IS_MISSING[start->obstacle] && layer <= content->at; layer++) {
		if (tree_layer(content->tree, layer))
			continue;
		start->obstacle = START_UNKNOWN;
		start->detail = "a layer is missing, in which it may be";
	}
}

int start_follow(const struct start_input *input, struct start **ret_start, struct err *err)
{
	static const char DEFAULT_PATH[] =
		"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
	CLEANUP(start_freep) struct start *start = calloc(1, sizeof(*start));
	const char *path = config_env(input->config, "PATH");
	struct start_walk walk = {
		.input = input,
		.start = start,
		.path = path ? path : DEFAULT_PATH,
		.library_path = config_env(input->config, "LD_LIBRARY_PATH"),
		.folder = "",
		.err = err,
	};

	if (!start)
		return err_nomem(err);
	walk.folder = access__absolute(&walk, input->config->working_dir);

	int r = walk.folder ? run(&walk) : err_nomem(err);

	VEC_DONE(&walk.words.all);
	VEC_DONE(&walk.files);
	content_reader_free(walk.reader);
	start->steps = walk.steps.items;
	start->step_count = walk.steps.count;
	if (r < 0)
		return r;
	doubt(start, input->content);
	*ret_start = STEAL(start);
	return 0;
}

void start_free(struct start *start)
{
	if (!start)
		return;
	free(start->steps);
	arena_done(&start->arena);
	free(start);
}

void start_freep(struct start **start)
{
	start_free(*start);
}

const char *start_obstacle_text(enum start_obstacle obstacle)
{
	static const char *const TEXTS[] = {
		[START_OK] = "would start",
		[START_NO_COMMAND] = "has neither an entrypoint nor a command",
		[START_NOT_FOUND] = "is not there",
		[START_DENIED] = "may not be used: permission denied",
		[START_NOT_EXECUTABLE_TYPE] = "is no regular file: permission denied",
		[START_BAD_INTERPRETER] = "is named as interpreter, but cannot be found",
		[START_BAD_FORMAT] = "is no program that the kernel can execute: exec format error",
		[START_WRONG_ARCHITECTURE] =
			"is made for another machine than the image: exec format error",
		[START_NO_LIBRARY] = "is a library that is in no folder where the loader looks",
		[START_RUNTIME] = "is known to the runtime only",
		[START_UNKNOWN] = "cannot be told from the image",
	};

	return TEXTS[obstacle];
}
