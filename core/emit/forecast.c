/* What rewriting, appending, a script and a Dockerfile would cost; see emit/forecast.h. */
#include "emit/forecast.h"

#include <string.h>

#include "base/vec.h"
#include "emit_priv.h"
#include "stream/stream_decode.h"

/* Decoded bytes of a layer that are compressed again to learn how small they get. */
enum { SAMPLE_BYTES = 8 << 20, SAMPLE_STEP = 1 << 16 };

/* ---- sizes of compressed layers ---- */

static int recompress(struct stream *in, struct sink *out, const struct cancel *cancel,
		      struct err *err)
{
	CLEANUP(freep) char *buffer = malloc(SAMPLE_STEP);
	ssize_t n = 1;

	if (!buffer)
		return err_nomem(err);
	while (n > 0 && in->position < SAMPLE_BYTES) {
		int result = cancel_check(cancel, err);

		if (result < 0)
			return result;
		n = stream_read(in, buffer, SAMPLE_STEP, err);
		if (n < 0)
			return (int)n;
		if ((result = sink_write(out, buffer, (size_t)n, err)) < 0)
			return result;
	}
	return sink_finish(out, err);
}

static int take_sample(const struct emit_input *input, unsigned position, enum compression wanted,
		       struct forecast_sample *ret_sample, struct err *err)
{
	const struct image_layer *stored = image_layer(input->image, position - 1);
	CLEANUP(stream_closep) struct stream *decoded = NULL;
	CLEANUP(sink_closep) struct sink *encoder = NULL;
	struct stream *file;
	struct sink *counter;
	int result = stream_file_open(&stored->blob.span, input->cancel, NULL, &file, err);

	if (result < 0 || (result = stream_decode_open(file, NULL, NULL, &decoded, err)) < 0 ||
	    (result = sink_null_open(&counter, err)) < 0 ||
	    (result = sink_encode_open(counter, wanted, &encoder, err)) < 0 ||
	    (result = recompress(decoded, encoder, input->cancel, err)) < 0)
		return result;
	*ret_sample = (struct forecast_sample){
		.is_known = true,
		.before = file->position,
		.after = counter->written,
	};
	return 0;
}

static uint64_t scaled(uint64_t bytes, uint64_t numerator, uint64_t denominator)
{
	return denominator ? (uint64_t)((double)bytes * (double)numerator / (double)denominator)
			   : bytes;
}

static int size_layer(const struct emit_input *input, enum compression wanted,
		      struct forecast_sample *sample, struct forecast_layer *layer, struct err *err)
{
	const struct layer_index *index = tree_layer(input->tree, layer->position);
	uint64_t decoded = layer_decoded_size(index);
	uint64_t grown = decoded + (uint64_t)layer->count.growth;
	int result = 0;

	layer->stored = layer_stored_size(index);
	layer->rewritten = grown;
	layer->is_estimate = wanted != COMPRESSION_NONE;
	if (!layer->is_estimate)
		return 0;
	if (!sample->is_known)
		result = take_sample(input, layer->position, wanted, sample, err);
	/* Damage is told elsewhere; the size stays as it is. */
	if (result == -(int)ERR_FORMAT) {
		err_clear(err);
		*sample = (struct forecast_sample){ .is_known = true, .before = 1, .after = 1 };
	} else if (result < 0) {
		return result;
	}
	layer->rewritten = scaled(scaled(layer->stored, sample->after, sample->before), grown, decoded);
	return 0;
}

/* ---- the ways ---- */

static int forecast_layer(const struct emit_input *input, const struct forecast_options *options,
			  unsigned position, struct forecast *forecast, struct err *err)
{
	struct forecast_layer *layer = &forecast->layers[forecast->layer_count];
	const struct layer_index *index = tree_layer(input->tree, position);
	enum compression present = index ? layer_compression(index) : COMPRESSION_NONE;
	enum compression wanted = options->recompress ? *options->recompress
						      : emit__kept_compression(present);
	int result;

	*layer = (struct forecast_layer){ .position = position };
	result = emit_rewrite_count(input, position, &layer->count, err);
	if (result < 0 || !index || (!emit_is_rewritten(&layer->count) &&
				     (!options->recompress || wanted == present)))
		return result;
	forecast->layer_count++;
	return size_layer(input, wanted, &options->samples[position - 1], layer, err);
}

static int forecast_rewrite(const struct emit_input *input, const struct forecast_options *options,
			    struct forecast *forecast, struct err *err)
{
	unsigned top = emit__top(input);
	int result = 0;

	forecast->image_layers = top;
	forecast->layers = calloc((size_t)top + 1, sizeof(*forecast->layers));
	if (!forecast->layers)
		return err_nomem(err);
	for (unsigned position = 1; result == 0 && position <= top; position++)
		result = forecast_layer(input, options, position, forecast, err);
	return result;
}

static int forecast_append(const struct emit_input *input, struct forecast *forecast,
			   struct err *err)
{
	size_t wants;
	int result;

	plan_wants(input->plan, &wants);
	if (!wants)
		return 0;
	result = emit_append_size(input, &forecast->append, err);
	return result < 0 ? result
			  : emit_append_count(input, NULL, &forecast->append_layers, err);
}

static int forecast_build(const struct emit_input *input, struct forecast *forecast,
			  struct err *err)
{
	CLEANUP(sink_closep) struct sink *nowhere = NULL;
	int result = sink_null_open(&nowhere, err);

	return result < 0 ? result
			  : emit_dockerfile(input, image_reference(input->image), nowhere,
					    &forecast->build, err);
}

/* A way that cannot be gone is an answer; anything else is a failure. */
static int note_failure(struct forecast *forecast, enum forecast_way way, int result,
			struct err *err)
{
	if (result != -(int)ERR_UNSUPPORTED)
		return result;
	forecast->failed[way] = *err;
	err_clear(err);
	return 0;
}

int forecast_make(const struct emit_input *input, const struct forecast_options *options,
		  struct forecast **ret_forecast, struct err *err)
{
	CLEANUP(forecast_freep) struct forecast *forecast = calloc(1, sizeof(*forecast));
	struct err failure = { 0 };
	size_t packages;
	int result;

	if (!forecast)
		return err_nomem(err);
	plan_packages(input->plan, &packages);
	forecast->has_packages = packages > 0;
	forecast->changes_config = plan_changes_config(input->plan);
	forecast->recompresses = options->recompress != NULL;
	result = forecast_rewrite(input, options, forecast, &failure);
	result = note_failure(forecast, FORECAST_REWRITE, result, &failure);
	if (result == 0)
		result = forecast_append(input, forecast, &failure);
	if (result == 0) {
		result = forecast_build(input, forecast, &failure);
		result = note_failure(forecast, FORECAST_DOCKERFILE, result, &failure);
	}
	if (result < 0)
		return err_set(err, failure.code, "%s", failure.text);
	*ret_forecast = STEAL(forecast);
	return 0;
}

int64_t forecast_growth(const struct forecast *forecast)
{
	int64_t growth = 0;

	for (size_t i = 0; i < forecast->layer_count; i++)
		growth += forecast->layers[i].count.growth;
	return growth;
}

void forecast_free(struct forecast *forecast)
{
	if (!forecast)
		return;
	free(forecast->layers);
	free(forecast);
}

void forecast_freep(struct forecast **forecast)
{
	forecast_free(*forecast);
}
