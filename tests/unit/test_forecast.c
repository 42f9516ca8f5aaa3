/* What a plan costs by each way, against what is written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "emit/forecast.h"
#include "lib/emitted.h"

enum { LINES = 20000 };

/* Text that compresses as text does. */
static char *many_lines(void)
{
	char *text = malloc(LINES * 32), *to = text;

	assert_non_null(text);
	for (unsigned i = 0; i < LINES; i++)
		to += snprintf(to, 32, "line %u of %u\n", i * 2654435761u, i);
	return text;
}

/* Three layers: plain, compressed by gzip, and one that nothing changes. */
static void open_three(struct emitted *emitted)
{
	static const char *const KINDS[] = { "none", "gzip", "none" };
	struct ib image = { 0 };
	char *text = many_lines();

	for (int i = 0; i < 3; i++) {
		struct tb tar = { 0 };
		char folder[16], file[32];

		snprintf(folder, sizeof(folder), "%d", i);
		snprintf(file, sizeof(file), "%d/x", i);
		tb_dir(&tar, folder, 0700, 0, 0);
		tb_file(&tar, file, 0600, 0, 0, text);
		tb_end(&tar);
		ib_layer(&image, &tar, KINDS[i], "RUN x");
		tb_free(&tar);
	}
	free(text);
	emitted_open_built(emitted, &image);
}

static struct forecast *make(const struct emitted *emitted, struct forecast_sample *samples)
{
	struct forecast *forecast;
	struct err err = { 0 };

	if (forecast_make(&emitted->input, &(struct forecast_options){ .samples = samples }, &forecast, &err) < 0)
		fail_msg("%s", err.text);
	return forecast;
}

static void want_mode(struct emitted *emitted, const char *path)
{
	emitted_want(emitted, &(struct tree_want){ .path = path, .set_mode = true, .mode = 0711 });
}

static uint64_t gzip_size(const struct emitted *emitted, unsigned layer)
{
	struct tb tar = emitted_layer(emitted, layer);
	struct sink *counter, *encoder;
	uint64_t size;

	assert_int_equal(sink_null_open(&counter, NULL), 0);
	assert_int_equal(sink_encode_open(counter, COMPRESSION_GZIP, &encoder, NULL), 0);
	assert_int_equal(sink_write(encoder, tar.bytes, tar.len, NULL), 0);
	assert_int_equal(sink_finish(encoder, NULL), 0);
	size = counter->written;
	sink_close(encoder);
	tb_free(&tar);
	return size;
}

static void layers_that_change_are_told(void **state)
{
	struct forecast_sample samples[3] = { 0 };
	struct emitted emitted;
	struct forecast *forecast;

	(void)state;
	open_three(&emitted);
	want_mode(&emitted, "0");
	want_mode(&emitted, "1");
	emitted_preview(&emitted);
	forecast = make(&emitted, samples);
	assert_int_equal(forecast->image_layers, 3);
	assert_int_equal(forecast->layer_count, 2);
	assert_int_equal(forecast->layers[0].position, 1);
	assert_int_equal(forecast->layers[0].count.mended, 1);
	assert_int_equal(forecast->layers[0].count.growth, 0);
	assert_int_equal(forecast->layers[0].rewritten, forecast->layers[0].stored);
	assert_false(forecast->layers[0].is_estimate);
	assert_int_equal(forecast->layers[1].position, 2);
	assert_true(forecast->layers[1].is_estimate);
	assert_int_equal(forecast->append, 4 * 512);
	assert_int_equal(forecast->append_layers, 1);
	assert_int_equal(forecast->build, 2 * 512);
	forecast_free(forecast);
	emitted_done(&emitted);
}

/* A layer smaller than the sample: a hundredth is what a mended header may make. */
static void the_estimate_is_near_what_is_written(void **state)
{
	struct forecast_sample samples[3] = { 0 };
	struct emitted emitted;
	struct forecast *forecast;
	uint64_t size;

	(void)state;
	open_three(&emitted);
	want_mode(&emitted, "1");
	emitted_preview(&emitted);
	forecast = make(&emitted, samples);
	size = gzip_size(&emitted, 2);
	assert_in_range(forecast->layers[0].rewritten, size - size / 100, size + size / 100);
	forecast_free(forecast);
	emitted_done(&emitted);
}

static void a_sample_is_taken_once(void **state)
{
	struct forecast_sample samples[3] = { [1] = { .is_known = true, .before = 4, .after = 1 } };
	struct emitted emitted;
	struct forecast *forecast;

	(void)state;
	open_three(&emitted);
	want_mode(&emitted, "1");
	emitted_preview(&emitted);
	forecast = make(&emitted, samples);
	assert_int_equal(forecast->layers[0].rewritten, forecast->layers[0].stored / 4);
	assert_false(samples[0].is_known);
	forecast_free(forecast);
	emitted_done(&emitted);
}

