/* What a plan does, for people: steps, then before and after. */
#include <string.h>

#include "report_priv.h"

enum { PATHS_MOST = 40, INDENT = 2, INDENT_MORE = 6, INDENT_FORECAST = 14 };

static const char *arrow(const struct report_options *options)
{
	return options->charset == TEXT_UTF8 ? "→" : "->";
}

/* Steps of one rule and title follow each other where one fix was made for many paths. */
static int write_steps(const struct plan *plan, const struct report_options *options,
		       struct err *err)
{
	size_t count = plan_step_count(plan);
	int result = 0;

	for (size_t i = 0, next; result == 0 && i < count; i = next) {
		const struct plan_step step = plan_step(plan, i);
		char *line;

		for (next = i + 1; next < count; next++) {
			const struct plan_step other = plan_step(plan, next);

			if (strcmp(other.rule_id, step.rule_id) != 0 ||
			    strcmp(other.title, step.title) != 0)
				break;
		}
		if ((next - i > 1 ? asprintf(&line, "%s  %s (%zu times)", step.rule_id, step.title,
					     next - i)
				  : asprintf(&line, "%s  %s", step.rule_id, step.title)) < 0)
			line = NULL;
		fprintf(options->out, "%*s", INDENT, "");
		result = report__paragraph_take(options, INDENT, INDENT_MORE, line, err);
	}
	return result;
}

/* ---- paths ---- */

/* "drwx------ root:root", 'nothing' where nothing is; raw. */
static char *state_text(const struct judgement *judgement, const char *path, const char *nothing)
{
	const struct tree *tree = judgement->input.tree;
	node_id node = tree_find(tree, path);
	struct tree_stat stat;
	char mode[11];
	char *text;

	if (node_is_none(node) || !tree_stat(tree, node, judgement_at(judgement), &stat))
		return strdup(nothing);
	CLEANUP(freep) char *owner = report__owner(judgement, &stat);
	if (!owner ||
	    asprintf(&text, "%s %s", text_mode(mode, report__type_letter(stat.type), stat.mode),
		     owner) < 0)
		return NULL;
	return text;
}

/* Whether there is a row to show: a step may want what another one has made so. */
static bool is_change(const struct tree_want *want, const struct judgement *before,
		      const struct judgement *after)
{
	unsigned top = judgement_at(before);
	struct tree_stat was, is;

	if (want->body ||
	    !tree_stat(before->input.tree, tree_find(before->input.tree, want->path), top, &was) ||
	    !tree_stat(after->input.tree, tree_find(after->input.tree, want->path), top, &is))
		return true;
	return was.mode != is.mode || was.uid != is.uid || was.gid != is.gid;
}

static int write_want(const struct tree_want *want, const struct judgement *before,
		      const struct judgement *after, const struct report_options *options,
		      struct err *err)
{
	CLEANUP(freep) char *was = state_text(before, want->path, "new");
	CLEANUP(freep) char *is = state_text(after, want->path, "removed");
	char size[16], contents[64] = "";
	char *line;

	if (want->body)
		snprintf(contents, sizeof(contents), ", new contents (%s)",
			 text_size(size, sizeof(size), want->body_len));
	if (!was || !is)
		return err_nomem(err);
	if (strcmp(was, is) == 0 && !want->body)
		return 0; /* wanted, and so already */
	if (strcmp(was, is) == 0 ? asprintf(&line, "/%s  %s%s", want->path, is, contents) < 0
				 : asprintf(&line, "/%s  %s %s %s%s", want->path, was,
					    arrow(options), is, contents) < 0)
		line = NULL;
	fprintf(options->out, "%*s", INDENT, "");
	return report__paragraph_take(options, INDENT, INDENT_MORE, line, err);
}

static int write_wants(const struct plan *plan, const struct judgement *before,
		       const struct judgement *after, const struct report_options *options,
		       struct err *err)
{
	CLEANUP(freep) struct tree_want *wants = NULL;
	size_t count, rows = 0;
	int result = plan_merge(plan, &wants, &count, err);

	for (size_t i = 0; result == 0 && i < count; i++) {
		if (is_change(&wants[i], before, after) && rows++ < PATHS_MOST)
			result = write_want(&wants[i], before, after, options, err);
	}
	if (result == 0 && rows > PATHS_MOST)
		fprintf(options->out, "%*s%s and %zu more (--save-plan lists all)\n", INDENT, "",
			options->charset == TEXT_UTF8 ? "…" : "...", rows - PATHS_MOST);
	return result;
}

/* ---- config ---- */

