/*
 * A whole image. Layers come first, each rewritten or copied as it is stored;
 * then the config with the new diff IDs, then what names them (emit_documents.c).
 */
#include <string.h>

#include "base/json.h"
#include "emit_image_priv.h"
#include "oci/media_type.h"

static void name_layer(const struct image_writer *writer, struct written_layer *layer)
{
	char hex[DIGEST_TEXT];

	if (emit__is_layout(writer))
		snprintf(layer->name, sizeof(layer->name), "blobs/sha256/%s",
			 digest_hex(&layer->digest, hex));
	else
		snprintf(layer->name, sizeof(layer->name), "%s/layer.tar",
			 digest_hex(&layer->diff_id, hex));
}

/*
 * Plain bytes are hashed, compressed, hashed and stored; hashed once where they
 * are not compressed. *ret_plain is the caller's, and has *ret_blob in it.
 */
static int open_chain(struct sink *stored, enum compression compression, struct sink **ret_plain,
		      struct sink **ret_blob, struct err *err)
{
	struct sink *blob, *encoded;
	int result = sink_hash_open(stored, HASH_SHA256, &blob, err);

	if (result < 0)
		return result;
	*ret_blob = blob;
	if (compression == COMPRESSION_NONE) {
		*ret_plain = blob;
		return 0;
	}
	if ((result = sink_encode_open(blob, compression, &encoded, err)) < 0)
		return result;
	return sink_hash_open(encoded, HASH_SHA256, ret_plain, err);
}

/* An appended layer's position is its part: they count from 0. */
static int put_layer(const struct image_writer *writer, unsigned position,
		     const struct written_layer *layer, struct sink *plain, struct err *err)
{
	switch (layer->source) {
	case LAYER_REWRITTEN:
		return emit_rewritten_layer(writer->input, position, plain, err);
	case LAYER_APPENDED:
		return emit_append_layer(writer->input, position, plain, err);
	case LAYER_AS_IT_IS:
	case LAYER_COPIED:
		break;
	}
	return emit__plain_layer(writer->input, position, plain, err);
}

static void note_contents_entry(const struct image_writer *writer, unsigned position,
				const struct written_layer *layer)
{
	uint32_t entry;

	if (layer->source != LAYER_APPENDED && writer->options->contents_left_out &&
	    emit__contents_entry(writer->input, position, &entry))
		*writer->options->contents_left_out = true;
}

/* Write a layer whose bytes are not those of the input's blob. */
static int write_changed(struct image_writer *writer, unsigned position,
			 struct written_layer *layer, struct err *err)
{
	CLEANUP(sink_closep) struct sink *plain = NULL;
	struct sink *stored, *blob;
	int result = emit__store_begin(writer->store, &stored, err);

	if (result < 0 || (result = open_chain(stored, layer->compression, &plain, &blob, err)) < 0)
		return result;
	result = put_layer(writer, position, layer, plain, err);
	if (result < 0 || (result = sink_finish(plain, err)) < 0)
		return result;
	layer->changed = true;
	note_contents_entry(writer, position, layer);
	layer->diff_id.algorithm = layer->digest.algorithm = HASH_SHA256;
	sink_hash_value(plain, layer->diff_id.bytes);
	sink_hash_value(blob, layer->digest.bytes);
	layer->size = blob->written;
	name_layer(writer, layer);
	return emit__store_end(writer->store, layer->name, layer->size, err);
}

/* What a changed layer is compressed with: as asked, else as before where that can be written. */
static enum compression wanted_compression(const struct image_writer *writer,
					   enum compression present)
{
	const enum compression *asked = writer->options->recompress;

	return asked ? *asked : emit__kept_compression(present);
}

/* The digest of a stored blob, where no manifest names it. */
static int hash_stored(const struct emit_input *input, const struct image_layer *stored,
		       struct digest *ret_digest, struct err *err)
{
	*ret_digest = (struct digest){ .algorithm = HASH_SHA256 };
	return layer_hash_span(&stored->blob.span, input->cancel, NULL, ret_digest->bytes, err);
}

static int copy_layer(struct image_writer *writer, unsigned position, struct written_layer *layer,
		      struct err *err)
{
	const struct image_layer *stored = image_layer(writer->input->image, position - 1);
	int result = 0;

