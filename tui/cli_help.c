/* --help, from the tables of commands, options and requests. */
#include <stdio.h>

#include "base/vec.h"
#include "cli_option.h"
#include "emit/request.h"

enum { HELP_COLUMN = 30 };

static void help_option(FILE *out, const struct cli_option *option)
{
	CLEANUP(freep) char *choices = option->choices ? cli_option_choices(option) : NULL;
	const char *value = choices ? choices : option->metavar;
	char letter[] = "    ";
	int width;

	if (option->letter)
		snprintf(letter, sizeof(letter), "-%c, ", option->letter);
	width = fprintf(out, "  %s--%s%s%s", letter, option->name, value ? " " : "",
			value ? value : "");
	if (width > HELP_COLUMN - 2)
		fprintf(out, "\n%*s%s\n", HELP_COLUMN, "", option->help);
	else
		fprintf(out, "%*s%s\n", HELP_COLUMN - width, "", option->help);
}

static void help_options(FILE *out, const char *title, unsigned command, bool common)
{
	bool any = false;

	for (const struct cli_option *option = cli_options; option->name; option++) {
		bool is_common = (option->commands & C_IMAGE) == C_IMAGE;

		if (!(option->commands & command) || is_common != common)
			continue;
		if (!any)
			fprintf(out, "\n%s:\n", title);
		any = true;
		help_option(out, option);
	}
}

/* The values of a request with what they are for. */
static void help_fields(FILE *out, const struct request_kind *kind)
{
	fprintf(out, "\nrequest %s: %s\n", kind->name, kind->title);
	for (size_t i = 0; i < kind->field_count; i++) {
		const struct request_field *field = &kind->fields[i];
		char usage[128];

		if (!field->name)
			continue;
		bool needed = field->need != REQUEST_OPTIONAL && !field->otherwise &&
			      !field->is_derived;
		const char *otherwise = field->otherwise;

		fprintf(out, "  %c %s\n        %s%s%s%s\n", needed ? '*' : ' ',
			request_field_usage(field, usage, sizeof(usage)), field->help,
			otherwise ? " (" : "", otherwise ? otherwise : "", otherwise ? ")" : "");
	}
}

static void help_requests(FILE *out)
{
	fputs("\nKIND is one of those below; * must be given; (a default); a list or a map is\n"
	      "set once for each item; an empty value leaves out what may be left out.\n",
	      out);
	for (size_t i = 0; request_kind(i); i++)
		help_fields(out, request_kind(i));
}

static void help_commands(FILE *out)
{
	fputs("imgtui: see into container images, say what a user may not do, and mend them\n\n",
	      out);
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(out, "  imgtui %-*s %s\n", HELP_COLUMN - 10, subcommands[i].usage,
			subcommands[i].summary);
	fputs("\nIMAGE: image.tar, a folder, -, or docker-archive:PATH[:TAG], oci-archive:PATH[:TAG],\n"
	      "oci:DIR[:TAG]; --demo stands wherever IMAGE stands\n",
	      out);
	help_options(out, "Options of all commands", C_ALL, true);
	fputs("\n'imgtui COMMAND --help' has those of a command; imgtui(1) has it all.\n"
	      "Exit code: 0 clean, 1 findings, 2 usage, 3 cannot be read or written\n",
	      out);
}

void cli_help(FILE *out, const struct subcommand *subcommand)
{
	unsigned command;

	if (!subcommand || !subcommand->name[0]) {
		help_commands(out);
		return;
	}
	command = IN_COMMAND(subcommand_id(subcommand));
	fprintf(out, "usage: imgtui %s\n\n%s\n", subcommand->usage, subcommand->summary);
	help_options(out, "Options", command, false);
	help_options(out, "Common options", command, true);
	if (command == C_REQUEST)
		help_requests(out);
	if (command == C_GUIDE)
		fputs("\nIt asks about one finding at a time, in order of cause, and needs no screen:\n"
		      "answers are lines of standard input. What options say is not asked. Left\n"
		      "half-way, --plan FILE keeps the choices; the same again goes on.\n",
		      out);
	if (command == C_FIX || command == C_GUIDE)
		fputs("\nNew files get the present time, so each run gives other digests;\n"
		      "SOURCE_DATE_EPOCH=SECONDS in the environment makes them repeatable.\n",
		      out);
}
