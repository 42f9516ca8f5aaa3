/* Layers that can be fetched in pieces: what is left out when they are rewritten. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "core/emit/emit_priv.h"
#include "lib/emitted.h"

#define TABLE EMIT_CONTENTS_NAME

/* /a and what eStargz adds; behind the end of the tar instead, as BuildKit writes it. */
static void open_image(struct emitted *emitted, const char *compression, bool is_behind)
{
	struct ib image = { 0 };
	struct tb tar = { 0 };

	for (unsigned i = 0; i < 2; i++) {
		tb_file(&tar, i ? "b" : "a", 0600, 0, 0, "contents");
		tb_file(&tar, ".no.prefetch.landmark", 0644, 0, 0, "\xf");
		if (is_behind)
			tb_end(&tar);
		tb_file(&tar, TABLE, 0444, 0, 0, "{\"version\":1}");
		tb_end(&tar);
		ib_layer(&image, &tar, compression, "RUN x");
		tb_free(&tar);
	}
	emitted_open_built(emitted, &image);
}

static void want_and_preview(struct emitted *emitted, const char *path)
{
	emitted_want(emitted, &(struct tree_want){ .path = path, .set_uid = true, .uid = 9 });
	emitted_preview(emitted);
}

/* Whether the rewritten layer has a path. */
static bool rewritten_has(const struct emitted *emitted, unsigned layer, const char *path)
{
	struct tb tar = emitted_layer(emitted, layer);
	struct tf tf = { 0 };
	bool has;

	emitted_index(&tf, &tar);
	tf_build(&tf);
	has = !node_is_none(tree_find(tf.tree, path));
	tf_done(&tf);
	return has;
}

static void blobs_are_told_by_their_ends(void **state)
{
	static const struct {
		const char *compression;
		enum emit_contents contents;
	} ROWS[] = {
		{ "none", CONTENTS_NONE },       { "gzip", CONTENTS_NONE },
		{ "members", CONTENTS_NONE },    { "estargz", CONTENTS_STARGZ },
#ifdef HAVE_ZSTD
		{ "zstd", CONTENTS_NONE },       { "chunked", CONTENTS_CHUNKED },
#endif
	};

	(void)state;
	for (size_t i = 0; i < sizeof(ROWS) / sizeof(*ROWS); i++) {
		struct emitted emitted;

		open_image(&emitted, ROWS[i].compression, false);
		emitted_preview(&emitted);
		assert_int_equal(emit__contents(&emitted.input, 1), ROWS[i].contents);
		emitted_done(&emitted);
	}
}

static void a_rewritten_layer_loses_its_table_alone(void **state)
{
	struct emit_rewrite_count count;
	struct emitted emitted;

	(void)state;
	open_image(&emitted, "estargz", false);
	want_and_preview(&emitted, "a");
	assert_false(rewritten_has(&emitted, 1, TABLE));
	assert_true(rewritten_has(&emitted, 1, ".no.prefetch.landmark"));
	assert_int_equal(emit_rewrite_count(&emitted.input, 1, &count, NULL), 0);
	assert_int_equal(count.dropped, 1);
	assert_int_equal(emit_rewrite_count(&emitted.input, 2, &count, NULL), 0);
	assert_int_equal(count.dropped + count.mended, 0); /* it stays as it is */
	emitted_done(&emitted);
}

static void a_table_behind_the_end_goes_too(void **state)
{
	struct emitted emitted;
	struct tb tar;

	(void)state;
	open_image(&emitted, "estargz", true);
	want_and_preview(&emitted, "a");
	tar = emitted_layer(&emitted, 1);
	assert_int_equal(tar.len, 6 * TAR_BLOCK);
	tb_free(&tar);
	emitted_done(&emitted);
}

/* Whoever plans something for the table gets the same. */
static void a_plan_for_the_table_changes_nothing(void **state)
{
	struct emitted emitted;

	(void)state;
	open_image(&emitted, "estargz", false);
	emitted_want(&emitted, &(struct tree_want){ .path = TABLE, .remove = true });
	want_and_preview(&emitted, "b");
	assert_false(rewritten_has(&emitted, 2, TABLE));
	emitted_done(&emitted);
}

static void a_file_of_that_name_elsewhere_is_a_file(void **state)
{
	struct emitted emitted;

	(void)state;
	open_image(&emitted, "members", false);
	want_and_preview(&emitted, "a");
	assert_true(rewritten_has(&emitted, 1, TABLE));
	emitted_check(&emitted, EMIT_REWRITE);
	emitted_done(&emitted);
}

static void layers_of_many_members_are_rewritten_whole(void **state)
{
	struct ib image = { 0 };
	struct emitted emitted;
	struct tb tar = { 0 };
	char path[32], body[3000];

	(void)state;
	memset(body, 'x', sizeof(body));
	for (unsigned i = 0; i < 30; i++) {
		snprintf(path, sizeof(path), "file-%u", i);
		tb_add(&tar, &(struct tb_entry){ .path = path, .type = '0', .mode = 0600,
						 .body = body, .size = sizeof(body) - i });
	}
	tb_end(&tar);
	ib_layer(&image, &tar, "members", "RUN x");
	tb_free(&tar);
	emitted_open_built(&emitted, &image);
	want_and_preview(&emitted, "file-20");
	emitted_check(&emitted, EMIT_REWRITE);
	emitted_check(&emitted, EMIT_APPEND);
	emitted_done(&emitted);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blobs_are_told_by_their_ends),
		cmocka_unit_test(a_rewritten_layer_loses_its_table_alone),
		cmocka_unit_test(a_table_behind_the_end_goes_too),
		cmocka_unit_test(a_plan_for_the_table_changes_nothing),
		cmocka_unit_test(a_file_of_that_name_elsewhere_is_a_file),
		cmocka_unit_test(layers_of_many_members_are_rewritten_whole),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
