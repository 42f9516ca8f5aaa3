/*
 * Bytes of a file that is still being written are read back and hashed on a
 * thread beside it. What could not be is simply not known: who needs the hash
 * makes it then, and gets the error.
 */
#include <string.h>

#include "base/vec.h"
#include "session_priv.h"

struct span_hash {
	struct workq_task task;
	struct span_hashes *hashes;
	struct stream_span span;
	unsigned char value[HASH_MAX_BYTES];
	bool known;
};

struct span_hashes {
	const struct cancel *cancel;
	struct progress *progress;
	struct workq *queue;   /* NULL: nothing was added yet */
	struct cancel closing; /* nobody asks for what has not begun */
	uint64_t bytes;        /* not taken yet */
	VEC(struct span_hash *) items;
};

int span_hashes_new(const struct cancel *cancel, struct progress *progress,
		    struct span_hashes **ret_hashes, struct err *err)
{
	struct span_hashes *hashes = calloc(1, sizeof(*hashes));

	if (!hashes)
		return err_nomem(err);
	hashes->cancel = cancel;
	hashes->progress = progress;
	*ret_hashes = hashes;
	return 0;
}

void span_hashes_free(struct span_hashes *hashes)
{
	if (!hashes)
		return;
	cancel_request(&hashes->closing);
	workq_free(hashes->queue);
	for (size_t i = 0; i < hashes->items.count; i++)
		free(hashes->items.items[i]);
	VEC_DONE(&hashes->items);
	free(hashes);
}

void span_hashes_freep(struct span_hashes **hashes)
{
	span_hashes_free(*hashes);
}

static void hash_span(void *argument)
{
	struct span_hash *item = argument;
	const struct span_hashes *hashes = item->hashes;

	if (!cancel_requested(&hashes->closing))
		item->known = layer_hash_span(&item->span, hashes->cancel, hashes->progress,
					      item->value, NULL) == 0;
}

void span_hashes_add(void *context, const struct stream_span *span)
{
	struct span_hashes *hashes = context;
	struct span_hash *item;

	/* One thread: who writes and who hashes what is written need the others. */
	if (!hashes->queue && workq_new(1, &hashes->queue, NULL) < 0)
		return;
	item = calloc(1, sizeof(*item));
	if (!item || VEC_PUSH(&hashes->items, item, NULL) < 0) {
		free(item);
		return;
	}
	item->hashes = hashes;
	item->span = *span;
	hashes->bytes += span->length;
	workq_start(hashes->queue, &item->task, hash_span, item);
}

uint64_t span_hashes_take_bytes(struct span_hashes *hashes)
{
	uint64_t bytes = hashes->bytes;

	hashes->bytes = 0;
	return bytes;
}

bool span_hashes_find(struct span_hashes *hashes, const struct stream_span *span,
		      unsigned char *ret_value)
{
	for (size_t i = 0; hashes && i < hashes->items.count; i++) {
		struct span_hash *item = hashes->items.items[i];

		if (item->span.offset != span->offset || item->span.length != span->length)
			continue;
		workq_join(hashes->queue, &item->task);
		if (item->known)
			memcpy(ret_value, item->value, sizeof(item->value));
		return item->known;
	}
	return false;
}
