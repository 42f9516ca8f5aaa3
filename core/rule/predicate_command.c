/*
 * How the configuration names the start command: Entrypoint and Cmd, in exec or
 * shell form, through a wrapper or not. Exact: the words are what they are.
 */
#include <string.h>

#include "access/shell_line.h"
#include "base/path.h"
#include "selector.h"
#include "tree/resolve.h"

/* "Entrypoint" or "Cmd", as the rule's "member" says; never NULL. */
static const char *const *member_words(const struct rule_run *run)
{
	static const char *const NONE[] = { NULL };
	bool is_cmd = !strcmp(rule__string(run, "member", "Entrypoint"), "Cmd");
	const char **words = is_cmd ? run->config->cmd : run->config->entrypoint;

	return words ? (const char *const *)words : NONE;
}

/* ---- shell form ---- */

/* Whether the shell hands its process over: then signals reach the program. */
static bool hands_over(const char *code)
{
	const char *last = code;

	for (const char *at = code; *at; at++) {
		if (*at == ';' || *at == '\n' || (*at == '&' && at[1] == '&'))
			last = at + 1 + (*at == '&');
	}
	last += strspn(last, " \t");
	return !strncmp(last, "exec ", 5);
}

bool rule__swallows_signals(const struct config *config)
{
	bool has_entrypoint = config->entrypoint && config->entrypoint[0];
	const char *code = shell_line_code(
		(const char *const *)(has_entrypoint ? config->entrypoint : config->cmd));

	return code && !hands_over(code);
}

static int command_form(struct rule_run *run, struct err *err)
{
	const char *code = shell_line_code(member_words(run));
	struct finding draft = rule__draft();

	if (!code)
		return 0;
	draft.detail = rule__keep(run, code);
	return rule__report(run, hands_over(code) ? "shell-exec" : "shell", &draft, err);
}

/* ---- the program ---- */

/* Whether "--" is among the options that follow. */
static bool has_end_of_options(const char *const *words)
{
	for (size_t i = 1; words[i]; i++) {
		if (!strcmp(words[i], "--"))
			return true;
	}
	return false;
}

static int command_program(struct rule_run *run, struct err *err)
{
	const char *const *words = member_words(run);
	struct finding draft = rule__draft();
	const char *code = shell_line_code(words);
	const char *program = code ? code + (strncmp(code, "exec ", 5) ? 0 : 5) : words[0];
	char name[64];

	if (!program)
		return 0;
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(program, code ? " \t;" : ""), program);
	draft.detail = rule__keep(run, name);
	if (rule__listed(run, "tolerated", path_base(name)))
		return rule__report(run, "tolerated", &draft, err);
	if (!rule__listed(run, "names", path_base(name)))
		return 0;
	return rule__report(run, !code && has_end_of_options(words) ? "wrapping" : "found", &draft,
			    err);
}

/* ---- the script that Cmd must start ---- */

struct words {
	const char *all[64];
	size_t count;
};

/* "bash -x SCRIPT", "SCRIPT". *ret_shell: the shell, or NULL. */
static bool runs_script(const struct words *words, const char *script, const char **ret_shell)
{
	static const char *const SHELLS[] = { "sh",        "bash",          "/bin/sh",
					      "/bin/bash", "/usr/bin/bash", "dash",
					      "/bin/dash", "ash",           "/bin/ash" };
	size_t i = 0;

	*ret_shell = NULL;
	for (size_t s = 0; words->count && s < sizeof(SHELLS) / sizeof(*SHELLS); s++) {
		if (!strcmp(words->all[0], SHELLS[s]))
			*ret_shell = words->all[0];
	}
	if (*ret_shell) {
		for (i = 1; i < words->count && words->all[i][0] == '-'; i++) {
			if (words->all[i][1] != '-' && strchr(words->all[i], 'c'))
				return false;
		}
	}
	return i < words->count && !strcmp(words->all[i], script);
}

static void add_words(struct words *words, const char *const *more)
{
	size_t most = sizeof(words->all) / sizeof(*words->all);

	for (size_t i = 0; more && more[i] && words->count < most; i++)
		words->all[words->count++] = more[i];
}

/* The first command behind "-c", without "exec" and assignments. ERR_NOMEM. */
static int read_code(struct rule_run *run, const char *code, struct words *words, struct err *err)
{
	struct shell_words split = { 0 };
	enum shell_end end;
	int rc = shell_line_next(&code, &run->judgement->arena, &split, &end, err);
	size_t i = 0;

	while (i < split.all.count && (!strcmp(split.all.items[i].text, "exec") ||
				       shell_line_is_assignment(split.all.items[i].text)))
		i++;
	words->count = 0;
	for (; rc == 0 && i < split.all.count; i++)
		add_words(words, (const char *const[]){ split.all.items[i].text, NULL });
	VEC_DONE(&split.all);
	return rc;
}

/* Whether the words start the script, in exec or shell form. */
static int starts_script(struct rule_run *run, struct words words, bool *ret_starts,
			 const char **ret_shell, struct err *err)
{
	const char *argv[] = { words.count > 0 ? words.all[0] : NULL,
			       words.count > 1 ? words.all[1] : NULL,
			       words.count > 2 ? words.all[2] : NULL, NULL };
	const char *code = shell_line_code(argv), *shell = argv[0], *script;
	int rc = 0;

	script = rule__string(run, "script", "");
	if (code)
		rc = read_code(run, code, &words, err);
	if (rc < 0)
		return rc;
	*ret_starts = runs_script(&words, script, ret_shell);
	if (code)
		*ret_shell = shell;
	return 0;
}