	if (stored->is_missing)
		return err_set(err, ERR_NOT_FOUND, "layer %u is not in the image", position);
	/* Layers are named by it, so two without one would be taken for the same. */
	if (!stored->has_diff_id)
		return err_set(err, ERR_FORMAT, "layer %u has no diff ID", position);
	layer->diff_id = stored->diff_id;
	layer->size = stored->blob.span.length;
	if (stored->has_digest)
		layer->digest = stored->digest;
	else if (layer->compression == COMPRESSION_NONE)
		layer->digest = stored->diff_id;
	else
		result = hash_stored(writer->input, stored, &layer->digest, err);
	if (result < 0)
		return result;
	name_layer(writer, layer);
	return emit__store_copy(writer->store, &stored->blob.span, layer->name,
				writer->input->progress, writer->input->cancel, err);
}

/* How a position is written, and the bytes that pass by for it. */
static int choose_source(struct image_writer *writer, unsigned position, struct err *err)
{
	struct written_layer *layer = &writer->layers[position - 1];
	const struct layer_index *index = tree_layer(writer->input->tree, position);
	const struct image_layer *stored = image_layer(writer->input->image, position - 1);
	struct emit_rewrite_count count = { 0 };
	int result = 0;

	enum compression present = index ? layer_compression(index) : COMPRESSION_NONE;

	layer->compression = wanted_compression(writer, present);
	if (writer->options->mode == EMIT_REWRITE)
		result = emit_rewrite_count(writer->input, position, &count, err);
	if (result < 0)
		return err_wrap(err, "layer %u", position), result;
	if (emit_is_rewritten(&count)) {
		layer->source = LAYER_REWRITTEN;
	} else if (index && present != layer->compression && writer->options->recompress) {
		layer->source = LAYER_AS_IT_IS;
	} else {
		layer->source = LAYER_COPIED;
		layer->compression = present;
	}
	progress_expect(writer->input->progress, index && layer->source != LAYER_COPIED
							 ? layer_decoded_size(index)
							 : stored->blob.span.length);
	return 0;
}

static void tell_place(const struct image_writer *writer, const struct written_layer *layer)
{
	struct stream_span span;

	if (writer->options->placed && layer->compression == COMPRESSION_NONE &&
	    emit__store_place(writer->store, &span))
		writer->options->placed(writer->options->context, &span);
}

static int write_position(struct image_writer *writer, unsigned position, struct err *err)
{
	struct written_layer *layer = &writer->layers[position - 1];
	int result = layer->source == LAYER_COPIED ? copy_layer(writer, position, layer, err)
						   : write_changed(writer, position, layer, err);

	if (result < 0)
		return err_wrap(err, "layer %u", position), result;
	tell_place(writer, layer);
	return 0;
}

static int write_appended(struct image_writer *writer, unsigned part, struct err *err)
{
	struct written_layer *layer = &writer->layers[emit__top(writer->input) + part];
	int result = write_changed(writer, part, layer, err);

	if (result == 0)
		tell_place(writer, layer);
	return result;
}

/* Whether the plan needs a layer that is not there yet. */
static bool needs_new_layer(const struct image_writer *writer)
{
	size_t wants;

	plan_wants(writer->input->plan, &wants);
	return wants > 0 && (writer->options->mode == EMIT_APPEND || emit__top(writer->input) == 0);
}

/* New layers are compressed as the one below them. */
static int choose_new_layers(struct image_writer *writer, size_t count, struct err *err)
{
	unsigned top = emit__top(writer->input);
	uint64_t bytes;
	int result;

	if (!count)
		return 0;
	for (size_t part = 0; part < count; part++) {
		struct written_layer *layer = &writer->layers[top + part];

		layer->source = LAYER_APPENDED;
		if (top > 0)
			layer->compression = wanted_compression(
				writer, writer->layers[top - 1].compression);
	}
	result = emit_append_size(writer->input, &bytes, err);
	if (result == 0)
		progress_expect(writer->input->progress, bytes);
	return result;
}

/* All is chosen before anything is written, so that the whole is known from the start. */
static int choose_layers(struct image_writer *writer, struct err *err)
{
	unsigned top = emit__top(writer->input);
	size_t new_layers = 0;
	int result = 0;

	if (needs_new_layer(writer))
		result = emit_append_count(writer->input, writer->options->notes, &new_layers, err);
	if (result < 0)
		return result;
	writer->layers = calloc(top + new_layers + 1, sizeof(*writer->layers));
	if (!writer->layers)
		return err_nomem(err);
	writer->count = top + new_layers;
	for (unsigned position = 1; result == 0 && position <= top; position++)
		result = choose_source(writer, position, err);
	return result < 0 ? result : choose_new_layers(writer, new_layers, err);
}

