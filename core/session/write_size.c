/* The bytes that writing needs and that pass by; see write_priv.h. */
#include "write_priv.h"

int session__written_size(const struct session *session, const struct emit_input *input,
			  const struct write_request *request, uint64_t *ret_bytes, struct err *err)
{
	uint64_t bytes = 0;
	int result = 0;

	if (request->kind == WRITE_LAYER || request->mode == EMIT_APPEND)
		result = emit_append_size(input, &bytes, err);
	for (size_t i = 0; request->kind == WRITE_IMAGE && i < session->layers.count; i++) {
		const struct layer_index *index = session->layers.indexes[i];

		if (index && request->recompress && *request->recompress == COMPRESSION_NONE)
			bytes += layer_decoded_size(index);
		else
			bytes += image_layer(session->image, i)->size;
	}
	*ret_bytes = bytes;
	return result;
}

int session__added_size(const struct emit_input *input, enum emit_mode mode, uint64_t *ret_bytes,
			struct err *err)
{
	uint64_t bytes = 0;
	int result = 0;

	if (mode == EMIT_APPEND)
		return emit_append_size(input, ret_bytes, err);
	for (unsigned layer = 1; result == 0 && layer <= tree_layer_count(input->tree); layer++) {
		struct emit_rewrite_count count;

		result = emit_rewrite_count(input, layer, &count, err);
		if (result == 0 && emit_is_rewritten(&count))
			bytes += image_layer(input->image, layer - 1)->size +
				 (uint64_t)(count.growth > 0 ? count.growth : 0);
	}
	*ret_bytes = bytes;
	return result;
}

uint64_t session__stored_size(const struct session *session, bool only_plain)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < session->layers.count; i++) {
		const struct layer_index *index = session->layers.indexes[i];

		if (!only_plain || (index && layer_compression(index) == COMPRESSION_NONE))
			bytes += image_layer(session->image, i)->blob.span.length;
	}
	return bytes;
}

void session__expect_reading_back(const struct session *session, struct progress *progress)
{
	progress_expect(progress, session__stored_size(session, false));
	progress_expect(progress, session__stored_size(session, true));
}
