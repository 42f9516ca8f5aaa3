/* Parsing and help from one table; see tui/cli.h. */
#include "cli.h"

#include <errno.h>
#include <getopt.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "emit/request.h"
#include "oci/reference.h"
#include "rule/profile.h"
#include "subcommand.h"

const char CLI_DEMO[] = "--demo";

enum option_kind { KIND_FLAG, KIND_WORD, KIND_WORDS, KIND_CHOICE, KIND_NUMBER, KIND_DEMO };

enum {
	C_ALL = COMMAND_ALL,
	C_IMAGE = COMMAND_ALL & ~IN_COMMAND(COMMAND_PROFILES),
	C_SCREEN = IN_COMMAND(COMMAND_SCREEN),
	C_CHECK = IN_COMMAND(COMMAND_CHECK),
	C_FIX = IN_COMMAND(COMMAND_FIX),
	C_GUIDE = IN_COMMAND(COMMAND_GUIDE),
	C_LS = IN_COMMAND(COMMAND_LS),
	C_WHY = IN_COMMAND(COMMAND_WHY),
	C_REQUEST = IN_COMMAND(COMMAND_REQUEST),
};

/* In the order of the enums that they choose from. */
static const char *const FORMATS[] = { "text", "json", "html", NULL };
static const char *const SEVERITIES[] = { "info", "warning", "error", NULL };
static const char *const MODES[] = { "rewrite", "append", NULL };
static const char *const KINDS[] = { "image", "layer", "script", "dockerfile", NULL };
static const char *const TARGETS[] = { "docker-archive", "oci-archive", "oci", "hybrid", NULL };
static const char *const COMPRESSED[] = { "none", "gzip", "zstd", "xz", NULL };
static const char *const COLORS[] = { "auto", "always", "never", NULL };

#define AT(member) offsetof(struct cli, member)

