/* The lines of a Dockerfile that change the config: ENV, USER, WORKDIR, EXPOSE, ENTRYPOINT, CMD. */
#include <ctype.h>
#include <string.h>

#include "dockerfile_priv.h"

/* A value as Dockerfile instructions take it: in double quotes where it is not plain. */
static int put_value(struct sink *out, const char *instruction, const char *value, struct err *err)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:-";
	int result;

	/* Each byte may get a backslash. */
	if (strlen(value) > DOCKERFILE_WORD_BYTES / 2)
		return err_set(err, ERR_UNSUPPORTED,
			       "%s: the value is too long for a line of a Dockerfile", instruction);
	if (*value && value[strspn(value, plain)] == '\0')
		return emit__printf(out, err, "%s%s\n", instruction, value);
	result = emit__printf(out, err, "%s\"", instruction);
	for (; result == 0 && *value; value++) {
		if ((unsigned char)*value < 0x20 || *value == 0x7f)
			return err_set(err, ERR_UNSUPPORTED,
				       "%s: a Dockerfile cannot hold a control byte in the value",
				       instruction);
		result =
			emit__printf(out, err, "%s%c", strchr("\"\\$", *value) ? "\\" : "", *value);
	}
	return result < 0 ? result : emit__printf(out, err, "\"\n");
}

static bool is_variable(const char *name, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (!isalnum((unsigned char)name[i]) && name[i] != '_')
			return false;
	}
	return len > 0 && len < 200;
}

static int put_env(const struct emit_input *input, struct sink *out, struct err *err)
{
	const struct config *old = image_config(input->image), *new = input->config;
	int result = 0;

	for (size_t i = 0; result == 0 && new->env[i]; i++) {
		size_t len = strcspn(new->env[i], "=");
		char instruction[256];
		bool is_new = new->env[i][len] == '=';

		for (size_t o = 0; old->env[o]; o++)
			is_new &= strcmp(old->env[o], new->env[i]) != 0;
		if (!is_new)
			continue;
		if (!is_variable(new->env[i], len))
			return err_set(err, ERR_UNSUPPORTED, "'%s': no name for a Dockerfile's ENV",
				       new->env[i]);
		snprintf(instruction, sizeof(instruction), "ENV %.*s=", (int)len, new->env[i]);
		result = put_value(out, instruction, new->env[i] + len + 1, err);
	}
	return result;
}

static int put_list(struct sink *out, const char *instruction, const char *const *words,
		    struct err *err)
{
	CLEANUP(json_decrefp) json_t *list = json_array();
	int result = list ? 0 : err_nomem(err);

	for (size_t i = 0; result == 0 && words[i]; i++)
		result = emit__words_add(list, words[i], strlen(words[i]), instruction, err);
	return result < 0 ? result : emit__words_put(out, instruction, list, err);
}

static int put_command(const struct config *old, const struct config *new, struct sink *out,
		       struct err *err)
{
	bool other_entrypoint = !config_same_words(old->entrypoint, new->entrypoint);
	int result = 0;

	if (other_entrypoint)
		result = put_list(out, "ENTRYPOINT", new->entrypoint, err);
	/* An ENTRYPOINT empties the CMD of the base (Dockerfile reference). */
	if (result == 0 &&
	    (other_entrypoint ? new->cmd[0] != NULL : !config_same_words(old->cmd, new->cmd)))
		result = put_list(out, "CMD", new->cmd, err);
	return result;
}

static int put_ports(const struct config *old, const struct config *new, struct sink *out,
		     struct err *err)
{
	int result = 0;

	for (size_t i = 0; result == 0 && new->exposed_ports[i]; i++) {
		bool is_new = true;

		for (size_t o = 0; old->exposed_ports[o]; o++)
			is_new &= strcmp(old->exposed_ports[o], new->exposed_ports[i]) != 0;
		if (is_new)
			result = put_value(out, "EXPOSE ", new->exposed_ports[i], err);
	}
	return result;
}

int emit__dockerfile_config(const struct emit_input *input, bool had_runs, struct sink *out,
			    struct err *err)
{
	const struct config *old = image_config(input->image), *new = input->config;
	int result = put_env(input, out, err);

	if (result == 0 && (had_runs || strcmp(old->user, new->user) != 0))
		result = put_value(out, "USER ", *new->user ? new->user : "0", err);
	if (result == 0 && strcmp(old->working_dir, new->working_dir) != 0)
		result =
			put_value(out, "WORKDIR ", *new->working_dir ? new->working_dir : "/", err);
	if (result == 0)
		result = put_ports(old, new, out, err);
	return result < 0 ? result : put_command(old, new, out, err);
}