/* Layers that the plan leaves alone change, too; what is stored plain then is known to the byte. */
static void another_compression_changes_layers_by_itself(void **state)
{
	static const enum compression PLAIN = COMPRESSION_NONE, GZIP = COMPRESSION_GZIP;
	struct forecast_sample samples[3] = { 0 }, others[3] = { 0 };
	struct forecast_options options = { .samples = samples, .recompress = &PLAIN };
	struct emitted emitted;
	struct forecast *forecast;
	uint64_t size;
	char *words;

	(void)state;
	open_three(&emitted);
	want_mode(&emitted, "0");
	emitted_preview(&emitted);
	assert_int_equal(forecast_make(&emitted.input, &options, &forecast, NULL), 0);
	assert_int_equal(forecast->layer_count, 2);
	assert_int_equal(forecast->layers[1].position, 2);
	assert_int_equal(forecast->layers[1].rewritten, layer_decoded_size(emitted.layers[1]));
	assert_false(forecast->layers[1].is_estimate);
	words = forecast_words(forecast, FORECAST_APPEND);
	assert_non_null(strstr(words, "all layers are compressed anew"));
	free(words);
	forecast_free(forecast);
	options = (struct forecast_options){ .samples = others, .recompress = &GZIP };
	assert_int_equal(forecast_make(&emitted.input, &options, &forecast, NULL), 0);
	assert_int_equal(forecast->layer_count, 2);
	assert_int_equal(forecast->layers[1].position, 3);
	size = gzip_size(&emitted, 3);
	assert_in_range(forecast->layers[1].rewritten, size - size / 100, size + size / 100);
	forecast_free(forecast);
	emitted_done(&emitted);
}

static void the_config_alone_costs_nothing(void **state)
{
	struct forecast_sample samples[3] = { 0 };
	struct emitted emitted;
	struct forecast *forecast;
	char *words;

	(void)state;
	open_three(&emitted);
	emitted_config(&emitted, &(struct config_edit){ .user = "1000" });
	emitted_preview(&emitted);
	forecast = make(&emitted, samples);
	assert_int_equal(forecast->layer_count, 0);
	assert_int_equal(forecast->append + forecast->build, 0);
	words = forecast_words(forecast, FORECAST_REWRITE);
	assert_string_equal(words, "+0 B of decoded layers; all layers keep their digests");
	free(words);
	words = forecast_words(forecast, FORECAST_SCRIPT);
	assert_non_null(strstr(words, "the config is not in it"));
	free(words);
	forecast_free(forecast);
	emitted_done(&emitted);
}

/* An older file of the name that a link needs, and a name that no Dockerfile can hold. */
static void a_way_that_cannot_be_gone_says_why(void **state)
{
	struct forecast_sample samples[2] = { 0 };
	struct emitted emitted;
	struct forecast *forecast;
	struct ib image = { 0 };
	struct tb tar = { 0 };
	char *words;

	(void)state;
	tb_file(&tar, "key", 0600, 0, 0, "old");
	tb_hardlink(&tar, "kept", "key");
	tb_end(&tar);
	ib_layer(&image, &tar, "none", "RUN x");
	tb_free(&tar);
	tb_file(&tar, "key", 0600, 0, 0, "new");
	tb_file(&tar, "\377", 0600, 0, 0, "x");
	tb_end(&tar);
	ib_layer(&image, &tar, "none", "RUN x");
	tb_free(&tar);
	emitted_open_built(&emitted, &image);
	emitted_want(&emitted, &(struct tree_want){ .path = "key", .remove = true });
	want_mode(&emitted, "\377");
	emitted_preview(&emitted);
	forecast = make(&emitted, samples);
	assert_int_equal(forecast->failed[FORECAST_REWRITE].code, ERR_UNSUPPORTED);
	assert_int_equal(forecast->failed[FORECAST_DOCKERFILE].code, ERR_UNSUPPORTED);
	assert_int_equal(forecast->failed[FORECAST_APPEND].code, 0);
	words = forecast_words(forecast, FORECAST_DOCKERFILE);
	assert_memory_equal(words, "not possible: ", 14);
	free(words);
	forecast_free(forecast);
	emitted_done(&emitted);
}

static void words_count_layers_and_entries(void **state)
{
	struct forecast_layer layers[8];
	struct forecast forecast = { .image_layers = 9, .layers = layers, .layer_count = 8 };
	char *words;

	(void)state;
	for (unsigned i = 0; i < 8; i++)
		layers[i] = (struct forecast_layer){ .position = i + 1,
						     .count = { .dropped = i == 0, .growth = -64 },
						     .stored = 100,
						     .rewritten = 50 };
	words = forecast_words(&forecast, FORECAST_REWRITE);
	assert_string_equal(words, "-512 B of decoded layers; layers 1, 2, 3, 4, 5, 6 and 2 more get "
				   "new digests, 1 keeps its: 1 entry taken out; to push anew: "
				   "400 B (they are 800 B now)");
	free(words);
}

static void layers_of_a_limited_size_are_counted(void **state)
{
	struct forecast forecast = { .append = 3000, .append_layers = 3 };
	char *words = forecast_words(&forecast, FORECAST_APPEND);

	(void)state;
	assert_string_equal(words, "+3.0 KB in 3 new layers, as the platform limits their size; all "
				   "layers keep their digests");
	free(words);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(layers_that_change_are_told),
		cmocka_unit_test(the_estimate_is_near_what_is_written),
		cmocka_unit_test(a_sample_is_taken_once),
		cmocka_unit_test(another_compression_changes_layers_by_itself),
		cmocka_unit_test(the_config_alone_costs_nothing),
		cmocka_unit_test(a_way_that_cannot_be_gone_says_why),
		cmocka_unit_test(words_count_layers_and_entries),
		cmocka_unit_test(layers_of_a_limited_size_are_counted),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
