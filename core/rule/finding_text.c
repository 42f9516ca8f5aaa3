/*
 * The words of a finding: the message of its case with the placeholders filled
 * in. The chain of reasons is in finding_why.c.
 */
#include "rule/finding_text.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "finding_priv.h"
#include "rule_priv.h"

struct context {
	const struct judgement *judgement;
	const struct finding *finding;
};

static void write_path(FILE *out, const struct judgement *judgement, node_id node)
{
	CLEANUP(freep)
	char *path = node_is_none(node) ? NULL : tree_path_new(judgement->input.tree, node);

	fputs(path ? path : "", out);
}

static void put_path(FILE *out, const struct context *context)
{
	CLEANUP(freep) char *path = finding_path(context->judgement, context->finding);

	fputs(path ? path : "", out);
}

static void put_blocker(FILE *out, const struct context *context)
{
	write_path(out, context->judgement, context->finding->blocker);
}

/* The node whose owner and mode matter. */
static bool stat_of(const struct context *context, struct tree_stat *ret_stat)
{
	const struct finding *finding = context->finding;
	node_id node = node_is_none(finding->blocker) ? finding->node : finding->blocker;

	return !node_is_none(node) && tree_stat(context->judgement->input.tree, node,
						judgement_at(context->judgement), ret_stat);
}

static void put_owner(FILE *out, const struct context *context)
{
	struct tree_stat stat;

	if (stat_of(context, &stat))
		rule__write_owner(out, context->judgement, &stat);
}

static void put_mode(FILE *out, const struct context *context)
{
	struct tree_stat stat;
	char mode[11];

	if (stat_of(context, &stat))
		fputs(text_mode(mode, rule__type_letter(stat.type), stat.mode), out);
}

static void put_layer(FILE *out, const struct context *context)
{
	CLEANUP(freep)
	char *words = layer_words(context->judgement->input.image, context->finding->layer);

	fputs(words ? words : "", out);
}

static void put_count(FILE *out, const struct context *context)
{
	fprintf(out, "%" PRIu64, context->finding->count);
}

/* "1 file", "5 files". */
static void put_things(FILE *out, const struct context *context, const char *thing)
{
	fprintf(out, "%" PRIu64 " %s%s", context->finding->count, thing,
		context->finding->count == 1 ? "" : "s");
}

static void put_files(FILE *out, const struct context *context)
{
	put_things(out, context, "file");
}

static void put_paths(FILE *out, const struct context *context)
{
	put_things(out, context, "path");
}

static void put_lines(FILE *out, const struct context *context)
{
	put_things(out, context, "line");
}

static void put_size(FILE *out, const struct context *context)
{
	char size[16];

	fputs(text_size(size, sizeof(size), context->finding->bytes), out);
}

static void put_user(FILE *out, const struct context *context)
{
	char user[128];

	fputs(identity_text(&context->judgement->identity, user), out);
}

static void put_detail(FILE *out, const struct context *context)
{
	fputs(context->finding->detail ? context->finding->detail : "", out);
}

/* "read, write": x is "search" for a directory. */
static void put_denied(FILE *out, const struct context *context)
{
	struct tree_stat stat;
	bool is_dir = stat_of(context, &stat) && stat.type == TAR_DIR;

	rule__write_bits(out, context->finding->denied, is_dir);
}

static void put_class(FILE *out, const struct context *context)
{
	const struct judgement *judgement = context->judgement;
	struct tree_stat stat;

	if (!stat_of(context, &stat))
		return;
	struct access_grant grant = access_inode(&judgement->identity, judgement->input.tree, &stat,
						 context->finding->denied);
	rule__write_class(out, judgement, &grant);
}

/* clang-format off */
static const char *const NAMES[] = {
	"path", "blocker", "owner", "mode", "layer", "count", "files", "paths", "lines", "size",
	"user", "detail", "denied", "class", NULL,
};
static void (*const WRITERS[])(FILE *, const struct context *) = {
	put_path, put_blocker, put_owner, put_mode, put_layer, put_count, put_files, put_paths,
	put_lines, put_size, put_user, put_detail, put_denied, put_class,
};
/* clang-format on */
_Static_assert(sizeof(NAMES) / sizeof(*NAMES) == sizeof(WRITERS) / sizeof(*WRITERS) + 1,
	       "each placeholder has its writer");

const char *const *finding_placeholders(void)
{
	return NAMES;
}

static void put_parameter(FILE *out, const struct context *context, const char *name)
{
	const struct parameter *parameter =
		rule__parameter_find(context->judgement->input.profile, name);

	if (parameter && parameter->type == PARAMETER_INT)
		fprintf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(parameter->value));
	else if (parameter && parameter->type == PARAMETER_STRING)
		fputs(json_string_value(parameter->value), out);
}

static void put_placeholder(FILE *out, const struct context *context, const char *name)
{
	for (size_t i = 0; NAMES[i]; i++) {
		if (!strcmp(NAMES[i], name)) {
			WRITERS[i](out, context);
			return;
		}
	}
	put_parameter(out, context, name);
}

/* The loader has checked that every '{' has its '}' and a name that is known. */
static void expand(FILE *out, const struct context *context, const char *text)
{
	char name[64];

	for (const char *open; (open = strchr(text, '{'));) {
		size_t len = strcspn(open + 1, "}");

		fwrite(text, 1, (size_t)(open - text), out);
		snprintf(name, sizeof(name), "%.*s", (int)len, open + 1);
		put_placeholder(out, context, name);
		text = open + 1 + len + (open[1 + len] == '}');
	}
	fputs(text, out);
}

char *finding_message(const struct judgement *judgement, const struct finding *finding)
{
	struct context context = { judgement, finding };
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		return NULL;
	expand(out, &context, finding->rule_case->message);
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}

char *finding_path(const struct judgement *judgement, const struct finding *finding)
{
	if (!node_is_none(finding->node))
		return tree_path_new(judgement->input.tree, finding->node);
	return finding->path ? strdup(finding->path) : NULL;
}