static const struct option_row {
	const char *name;
	char letter; /* 0: none */
	enum option_kind kind;
	size_t offset; /* of the member of struct cli */
	unsigned commands;
	const char *metavar;
	const char *const *choices;
	const char *help;
} OPTIONS[] = {
	/* clang-format off */
	{ "all",       0,   KIND_FLAG,   AT(all),       C_FIX, NULL, NULL, "mend everything that can be mended" },
	{ "rule",      0,   KIND_WORDS,  AT(rules),     C_FIX, "ID", NULL, "mend the findings of this rule; may be repeated" },
	{ "plan",      0,   KIND_WORD,   AT(plan),      C_FIX | C_GUIDE | C_SCREEN, "FILE", NULL, "the plan to carry out, or to go on with" },
	{ "in-place",  0,   KIND_FLAG,   AT(in_place),  C_FIX, NULL, NULL, "add the image to the OCI layout that it is in" },
	{ "output",    'o', KIND_WORD,   AT(output),    C_FIX | C_GUIDE, "OUT", NULL, "where to write; never the image itself" },
	{ "mode",      0,   KIND_CHOICE, AT(mode),      C_FIX | C_GUIDE, NULL, MODES, "change headers where they are, or add one layer" },
	{ "emit",      0,   KIND_CHOICE, AT(emit),      C_FIX, NULL, KINDS, "what to write" },
	{ "to",        0,   KIND_CHOICE, AT(to),        C_FIX | C_GUIDE, NULL, TARGETS, "the format of the image; else that of IMAGE" },
	{ "recompress", 0,  KIND_CHOICE, AT(recompress), C_FIX | C_GUIDE, NULL, COMPRESSED, "of all layers; else each stays" },
	{ "tag",       0,   KIND_WORD,   AT(tag),       C_FIX | C_GUIDE, "NAME", NULL, "the name of the image; else its own" },
	{ "dry-run",   'n', KIND_FLAG,   AT(dry_run),   C_FIX, NULL, NULL, "show the plan and what would be left" },
	{ "force",     'f', KIND_FLAG,   AT(force),     C_FIX | C_GUIDE | C_REQUEST, NULL, NULL, "replace what is there under the name of an output" },
	{ "directory", 'C', KIND_WORD,   AT(folder),    C_REQUEST, "DIR", NULL, "the folder to write into" },
	{ "image-ref", 0,   KIND_WORD,   AT(image_ref), C_REQUEST, "HOST/PATH[:TAG]", NULL, "what the registry calls the image" },
	{ "save-plan", 0,   KIND_WORD,   AT(save_plan), C_FIX, "FILE", NULL, "write the plan for --plan" },
	{ "fail-on",   0,   KIND_CHOICE, AT(fail_on),   C_CHECK | C_FIX | C_GUIDE, NULL, SEVERITIES, "exit with 1 from this severity on" },
	{ "request",   0,   KIND_WORD,   AT(request),   C_CHECK, "FILE", NULL, "a job's request that is judged with the image" },
	{ "model-config", 0, KIND_WORD,  AT(model_config), C_CHECK, "FILE", NULL, "a model's config.json, likewise" },
	{ "no-verify", 0,   KIND_FLAG,   AT(no_verify), C_CHECK, NULL, NULL, "do not check the digests of uncompressed layers" },
	{ "layer",     0,   KIND_NUMBER, AT(layer),     C_LS, "N", NULL, "only what layer N did, counted from 1" },
	{ "at",        0,   KIND_NUMBER, AT(at),        C_LS, "N", NULL, "the tree after layer N" },
	{ "start",     0,   KIND_FLAG,   AT(start),     C_WHY, NULL, NULL, "would the start command start, or COMMAND" },
	{ "format",    0,   KIND_CHOICE, AT(format),    C_CHECK | C_FIX | C_LS | C_WHY, NULL, FORMATS, "for people, for programs, or (check) a page" },
	{ "demo",      0,   KIND_DEMO,   0,             C_IMAGE, NULL, NULL, "a small faulty image in place of IMAGE" },
	{ "profile",   0,   KIND_WORD,   AT(profile),   C_ALL, "NAME|FILE", NULL, "the rules to judge by (modelarts-training)" },
	{ "set",       0,   KIND_WORDS,  AT(settings),  C_ALL, "NAME=VALUE", NULL, "a parameter of the profile; or of the request" },
	{ "user",      0,   KIND_WORD,   AT(user),      C_IMAGE, "U[:G]", NULL, "judge for this user; else for the profile's" },
	{ "platform",  0,   KIND_WORD,   AT(platform_text), C_IMAGE, "OS/ARCH[/VARIANT]", NULL, "which image of several, or (check, fix) all" },
	{ "color",     0,   KIND_CHOICE, AT(color),     C_ALL, NULL, COLORS, "when to use colours" },
	{ "no-cache",  0,   KIND_FLAG,   AT(no_cache),  C_ALL, NULL, NULL, "keep nothing for the next time" },
	{ "quiet",     'q', KIND_FLAG,   AT(quiet),     C_ALL, NULL, NULL, "no progress" },
	{ "help",      'h', KIND_FLAG,   AT(help),      C_ALL, NULL, NULL, "this text, for each command" },
	{ "version",   0,   KIND_FLAG,   AT(version),   C_ALL, NULL, NULL, "the version" },
	/* clang-format on */
};

enum { OPTION_COUNT = sizeof(OPTIONS) / sizeof(*OPTIONS), LONG_VALUE = 256 };

const char *cli_option_name(size_t i)
{
	return i < OPTION_COUNT ? OPTIONS[i].name : NULL;
}

unsigned cli_option_commands(size_t i)
{
	return i < OPTION_COUNT ? OPTIONS[i].commands : 0;
}

static bool takes_argument(const struct option_row *row)
{
	return row->kind != KIND_FLAG && row->kind != KIND_DEMO;
}

