/* What the ways of writing share. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/emit/emit_priv.h"
#include "lib/emitted.h"

static char *memory_text(struct sink *sink)
{
	const void *bytes;
	size_t len;
	char *text;

	bytes = sink_memory_bytes(sink, &len);
	text = strndup(bytes, len);
	sink_close(sink);
	return text;
}

static void open_small(struct emitted *emitted, const char *compression)
{
	struct ib image = { 0 };
	struct tb tar = { 0 };

	tb_dir(&tar, "d", 0755, 0, 0);
	tb_file(&tar, "d/x", 0600, 0, 0, "body");
	tb_symlink(&tar, "d/l", "x");
	tb_end(&tar);
	ib_layer(&image, &tar, compression, "RUN x");
	tb_free(&tar);
	emitted_open_built(emitted, &image);
}

static void a_layer_is_opened_decoded(void **state)
{
	static const char *const compressions[] = { "none", "gzip", "zstd", "xz" };

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct emitted emitted;
		struct stream *stream;
		char block[600];

		open_small(&emitted, compressions[i]);
		emitted_preview(&emitted);
		assert_int_equal(emit__open_layer(&emitted.input, 1, &stream, NULL), 0);
		assert_int_equal(stream_read(stream, block, sizeof(block), NULL), sizeof(block));
		assert_string_equal(block, "d/");
		stream_close(stream);
		emitted_done(&emitted);
	}
}

static void the_pump_counts_and_says_where_it_ends_early(void **state)
{
	struct progress progress = { 0 };
	struct emit_input input = { .progress = &progress };
	struct stream *in;
	struct sink *out;
	struct err err = { 0 };
	char *text;

	(void)state;
	assert_int_equal(stream_memory_open("0123456789", 10, &in, NULL), 0);
	assert_int_equal(sink_memory_open(&out, NULL), 0);
	assert_int_equal(emit__pump(&input, in, 4, out, NULL), 0);
	assert_int_equal(progress.done, 4);
	assert_int_equal(emit__pump(&input, in, 7, out, &err), -ERR_FORMAT);
	assert_non_null(strstr(err.text, "byte 10"));
	text = memory_text(out);
	assert_string_equal(text, "0123456789");
	free(text);
	stream_close(in);
}

static void changes_say_what_is_new_owned_or_opened(void **state)
{
	struct emitted emitted;
	struct emit_change *changes;
	size_t count;

	(void)state;
	open_small(&emitted, "none");
	emitted_want(&emitted, &(struct tree_want){ .path = "d", .set_mode = true, .mode = 0711 });
	emitted_want(&emitted, &(struct tree_want){ .path = "d/l", .set_uid = true, .uid = 5 });
	emitted_want(&emitted, &(struct tree_want){ .path = "d/n",
						    .create = true,
						    .type = TAR_DIR,
						    .set_mode = true,
						    .mode = 0755 });
	emitted_want(&emitted, &(struct tree_want){ .path = "d/x", .body = "new", .body_len = 3 });
	emitted_preview(&emitted);
	assert_int_equal(emit__changes(&emitted.input, &changes, &count, NULL), 0);
	assert_int_equal(count, 4);
	assert_string_equal(changes[0].path, "d");
	assert_true(!changes[0].own && changes[0].mode && !changes[0].is_new);
	assert_string_equal(changes[1].path, "d/l");
	assert_true(changes[1].own && !changes[1].mode);
	assert_string_equal(changes[2].path, "d/n");
	assert_true(changes[2].own && changes[2].mode && changes[2].is_new);
	assert_string_equal(changes[3].path, "d/x");
	assert_true(!changes[3].own && !changes[3].mode && changes[3].has_body);
	emit__changes_free(changes, count);
	emitted_done(&emitted);
}

static void a_printf_word_holds_any_bytes(void **state)
{
	struct sink *out;
	char *text;

	(void)state;
	assert_int_equal(sink_memory_open(&out, NULL), 0);
	assert_int_equal(emit__put_printf_word(out, "-a'%\\\n\0\377-", 9, NULL), 0);
	text = memory_text(out);
	assert_string_equal(text, "'\\055a\\047\\045\\134\\n\\000\\377-'");
	free(text);
}

static void times_are_rfc_3339(void **state)
{
	char text[32];

	(void)state;
	emit__time_text(0, text);
	assert_string_equal(text, "1970-01-01T00:00:00Z");
	emit__time_text(1700000000, text);
	assert_string_equal(text, "2023-11-14T22:13:20Z");
	emit__time_text(INT64_MAX, text);
	assert_string_equal(text, "1970-01-01T00:00:00Z");
}

static void history_names_each_rule_once(void **state)
{
	struct emitted emitted;
	char *text;

	(void)state;
	open_small(&emitted, "none");
	text = emit__history_text(emitted.plan);
	assert_string_equal(text, "imgtui: plan");
	free(text);
	emitted_want(&emitted, &(struct tree_want){ .path = "d", .set_mode = true, .mode = 0711 });
	emitted_want(&emitted,
		     &(struct tree_want){ .path = "d/x", .set_mode = true, .mode = 0711 });
	emitted_config(&emitted, &(struct config_edit){ .user = "1" });
	text = emit__history_text(emitted.plan);
	assert_string_equal(text, "imgtui: RULE-1, RULE-2");
	free(text);
	emitted_done(&emitted);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_layer_is_opened_decoded),
		cmocka_unit_test(the_pump_counts_and_says_where_it_ends_early),
		cmocka_unit_test(changes_say_what_is_new_owned_or_opened),
		cmocka_unit_test(a_printf_word_holds_any_bytes),
		cmocka_unit_test(times_are_rfc_3339),
		cmocka_unit_test(history_names_each_rule_once),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
