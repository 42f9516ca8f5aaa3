/* A forecast in words. */
#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "emit/forecast.h"

enum { LAYERS_NAMED = 6 };

const char *forecast_way_name(enum forecast_way way)
{
	static const char *const NAMES[FORECAST_WAYS] = {
		[FORECAST_REWRITE] = "rewrite",
		[FORECAST_APPEND] = "append",
		[FORECAST_SCRIPT] = "script",
		[FORECAST_DOCKERFILE] = "Dockerfile",
	};

	return NAMES[way];
}

static const char *plural(size_t count)
{
	return count == 1 ? "" : "s";
}

static void write_size(FILE *out, const char *before, uint64_t bytes)
{
	char size[16];

	fprintf(out, "%s%s", before, text_size(size, sizeof(size), bytes));
}

/* "layer 3 gets a new digest", "layers 1, 3 and 4 more get new digests". */
static void write_layers(FILE *out, const struct forecast *forecast)
{
	size_t count = forecast->layer_count;
	size_t named = count > LAYERS_NAMED ? LAYERS_NAMED : count;

	fprintf(out, "layer%s ", plural(count));
	for (size_t i = 0; i < named; i++)
		fprintf(out, "%s%u", i == 0 ? "" : i + 1 < count ? ", " : " and ",
			forecast->layers[i].position);
	if (count > named)
		fprintf(out, " and %zu more", count - named);
	fputs(count == 1 ? " gets a new digest" : " get new digests", out);
	if (forecast->image_layers > count)
		fprintf(out, ", %zu keep%s %s", forecast->image_layers - count,
			forecast->image_layers - count == 1 ? "s" : "",
			forecast->image_layers - count == 1 ? "its" : "theirs");
}

static void write_counts(FILE *out, const struct emit_rewrite_count *all)
{
	const struct {
		size_t count;
		const char *one, *more;
	} ROWS[] = {
		{ all->mended, "header mended", "headers mended" },
		{ all->replaced, "file replaced", "files replaced" },
		{ all->added, "entry added", "entries added" },
		{ all->dropped, "entry taken out", "entries taken out" },
	};
	const char *before = ": ";

	for (size_t i = 0; i < sizeof(ROWS) / sizeof(*ROWS); i++) {
		if (!ROWS[i].count)
			continue;
		fprintf(out, "%s%zu %s", before, ROWS[i].count,
			ROWS[i].count == 1 ? ROWS[i].one : ROWS[i].more);
		before = ", ";
	}
}

static void write_rewrite(FILE *out, const struct forecast *forecast)
{
	struct emit_rewrite_count all = { 0 };
	int64_t growth = forecast_growth(forecast);
	uint64_t stored = 0, rewritten = 0;
	bool is_estimate = false;

	for (size_t i = 0; i < forecast->layer_count; i++) {
		const struct forecast_layer *layer = &forecast->layers[i];

		all.mended += layer->count.mended;
		all.replaced += layer->count.replaced;
		all.added += layer->count.added;
		all.dropped += layer->count.dropped;
		stored += layer->stored;
		rewritten += layer->rewritten;
		is_estimate |= layer->is_estimate;
	}
	write_size(out, growth < 0 ? "-" : "+", (uint64_t)(growth < 0 ? -growth : growth));
	fputs(" of decoded layers; ", out);
	if (!forecast->layer_count) {
		fputs("all layers keep their digests", out);
		return;
	}
	write_layers(out, forecast);
	write_counts(out, &all);
	write_size(out, is_estimate ? "; to push anew: about " : "; to push anew: ", rewritten);
	write_size(out, " (they are ", stored);
	fputs(" now)", out);
}

static void write_append(FILE *out, const struct forecast *forecast)
{
	write_size(out, "+", forecast->append);
	if (forecast->append_layers > 1)
		fprintf(out, " in %zu new layers, as the platform limits their size",
			forecast->append_layers);
	else if (forecast->append_layers)
		fputs(" as a new layer", out);
	fputs(forecast->recompresses ? "; all layers are compressed anew"
				      : "; all layers keep their digests",
	      out);
}

/* What it changes in a build is repeated in one layer, as by appending. */
static void write_script(FILE *out, const struct forecast *forecast)
{
	write_size(out, "+", forecast->append);
	fputs(" where one RUN of a build runs it", out);
	if (forecast->changes_config)
		fputs("; the config is not in it", out);
}

static void write_build(FILE *out, const struct forecast *forecast)
{
	write_size(out, "+", forecast->build);
	if (forecast->has_packages)
		fputs(" and what the packages bring", out);
	fputs(" when it is built: each instruction repeats whole files", out);
}

static void (*const WRITERS[FORECAST_WAYS])(FILE *, const struct forecast *) = {
	[FORECAST_REWRITE] = write_rewrite,
	[FORECAST_APPEND] = write_append,
	[FORECAST_SCRIPT] = write_script,
	[FORECAST_DOCKERFILE] = write_build,
};

char *forecast_words(const struct forecast *forecast, enum forecast_way way)
{
	char *words = NULL;
	size_t len;
	FILE *out = open_memstream(&words, &len);

	if (!out)
		return NULL;
	if (forecast->failed[way].code)
		fprintf(out, "not possible: %s", forecast->failed[way].text);
	else
		WRITERS[way](out, forecast);
	if (fclose(out) != 0) {
		free(words);
		return NULL;
	}
	return words;
}
