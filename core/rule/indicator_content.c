/*
 * Signs in the contents of files, read in the order of their layers: a pass
 * over a layer at most, and only the first bytes of each file. What would cost
 * more than it is worth is left out, and the rule says how many files that were.
 */
#include <string.h>

#include "base/pattern.h"
#include "indicator.h"
#include "read_budget.h"

struct reading {
	struct content_search *search;
	struct read_budget budget;
};

static void reading_done(struct reading *reading)
{
	rule__budget_done(&reading->budget);
}

static bool matches(struct indicators *all, const struct content_row *row, const char *bytes,
		    size_t len)
{
	bool too_costly = false;
	bool found = !row->pattern || pattern_match(row->pattern, bytes, len, &too_costly);

	all->unread += too_costly;
	return found;
}

/* Nobody sees the node of a hidden version: its path and the layer that ships it. */
static int report(const struct reading *reading, const struct content_candidate *candidate,
		  struct err *err)
{
	struct indicators *all = reading->search->all;
	const struct content_row *row = &reading->search->rows[candidate->row];
	struct finding draft = rule__draft();

	draft.detail = row->what;
	draft.node = candidate->node;
	if (candidate->at == all->run->at)
		return rule__indicate(all, row->case_name, &draft, err);

	CLEANUP(freep) char *path = tree_path_new(all->run->tree, candidate->node);

	draft.node = NODE_NONE;
	draft.path = rule__keep(all->run, path);
	draft.layer = candidate->layer;
	return rule__indicate(all, "hidden-secret", &draft, err);
}

/* Candidates from 'first' on that are about the same bytes. */
static size_t group_size(const struct content_search *search, size_t first)
{
	const struct content_candidate *items = search->candidates.items;
	size_t i = first;

	while (i < search->candidates.count && items[i].node.v == items[first].node.v &&
	       items[i].at == items[first].at)
		i++;
	return i - first;
}

static size_t wanted_bytes(const struct content_search *search, size_t first, size_t count)
{
	size_t most = 0;

	for (size_t i = first; i < first + count; i++) {
		const struct content_row *row = &search->rows[search->candidates.items[i].row];

		if (row->pattern && row->first > most)
			most = row->first;
	}
	return most;
}

static int look_into(struct reading *reading, size_t first, size_t count, struct err *err)
{
	const struct content_candidate *items = reading->search->candidates.items + first;
	struct indicators *all = reading->search->all;
	size_t most = wanted_bytes(reading->search, first, count), len = 0;
	CLEANUP(freep) char *bytes = malloc(most + 1);
	bool is_read = true;
	int rc = bytes ? 0 : err_nomem(err);

	content_reader_set_at(reading->budget.reader, items[0].at);
	if (rc == 0 && most)
		rc = rule__budget_read(&reading->budget, items[0].node, bytes, most, &len, &is_read,
				       err);
	all->unread += !is_read;
	for (size_t i = 0; rc == 0 && is_read && i < count; i++) {
		const struct content_row *row = &reading->search->rows[items[i].row];
		bool is_again = i && items[i - 1].row == items[i].row; /* by another name */

		if (!is_again && matches(all, row, bytes, len < row->first ? len : row->first))
			rc = report(reading, &items[i], err);
	}
	return rc;
}

/* The start command itself, for the rows that are about what it runs. */
static int check_line(struct content_search *search, struct err *err)
{
	const struct config *config = search->all->run->config;
	const char *const *lists[] = { config->entrypoint, config->cmd };
	CLEANUP(freep) char *line = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&line, &len);
	int rc = 0;

	if (!out)
		return err_nomem(err);
	for (size_t l = 0; l < 2; l++)
		for (size_t i = 0; lists[l] && lists[l][i]; i++)
			fprintf(out, "%s ", lists[l][i]);
	if (fclose(out) != 0)
		return err_nomem(err);
	for (size_t i = 0; rc == 0 && i < search->row_count; i++) {
		const struct content_row *row = &search->rows[i];
		struct finding draft = rule__draft();

		draft.detail = row->what;
		if (row->is_start && row->pattern && matches(search->all, row, line, len))
			rc = rule__indicate(search->all, "start-line", &draft, err);
	}
	return rc;
}

static int read_all(struct content_search *search, struct err *err)
{
	const struct rule_run *run = search->all->run;
	CLEANUP(reading_done) struct reading reading = { .search = search };
	int rc = rule__budget_init(&reading.budget, run, err);

	for (size_t i = 0, count; rc == 0 && i < search->candidates.count; i += count) {
		count = group_size(search, i);
		rc = cancel_check(run->cancel, err);
		if (rc == 0)
			rc = look_into(&reading, i, count, err);
	}
	return rc;
}

int rule__indicate_contents(struct indicators *all, struct err *err)
{
	CLEANUP(rule__candidates_done) struct content_search search = { .all = all };
	int rc = rule__candidates_find(&search, err);

	if (rc == 0)
		rc = check_line(&search, err);
	return rc < 0 ? rc : read_all(&search, err);
}
