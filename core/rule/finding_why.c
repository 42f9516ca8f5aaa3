/*
 * Why something is denied: the steps of the path walk, one line each, and who
 * made it so.
 */
#include "rule/finding_text.h"

#include <inttypes.h>
#include <string.h>

#include "access/attributes.h"
#include "base/path.h"
#include "base/text.h"
#include "finding_priv.h"

enum { STEPS_MOST = 128, WORDS_BYTES = 160, MOST_NAME = 255 };

void rule__write_owner(FILE *out, const struct judgement *judgement, const struct tree_stat *stat)
{
	const struct account_user *user = accounts_user_by_id(judgement->accounts, stat->uid);
	const struct account_group *group = accounts_group_by_id(judgement->accounts, stat->gid);

	if (user)
		fprintf(out, "%s:", user->name);
	else
		fprintf(out, "%" PRId64 ":", stat->uid);
	if (group)
		fputs(group->name, out);
	else
		fprintf(out, "%" PRId64, stat->gid);
}

void rule__write_bits(FILE *out, unsigned bits, bool is_dir)
{
	static const struct {
		unsigned bit;
		const char *file, *dir;
	} BITS[] = {
		{ ACCESS_READ, "read", "read" },
		{ ACCESS_WRITE, "write", "write" },
		{ ACCESS_EXECUTE, "execute", "search" },
	};
	const char *between = "";

	for (size_t i = 0; i < sizeof(BITS) / sizeof(*BITS); i++) {
		if (!(bits & BITS[i].bit))
			continue;
		fprintf(out, "%s%s", between, is_dir ? BITS[i].dir : BITS[i].file);
		between = ", ";
	}
}

static void write_rwx(FILE *out, unsigned bits)
{
	for (size_t i = 0; i < 3; i++)
		fputc(bits & (4u >> i) ? "rwx"[i] : '-', out);
}

/* "acl user ma-user rwx, r-- by the mask" */
void rule__write_class(FILE *out, const struct judgement *judgement,
		       const struct access_grant *grant)
{
	const struct acl_entry *entry = &grant->entry;
	const struct account_user *user = accounts_user_by_id(judgement->accounts, entry->id);
	const struct account_group *group = accounts_group_by_id(judgement->accounts, entry->id);

	fputs(access_class_name(grant->class), out);
	if (grant->class != CLASS_ACL_USER && grant->class != CLASS_ACL_GROUP)
		return;
	if (grant->class == CLASS_ACL_USER && user)
		fprintf(out, " %s ", user->name);
	else if (grant->class == CLASS_ACL_GROUP && group)
		fprintf(out, " %s ", group->name);
	else
		fprintf(out, " %" PRId64 " ", entry->id);
	write_rwx(out, entry->perm);
	if (grant->bits == entry->perm)
		return;
	fputs(", ", out);
	write_rwx(out, grant->bits);
	fputs(" by the mask,", out);
}

char rule__type_letter(enum tar_type type)
{
	static const char LETTERS[] = {
		[TAR_FILE] = '-', [TAR_HARDLINK] = '-',     [TAR_SYMLINK] = 'l',
		[TAR_CHAR] = 'c', [TAR_BLOCK_DEVICE] = 'b', [TAR_DIR] = 'd',
		[TAR_FIFO] = 'p', [TAR_OTHER] = '?',
	};

	return LETTERS[type];
}

/* ---- lines ---- */

struct lines {
	VEC(char *) all;
	bool failed;
};

/* 'text' is taken. */
static void add_line(struct lines *lines, char *text)
{
	if (!text || lines->failed || VEC_PUSH(&lines->all, text, NULL) < 0) {
		lines->failed = true;
		free(text);
	}
}

static char **finish(struct lines *lines)
{
	if (!lines->failed && VEC_PUSH(&lines->all, NULL, NULL) == 0)
		return lines->all.items;
	for (size_t i = 0; i < lines->all.count; i++)
		free(lines->all.items[i]);
	VEC_DONE(&lines->all);
	return NULL;
}

void finding_why_free(char **lines)
{
	for (size_t i = 0; lines && lines[i]; i++)
		free(lines[i]);
	free(lines);
}

/* "/root  drwx------ root:root": the beginning of a line about a node. */
static void write_node(FILE *out, const struct judgement *judgement, node_id node,
		       const struct tree_stat *stat)
{
	CLEANUP(freep) char *path = tree_path_new(judgement->input.tree, node);
	char mode[11];

	fprintf(out, "%s  %s ", path ? path : "?",
		text_mode(mode, rule__type_letter(stat->type), stat->mode));
	rule__write_owner(out, judgement, stat);
}

/* "  other has no x: search denied" */
static void write_verdict(FILE *out, const struct judgement *judgement,
			  const struct access_step *step)
{
	unsigned missing = step->wanted & ~step->grant.bits;
	unsigned shown = missing ? missing : step->wanted;

	fputs("  ", out);
	rule__write_class(out, judgement, &step->grant);
	fprintf(out, " has %s", missing ? "no " : "");
	for (size_t i = 0; i < 3; i++) {
		if (shown & (4u >> i))
			fputc("rwx"[i], out);
	}
	if (!missing)
		return;
	fputs(": ", out);
	rule__write_bits(out, missing, step->stat.type == TAR_DIR);
	fputs(" denied", out);
}

static char *step_line(const struct judgement *judgement, const struct access_step *step)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		return NULL;
	write_node(out, judgement, step->node, &step->stat);
	if (step->stat.type == TAR_SYMLINK)
		fprintf(out, "  leads to %s", step->stat.target);
	else if (step->wanted)
		write_verdict(out, judgement, step);
	fclose(out);
	return text;
}

