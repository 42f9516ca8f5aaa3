/* The findings of one image for people: rule by rule, with reasons and fixes. */
#include <inttypes.h>
#include <string.h>

#include "plan/fix.h"
#include "report_priv.h"
#include "rule/command_text.h"
#include "rule/finding_text.h"

enum { FINDINGS_MOST = 20, PROBLEMS_MOST = 20, FIXES_MOST = 8 };
enum { INDENT_MESSAGE = 4, INDENT_WHY = 6, INDENT_FIX = 11 };

static uint64_t stored_size(const struct image *image)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < image_layer_count(image); i++)
		bytes += image_layer(image, i)->size;
	return bytes;
}

static int write_header(const struct judgement *judgement, const struct report_options *options,
			struct err *err)
{
	const struct image *image = judgement->input.image;
	const char *name = source_name(image_source(image));
	size_t layers = image_layer_count(image);
	char user[128], size[16];
	char *line;

	report__begin(options, REPORT_STRONG);
	report__text(options, name);
	if (strcmp(image_name(image), name) != 0) {
		fputs(" (", options->out);
		report__text(options, image_name(image));
		fputc(')', options->out);
	}
	report__end(options, REPORT_STRONG);
	fputs("\n  ", options->out);
	if (asprintf(&line, "%s, as %s, %zu layer%s, %s", profile_name(judgement->input.profile),
		     identity_text(&judgement->identity, user), layers, report__plural(layers),
		     text_size(size, sizeof(size), stored_size(image))) < 0)
		line = NULL;
	return report__paragraph_take(options, 2, 2, line, err);
}

/* ---- one finding ---- */

static int write_why(const struct judgement *judgement, const struct finding *finding,
		     const struct report_options *options, struct err *err)
{
	char **lines = finding_why(judgement, finding);
	int result = lines ? 0 : err_nomem(err);

	for (size_t i = 0; result == 0 && lines[i]; i++) {
		fprintf(options->out, "%*s", INDENT_WHY, "");
		result = report__paragraph_in(options, REPORT_DIM, INDENT_WHY, INDENT_WHY + 2,
					      lines[i], err);
	}
	finding_why_free(lines);
	return result;
}

char *report__fix_words(const struct judgement *judgement, const struct finding *finding,
			const struct rule_fix *fix)
{
	struct err failure = { 0 };
	uint64_t bytes;
	char size[16];
	char *words;
	int result;

	if (fix_cost(judgement, finding, fix, &bytes, &failure) == 0)
		result = asprintf(&words, "%s (+%s as a layer, +0 B rewritten)", fix->title,
				  text_size(size, sizeof(size), bytes));
	else if (failure.code == ERR_UNSUPPORTED)
		result = asprintf(&words, "%s (needs a build)", fix->title);
	else
		result = asprintf(&words, "%s (%s)", fix->title, failure.text);
	return result < 0 ? NULL : words;
}

static int write_fixes(const struct judgement *judgement, const struct finding *finding,
		       const struct report_options *options, struct err *err)
{
	const struct rule_fix *fixes[FIXES_MOST];
	size_t count = fix_options(judgement, finding, fixes, FIXES_MOST);
	int result = 0;

	for (size_t i = 0; result == 0 && i < count && i < FIXES_MOST; i++) {
		fprintf(options->out, "%*s%s ", INDENT_WHY, "", i ? "or: " : "fix:");
		result = report__paragraph_take(options, INDENT_FIX, INDENT_FIX,
						report__fix_words(judgement, finding, fixes[i]), err);
	}
	return result;
}

static int write_finding(const struct judgement *judgement, const struct finding *finding,
			 const struct report_options *options, struct err *err)
{
	int result;

	fprintf(options->out, "%*s", INDENT_MESSAGE, "");
	result = report__paragraph_take(options, INDENT_MESSAGE, INDENT_MESSAGE + 2,
					finding_message(judgement, finding), err);
	if (result == 0)
		result = write_why(judgement, finding, options, err);
	return result < 0 ? result : write_fixes(judgement, finding, options, err);
}

/* ---- groups ---- */

size_t report__group_size(const struct judgement *judgement, size_t first)
{
	const struct finding *findings = judgement->findings.items;
	size_t i = first;

	while (i < judgement->findings.count && findings[i].rule == findings[first].rule &&
	       findings[i].severity == findings[first].severity)
		i++;
	return i - first;
}

static int write_heading(const struct finding *finding, const struct report_options *options,
			 struct err *err)
{
	enum report_role role = report__severity_role(finding->severity);
	size_t column = 4 + text_width(finding->rule->id);