/* What getopt_long() wants to have. Operands come in order: each option may stand anywhere. */
struct getopt_tables {
	struct option longs[OPTION_COUNT + 1];
	char shorts[2 + 2 * OPTION_COUNT + 1];
};

static void make_tables(struct getopt_tables *tables)
{
	char *letter = tables->shorts;

	*tables = (struct getopt_tables){ 0 };
	*letter++ = '-';
	*letter++ = ':';
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		const struct option_row *row = &OPTIONS[i];

		tables->longs[i] = (struct option){
			.name = row->name,
			.has_arg = takes_argument(row) ? required_argument : no_argument,
			.val = LONG_VALUE + (int)i,
		};
		if (!row->letter)
			continue;
		*letter++ = row->letter;
		if (takes_argument(row))
			*letter++ = ':';
	}
}

/* The row of what getopt_long() returned; NULL: none. */
static const struct option_row *row_of(int code)
{
	if (code >= LONG_VALUE)
		return &OPTIONS[code - LONG_VALUE];
	for (size_t i = 0; code && i < OPTION_COUNT; i++) {
		if (OPTIONS[i].letter == code)
			return &OPTIONS[i];
	}
	return NULL;
}

/* ---- values ---- */

static char *join_choices(const char *const *choices)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	for (size_t i = 0; out && choices[i]; i++)
		fprintf(out, "%s%s", i ? "|" : "", choices[i]);
	if (out)
		fclose(out);
	return text;
}

static int set_choice(int *member, const struct option_row *row, const char *value, struct err *err)
{
	for (size_t i = 0; row->choices[i]; i++) {
		if (strcmp(row->choices[i], value) == 0) {
			*member = (int)i;
			return 0;
		}
	}
	CLEANUP(freep) char *choices = join_choices(row->choices);
	return err_set(err, ERR_INVALID, "--%s: '%s' is none of %s", row->name, value,
		       choices ? choices : "its values");
}

static int set_number(unsigned long *member, const struct option_row *row, const char *value,
		      struct err *err)
{
	char *end;
	unsigned long number;

	errno = 0;
	number = strtoul(value, &end, 10);
	if (errno || *end || value[0] < '0' || value[0] > '9' || number == 0)
		return err_set(err, ERR_INVALID, "--%s: '%s' is no number from 1 on", row->name,
			       value);
	*member = number;
	return 0;
}

static void add_word(struct cli_words *words, const char *word)
{
	words->items[words->count++] = word;
}

static int set_option(struct cli *cli, const struct option_row *row, const char *value,
		      struct err *err)
{
	void *member = (char *)cli + row->offset;

	switch (row->kind) {
	case KIND_FLAG:
		*(bool *)member = true;
		return 0;
	case KIND_WORD:
		*(const char **)member = value;
		return 0;
	case KIND_WORDS:
		add_word(member, value);
		return 0;
	case KIND_CHOICE:
		return set_choice(member, row, value, err);
	case KIND_NUMBER:
		return set_number(member, row, value, err);
	case KIND_DEMO:
		add_word(&cli->operands, CLI_DEMO);
		return 0;
	}
	return 0;
}

/* ---- parsing ---- */

static int bad_option(int code, int letter, const char *word, struct err *err)
{
	const struct option_row *row = row_of(letter);

	if (code == ':')
		return err_set(err, ERR_INVALID, "option '--%s' needs a value", row->name);
	if (row)
		return err_set(err, ERR_INVALID, "option '--%s' takes no value", row->name);
	if (letter)
		return err_set(err, ERR_INVALID, "unknown option '-%c'", letter);
	return err_set(err, ERR_INVALID, "unknown option '%s'", word);
}

/* ret_given: a bit per option. */
static int take_words(struct cli *cli, int argc, char **argv, unsigned long long *ret_given,
		      struct err *err)
{
	struct getopt_tables tables;
	int code, result = 0;

