/*
 * Which files are worth reading: by the end of their paths, by the directory
 * that they lie below, and what the start command runs. Nothing is read here.
 */
#include <inttypes.h>
#include <string.h>

#include "base/glob.h"
#include "base/json.h"
#include "base/path.h"
#include "base/pattern.h"
#include "indicator.h"
#include "tree/resolve.h"
#include "tree/tree_iter.h"

enum {
	ROWS_MOST = 100,
	BELOW_MOST = 8, /* rows: a bit of the marks each */
	CANDIDATES_MOST = 20000,
	FIRST_DEFAULT = 64 * 1024,
	FIRST_MOST = 1024 * 1024,
	CANCEL_EVERY = 4096,
};

/* A glob of a row. */
struct name_glob {
	const char *text;
	size_t len;
	uint32_t row;
	uint32_t next; /* of its chain, plus 1; 0: none */
};

enum { CHAINS = 256 };

/*
 * Most names are in no chain: one for each byte that a name may begin with, and
 * for globs that begin with a star one for each byte at the end. What takes any
 * name of a folder is asked of the folder, once.
 */
struct name_table {
	VEC(struct name_glob) globs;
	uint32_t heads[CHAINS], tails[CHAINS]; /* the first of the chain, plus 1 */
	VEC(struct name_glob) folders;         /* without the star at the end */
	VEC(uint32_t) rows;                    /* of the folders that name 'parent' */
	node_id parent;
};

static void table_done(struct name_table *table)
{
	VEC_DONE(&table->globs);
	VEC_DONE(&table->folders);
	VEC_DONE(&table->rows);
}

void rule__candidates_done(struct content_search *search)
{
	for (size_t i = 0; i < search->row_count; i++)
		pattern_free(search->rows[i].pattern);
	free(search->rows);
	VEC_DONE(&search->candidates);
	rule__marks_done(&search->marks);
}

/* ---- rows ---- */

static int bad_row(size_t row, const char *text, struct err *err)
{
	return err_set(err, ERR_INVALID, "contents[%zu]: %s", row, text);
}

static int mark_below(struct content_search *search, struct content_row *row, unsigned *bits,
		      struct err *err)
{
	const char *glob;
	int rc = 0;

	if (!row->below)
		return 0;
	if (*bits == BELOW_MOST)
		return err_set(err, ERR_INVALID, "contents: more than %d rows have \"below\"",
			       BELOW_MOST);
	row->below_bit = 1u << (*bits)++;
	for (size_t i = 0; rc == 0 && (glob = json_string_value(json_array_get(row->below, i)));
	     i++)
		rc = rule__marks_glob(&search->marks, glob, row->below_bit, err);
	return rc;
}

static int read_row(struct content_search *search, size_t i, const json_t *json, unsigned *bits,
		    struct err *err)
{
	struct content_row *row = &search->rows[i];
	const json_t *first = json_object_get(json, "first");
	const char *pattern = json_get_string(json, "pattern");

	*row = (struct content_row){
		.case_name = json_get_string(json, "case"),
		.what = json_get_string(json, "what"),
		.names = json_object_get(json, "names"),
		.below = json_object_get(json, "below"),
		.first = FIRST_DEFAULT,
		.is_start = json_is_true(json_object_get(json, "start")),
		.is_secret = json_is_true(json_object_get(json, "secret")),
	};
	search->row_count = i + 1;
	if (!row->case_name || !row->what)
		return bad_row(i, "needs \"case\" and \"what\"", err);
	if (!row->names && !row->below && !row->is_start)
		return bad_row(i, "needs \"names\", \"below\" or \"start\"", err);
	if (first && (!json_is_integer(first) || json_integer_value(first) < 1 ||
		      json_integer_value(first) > FIRST_MOST))
		return bad_row(i, "\"first\" must be from 1 to 1048576", err);
	if (first)
		row->first = (size_t)json_integer_value(first);
	if (pattern && pattern_new(pattern, PATTERN_REGEX, 0, &row->pattern, err) < 0)
		return err_wrap(err, "contents[%zu].pattern", i);
	return mark_below(search, row, bits, err);
}

static int read_rows(struct content_search *search, struct err *err)
{
	const struct rule_run *run = search->all->run;
	const json_t *rows = profile_argument(run->profile, run->rule->arguments, "contents");
	size_t count = json_array_size(rows);
	unsigned bits = 0;
	int rc = 0;

	if (count > ROWS_MOST)
		return err_set(err, ERR_INVALID, "contents: more than %d rows", ROWS_MOST);
	search->rows = calloc(count + 1, sizeof(*search->rows));
	if (!search->rows)
		return err_nomem(err);
	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = read_row(search, i, json_array_get(rows, i), &bits, err);
	return rc;
}