/* A service that need not start by the script: the milder case. */
static const char *lenient(const struct rule_run *run, const char *name)
{
	if (rule__bool(run, "strict", true))
		return name;
	return !strcmp(name, "none")    ? "none-lenient"
	       : !strcmp(name, "other") ? "other-lenient"
					: name;
}

static bool is_there(const struct rule_run *run, const char *program)
{
	static const char *const FOLDERS[] = { "", "/bin/", "/usr/bin/", "/usr/local/bin/" };

	for (size_t i = 0; i < sizeof(FOLDERS) / sizeof(*FOLDERS); i++) {
		char path[300];
		struct resolve_result found;

		if ((program[0] == '/') != (i == 0))
			continue;
		snprintf(path, sizeof(path), "%s%s", FOLDERS[i], program);
		found = resolve_path(run->tree, run->at, NODE_ROOT, path, true, NULL);
		if (found.outcome == RESOLVE_FOUND)
			return true;
	}
	return false;
}

/* The case of an Entrypoint in front of Cmd; NULL: none is in the way. */
static int entrypoint_case(struct rule_run *run, bool cmd_starts, const char **ret_case,
			   struct err *err)
{
	const char *const *entrypoint = (const char *const *)run->config->entrypoint;
	struct words whole = { 0 };
	const char *shell;
	bool starts;

	add_words(&whole, entrypoint);
	add_words(&whole, (const char *const *)run->config->cmd);
	int rc = starts_script(run, whole, &starts, &shell, err);
	if (rc < 0)
		return rc;
	if (starts)
		*ret_case = "entrypoint";
	else if (shell_line_code(entrypoint))
		*ret_case = "dead";
	else
		*ret_case = cmd_starts ? "wrapper" : "other";
	return 0;
}

static int command_script(struct rule_run *run, struct err *err)
{
	struct finding draft = rule__draft();
	struct words cmd = { 0 };
	const char *shell = NULL, *name = NULL;
	bool starts;
	int rc;

	add_words(&cmd, (const char *const *)run->config->cmd);
	rc = starts_script(run, cmd, &starts, &shell, err);
	if (rc < 0)
		return rc;
	if (run->config->entrypoint && run->config->entrypoint[0])
		rc = entrypoint_case(run, starts, &name, err);
	else if (!cmd.count)
		name = "none";
	else if (!starts)
		name = "other";
	else if (shell && !is_there(run, shell))
		name = "no-shell";
	if (rc < 0 || !name)
		return rc;
	if (!cmd.count && !strcmp(name, "other"))
		name = "none";
	bool is_about_cmd = !strcmp(name, "other") || !strcmp(name, "none");
	CLEANUP(freep)
	char *text = config_words_text(
		(const char *const *)(is_about_cmd ? run->config->cmd : run->config->entrypoint));
	draft.detail = rule__keep(run, strcmp(name, "no-shell") ? text : shell);
	return rule__report(run, lenient(run, name), &draft, err);
}

/* ---- members and signals ---- */

bool rule__config_member(const struct rule_run *run, const char *member)
{
	const json_t *value = json_object_get(json_object_get(run->config->json, "config"), member);

	if (!value || json_is_null(value))
		return false;
	return json_is_array(value)    ? json_array_size(value) > 0
	       : json_is_object(value) ? json_object_size(value) > 0
	       : json_is_string(value) ? json_string_length(value) > 0
				       : true;
}

static int count_node(void *context, node_id node, const struct tree_stat *stat, struct err *err)
{
	(void)node;
	(void)stat;
	(void)err;
	++*(size_t *)context;
	return 0;
}

/* A variable that what is installed here needs. */
static int config_variable(struct rule_run *run, struct err *err)
{
	const char *name = rule__string(run, "name", "");
	const char *value = config_env(run->config, name);
	struct finding draft = rule__draft();
	size_t selected = 0;
	int rc = value && value[0] ? 0 : rule__select(run, count_node, &selected, err);

	draft.detail = rule__keep(run, name);
	return rc < 0 || !selected ? rc : rule__report(run, "missing", &draft, err);
}

static int config_member(struct rule_run *run, struct err *err)
{
	const char *member = rule__string(run, "member", "");
	struct finding draft = rule__draft();

	draft.detail = rule__keep(run, member);
	return rule__report(run, rule__config_member(run, member) ? "set" : "missing", &draft, err);
}

/* clang-format off */
const struct predicate rule__command_predicates[] = {
	{ "command-form", command_form,
	  RULE_WORDS("shell", "shell-exec"), RULE_WORDS("member") },
	{ "command-program", command_program,
	  RULE_WORDS("found", "wrapping", "tolerated"), RULE_WORDS("member", "names", "tolerated") },
	{ "command-script", command_script,
	  RULE_WORDS("none", "none-lenient", "dead", "entrypoint", "wrapper", "other",
		     "other-lenient", "no-shell"),
	  RULE_WORDS("script", "strict") },
	{ "config-member", config_member,
	  RULE_WORDS("set", "missing"), RULE_WORDS("member") },
	{ "config-variable", config_variable,
	  RULE_WORDS("missing"), RULE_WORDS(SELECTOR_ARGUMENTS, "name") },
	{ NULL, NULL, NULL, NULL },
};
/* clang-format on */
