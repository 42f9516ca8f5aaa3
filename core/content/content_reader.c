/* Keeps the streams of the last few layers where the last file of each ended. */
#include "content/content_reader.h"

#include <stdlib.h>

#include "core/content/content_priv.h"

enum { CURSORS = 4 };

struct cursor {
	unsigned layer; /* from 1 */
	struct stream *stream;
};

struct content_reader {
	struct content content;
	struct cursor cursors[CURSORS];
	unsigned oldest;
};

int content_reader_new(const struct content *content, struct content_reader **ret_reader,
		       struct err *err)
{
	struct content_reader *reader = calloc(1, sizeof(*reader));

	if (!reader)
		return err_nomem(err);
	reader->content = *content;
	*ret_reader = reader;
	return 0;
}

void content_reader_free(struct content_reader *reader)
{
	if (!reader)
		return;
	for (size_t i = 0; i < CURSORS; i++)
		stream_close(reader->cursors[i].stream);
	free(reader);
}

void content_reader_freep(struct content_reader **reader)
{
	content_reader_free(*reader);
}

void content_reader_set_at(struct content_reader *reader, unsigned at)
{
	reader->content.at = at;
}

int content_reader_distance(const struct content_reader *reader, node_id node, uint64_t *ret_bytes,
			    struct err *err)
{
	struct content_place place;
	int r = content__locate(&reader->content, node, &place, err);

	if (r < 0)
		return content__wrap(&reader->content, node, r, err);

	uint64_t distance = place.is_compressed ? place.offset : 0;

	for (size_t i = 0; i < CURSORS && distance; i++) {
		const struct cursor *cursor = &reader->cursors[i];

		if (cursor->layer == place.layer && cursor->stream &&
		    cursor->stream->position <= place.offset)
			distance = place.offset - cursor->stream->position;
	}
	*ret_bytes = distance;
	return 0;
}

static void close_cursor(struct cursor *cursor)
{
	stream_close(cursor->stream);
	*cursor = (struct cursor){ 0 };
}

/* The one of the layer, else the oldest one, which is closed. */
static struct cursor *find_cursor(struct content_reader *reader, unsigned layer)
{
	for (size_t i = 0; i < CURSORS; i++)
		if (reader->cursors[i].layer == layer)
			return &reader->cursors[i];

	struct cursor *cursor = &reader->cursors[reader->oldest++ % CURSORS];

	close_cursor(cursor);
	return cursor;
}

static int open_compressed(struct content_reader *reader, const struct content_place *place,
			   struct stream **ret_stream, struct err *err)
{
	struct cursor *cursor = find_cursor(reader, place->layer);
	int r = 0;

	if (cursor->stream && cursor->stream->position > place->offset)
		close_cursor(cursor);
	cursor->layer = place->layer;
	if (!cursor->stream)
		r = content__open_layer(&reader->content, place, &cursor->stream, err);
	if (r == 0)
		r = stream_skip(cursor->stream, place->offset - cursor->stream->position, err);
	if (r < 0)
		close_cursor(cursor);
	return r < 0 ? r : content__slice_open(cursor->stream, false, place->length, ret_stream, err);
}

int content_reader_open(struct content_reader *reader, node_id node, struct stream **ret_stream,
			struct err *err)
{
	struct stream *stream = NULL;
	struct content_place place;
	int r = content__locate(&reader->content, node, &place, err);

	if (r == 0 && place.is_compressed)
		r = open_compressed(reader, &place, &stream, err);
	else if (r == 0)
		r = content__open_plain(&reader->content, &place, &stream, err);
	if (r == 0)
		r = content__open_file(&place, stream, ret_stream, err);
	return content__wrap(&reader->content, node, r, err);
}

bool content_before(const struct content *content, node_id a, node_id b)
{
	struct tree_stat first = { 0 }, second = { 0 };

	tree_stat(content->tree, a, content->at, &first);
	tree_stat(content->tree, b, content->at, &second);
	if (first.body_layer != second.body_layer)
		return first.body_layer < second.body_layer;
	return first.body_entry < second.body_entry;
}
