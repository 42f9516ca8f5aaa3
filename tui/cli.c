/* Parsing by the table of options; see tui/cli.h. */
#include "cli.h"

#include <errno.h>
#include <getopt.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "cli_option.h"
#include "oci/reference.h"
#include "rule/profile.h"

const char CLI_DEMO[] = "--demo";

/* Of options at most so many, a bit each; the codes of long ones are above those of letters. */
enum { OPTIONS_MOST = 64, LONG_VALUE = 256 };

static bool takes_argument(const struct cli_option *row)
{
	return row->kind != KIND_FLAG && row->kind != KIND_DEMO;
}

/* What getopt_long() wants to have. Operands come in order: each option may stand anywhere. */
struct getopt_tables {
	struct option longs[OPTIONS_MOST + 1];
	char shorts[2 + 2 * OPTIONS_MOST + 1];
};

static void make_tables(struct getopt_tables *tables)
{
	char *letter = tables->shorts;

	*tables = (struct getopt_tables){ 0 };
	*letter++ = '-';
	*letter++ = ':';
	for (size_t i = 0; cli_options[i].name; i++) {
		const struct cli_option *row = &cli_options[i];

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
static const struct cli_option *row_of(int code)
{
	if (code >= LONG_VALUE)
		return &cli_options[code - LONG_VALUE];
	for (size_t i = 0; code && cli_options[i].name; i++) {
		if (cli_options[i].letter == code)
			return &cli_options[i];
	}
	return NULL;
}

/* ---- values ---- */

static int set_choice(int *member, const struct cli_option *row, const char *value, struct err *err)
{
	for (size_t i = 0; row->choices[i]; i++) {
		if (strcmp(row->choices[i], value) == 0) {
			*member = (int)i;
			return 0;
		}
	}
	CLEANUP(freep) char *choices = cli_option_choices(row);
	return err_set(err, ERR_INVALID, "--%s: '%s' is none of %s", row->name, value,
		       choices ? choices : "its values");
}

static int set_number(unsigned long *member, const struct cli_option *row, const char *value,
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

static int set_option(struct cli *cli, const struct cli_option *row, const char *value,
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
	const struct cli_option *row = row_of(letter);

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
		*ret_given |= 1ull << (row_of(code) - cli_options);
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

	for (size_t i = 0; cli_options[i].name; i++) {
		if (!(given >> i & 1) || cli_options[i].commands & command)
			continue;
		if (command == C_SCREEN)
			return err_set(err, ERR_INVALID,
				       "option '--%s' needs a command before IMAGE",
				       cli_options[i].name);
		return err_set(err, ERR_INVALID, "option '--%s' is not for '%s'", cli_options[i].name,
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
