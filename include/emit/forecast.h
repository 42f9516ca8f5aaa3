/*
 * What each way of writing a plan would cost, told before anything is written.
 * Sizes of decoded bytes are exact; what a compressed layer will take is an
 * estimate, by compressing the beginning of the layer again.
 */
#ifndef EMIT_FORECAST_H
#define EMIT_FORECAST_H

#include "emit/emit.h"

enum forecast_way { FORECAST_REWRITE, FORECAST_APPEND, FORECAST_SCRIPT, FORECAST_DOCKERFILE, FORECAST_WAYS };

/* How many stored bytes become how many when a layer is compressed again: of image and program
 * alone, so the caller keeps one for each layer. */
struct forecast_sample {
	bool is_known;
	uint64_t before, after;
};

/* A layer that rewriting changes. */
struct forecast_layer {
	unsigned position; /* from 1 */
	struct emit_rewrite_count count;
	uint64_t stored;   /* bytes, as it is */
	uint64_t rewritten; /* bytes, as it would be */
	bool is_estimate;  /* 'rewritten' is one: the layer will be compressed */
};

struct forecast {
	size_t image_layers;
	struct forecast_layer *layers; /* those that rewriting changes, in order */
	size_t layer_count;
	uint64_t append;               /* bytes of what appending adds; 0: the config alone changes */
	size_t append_layers;          /* several where the platform limits their size */
	uint64_t build;                /* bytes of the layers that the Dockerfile's instructions add */
	bool has_packages;             /* their bytes come to that */
	bool changes_config;
	bool recompresses;             /* all layers, in either way of writing an image */
	struct err failed[FORECAST_WAYS]; /* why this way cannot be gone; code 0: it can */
};

struct forecast_options {
	struct forecast_sample *samples;    /* one for each layer of the image, zeroed at first; what is
					       not known is found out */
	const enum compression *recompress; /* for all layers; NULL: each stays as it is */
};

/* Free with forecast_free(). ERR_IO, ERR_FORMAT, ERR_CANCELLED, ERR_NOMEM. */
int forecast_make(const struct emit_input *input, const struct forecast_options *options,
		  struct forecast **ret_forecast, struct err *err);

/* Bytes by which rewriting changes the decoded layers. */
int64_t forecast_growth(const struct forecast *forecast);
void forecast_free(struct forecast *forecast);
void forecast_freep(struct forecast **forecast);

/* "rewrite", … */
const char *forecast_way_name(enum forecast_way way);

/* In words, without a line end. free(); NULL: out of memory. */
char *forecast_words(const struct forecast *forecast, enum forecast_way way);

#endif
