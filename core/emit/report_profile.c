/* The rules of a profile for people: what each asks, where that is from, how it can be mended. */
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
	fprintf(options->out, "%*s%s, %s\n%*s", INDENT, "", severity_of(rule),
		certainty_name(rule->certainty), INDENT, "");
	result = report__paragraph(options, INDENT, INDENT_MORE,
				   rule->source ? rule->source : "no source", err);
	return result < 0 ? result : write_fixes(rule, options, err);
}

int report_profile_text(const struct profile *profile, const struct report_options *options,
			struct err *err)
{
	int result;

	report__text(options, profile_name(profile));
	fputs(": ", options->out);
	result = report__paragraph(options, strlen(profile_name(profile)) + 2, INDENT,
				   profile_title(profile), err);
	for (size_t i = 0; result == 0 && i < profile_rule_count(profile); i++)
		result = write_rule(profile_rule(profile, i), options, err);
	return result;
}
