/* The walkthrough on paper: one question, and what is not asked. */
#include <string.h>

#include "report_priv.h"
#include "rule/command_text.h"
#include "rule/finding_text.h"

enum { NOTES_MOST = 64, INDENT = 4, INDENT_MORE = 6 };

/* "✗ ACC-005  title". */
static int write_rule(const struct rule *rule, enum report_role role, const char *mark,
		      const struct report_options *options, struct err *err)
{
	report__begin(options, role);
	fputs(mark, options->out);
	fputc(' ', options->out);
	report__text(options, rule->id);
	report__end(options, role);
	fputs("  ", options->out);
	return report__paragraph_in(options, REPORT_STRONG, 4 + text_width(rule->id), INDENT,
				    rule->title, err);
}

static int write_finding_rule(const struct finding *finding, const struct report_options *options,
			      struct err *err)
{
	return write_rule(finding->rule, report__severity_role(finding->severity),
			  report__severity_mark(options, finding->severity), options, err);
}

/* An indented paragraph; 'text' is freed, NULL is ERR_NOMEM. */
static int write_line(const struct report_options *options, char *text, struct err *err)
{
	fprintf(options->out, "%*s", INDENT, "");
	return report__paragraph_take(options, INDENT, INDENT_MORE, text, err);
}

static int write_why(const struct judgement *judgement, const struct finding *finding,
		     const struct report_options *options, struct err *err)
{
	char **lines = finding_why(judgement, finding);
	int result = lines ? 0 : err_nomem(err);

	for (size_t i = 0; result == 0 && lines[i]; i++) {
		fprintf(options->out, "%*s", INDENT_MORE, "");
		result = report__paragraph_in(options, REPORT_DIM, INDENT_MORE, INDENT_MORE + 2,
					      lines[i], err);
	}
	finding_why_free(lines);
	return result;
}

/* Only a rule that is sure of itself is told without a word about it. */
static int write_source(const struct rule *rule, const struct report_options *options,
			struct err *err)
{
	char *line;

	if (asprintf(&line, "%s%s", rule->source,
		     rule->certainty == CERTAINTY_EXACT ? ""
		     : rule->certainty == CERTAINTY_ASK
			     ? " (only you can tell)"
			     : " (a guess from what the image holds)") < 0)
		line = NULL;
	return write_line(options, line, err);
}

static int write_option(const struct guide_option *option, size_t number,
			const struct report_options *options, struct err *err)
{
	char *line;
	int result;

	if (asprintf(&line, "%s%s", option->fix->title, number == 1 ? " (recommended)" : "") < 0)
		line = NULL;
	fputs("  ", options->out);
	report__begin(options, REPORT_STRONG);
	fprintf(options->out, "%zu", number);
	report__end(options, REPORT_STRONG);
	fputc(' ', options->out);
	result = report__paragraph_take(options, INDENT, INDENT, line, err);
	return result < 0 ? result : write_line(options, fix_effect_words(&option->effect), err);
}

int report_guide_question(const struct judgement *judgement, const struct guide_question *question,
			  const struct report_options *options, struct err *err)
{
	const struct finding *finding = question->finding;
	int result = write_finding_rule(finding, options, err);

	if (result < 0 ||
	    (result = write_line(options, finding_message(judgement, finding), err)) < 0 ||
	    (result = write_why(judgement, finding, options, err)) < 0 ||
	    (result = write_source(finding->rule, options, err)) < 0)
		return result;
	if (question->alike > 1)
		fprintf(options->out, "%*sand %zu more like this\n", INDENT, "",
			question->alike - 1);
	for (size_t i = 0; result == 0 && i < question->option_count; i++)
		result = write_option(&question->options[i], i + 1, options, err);
	return result;
}

/* ---- what is not asked ---- */

static char *way_out(const struct guide_note *note)
{
	char *line;

	if (!note->fix)
		return strdup("nothing of it can be mended from here");
	return asprintf(&line, "in the Dockerfile: %s", note->fix->title) < 0 ? NULL : line;
}

static int write_note_finding(const struct judgement *judgement, const struct guide_note *note,
			      const struct report_options *options, struct err *err)
{
	int result = write_finding_rule(note->finding, options, err);

	if (result == 0)
		result = write_line(options, finding_message(judgement, note->finding), err);
	if (result == 0 && note->alike > 1)
		fprintf(options->out, "%*sand %zu more like this\n", INDENT, "", note->alike - 1);
	return result < 0 ? result : write_line(options, way_out(note), err);
}

/* The command goes as it is, so that it can be copied, but visible. */
static int write_note_open(const struct judgement *judgement, const struct guide_note *note,
			   const struct report_options *options, struct err *err)
{
	const char *pattern = note->rule->command ? note->rule->command : "";
	CLEANUP(freep) char *command = command_text(judgement, pattern, NULL);
	int result = write_rule(note->rule, REPORT_PLAIN, "?", options, err);

	if (result < 0 || !command)
		return result < 0 ? result : err_nomem(err);
	fprintf(options->out, "%*sthe image alone does not say%s\n", INDENT, "",
		*command ? "; this does:" : "");
	if (*command) {
		fprintf(options->out, "%*s", INDENT, "");
		report__text(options, command);
		fputc('\n', options->out);
	}
	return 0;
}

int report_guide_notes(const struct judgement *judgement, const struct report_options *options,
		       struct err *err)
{
	struct guide_note notes[NOTES_MOST];
	size_t count = guide_notes(judgement, notes, NOTES_MOST);
	int result = 0;

	if (count)
		report_heading("not to be mended from here", options);
	for (size_t i = 0; result == 0 && i < count && i < NOTES_MOST; i++)
		result = notes[i].finding ? write_note_finding(judgement, &notes[i], options, err)
					  : write_note_open(judgement, &notes[i], options, err);
	if (count > NOTES_MOST)
		fprintf(options->out, "%*s%s and %zu more\n", INDENT, "",
			options->charset == TEXT_UTF8 ? "…" : "...", count - NOTES_MOST);
	return result;
}

/* ---- what to do with the result ---- */

int report_guide_commands(const struct judgement *judgement, const struct result_file *file,
			  const struct report_options *options, struct err *err)
{
	CLEANUP(result_commands_done) struct result_commands commands = { 0 };
	int result = result_commands_make(judgement, file, &commands, err);

	if (result < 0)
		return result;
	report_heading("to test and push it", options);
	for (size_t i = 0; i < commands.count; i++) {
		fprintf(options->out, "  %s:\n%*s", commands.items[i].title, INDENT, "");
		report__text(options, commands.items[i].text);
		fputc('\n', options->out);
	}
	return 0;
}