/* Of the last step: what else decides, or matters to who may run it. */
static void add_attributes(struct lines *lines, const struct judgement *judgement,
			   const struct tree_stat *stat)
{
	char **attributes = attributes_lines(judgement->accounts, judgement->input.tree, stat);

	if (!attributes)
		add_line(lines, NULL);
	for (size_t i = 0; attributes && attributes[i]; i++)
		add_line(lines, attributes[i]);
	free(attributes);
}

static char *node_line(const struct judgement *judgement, node_id node,
		       const struct tree_stat *stat)
{
	const struct access_step step = { .node = node, .stat = *stat };

	return step_line(judgement, &step);
}

static void add_layer(struct lines *lines, const struct judgement *judgement, unsigned layer)
{
	if (layer)
		add_line(lines, layer_words(judgement->input.image, layer));
}

static unsigned layer_of(const struct tree_stat *stat)
{
	return stat->head_layer ? stat->head_layer : stat->layer;
}

/* What is to be said when nothing is denied and the path is not there either; NULL: nothing. */
static const char *outcome_words(enum access_outcome outcome)
{
	static const char *const WORDS[] = {
		[ACCESS_ALLOWED] = NULL,
		[ACCESS_DENIED] = NULL,
		[ACCESS_NOT_FOUND] = "is not there",
		[ACCESS_NOT_DIRECTORY] = "goes through something that is no directory",
		[ACCESS_LOOP] = "goes through more than 40 links",
		[ACCESS_TOO_LONG] =
			"is longer than a path may be, or a link on its way leads to one",
		[ACCESS_RUNTIME] = "is made by the runtime: the image does not say",
		[ACCESS_STICKY] = "is in a sticky directory: only its owner may do that",
	};

	return WORDS[outcome];
}

static bool has_long_name(const char *path)
{
	const char *name;
	size_t len;

	while ((name = path_next(&path, &len))) {
		if (len > MOST_NAME)
			return true;
	}
	return false;
}

static char *outcome_line(const char *path, enum access_outcome outcome)
{
	const char *words = outcome_words(outcome);
	char *line;

	if (outcome == ACCESS_TOO_LONG && has_long_name(path))
		words = "has a name of more than 255 bytes in it, which no file system takes";
	return asprintf(&line, "%s  %s", path, words) < 0 ? NULL : line;
}

/* Denied without a bit that is missing: the kernel does not follow the link. */
static bool is_unfollowed_link(const struct access_verdict *verdict)
{
	return verdict->outcome == ACCESS_DENIED && !verdict->wanted;
}

char **path_why(const struct judgement *judgement, const char *path, unsigned wanted)
{
	CLEANUP(freep) struct access_step *steps = calloc(STEPS_MOST, sizeof(*steps));
	struct lines lines = { 0 };
	size_t count;

	if (!steps)
		return NULL;
	struct access_verdict verdict =
		access_explain(judgement->input.tree, judgement_at(judgement), &judgement->identity,
			       path, wanted, steps, STEPS_MOST, &count);
	if (count > STEPS_MOST)
		count = STEPS_MOST;
	for (size_t i = 0; i < count; i++)
		add_line(&lines, step_line(judgement, &steps[i]));
	if (is_unfollowed_link(&verdict))
		add_line(&lines, strdup("links in a sticky, world-writable directory are followed "
					"only by their owner (fs.protected_symlinks=1, the default "
					"of most hosts)"));
	if (outcome_words(verdict.outcome)) {
		add_line(&lines, outcome_line(path, verdict.outcome));
	} else if (count) {
		add_attributes(&lines, judgement, &steps[count - 1].stat);
		add_layer(&lines, judgement, layer_of(&steps[count - 1].stat));
	}
	return finish(&lines);
}

/* A path can be missing as what it should be and still be there: a loop of links, a huge file. */
static node_id node_of(const struct judgement *judgement, const struct finding *finding)
{
	bool is_path = node_is_none(finding->node) && finding->path && *finding->path == '/';

	return is_path ? tree_find(judgement->input.tree, finding->path + 1) : finding->node;
}

/* A finding without a denial: what is there, and who wrote it. */
static char **plain_why(const struct judgement *judgement, const struct finding *finding)
{
	node_id node = node_of(judgement, finding);
	unsigned layer = finding->layer;
	struct lines lines = { 0 };
	struct tree_stat stat;

	if (!node_is_none(node) &&
	    tree_stat(judgement->input.tree, node, judgement_at(judgement), &stat)) {
		add_line(&lines, node_line(judgement, node, &stat));
		layer = layer ? layer : layer_of(&stat);
	} else if (finding->path) {
		add_line(&lines, outcome_line(finding->path, ACCESS_NOT_FOUND));
	}
	add_layer(&lines, judgement, layer);
	return finish(&lines);
}

char **finding_why(const struct judgement *judgement, const struct finding *finding)
{
	if (!finding->denied)
		return plain_why(judgement, finding);
	CLEANUP(freep) char *path = finding_path(judgement, finding);
	return path ? path_why(judgement, path, finding->denied) : NULL;
}

/* The bytes of a text that fit, without cutting a character of UTF-8. */
static size_t cut(const char *text)
{
	size_t len = strlen(text);

	if (len <= WORDS_BYTES)
		return len;
	for (len = WORDS_BYTES; len && ((unsigned char)text[len] & 0xc0) == 0x80;)
		len--;
	return len;
}

char *layer_words(const struct image *image, unsigned layer)
{
	const char *instruction = "";
	char *words;

	if (layer && layer <= image_layer_count(image))
		instruction = image_layer(image, layer - 1)->created_by;
	size_t len = cut(instruction);
	if (asprintf(&words, "layer %u%s%.*s%s", layer, len ? ", " : "", (int)len, instruction,
		     instruction[len] ? "…" : "") < 0)
		return NULL;
	return words;
}
