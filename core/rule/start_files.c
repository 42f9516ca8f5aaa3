/*
 * Loads the files of the start chain, all files of one depth in the order in
 * which they lie in their layers: a compressed layer is decoded once a depth at
 * most. What each of them names is found by start_scan.c.
 */
#include "start_files.h"

#include <fnmatch.h>
#include <string.h>

#include "content/content_reader.h"
#include "rule/command_text.h"
#include "stream/stream.h"
#include "tree/resolve.h"

enum { DEPTH_MOST = 3, FILES_MOST = 64, SIZE_MOST = 1 << 20, BYTES_MOST = 8 << 20, HEAD = 4096 };

/* A file that was named and is not loaded yet. */
struct candidate {
	node_id node;
	bool is_sourced; /* a shell reads it, whatever its name */
};

struct chain {
	struct rule_run *run;
	struct arena *arena; /* the judgement's */
	VEC(struct start_file) files;
	VEC(struct candidate) next;
	VEC(uint32_t) seen; /* node ids */
	struct content_reader *reader;
	unsigned depth;
	size_t scanned; /* the file that is being read */
	size_t bytes, left_out;
};

static void chain_done(struct chain *chain)
{
	VEC_DONE(&chain->files);
	VEC_DONE(&chain->next);
	VEC_DONE(&chain->seen);
	content_reader_free(chain->reader);
}

/* ---- what a file is ---- */

static const char *const KINDS[START_FILE_KINDS] = { "shell", "python", "node", "config", "other" };

const char *rule__start_kind_name(enum start_file_kind kind)
{
	return KINDS[kind];
}

bool rule__start_kind(const char *name, enum start_file_kind *ret_kind)
{
	/* clang-format off */
	static const struct {
		const char *glob;
		enum start_file_kind kind;
	} NAMES[] = {
		{ "*.sh", START_FILE_SHELL },    { "*.bash", START_FILE_SHELL },
		{ "*.py", START_FILE_PYTHON },
		{ "*.js", START_FILE_NODE },     { "*.[cm]js", START_FILE_NODE },
		{ "*.ts", START_FILE_NODE },
		{ "*.conf", START_FILE_CONFIG }, { "*.cfg", START_FILE_CONFIG },
		{ "*.ini", START_FILE_CONFIG },  { "*.xml", START_FILE_CONFIG },
		{ "*.y*ml", START_FILE_CONFIG }, { "*.toml", START_FILE_CONFIG },
		{ "*.json", START_FILE_CONFIG }, { "*.properties", START_FILE_CONFIG },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof(NAMES) / sizeof(*NAMES); i++) {
		if (fnmatch(NAMES[i].glob, name, 0) != 0)
			continue;
		if (ret_kind)
			*ret_kind = NAMES[i].kind;
		return true;
	}
	return false;
}

/* By the interpreter of a "#!" line, which may stand behind env(1). */
static bool kind_by_head(const char *bytes, enum start_file_kind *ret_kind)
{
	static const struct {
		const char *word;
		enum start_file_kind kind;
	} WORDS[] = {
		{ "python", START_FILE_PYTHON },
		{ "node", START_FILE_NODE },
		{ "sh", START_FILE_SHELL }, /* dash, bash, … */
	};
	char line[256];

	if (strncmp(bytes, "#!", 2) != 0)
		return false;
	snprintf(line, sizeof(line), "%.*s", (int)strcspn(bytes, "\n"), bytes);
	*ret_kind = START_FILE_OTHER;
	for (size_t i = sizeof(WORDS) / sizeof(*WORDS); i-- > 0;) {
		if (strstr(line, WORDS[i].word))
			*ret_kind = WORDS[i].kind;
	}
	return true;
}

static bool find_kind(const struct chain *chain, const struct candidate *candidate,
		      const char *bytes, size_t len, enum start_file_kind *ret_kind)
{
	if (memchr(bytes, '\0', len < HEAD ? len : HEAD))
		return false;
	if (rule__start_kind(tree_name(chain->run->tree, candidate->node), ret_kind) ||
	    kind_by_head(bytes, ret_kind))
		return true;
	*ret_kind = START_FILE_SHELL;
	return candidate->is_sourced;
}

/* ---- loading ---- */

static int add_file(struct chain *chain, const struct start_file *file, struct err *err)
{
	chain->bytes += file->len;
	return VEC_PUSH(&chain->files, *file, err);
}

