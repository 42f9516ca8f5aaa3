/*
 * A profile for people: what it is made from, its parameters, what each rule
 * asks, where that is from, how it can be mended or decided, and the commands
 * that test a result.
 */
#include <string.h>

#include "report_priv.h"

enum { INDENT = 4, INDENT_FIX = 9, INDENT_MORE = 6 };

/* A case may be worse than another one of the same rule. */
static const char *severity_of(const struct rule *rule)
{
	enum severity worst = SEVERITY_INFO;

	for (size_t i = 0; i < rule->case_count; i++) {
		if (rule->cases[i].severity > worst)
			worst = rule->cases[i].severity;
	}
	return severity_name(worst);
}

/* One fix may stand there for each of several cases. */
static bool is_repeated(const struct rule *rule, size_t fix)
{
	for (size_t i = 0; i < fix; i++) {
		if (strcmp(rule->fixes[i].title, rule->fixes[fix].title) == 0)
			return true;
	}
	return false;
}

static int write_fixes(const struct rule *rule, const struct report_options *options,
		       struct err *err)
{
	int result = 0;

	for (size_t i = 0; result == 0 && i < rule->fix_count; i++) {
		if (is_repeated(rule, i))
			continue;
		fprintf(options->out, "%*s%s", INDENT, "", i ? "or:  " : "fix: ");
		result = report__paragraph(options, INDENT_FIX, INDENT_FIX, rule->fixes[i].title,
					   err);
	}
	return result;
}

/* A command stays in one line, as it is to be copied. */
static void write_command(const char *command, const char *label,
			  const struct report_options *options)
{
	fprintf(options->out, "%*s%s", INDENT, "", label);
	report__text(options, command);
	fputc('\n', options->out);
}

static int write_rule(const struct rule *rule, const struct report_options *options,
		      struct err *err)
{
	int result;

	fputc('\n', options->out);
	report__text(options, rule->id);
	fputs("  ", options->out);
	result = report__paragraph(options, strlen(rule->id) + 2, INDENT_MORE, rule->title, err);
	if (result < 0)
		return result;
	fprintf(options->out, "%*s%s, %s", INDENT, "", severity_of(rule),
		certainty_name(rule->certainty));
	if (rule->subject != SUBJECT_IMAGE)
		fprintf(options->out, ", about: %s", subject_name(rule->subject));
	fprintf(options->out, "\n%*s", INDENT, "");
	result = report__paragraph(options, INDENT, INDENT_MORE,
				   rule->source ? rule->source : "no source", err);
	if (result == 0)
		result = write_fixes(rule, options, err);
	if (result == 0 && rule->command)
		write_command(rule->command, "ask: ", options);
	return result;
}

/* "name=value (type): what it is for". */
static int write_parameters(const struct profile *profile, const struct report_options *options,
			    struct err *err)
{
	struct profile_parameter parameter;
	int result = 0;

	for (size_t i = 0; result == 0 && profile_parameter(profile, i, &parameter); i++) {
		char text[1200];

		if (!i)
			fputs("\nParameters, for --set:\n", options->out);
		snprintf(text, sizeof(text), "%s=%s", parameter.name, parameter.value);
		fprintf(options->out, "%*s", INDENT, "");
		result = report__paragraph(options, INDENT, INDENT_MORE, text, err);
		if (result < 0)
			break;
		snprintf(text, sizeof(text), "%s%s%s", parameter.type,
			 parameter.help[0] ? ": " : "", parameter.help);
		fprintf(options->out, "%*s", INDENT_MORE + 2, "");
		result = report__paragraph(options, INDENT_MORE + 2, INDENT_MORE + 2, text, err);
	}
	return result;
}

static int write_commands(const struct profile *profile, const struct report_options *options,
			  struct err *err)
{
	int result = 0;

	for (size_t i = 0; result == 0 && i < profile_command_count(profile); i++) {
		const struct profile_command *command = profile_command(profile, i);

		if (!i)
			fputs("\nTo test a result:\n", options->out);
		fprintf(options->out, "%*s", INDENT, "");
		result = report__paragraph(options, INDENT, INDENT_MORE, command->title, err);
		if (result == 0) {
			fprintf(options->out, "%*s", INDENT, "");
			result = report__paragraph(options, INDENT, INDENT_MORE, command->source,
						   err);
		}
		write_command(command->command, "", options);
	}
	return result;
}

int report_profile_text(const struct profile *profile, const struct report_options *options,
			struct err *err)
{
	const char *line;
	int result;

	report__text(options, profile_name(profile));
	fputs(": ", options->out);
	result = report__paragraph(options, strlen(profile_name(profile)) + 2, INDENT,
				   profile_title(profile), err);
	for (size_t i = 0; result == 0 && (line = profile_about(profile, i)); i++) {
		fprintf(options->out, "%*s", INDENT, "");
		result = report__paragraph(options, INDENT, INDENT_MORE, line, err);
	}
	for (size_t i = 0; result == 0 && i < profile_rule_count(profile); i++)
		result = write_rule(profile_rule(profile, i), options, err);
	if (result == 0)
		result = write_parameters(profile, options, err);
	return result < 0 ? result : write_commands(profile, options, err);
}