	make_tables(&tables);
	optind = 0; /* from the beginning, also the second time */
	opterr = 0;
	while (result == 0 &&
	       (code = getopt_long(argc, argv, tables.shorts, tables.longs, NULL)) != -1) {
		if (code == '?' || code == ':')
			return bad_option(code, optopt, argv[optind - 1], err);
		if (code == 1) {
			add_word(&cli->operands, optarg);
			continue;
		}
		*ret_given |= 1ull << (row_of(code) - OPTIONS);
		result = set_option(cli, row_of(code), optarg, err);
	}
	cli->dashes = cli->operands.count;
	cli->has_dashes = result == 0 && optind < argc;
	for (int i = optind; result == 0 && i < argc; i++)
		add_word(&cli->operands, argv[i]);
	return result;
}

static void remove_operand(struct cli *cli, size_t i)
{
	struct cli_words *words = &cli->operands;

	memmove(&words->items[i], &words->items[i + 1], (words->count - i) * sizeof(*words->items));
	words->count--;
	cli->dashes--;
}

/* The first operand before "--" that is not the demo image, if it names a command. */
static void take_command(struct cli *cli)
{
	cli->subcommand = &subcommands[COMMAND_SCREEN];
	for (size_t i = 0; i < cli->dashes; i++) {
		const struct subcommand *found = subcommand_find(cli->operands.items[i]);

		if (cli->operands.items[i] == CLI_DEMO)
			continue;
		if (found) {
			cli->subcommand = found;
			remove_operand(cli, i);
		}
		return;
	}
}

/* A word like "diff", and no file of that name. */
static bool looks_like_command(const char *word)
{
	return strspn(word, "abcdefghijklmnopqrstuvwxyz") == strlen(word) && access(word, F_OK) < 0;
}

static int check_operands(const struct cli *cli, struct err *err)
{
	const struct subcommand *command = cli->subcommand;
	size_t count = cli->operands.count;
	bool is_screen = command == &subcommands[COMMAND_SCREEN];

	if (cli->help || cli->version)
		return 0;
	for (size_t i = 0; is_screen && i < cli->dashes; i++) {
		if (cli->operands.items[i] == CLI_DEMO)
			continue;
		if (!looks_like_command(cli->operands.items[i]))
			break;
		return err_set(err, ERR_INVALID, "unknown command '%s'", cli->operands.items[i]);
	}
	if (count < command->operands_least)
		return err_set(err, ERR_INVALID, "usage: imgtui %s", command->usage);
	if (count > command->operands_most)
		return err_set(err, ERR_INVALID, "too many words from '%s' on",
			       cli->operands.items[command->operands_most]);
	return 0;
}

static int check_options(const struct cli *cli, unsigned long long given, struct err *err)
{
	unsigned command = IN_COMMAND(subcommand_id(cli->subcommand));

	for (size_t i = 0; i < OPTION_COUNT; i++) {
		if (!(given >> i & 1) || OPTIONS[i].commands & command)
			continue;
		if (command == C_SCREEN)
			return err_set(err, ERR_INVALID,
				       "option '--%s' needs a command before IMAGE",
				       OPTIONS[i].name);
		return err_set(err, ERR_INVALID, "option '--%s' is not for '%s'", OPTIONS[i].name,
			       cli->subcommand->name);
	}
	return 0;
}

