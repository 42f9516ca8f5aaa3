/*
 * Signs in the contents of files, read in the order of their layers: a pass
 * over a layer at most, and only the first bytes of each file. What would cost
 * more than it is worth is left out, and the rule says how many files that were.
 */
#include <string.h>

#include "base/pattern.h"
#include "content/content_reader.h"
#include "indicator.h"

#define MIB ((uint64_t)1024 * 1024)

enum {
	READ_MOST = 64,      /* MiB of contents */
	DECODE_LEAST = 16,   /* MiB that may be decoded to get at them, */
	DECODE_FRACTION = 32 /*   or this part of the image */
};

struct reading {
	struct content_search *search;
	struct content_reader *reader;
	uint64_t read_left, decode_left; /* bytes */
};

static void reading_done(struct reading *reading)
{
	content_reader_free(reading->reader);
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

/* Whether the file is there to be read, and cheap enough. */
static int afford(struct reading *reading, node_id node, bool *ret_affordable, struct err *err)
{
	struct err cause = { 0 };
	uint64_t distance = 0;
	int rc = content_reader_distance(reading->reader, node, &distance, &cause);

	*ret_affordable = rc == 0 && distance <= reading->decode_left && reading->read_left > 0;
	if (*ret_affordable)
		reading->decode_left -= distance;
	return rc == -(int)ERR_NOMEM ? err_nomem(err) : 0;
}

/* A file that cannot be read is no failure here: the tree says what is wrong with it. */
static bool is_fatal(int rc)
{
	return rc == -(int)ERR_CANCELLED || rc == -(int)ERR_NOMEM;
}

static int read_bytes(struct reading *reading, node_id node, char *bytes, size_t most,
		      size_t *ret_len, struct err *err)
{
	CLEANUP(stream_closep) struct stream *stream = NULL;
	int rc = content_reader_open(reading->reader, node, &stream, err);
	ssize_t got = rc == 0 ? stream_read(stream, bytes, most, err) : rc;

	if (got < 0)
		return (int)got;
	reading->read_left -=
		(uint64_t)got < reading->read_left ? (uint64_t)got : reading->read_left;
	*ret_len = (size_t)got;
	return 0;
}

static int look_into(struct reading *reading, size_t first, size_t count, struct err *err)
{
	const struct content_candidate *items = reading->search->candidates.items + first;
	struct indicators *all = reading->search->all;
	size_t most = wanted_bytes(reading->search, first, count), len = 0;
	CLEANUP(freep) char *bytes = malloc(most + 1);
	bool affordable = true;
	int rc = bytes ? 0 : err_nomem(err);

	content_reader_set_at(reading->reader, items[0].at);
	if (rc == 0 && most)
		rc = afford(reading, items[0].node, &affordable, err);
	if (rc == 0 && most && affordable) {
		struct err cause = { 0 };
		int result = read_bytes(reading, items[0].node, bytes, most, &len, &cause);

		affordable = result == 0;
		if (is_fatal(result))
			return err_set(err, cause.code, "%s", cause.text);
	}
	if (!affordable)
		all->unread++;
	for (size_t i = 0; rc == 0 && affordable && i < count; i++) {
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

static uint64_t decode_allowance(const struct tree *tree)
{
	uint64_t bytes = 0;

	for (unsigned i = 1; i <= tree_layer_count(tree); i++)
		bytes += tree_layer(tree, i) ? layer_decoded_size(tree_layer(tree, i)) : 0;
	bytes /= DECODE_FRACTION;
	return bytes > DECODE_LEAST * MIB ? bytes : DECODE_LEAST * MIB;
}

static int read_all(struct content_search *search, struct err *err)
{
	const struct rule_run *run = search->all->run;
	CLEANUP(reading_done)
	struct reading reading = {
		.search = search,
		.read_left = READ_MOST * MIB,
		.decode_left = decode_allowance(run->tree),
	};
	int rc = content_reader_new(run->content, &reading.reader, err);

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
