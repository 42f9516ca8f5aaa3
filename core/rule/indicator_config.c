/* Signs in the configuration: Env, and the instructions that history keeps. */
#include <ctype.h>
#include <string.h>

#include "base/pattern.h"
#include "indicator.h"
#include "tree/resolve.h"

enum { NAME_ROOM = 128, PATH_ROOM = 1024 };

struct secrets {
	struct pattern *names, *values; /* NULL: none */
};

static void secrets_done(struct secrets *secrets)
{
	pattern_free(secrets->names);
	pattern_free(secrets->values);
}

static bool matches(const struct pattern *pattern, const char *text)
{
	return pattern && pattern_match(pattern, text, strlen(text), NULL);
}

static int read_pattern(const struct rule_run *run, const char *argument,
			struct pattern **ret_pattern, struct err *err)
{
	const char *text = rule__string(run, argument, NULL);

	return text ? pattern_new(text, PATTERN_REGEX, 0, ret_pattern, err) : 0;
}

/* ---- Env ---- */

static int check_preload(struct indicators *all, struct err *err)
{
	const char *name;
	int rc = 0;

	for (size_t i = 0; rc == 0 && (name = rule__item(all->run, "preload-variables", i)); i++) {
		const char *value = config_env(all->run->config, name);
		struct finding draft = rule__draft();

		draft.detail = name;
		if (value && value[0])
			rc = rule__indicate(all, "preload-env", &draft, err);
	}
	return rc;
}

static int check_folder(struct indicators *all, const char *variable, const char *path,
			struct err *err)
{
	const struct rule_run *run = all->run;
	struct resolve_result found = resolve_path(run->tree, run->at, NODE_ROOT, path, true, NULL);
	struct finding draft = rule__draft();
	struct tree_stat stat;

	if (found.outcome != RESOLVE_FOUND || !tree_stat(run->tree, found.node, run->at, &stat) ||
	    stat.type != TAR_DIR || !(stat.mode & 02))
		return 0;
	draft.node = found.node;
	draft.detail = variable;
	return rule__indicate(all, "world-writable-path", &draft, err);
}

/* Sticky or not: whoever may add a file there decides what is run. */
static int check_search_path(struct indicators *all, const char *variable, struct err *err)
{
	const char *at = config_env(all->run->config, variable);
	char path[PATH_ROOM];
	int rc = 0;

	while (rc == 0 && at && *at) {
		size_t len = strcspn(at, ":");

		if (*at == '/' && len < sizeof(path)) {
			memcpy(path, at, len);
			path[len] = '\0';
			rc = check_folder(all, variable, path, err);
		}
		at += len + (at[len] == ':');
	}
	return rc;
}

static int check_variable(struct indicators *all, const struct secrets *secrets,
			  const char *variable, struct err *err)
{
	const char *value = strchr(variable, '=');
	struct finding draft = rule__draft();
	char name[NAME_ROOM];

	if (!value || !value[1])
		return 0;
	snprintf(name, sizeof(name), "%.*s", (int)(value - variable), variable);
	if (!matches(secrets->names, name) && !matches(secrets->values, value + 1))
		return 0;
	draft.detail = rule__keep(all->run, name);
	return rule__indicate(all, "secret-env", &draft, err);
}

/* ---- history ---- */

static bool is_name_byte(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '-';
}

/* Nothing, or another variable: no value that could be a secret. */
static bool is_empty_value(const char *value)
{
	static const char *const NONE[] = { "\"\"", "''", "$", "\"$" };

	for (size_t i = 0; i < sizeof(NONE) / sizeof(*NONE); i++) {
		if (!strncmp(value, NONE[i], strlen(NONE[i])))
			return true;
	}
	return !*value || isspace((unsigned char)*value);
}

/* The next "NAME=value" of an instruction; false: none. */
static bool next_assignment(const char **at, char name[NAME_ROOM])
{
	const char *equals;

	for (const char *low = *at; (equals = strchr(*at, '=')); low = *at) {
		const char *begin = equals;

		*at = equals + 1;
		while (begin > low && is_name_byte(begin[-1]))
			begin--;
		if (begin == equals || is_empty_value(equals + 1))
			continue;
		snprintf(name, NAME_ROOM, "%.*s", (int)(equals - begin), begin);
		return true;
	}
	return false;
}

/* No layer in the finding: its instruction would be quoted as a reason. */
static int report_history(struct indicators *all, size_t entry, const char *what, struct err *err)
{
	struct finding draft = rule__draft();

	draft.count = entry + 1;
	draft.detail = rule__keep(all->run, what);
	return rule__indicate(all, "secret-history", &draft, err);
}

static int check_instruction(struct indicators *all, const struct secrets *secrets, size_t entry,
			     struct err *err)
{
	const char *text = all->run->config->history[entry].created_by;
	char name[NAME_ROOM];

	if (matches(secrets->values, text))
		return report_history(all, entry, "a key", err);
	while (next_assignment(&text, name)) {
		if (matches(secrets->names, name))
			return report_history(all, entry, name, err);
	}
	return 0;
}

int rule__indicate_config(struct indicators *all, struct err *err)
{
	const struct rule_run *run = all->run;
	const struct config *config = run->config;
	CLEANUP(secrets_done) struct secrets secrets = { 0 };
	const char *variable;
	int rc = read_pattern(run, "secret-names", &secrets.names, err);

	if (rc == 0)
		rc = read_pattern(run, "secret-values", &secrets.values, err);
	if (rc == 0)
		rc = check_preload(all, err);
	for (size_t i = 0; rc == 0 && (variable = rule__item(run, "search-variables", i)); i++)
		rc = check_search_path(all, variable, err);
	for (size_t i = 0; rc == 0 && config->env && config->env[i]; i++)
		rc = check_variable(all, &secrets, config->env[i], err);
	for (size_t i = 0; rc == 0 && i < config->history_count; i++)
		rc = check_instruction(all, &secrets, i, err);
	return rc;
}