/* A damaged or missing layer is a problem that others report. */
static bool is_fatal(int rc)
{
	return rc == -(int)ERR_CANCELLED || rc == -(int)ERR_NOMEM || rc == -(int)ERR_IO;
}

/* *ret_bytes is NULL: it cannot be had. */
static int load_bytes(struct chain *chain, node_id node, size_t size, char **ret_bytes,
		      size_t *ret_len, struct err *err)
{
	CLEANUP(stream_closep) struct stream *stream = NULL;
	struct err failure = { 0 };
	char *bytes = arena_alloc(chain->arena, size + 1);
	ssize_t got = 0;
	int rc;

	*ret_bytes = NULL;
	if (!bytes)
		return err_nomem(err);
	rc = content_reader_open(chain->reader, node, &stream, &failure);
	if (rc == 0) {
		got = stream_read(stream, bytes, size, &failure);
		rc = got < 0 ? (int)got : 0;
	}
	if (rc < 0)
		return is_fatal(rc) ? err_set(err, failure.code, "%s", failure.text) : 0;
	*ret_len = (size_t)got;
	*ret_bytes = bytes;
	return 0;
}

static int load(struct chain *chain, const struct candidate *candidate, struct err *err)
{
	struct start_file file = { .node = candidate->node, .depth = chain->depth + 1 };
	struct tree_stat stat;
	char *bytes = NULL;

	if (!tree_stat(chain->run->tree, candidate->node, chain->run->at, &stat))
		return 0;
	if (stat.size > SIZE_MOST || chain->bytes + stat.size > BYTES_MOST) {
		chain->left_out++;
		return 0;
	}
	int rc = cancel_check(chain->run->cancel, err);
	if (rc == 0)
		rc = load_bytes(chain, candidate->node, (size_t)stat.size, &bytes, &file.len, err);
	if (rc < 0)
		return rc;
	if (!bytes) {
		chain->left_out++;
		return 0;
	}
	file.bytes = bytes;
	if (!find_kind(chain, candidate, bytes, file.len, &file.kind))
		return 0;
	return add_file(chain, &file, err);
}

static int compare_candidates(const void *a, const void *b, void *context)
{
	const struct candidate *first = a, *second = b;
	const struct chain *chain = context;

	if (first->node.v == second->node.v)
		return 0;
	return content_before(chain->run->content, first->node, second->node) ? -1 : 1;
}

static int load_all(struct chain *chain, struct err *err)
{
	int rc = 0;

	if (chain->next.count)
		qsort_r(chain->next.items, chain->next.count, sizeof(*chain->next.items),
			compare_candidates, chain);
	for (size_t i = 0; rc == 0 && i < chain->next.count; i++)
		rc = load(chain, &chain->next.items[i], err);
	chain->next.count = 0;
	return rc;
}

/* ---- finding ---- */

static int found(void *context, node_id node, bool is_sourced, struct err *err)
{
	struct chain *chain = context;
	struct candidate candidate = { node, is_sourced };

	for (size_t i = 0; i < chain->seen.count; i++) {
		if (chain->seen.items[i] == node.v)
			return 0;
	}
	if (chain->seen.count == FILES_MOST) {
		chain->left_out++;
		return 0;
	}
	if (VEC_PUSH(&chain->seen, node.v, err) < 0)
		return -(int)ERR_NOMEM;
	return VEC_PUSH(&chain->next, candidate, err);
}

/* The code behind "-c" is read as a file of its own; the command that holds it says no more. */
static int code(void *context, const char *text, struct err *err)
{
	struct chain *chain = context;
	struct start_file file = { .node = NODE_NONE,
				   .bytes = text,
				   .len = strlen(text),
				   .kind = START_FILE_SHELL,
				   .depth = chain->depth };

	if (chain->files.count >= FILES_MOST) {
		chain->left_out++;
		return 0;
	}
	if (chain->files.count > chain->scanned &&
	    node_is_none(chain->files.items[chain->scanned].node))
		chain->files.items[chain->scanned].len = 0;
	return add_file(chain, &file, err);
}

static node_id working_folder(const struct rule_run *run)
{
	struct resolve_result dir =
		resolve_path(run->tree, run->at, NODE_ROOT, run->config->working_dir, true, NULL);

	return dir.outcome == RESOLVE_FOUND ? dir.node : NODE_ROOT;
}