static int write_layers(struct image_writer *writer, struct err *err)
{
	unsigned top = emit__top(writer->input);
	int result = choose_layers(writer, err);

	for (unsigned position = 1; result == 0 && position <= top; position++)
		result = write_position(writer, position, err);
	for (unsigned part = 0; result == 0 && top + part < writer->count; part++)
		result = write_appended(writer, part, err);
	return result;
}

static int put_config(struct image_writer *writer, const char *text, size_t len, struct err *err)
{
	char hex[DIGEST_TEXT];
	int result = digest_of(text, len, &writer->config_digest, err);

	if (result < 0)
		return result;
	writer->config_size = len;
	snprintf(writer->config_name, sizeof(writer->config_name),
		 emit__is_layout(writer) ? "blobs/sha256/%s" : "%s.json",
		 digest_hex(&writer->config_digest, hex));
	return emit__store_put(writer->store, writer->config_name, text, len, err);
}

/* Nothing is planned but a build, and no layer lost its table of contents: the image ID stays. */
static bool keeps_config(const struct image_writer *writer)
{
	const struct plan *plan = writer->input->plan;
	size_t wants;

	plan_wants(plan, &wants);
	if (wants || plan_changes_config(plan))
		return false;
	for (size_t i = 0; i < writer->count; i++) {
		const struct image_layer *layer = image_layer(writer->input->image, i);

		if (!digest_equal(&writer->layers[i].diff_id, &layer->diff_id))
			return false;
	}
	return true;
}

/* Byte by byte. */
static int copy_config(struct image_writer *writer, struct err *err)
{
	CLEANUP(freep) char *bytes = NULL;
	size_t len;
	int result = blob_read(image_config_blob(writer->input->image),
			       limits_default()->json_bytes, &bytes, &len, err);

	return result < 0 ? result : put_config(writer, bytes, len, err);
}

static int make_config(struct image_writer *writer, struct err *err)
{
	CLEANUP(freep) struct digest *diff_ids = calloc(writer->count + 1, sizeof(*diff_ids));
	CLEANUP(json_decrefp) json_t *json = NULL;
	CLEANUP(freep) char *text = NULL;
	struct config_layers layers = {
		.diff_ids = diff_ids,
		.count = writer->count,
		.created_by = writer->history,
		.new_layers = writer->count - emit__top(writer->input),
	};
	char created[32];
	int result;

	if (!diff_ids)
		return err_nomem(err);
	for (size_t i = 0; i < writer->count; i++)
		diff_ids[i] = writer->layers[i].diff_id;
	emit__time_text(writer->input->created, created);
	layers.created = created;
	result = config_to_json(writer->input->config, &layers, &json, err);
	if (result < 0)
		return result;
	text = json_dumps(json, JSON_COMPACT);
	if (!text)
		return err_nomem(err);
	return put_config(writer, text, strlen(text), err);
}

int emit__write_blobs(struct image_writer *writer, struct err *err)
{
	int result = write_layers(writer, err);

	if (result < 0)
		return result;
	return keeps_config(writer) ? copy_config(writer, err) : make_config(writer, err);
}

static void image_writer_done(struct image_writer *writer)
{
	emit__store_free(writer->store);
	free(writer->layers);
	free(writer->history);
}

int emit_image(const struct emit_input *input, const struct emit_image_options *options, int fd,
	       struct err *err)
{
	CLEANUP(image_writer_done)
	struct image_writer writer = { .input = input, .options = options };
	int result;

	writer.history = emit__history_text(input->plan);
	if (!writer.history)
		return err_nomem(err);
	if ((result = emit__store_new(fd, options->format == SOURCE_OCI_LAYOUT, input->created,
				      &writer.store, err)) < 0)
		return result;
	emit__store_set_update(writer.store, options->update);
	if ((result = emit__write_blobs(&writer, err)) < 0)
		return result;
	result = emit__write_documents(&writer, err);
	return result < 0 ? result : emit__store_finish(writer.store, err);
}
