/* The table of options; see tui/cli_option.h. */
#include "cli_option.h"

#include <stddef.h>
#include <stdio.h>

/* In the order of the enums that they choose from. */
static const char *const FORMATS[] = { "text", "json", "html", NULL };
static const char *const SEVERITIES[] = { "info", "warning", "error", NULL };
static const char *const MODES[] = { "rewrite", "append", NULL };
static const char *const KINDS[] = { "image", "layer", "script", "dockerfile", NULL };
static const char *const TARGETS[] = { "docker-archive", "oci-archive", "oci", "hybrid", NULL };
static const char *const COMPRESSED[] = { "none", "gzip", "zstd", "xz", NULL };
static const char *const COLORS[] = { "auto", "always", "never", NULL };

#define AT(member) offsetof(struct cli, member)

const struct cli_option cli_options[] = {
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
	{ NULL, 0, KIND_FLAG, 0, 0, NULL, NULL, NULL },
	/* clang-format on */
};

char *cli_option_choices(const struct cli_option *option)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	for (size_t i = 0; out && option->choices[i]; i++)
		fprintf(out, "%s%s", i ? "|" : "", option->choices[i]);
	if (out)
		fclose(out);
	return text;
}
