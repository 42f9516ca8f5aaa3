/* All layers of an image: indexed in parallel, verified in parallel. */
#include <inttypes.h>
#include <string.h>

#include "session_priv.h"

struct index_task {
	struct layer_set *set;
	const struct layer_set_options *options;
	size_t layer;
	int result;
	struct err err;
};

int layer_set_init(struct layer_set *set, const struct image *image, struct err *err)
{
	*set = (struct layer_set){ .image = image, .count = image_layer_count(image) };
	set->indexes = calloc(set->count + 1, sizeof(*set->indexes));
	set->states = calloc(set->count + 1, sizeof(*set->states));
	if (set->indexes && set->states)
		return 0;
	layer_set_done(set);
	return err_nomem(err);
}

/* The first layer with the same stored bytes: its index is shared. */
static size_t first_use(const struct image *image, size_t layer)
{
	const struct stream_span *span = &image_layer(image, layer)->blob.span;

	for (size_t i = 0; i < layer; i++) {
		const struct stream_span *other = &image_layer(image, i)->blob.span;

		if (other->fd == span->fd && other->offset == span->offset &&
		    other->length == span->length && span->length > 0)
			return i;
	}
	return layer;
}

void layer_set_done(struct layer_set *set)
{
	for (size_t i = 0; set->indexes && i < set->count; i++) {
		bool shared = false;

		for (size_t j = 0; j < i; j++)
			shared |= set->indexes[j] == set->indexes[i];
		if (!shared)
			layer_index_free(set->indexes[i]);
		else
			set->indexes[i] = NULL;
	}
	free(set->indexes);
	free(set->states);
	problem_list_done(&set->problems);
	*set = (struct layer_set){ 0 };
}

static void put_in_place(const struct index_task *task, struct layer_index *index)
{
	const struct layer_set_options *options = task->options;
	struct layer_set *set = task->set;

	if (options->lock)
		pthread_mutex_lock(options->lock);
	for (size_t i = task->layer; i < set->count; i++) {
		if (i != task->layer && first_use(set->image, i) != task->layer)
			continue;
		set->indexes[i] = index;
		set->states[i] = index ? LAYER_READY : LAYER_UNREADABLE;
	}
	if (options->lock)
		pthread_mutex_unlock(options->lock);
}

static void index_layer(void *argument)
{
	struct index_task *task = argument;
	const struct image_layer *layer = image_layer(task->set->image, task->layer);
	const struct layer_options options = {
		.cancel = task->options->cancel,
		.progress = task->options->progress,
		.keep = judge_keep(),
	};
	struct layer_index *index = NULL;

	if (!layer->is_missing)
		task->result = layer_index_build(&layer->blob.span, &options, &index, &task->err);
	put_in_place(task, index);
	if (task->options->ready)
		task->options->ready(task->options->context, task->layer);
}

static int compare_tasks(const void *a, const void *b)
{
	const struct index_task *left = a, *right = b;
	uint64_t l = image_layer(left->set->image, left->layer)->size;
	uint64_t r = image_layer(right->set->image, right->layer)->size;

	return l != r ? (l < r) - (l > r)
		      : (left->layer > right->layer) - (left->layer < right->layer);
}

/* What of a layer's failure ends everything; the rest is a problem of that layer. */
static int take_result(struct layer_set *set, const struct index_task *task, struct err *err)
{
	enum err_code code = task->err.code;

	if (task->result >= 0)
		return 0;
	if (code == ERR_CANCELLED || code == ERR_NOMEM || code == ERR_LIMIT)
		return err_set(err, code, "layer %zu: %s", task->layer + 1, task->err.text);
	problem_add(&set->problems, code == ERR_IO ? PROBLEM_MISSING_BLOB : PROBLEM_NOT_A_LAYER,
		    PROBLEM_NOWHERE, "layer %zu cannot be read: %s", task->layer + 1,
		    task->err.text);
	return 0;
}

int layer_set_index(struct layer_set *set, const struct layer_set_options *options, struct err *err)
{
	CLEANUP(freep) struct index_task *tasks = calloc(set->count + 1, sizeof(*tasks));
	CLEANUP(workq_freep) struct workq *queue = NULL;
	size_t count = 0;
	int result = 0;

	if (!tasks)
		return err_nomem(err);
	for (size_t i = 0; i < set->count; i++) {
		if (first_use(set->image, i) != i)
			continue;
		tasks[count++] = (struct index_task){ .set = set, .options = options, .layer = i };
		progress_expect(options->progress, image_layer(set->image, i)->blob.span.length);
	}
	qsort(tasks, count, sizeof(*tasks), compare_tasks);
	result = workq_new(0, &queue, err);
	for (size_t i = 0; result == 0 && i < count; i++)
		result = workq_add(queue, index_layer, &tasks[i], err);
	workq_free(STEAL(queue)); /* waits for all of them */
	for (size_t i = 0; result == 0 && i < count; i++)
		result = take_result(set, &tasks[i], err);
	return result;
}

