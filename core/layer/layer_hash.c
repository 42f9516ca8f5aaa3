/* Hashing an uncompressed layer, which indexing has hopped over. */
#include "layer/layer_index.h"
#include "stream/stream_hash.h"

int layer_hash_span(const struct stream_span *span, const struct cancel *cancel,
		    struct progress *progress, unsigned char *ret_value, struct err *err)
{
	CLEANUP(stream_closep) struct stream *hashed = NULL;
	struct stream *file;
	int r = stream_file_open(span, cancel, progress, &file, err);

	if (r < 0)
		return r;
	r = stream_hash_open(file, HASH_SHA256, &hashed, err);
	if (r < 0)
		return r;
	r = stream_drain(hashed, NULL, err);
	if (r < 0)
		return r;
	stream_hash_value(hashed, ret_value);
	return 0;
}