static int write_value(const char *name, const char *was, const char *is,
		       const struct report_options *options, struct err *err)
{
	char *line;

	if (strcmp(was, is) == 0)
		return 0;
	if (asprintf(&line, "config %s  \"%s\" %s \"%s\"", name, was, arrow(options), is) < 0)
		line = NULL;
	fprintf(options->out, "%*s", INDENT, "");
	return report__paragraph_take(options, INDENT, INDENT_MORE, line, err);
}

/* Lists in JSON form: where one word ends matters. */
static int write_words(const char *name, const char *const *was, const char *const *is,
		       const struct report_options *options, struct err *err)
{
	CLEANUP(freep) char *before = config_words_text(was);
	CLEANUP(freep) char *after = config_words_text(is);
	char *line;

	if (!before || !after)
		return err_nomem(err);
	if (strcmp(before, after) == 0)
		return 0;
	if (asprintf(&line, "config %s  %s %s %s", name, before, arrow(options), after) < 0)
		line = NULL;
	fprintf(options->out, "%*s", INDENT, "");
	return report__paragraph_take(options, INDENT, INDENT_MORE, line, err);
}

/* Variables of 'config' that 'other' has not, or with another value. */
static int write_env(const struct config *config, const struct config *other, bool is_after,
		     const struct report_options *options, struct err *err)
{
	int result = 0;

	for (size_t i = 0; result == 0 && config->env[i]; i++) {
		size_t len = strcspn(config->env[i], "=");
		CLEANUP(freep) char *name = strndup(config->env[i], len);
		CLEANUP(freep) char *title = NULL;
		const char *value = config->env[i][len] ? config->env[i] + len + 1 : "";
		const char *there = name ? config_env(other, name) : NULL;

		if (!name || asprintf(&title, "Env %s", name) < 0)
			return title = NULL, err_nomem(err);
		if (is_after)
			result = write_value(title, there ? there : "", value, options, err);
		else if (!there)
			result = write_value(title, value, "", options, err);
	}
	return result;
}

int report_plan_config(const struct judgement *was, const struct judgement *is,
		       const struct report_options *options, struct err *err)
{
	const struct config *before = was->input.config, *after = is->input.config;
	int result = write_value("User", before->user, after->user, options, err);

	if (result == 0)
		result = write_value("WorkingDir", before->working_dir, after->working_dir, options,
				     err);
	if (result == 0)
		result = write_words("Entrypoint", before->entrypoint, after->entrypoint, options,
				     err);
	if (result == 0)
		result = write_words("Cmd", before->cmd, after->cmd, options, err);
	if (result == 0)
		result = write_words("ExposedPorts", before->exposed_ports, after->exposed_ports,
				     options, err);
	if (result == 0)
		result = write_env(after, before, true, options, err);
	return result < 0 ? result : write_env(before, after, false, options, err);
}

/* ---- packages ---- */

static int write_packages(const struct plan *plan, const struct report_options *options,
			  struct err *err)
{
	size_t count;
	const struct plan_packages *packages = plan_packages(plan, &count);
	int result = 0;

	if (count)
		report_heading("installed by a build, with --emit dockerfile alone", options);
	for (size_t i = 0; result == 0 && i < count; i++) {
		for (size_t n = 0; result == 0 && packages[i].names[n]; n++)
			result = fprintf(options->out, "%*s%s  %s\n", INDENT, "",
					 packages[i].manager, packages[i].names[n]) < 0
					 ? err_set(err, ERR_IO, "cannot write")
					 : 0;
	}
	return result;
}

int report_forecast(const struct forecast *forecast, const struct report_options *options,
		    struct err *err)
{
	int result = 0;

	report_heading("forecast", options);
	for (int way = 0; result == 0 && way < FORECAST_WAYS; way++) {
		CLEANUP(freep) char *words = forecast_words(forecast, (enum forecast_way)way);
		char *line;

		if (!words || asprintf(&line, "%-10s  %s",
				       forecast_way_name((enum forecast_way)way), words) < 0)
			return err_nomem(err);
		fprintf(options->out, "%*s", INDENT, "");
		result = report__paragraph_take(options, INDENT, INDENT_FORECAST, line, err);
	}
	return result;
}

int report_plan_text(const struct plan *plan, const struct judgement *before,
		     const struct judgement *after, const struct report_options *options,
		     struct err *err)
{
	size_t steps = plan_step_count(plan);
	int result;

	report__begin(options, REPORT_STRONG);
	fprintf(options->out, "%zu fix%s", steps, steps == 1 ? "" : "es");
	report__end(options, REPORT_STRONG);
	fputc('\n', options->out);
	if ((result = write_steps(plan, options, err)) < 0)
		return result;
	if (!plan_needs_build(plan)) {
		report_heading("before and after", options);
		if ((result = write_wants(plan, before, after, options, err)) < 0 ||
		    (result = report_plan_config(before, after, options, err)) < 0)
			return result;
	}
	return write_packages(plan, options, err);
}