/* ---- names ---- */

static bool is_wild(char c)
{
	return c && strchr("*?[]\\", c);
}

static int add_glob(struct name_table *table, const char *text, uint32_t row, struct err *err)
{
	const char *base = path_base(text);
	struct name_glob glob = { .text = text, .len = strlen(text), .row = row };
	char tail = base[0] ? base[strlen(base) - 1] : '\0';

	if (!strcmp(base, "*") && base > text) {
		glob.len -= strlen("/*");
		return VEC_PUSH(&table->folders, glob, err);
	}
	if (is_wild(base[0]) && is_wild(tail))
		return err_set(err, ERR_INVALID,
			       "contents[%" PRIu32 "].names: '%s' begins and ends with a wildcard",
			       row, base);

	uint32_t *chain = is_wild(base[0]) ? &table->tails[(unsigned char)tail]
					   : &table->heads[(unsigned char)base[0]];

	glob.next = *chain;
	*chain = (uint32_t)table->globs.count + 1;
	return VEC_PUSH(&table->globs, glob, err);
}

static int add_globs(struct name_table *table, const struct content_row *row, uint32_t number,
		     struct err *err)
{
	const char *text;
	int rc = 0;

	for (size_t i = 0; rc == 0 && (text = json_string_value(json_array_get(row->names, i)));
	     i++)
		rc = add_glob(table, text, number, err);
	return rc;
}

bool rule__names_node(const char *glob, size_t len, const struct tree *tree, node_id node)
{
	const char *end = glob + len;

	for (;;) {
		const char *slash = memrchr(glob, '/', (size_t)(end - glob));
		const char *begin = slash ? slash + 1 : glob;

		if (node.v == NODE_ROOT.v ||
		    !glob_match(begin, (size_t)(end - begin), tree_name(tree, node)))
			return false;
		if (!slash)
			return true;
		node = tree_parent(tree, node);
		if (slash == glob)
			return node.v == NODE_ROOT.v;
		end = slash;
	}
}

/* ---- candidates ---- */

/* What a row takes: what it has no pattern for need not be a file. */
static bool is_fit(const struct content_row *row, const struct tree_stat *stat)
{
	return stat->type == TAR_FILE || (!row->pattern && stat->type != TAR_DIR);
}

static int add(struct content_search *search, uint32_t row, node_id node, unsigned at,
	       const struct tree_stat *stat, struct err *err)
{
	const struct content_candidate candidate = {
		.node = node,
		.at = at,
		.layer = stat->body_layer,
		.entry = stat->body_entry,
		.row = row,
	};

	if (!is_fit(&search->rows[row], stat))
		return 0;
	if (search->candidates.count < CANDIDATES_MOST)
		return VEC_PUSH(&search->candidates, candidate, err);
	search->all->unread++;
	return 0;
}

/* The versions that later layers hide. */
static int add_hidden(struct content_search *search, uint32_t row, node_id node,
		      const struct tree_stat *top, struct err *err)
{
	const struct rule_run *run = search->all->run;
	struct tree_stat stat, last = { 0 };
	int rc = 0;

	for (unsigned at = 1; rc == 0 && at < run->at; at++) {
		if (!tree_stat(run->tree, node, at, &stat) || !stat.body_layer ||
		    (stat.body_layer == top->body_layer && stat.body_entry == top->body_entry) ||
		    (stat.body_layer == last.body_layer && stat.body_entry == last.body_entry))
			continue;
		last = stat;
		rc = add(search, row, node, at, &stat, err);
	}
	return rc;
}

static int add_named(struct content_search *search, uint32_t number, node_id node, struct err *err)
{
	const struct rule_run *run = search->all->run;
	const struct content_row *row = &search->rows[number];
	struct tree_stat stat = { 0 };
	int rc = 0;

	if (row->below_bit && !rule__marks_covered(&search->marks, node, row->below_bit))
		return 0;
	if (tree_stat(run->tree, node, run->at, &stat))
		rc = add(search, number, node, run->at, &stat, err);
	return rc == 0 && row->is_secret ? add_hidden(search, number, node, &stat, err) : rc;
}

static int add_chain(struct content_search *search, const struct name_table *table, uint32_t first,
		     node_id node, struct err *err)
{
	const struct tree *tree = search->all->run->tree;
	int rc = 0;

	for (uint32_t i = first; rc == 0 && i;) {
		const struct name_glob *glob = &table->globs.items[i - 1];

		if (rule__names_node(glob->text, glob->len, tree, node))
			rc = add_named(search, glob->row, node, err);
		i = glob->next;
	}
	return rc;
}