	fputc('\n', options->out);
	report__begin(options, role);
	fputs(report__severity_mark(options, finding->severity), options->out);
	fputc(' ', options->out);
	report__text(options, finding->rule->id);
	report__end(options, role);
	fputs("  ", options->out);
	return report__paragraph_in(options, REPORT_STRONG, column, INDENT_MESSAGE,
				    finding->rule->title, err);
}

static int write_groups(const struct judgement *judgement, const struct report_options *options,
			struct err *err)
{
	int result = 0;

	for (size_t i = 0, size; result == 0 && i < judgement->findings.count; i += size) {
		const struct finding *group = &judgement->findings.items[i];

		size = report__group_size(judgement, i);
		result = write_heading(group, options, err);
		for (size_t f = 0; result == 0 && f < size && f < FINDINGS_MOST; f++)
			result = write_finding(judgement, &group[f], options, err);
		if (size > FINDINGS_MOST)
			fprintf(options->out, "%*s%s and %zu more (--format json lists all)\n",
				INDENT_MESSAGE, "", options->charset == TEXT_UTF8 ? "…" : "...",
				size - FINDINGS_MOST);
	}
	return result;
}

/* ---- the rest ---- */

/* The command goes as it is, so that it can be copied, but visible. */
static int write_decider(const struct judgement *judgement, const struct rule *rule,
			 const struct report_options *options, struct err *err)
{
	if (!rule->command) {
		fprintf(options->out, "%*sthe image alone does not say\n", INDENT_MESSAGE, "");
		return 0;
	}
	CLEANUP(freep) char *command = command_text(judgement, rule->command, NULL);
	if (!command)
		return err_nomem(err);
	fprintf(options->out, "%*sthe image alone does not say; this does:\n%*s", INDENT_MESSAGE,
		"", INDENT_MESSAGE, "");
	report__text(options, command);
	fputc('\n', options->out);
	return 0;
}

/* Rules that an image alone cannot answer. */
static int write_open(const struct judgement *judgement, const struct report_options *options,
		      struct err *err)
{
	const struct profile *profile = judgement->input.profile;
	bool any = false;
	int result = 0;

	for (size_t i = 0; result == 0 && i < profile_rule_count(profile); i++) {
		const struct rule *rule = profile_rule(profile, i);

		if (judgement->status[i] != RULE_OPEN)
			continue;
		fprintf(options->out, "%s? ", any ? "" : "\n");
		any = true;
		report__text(options, rule->id);
		fputs("  ", options->out);
		result = report__paragraph_take(options, 4 + text_width(rule->id), INDENT_MESSAGE,
						strdup(rule->title), err);
		if (result == 0)
			result = write_decider(judgement, rule, options, err);
	}
	return result;
}

static int write_problem(const struct problem *problem, const struct report_options *options,
			 struct err *err)
{
	enum report_role role = problem_is_damage(problem->kind) ? REPORT_ERROR : REPORT_WARNING;
	const char *name = problem_name(problem->kind);

	fputs("  ", options->out);
	report__begin(options, role);
	fputs(name, options->out);
	report__end(options, role);
	fputs("  ", options->out);
	return report__paragraph(options, 4 + strlen(name), INDENT_MESSAGE, problem->text, err);
}

static int write_problems(const struct report_options *options, struct err *err)
{
	uint64_t count = 0;
	int result = 0;

	for (size_t l = 0; options->problems && options->problems[l]; l++) {
		const struct problem_list *list = options->problems[l];

		for (size_t i = 0; result == 0 && i < list->all.count; i++, count++) {
			if (!count)
				fputs("\nOdd about this image:\n", options->out);
			if (count < PROBLEMS_MOST)
				result = write_problem(&list->all.items[i], options, err);
		}
		count += list->dropped;
	}
	if (count > PROBLEMS_MOST)
		fprintf(options->out, "  %s and %" PRIu64 " more\n",
			options->charset == TEXT_UTF8 ? "…" : "...", count - PROBLEMS_MOST);
	return result;
}

int report_check_text(const struct judgement *judgement, const struct report_options *options,
		      struct err *err)
{
	int result = write_header(judgement, options, err);

	if (result < 0 || (result = write_groups(judgement, options, err)) < 0 ||
	    (result = write_open(judgement, options, err)) < 0 ||
	    (result = write_problems(options, err)) < 0)
		return result;
	fputc('\n', options->out);
	report_counts(judgement->by_severity, options);
	fputc('\n', options->out);
	return 0;
}