static int check_values(struct cli *cli, struct err *err)
{
	const char *colon = cli->user ? strchr(cli->user, ':') : NULL;
	struct reference reference;
	int result;

	if (colon && strchr(colon + 1, ':'))
		return err_set(err, ERR_INVALID, "--user: '%s' is no U or U:G", cli->user);
	if (cli->format == FORMAT_HTML && subcommand_id(cli->subcommand) != COMMAND_CHECK)
		return err_set(err, ERR_INVALID, "--format: html is for 'check' alone");
	if (cli->layer && cli->at)
		return err_set(err, ERR_INVALID, "--layer and --at: one of them");

	cli->all_platforms = cli->platform_text && strcmp(cli->platform_text, "all") == 0;
	if (cli->all_platforms &&
	    !(IN_COMMAND(subcommand_id(cli->subcommand)) & (C_CHECK | C_FIX)))
		return err_set(err, ERR_INVALID, "--platform: all is for 'check' and 'fix'");
	if (cli->platform_text && !cli->all_platforms) {
		cli->has_platform = true;
		if ((result = platform_parse(cli->platform_text, &cli->platform, err)) < 0)
			return err_wrap(err, "--platform");
	}
	if (cli->tag && (result = reference_parse(cli->tag, &reference, err)) < 0)
		return err_wrap(err, "--tag");
	return 0;
}

/* The demo image stands where it was named, but before all that is no image. */
static void move_demo(struct cli *cli)
{
	const char **items = cli->operands.items;

	enum subcommand_id id = subcommand_id(cli->subcommand);

	if (id == COMMAND_CHECK || id == COMMAND_REQUEST)
		return;
	for (size_t i = 1; i < cli->dashes; i++) {
		if (items[i] != CLI_DEMO)
			continue;
		memmove(&items[1], &items[0], i * sizeof(*items));
		items[0] = CLI_DEMO;
	}
}

int cli_parse(struct cli *cli, int argc, char **argv, struct err *err)
{
	size_t room = (size_t)argc + 1;
	unsigned long long given = 0;
	int result;

	*cli = (struct cli){
		.fail_on = SEVERITY_ERROR,
		.mode = -1,
		.to = -1,
		.recompress = -1,
	};
	cli->operands.items = calloc(room, sizeof(char *));
	cli->rules.items = calloc(room, sizeof(char *));
	cli->settings.items = calloc(room, sizeof(char *));
	cli->subcommand = &subcommands[COMMAND_SCREEN];
	if (!cli->operands.items || !cli->rules.items || !cli->settings.items)
		return err_nomem(err);
	if ((result = take_words(cli, argc, argv, &given, err)) < 0)
		return result;
	cli->has_profile = cli->profile != NULL;
	if (!cli->has_profile)
		cli->profile = "modelarts-training";
	cli->has_mode = cli->mode >= 0;
	if (!cli->has_mode)
		cli->mode = 0; /* the first of MODES */
	take_command(cli);
	move_demo(cli);
	if ((result = check_options(cli, given, err)) < 0 ||
	    (result = check_operands(cli, err)) < 0)
		return result;
	return check_values(cli, err);
}

void cli_done(struct cli *cli)
{
	free(cli->operands.items);
	free(cli->rules.items);
	free(cli->settings.items);
	*cli = (struct cli){ 0 };
}

/* ---- help ---- */

enum { HELP_COLUMN = 30 };

static void help_option(FILE *out, const struct option_row *row)
{
	CLEANUP(freep) char *choices = row->choices ? join_choices(row->choices) : NULL;
	const char *value = choices ? choices : row->metavar;
	char letter[] = "    ";
	int width;

	if (row->letter)
		snprintf(letter, sizeof(letter), "-%c, ", row->letter);
	width = fprintf(out, "  %s--%s%s%s", letter, row->name, value ? " " : "",
			value ? value : "");
	if (width > HELP_COLUMN - 2)
		fprintf(out, "\n%*s%s\n", HELP_COLUMN, "", row->help);
	else
		fprintf(out, "%*s%s\n", HELP_COLUMN - width, "", row->help);
}

static void help_options(FILE *out, const char *title, unsigned command, bool common)
{
	bool any = false;

	for (size_t i = 0; i < OPTION_COUNT; i++) {
		bool is_common = (OPTIONS[i].commands & C_IMAGE) == C_IMAGE;

		if (!(OPTIONS[i].commands & command) || is_common != common)
			continue;
		if (!any)
			fprintf(out, "\n%s:\n", title);
		any = true;
		help_option(out, &OPTIONS[i]);
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