/* Nodes of one folder come together mostly. */
static int add_of_folder(struct content_search *search, struct name_table *table, node_id node,
			 struct err *err)
{
	const struct tree *tree = search->all->run->tree;
	node_id parent = tree_parent(tree, node);
	int rc = 0;

	if (table->parent.v != parent.v) {
		table->parent = parent;
		table->rows.count = 0;
		for (size_t i = 0; rc == 0 && i < table->folders.count; i++) {
			const struct name_glob *glob = &table->folders.items[i];
			bool is_named =
				glob->len ? rule__names_node(glob->text, glob->len, tree, parent)
					  : parent.v == NODE_ROOT.v;

			if (is_named)
				rc = VEC_PUSH(&table->rows, glob->row, err);
		}
	}
	for (size_t i = 0; rc == 0 && i < table->rows.count; i++)
		rc = add_named(search, table->rows.items[i], node, err);
	return rc;
}

static int find_named(struct content_search *search, struct err *err)
{
	const struct rule_run *run = search->all->run;
	CLEANUP(table_done) struct name_table table = { .parent = NODE_NONE };
	size_t count = tree_node_count(run->tree);
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < search->row_count; i++)
		rc = add_globs(&table, &search->rows[i], (uint32_t)i, err);
	for (uint32_t i = 1; rc == 0 && i < count; i++) {
		node_id node = { i };
		const char *name = tree_name(run->tree, node);
		size_t len = strlen(name);

		if (i % CANCEL_EVERY == 0 && cancel_check(run->cancel, err) < 0)
			return -(int)ERR_CANCELLED;
		rc = add_chain(search, &table, table.heads[(unsigned char)name[0]], node, err);
		if (rc == 0 && len)
			rc = add_chain(search, &table, table.tails[(unsigned char)name[len - 1]],
				       node, err);
		if (rc == 0)
			rc = add_of_folder(search, &table, node, err);
	}
	return rc;
}

/* All files below the directories of a row that names none. */
static int find_below(struct content_search *search, uint32_t row, struct err *err)
{
	const struct rule_run *run = search->all->run;
	size_t count = tree_node_count(run->tree);
	int rc = 0;

	for (uint32_t i = 0; rc == 0 && i < count; i++) {
		struct tree_iter it;
		struct tree_stat stat;
		node_id node;

		if (!rule__marks_has(&search->marks, (node_id){ i }, search->rows[row].below_bit))
			continue;
		tree_iter_init(&it, run->tree, (node_id){ i }, run->at);
		while (rc == 0 && tree_iter_next(&it, &node)) {
			if (tree_stat(run->tree, node, run->at, &stat))
				rc = add(search, row, node, run->at, &stat, err);
		}
	}
	return rc;
}

/* Scripts and programs that the start command runs, not their libraries. */
static int find_started(struct content_search *search, uint32_t row, struct err *err)
{
	const struct rule_run *run = search->all->run;
	const struct start *start = run->judgement->start;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < start->step_count; i++) {
		const struct start_step *step = &start->steps[i];
		struct tree_stat stat;

		if (!step->path ||
		    (step->kind != START_STEP_COMMAND && step->kind != START_STEP_SCRIPT))
			continue;
		struct resolve_result found =
			resolve_path(run->tree, run->at, NODE_ROOT, step->path, true, NULL);
		if (found.outcome == RESOLVE_FOUND &&
		    tree_stat(run->tree, found.node, run->at, &stat))
			rc = add(search, row, found.node, run->at, &stat, err);
	}
	return rc;
}

/* By place, so that reading goes through each layer once. */
static int compare(const void *a, const void *b)
{
	const struct content_candidate *first = a, *second = b;

	if (first->layer != second->layer)
		return first->layer < second->layer ? -1 : 1;
	if (first->entry != second->entry)
		return first->entry < second->entry ? -1 : 1;
	if (first->node.v != second->node.v)
		return first->node.v < second->node.v ? -1 : 1;
	if (first->at != second->at)
		return first->at < second->at ? -1 : 1;
	return first->row < second->row ? -1 : first->row > second->row;
}

int rule__candidates_find(struct content_search *search, struct err *err)
{
	const struct rule_run *run = search->all->run;
	int rc = rule__marks_init(&search->marks, run->tree, run->at, err);

	if (rc == 0)
		rc = read_rows(search, err);
	if (rc == 0)
		rc = find_named(search, err);
	for (size_t i = 0; rc == 0 && i < search->row_count; i++) {
		const struct content_row *row = &search->rows[i];

		if (row->below && !row->names)
			rc = find_below(search, (uint32_t)i, err);
		if (rc == 0 && row->is_start)
			rc = find_started(search, (uint32_t)i, err);
	}
	if (search->candidates.count)
		qsort(search->candidates.items, search->candidates.count,
		      sizeof(*search->candidates.items), compare);
	return rc;
}