static int scan(struct chain *chain, struct start_file file, struct err *err)
{
	const struct rule_run *run = chain->run;
	node_id folder = working_folder(run);
	struct start_scan scan = {
		.run = run,
		.file = &file,
		.beside = node_is_none(file.node) ? folder : tree_parent(run->tree, file.node),
		.folder = folder,
		.arena = chain->arena,
		.context = chain,
		.found = found,
		.code = code,
	};

	return rule__start_scan(&scan, err);
}

/* The command, and what following it came to read. */
static int begin(struct chain *chain, struct err *err)
{
	const struct start *start = chain->run->judgement->start;
	CLEANUP(freep) char *line = command_boot_line(chain->run->judgement);
	const char *kept = line ? rule__keep(chain->run, line) : NULL;
	int rc = kept ? code(chain, kept, err) : err_nomem(err);

	for (size_t i = 0; rc == 0 && i < start->step_count; i++) {
		const struct start_step *step = &start->steps[i];
		struct tree_stat stat;

		if (step->kind == START_STEP_SCRIPT && !node_is_none(step->verdict.node) &&
		    tree_stat(chain->run->tree, step->verdict.node, chain->run->at, &stat) &&
		    stat.type == TAR_FILE)
			rc = found(chain, step->verdict.node, true, err);
	}
	return rc;
}

static int follow(struct chain *chain, struct err *err)
{
	int rc = begin(chain, err);

	for (; rc == 0 && chain->depth <= DEPTH_MOST; chain->depth++) {
		/* What is scanned may add code at the end, which is scanned in the same round. */
		for (; rc == 0 && chain->scanned < chain->files.count; chain->scanned++)
			rc = scan(chain, chain->files.items[chain->scanned], err);
		if (rc == 0 && chain->depth < DEPTH_MOST)
			rc = load_all(chain, err);
	}
	return rc;
}

static int keep_files(struct chain *chain, struct start_files **ret_files, struct err *err)
{
	size_t bytes = chain->files.count * sizeof(*chain->files.items);
	struct start_files *files = arena_alloc(chain->arena, sizeof(*files));
	struct start_file *items = arena_alloc(chain->arena, bytes);

	if (!files || !items)
		return err_nomem(err);
	memcpy(items, chain->files.items, bytes);
	*files = (struct start_files){ items, chain->files.count, chain->left_out };
	*ret_files = files;
	return 0;
}

int rule__start_files(struct rule_run *run, const struct start_files **ret_files, struct err *err)
{
	struct judgement *judgement = run->judgement;
	CLEANUP(chain_done) struct chain chain = { .run = run, .arena = &judgement->arena };
	int rc = 0;

	if (!judgement->start_files) {
		rc = content_reader_new(run->content, &chain.reader, err);
		if (rc == 0)
			rc = follow(&chain, err);
		if (rc == 0)
			rc = keep_files(&chain, &judgement->start_files, err);
	}
	if (rc == 0)
		*ret_files = judgement->start_files;
	return rc;
}

bool rule__start_has_text(const struct start_files *files)
{
	for (size_t i = 0; i < files->count; i++) {
		if (!node_is_none(files->items[i].node))
			return true;
	}
	return false;
}

/* ---- lines ---- */

static bool is_comment(const struct start_line *line)
{
	if (line->file->kind == START_FILE_NODE)
		return line->len >= 2 && !strncmp(line->text, "//", 2);
	return line->len && (line->text[0] == '#' ||
			     (line->file->kind == START_FILE_CONFIG && line->text[0] == ';'));
}

/* A line that ends in a backslash goes on, if it is no comment. */
static size_t line_length(const char *text, const char *end)
{
	bool goes_on = *text != '#';
	const char *at = text;

	for (; at < end && *at != '\n'; at++) {
		if (*at == '\\' && goes_on && at + 1 < end)
			at++;
	}
	return (size_t)(at - text);
}

static unsigned count_newlines(const char *text, size_t len)
{
	unsigned count = 0;

	for (size_t i = 0; i < len; i++)
		count += text[i] == '\n';
	return count;
}

bool rule__start_line_next(struct start_line *line)
{
	const struct start_file *file = line->file;

	while (line->next < file->len) {
		line->next += strspn(file->bytes + line->next, " \t\r");
		line->text = file->bytes + line->next;
		line->len = line_length(line->text, file->bytes + file->len);
		line->number = ++line->passed;
		line->passed += count_newlines(line->text, line->len);
		line->next += line->len + 1;
		if (line->len && !is_comment(line))
			return true;
	}
	return false;
}
