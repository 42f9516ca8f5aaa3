/* Contents that are worth their cost; see read_budget.h. */
#include "read_budget.h"

#define MIB ((uint64_t)1024 * 1024)

enum {
	READ_MOST = 64,      /* MiB of contents */
	DECODE_LEAST = 16,   /* MiB that may be decoded to get at them, */
	DECODE_FRACTION = 32 /*   or this part of the image */
};

static uint64_t decode_allowance(const struct tree *tree)
{
	uint64_t bytes = 0;

	for (unsigned i = 1; i <= tree_layer_count(tree); i++)
		bytes += tree_layer(tree, i) ? layer_decoded_size(tree_layer(tree, i)) : 0;
	bytes /= DECODE_FRACTION;
	return bytes > DECODE_LEAST * MIB ? bytes : DECODE_LEAST * MIB;
}

int rule__budget_init(struct read_budget *budget, const struct rule_run *run, struct err *err)
{
	*budget = (struct read_budget){
		.read_left = READ_MOST * MIB,
		.decode_left = decode_allowance(run->tree),
	};
	return content_reader_new(run->content, &budget->reader, err);
}

void rule__budget_done(struct read_budget *budget)
{
	content_reader_free(budget->reader);
}

/* Whether the file is there to be read, and cheap enough. */
static int afford(struct read_budget *budget, node_id node, bool *ret_affordable, struct err *err)
{
	struct err cause = { 0 };
	uint64_t distance = 0;
	int rc = content_reader_distance(budget->reader, node, &distance, &cause);

	*ret_affordable = rc == 0 && distance <= budget->decode_left && budget->read_left > 0;
	if (*ret_affordable)
		budget->decode_left -= distance;
	return rc == -(int)ERR_NOMEM ? err_nomem(err) : 0;
}

static int read_bytes(struct read_budget *budget, node_id node, char *bytes, size_t most,
		      size_t *ret_len, struct err *err)
{
	CLEANUP(stream_closep) struct stream *stream = NULL;
	int rc = content_reader_open(budget->reader, node, &stream, err);
	ssize_t got = rc == 0 ? stream_read(stream, bytes, most, err) : rc;

	if (got < 0)
		return (int)got;
	budget->read_left -= (uint64_t)got < budget->read_left ? (uint64_t)got : budget->read_left;
	*ret_len = (size_t)got;
	return 0;
}

int rule__budget_read(struct read_budget *budget, node_id node, char *bytes, size_t most,
		      size_t *ret_len, bool *ret_is_read, struct err *err)
{
	struct err cause = { 0 };
	int rc = afford(budget, node, ret_is_read, err);

	if (rc < 0 || !*ret_is_read)
		return rc;
	rc = read_bytes(budget, node, bytes, most, ret_len, &cause);
	*ret_is_read = rc == 0;
	if (rc == -(int)ERR_CANCELLED || rc == -(int)ERR_NOMEM)
		return err_set(err, cause.code, "%s", cause.text);
	return 0;
}