struct verify_task {
	const struct layer_set *set;
	const struct cancel *cancel;
	struct progress *progress;
	size_t layer;
	unsigned char blob[HASH_MAX_BYTES], plain[HASH_MAX_BYTES];
	bool known;
	int result;
	struct err err;
};

static void verify_layer(void *argument)
{
	struct verify_task *task = argument;
	const struct stream_span *span = &image_layer(task->set->image, task->layer)->blob.span;

	task->result = layer_hash_span(span, task->cancel, task->progress, task->blob, &task->err);
	memcpy(task->plain, task->blob, sizeof(task->plain));
	task->known = task->result == 0;
}

static void compare_digest(const struct digest *wanted, const unsigned char *value, size_t layer,
			   enum problem_kind kind, struct problem_list *problems)
{
	struct digest found = { .algorithm = HASH_SHA256 };
	char want_text[DIGEST_TEXT], found_text[DIGEST_TEXT];

	/* Other algorithms are hashed nowhere in this field; say so instead of passing them. */
	memcpy(found.bytes, value, hash_size(HASH_SHA256));
	if (digest_equal(wanted, &found))
		return;
	problem_add(problems, kind, PROBLEM_NOWHERE, "layer %zu: %s should be %s, but is %s",
		    layer + 1, kind == PROBLEM_DIFF_ID_MISMATCH ? "diff ID" : "digest",
		    digest_text(wanted, want_text), digest_text(&found, found_text));
}

static void compare_layer(const struct verify_task *task, struct problem_list *problems)
{
	const struct image_layer *layer = image_layer(task->set->image, task->layer);

	if (!task->known)
		return;
	if (layer->has_digest)
		compare_digest(&layer->digest, task->blob, task->layer, PROBLEM_DIGEST_MISMATCH,
			       problems);
	if (layer->has_diff_id)
		compare_digest(&layer->diff_id, task->plain, task->layer, PROBLEM_DIFF_ID_MISMATCH,
			       problems);
}

static int compare_verify_tasks(const void *a, const void *b)
{
	const struct verify_task *const *left = a, *const *right = b;
	uint64_t l = image_layer((*left)->set->image, (*left)->layer)->blob.span.length;
	uint64_t r = image_layer((*right)->set->image, (*right)->layer)->blob.span.length;

	return (l < r) - (l > r);
}

/* The largest first, as when they are indexed. */
static int verify_all(struct verify_task *tasks, const struct layer_set *set, struct err *err)
{
	CLEANUP(freep) struct verify_task **order = calloc(set->count + 1, sizeof(*order));
	CLEANUP(workq_freep) struct workq *queue = NULL;
	size_t count = 0;
	int result;

	if (!order)
		return err_nomem(err);
	for (size_t i = 0; i < set->count; i++) {
		if (tasks[i].known || !set->indexes[i])
			continue;
		progress_expect(tasks[i].progress, image_layer(set->image, i)->blob.span.length);
		order[count++] = &tasks[i];
	}
	qsort(order, count, sizeof(*order), compare_verify_tasks);
	result = workq_new(0, &queue, err);
	for (size_t i = 0; result == 0 && i < count; i++)
		result = workq_add(queue, verify_layer, order[i], err);
	workq_free(STEAL(queue)); /* waits for all of them */
	return result;
}

/* What was hashed before is not hashed again. */
static void take_known(struct verify_task *task, struct span_hashes *hashes)
{
	const struct stream_span *span = &image_layer(task->set->image, task->layer)->blob.span;
	const struct layer_index *index = task->set->indexes[task->layer];

	if (!index)
		return;
	task->known = layer_hashes(index, task->blob, task->plain);
	if (!task->known && span_hashes_find(hashes, span, task->blob)) {
		memcpy(task->plain, task->blob, sizeof(task->plain));
		task->known = true;
	}
}

int layer_set_verify(const struct layer_set *set, const struct layer_set_options *options,
		     struct problem_list *problems, struct err *err)
{
	CLEANUP(freep) struct verify_task *tasks = calloc(set->count + 1, sizeof(*tasks));
	int result;

	if (!tasks)
		return err_nomem(err);
	for (size_t i = 0; i < set->count; i++) {
		tasks[i] = (struct verify_task){ .set = set,
						 .cancel = options->cancel,
						 .progress = options->progress,
						 .layer = i };
		take_known(&tasks[i], options->hashes);
	}
	result = verify_all(tasks, set, err);
	for (size_t i = 0; result == 0 && i < set->count; i++) {
		if (tasks[i].result < 0)
			return err_set(err, tasks[i].err.code, "layer %zu: %s", i + 1,
				       tasks[i].err.text);
		compare_layer(&tasks[i], problems);
	}
	return result;
}
