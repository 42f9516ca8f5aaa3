/*
 * Layers that can be fetched in pieces say where the pieces are: eStargz in a
 * gzip member of its own that is the tar's last entry, or (BuildKit) a tar of
 * its own behind it; zstd:chunked in frames that are skipped. A blob that is made
 * anew has its pieces elsewhere, so the table must go: the frames go by
 * themselves, the entry is left out.
 */
#include <string.h>
#include <unistd.h>

#include "emit_priv.h"

/* The footers' ends; eStargz's is within the last gzip member, which is empty. */
enum { STARGZ_FOOTER = 51, CHUNKED_MARK = 8 };

enum emit_contents emit__contents(const struct emit_input *input, unsigned layer)
{
	const struct stream_span *span = &image_layer(input->image, layer - 1)->blob.span;
	char end[STARGZ_FOOTER];

	if (image_layer(input->image, layer - 1)->is_missing || span->length < sizeof(end) ||
	    pread(span->fd, end, sizeof(end), (off_t)(span->offset + span->length - sizeof(end))) !=
		    (ssize_t)sizeof(end))
		return CONTENTS_NONE;
	if (memcmp(end + sizeof(end) - CHUNKED_MARK, "GNUlInUx", CHUNKED_MARK) == 0)
		return CONTENTS_CHUNKED;
	return memmem(end, sizeof(end), "STARGZ", strlen("STARGZ")) ? CONTENTS_STARGZ
								    : CONTENTS_NONE;
}

bool emit__contents_entry(const struct emit_input *input, unsigned layer, uint32_t *ret_entry)
{
	const struct layer_index *index = tree_layer(input->tree, layer);
	size_t count = index ? layer_entry_count(index) : 0;
	const struct layer_entry *last = count ? layer_entry(index, count - 1) : NULL;

	if (!last || last->type != TAR_FILE || *layer_string(index, last->folder) ||
	    strcmp(layer_string(index, last->name), EMIT_CONTENTS_NAME) != 0 ||
	    emit__contents(input, layer) != CONTENTS_STARGZ)
		return false;
	*ret_entry = (uint32_t)count - 1;
	return true;
}

uint64_t emit__contents_end(const struct emit_input *input, unsigned layer)
{
	const struct layer_index *index = tree_layer(input->tree, layer);
	uint64_t end = layer_end_offset(index) + 2 * TAR_BLOCK, size = layer_decoded_size(index);

	return size > end && emit__contents(input, layer) == CONTENTS_STARGZ ? end : size;
}
