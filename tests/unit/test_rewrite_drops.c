/* Entries that a rewritten layer loses. Tables of contents: test_emit_contents.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/emitted.h"

static void end_layer(struct ib *image, struct tb *tar)
{
	tb_end(tar);
	ib_layer(image, tar, "none", "RUN x");
	tb_free(tar);
}

static bool has_text(const struct tb *tar, const char *text)
{
	return memmem(tar->bytes, tar->len, text, strlen(text)) != NULL;
}

/* Every layer's, or the older one would come to light. */
static void what_is_removed_is_in_no_layer(void **state)
{
	struct emitted emitted;
	struct ib image = { 0 };
	struct tb tar = { 0 };

	(void)state;
	tb_file(&tar, "a/key", 0600, 0, 0, "older secret");
	tb_file(&tar, "a/other", 0600, 0, 0, "other");
	end_layer(&image, &tar);
	tb_file(&tar, "a/key", 0600, 0, 0, "first secret");
	tb_file(&tar, "a/key", 0600, 0, 0, "secret");
	end_layer(&image, &tar);
	emitted_open_built(&emitted, &image);
	emitted_want(&emitted, &(struct tree_want){ .path = "a/key", .remove = true });
	emitted_want(&emitted, &(struct tree_want){ .path = "a/other", .set_uid = true, .uid = 9 });
	emitted_preview(&emitted);
	for (unsigned layer = 1; layer <= 2; layer++) {
		struct emit_rewrite_count count;
		struct tb new = emitted_layer(&emitted, layer);

		assert_false(has_text(&new, "secret"));
		assert_true(has_text(&new, "other") == (layer == 1));
		assert_int_equal(emit_rewrite_count(&emitted.input, layer, &count, NULL), 0);
		assert_int_equal(count.dropped, layer);
		tb_free(&new);
	}
	emitted_check(&emitted, EMIT_REWRITE);
	emitted_done(&emitted);
}

static void what_others_need_is_not_taken_out(void **state)
{
	(void)state;
	for (int is_folder = 0; is_folder < 2; is_folder++) {
		struct emit_rewrite_count count;
		struct emitted emitted;
		struct ib image = { 0 };
		struct tb tar = { 0 };

		if (is_folder)
			tb_file(&tar, "key/below", 0600, 0, 0, "x");
		else
			tb_file(&tar, "key", 0600, 0, 0, "old");
		if (!is_folder)
			tb_hardlink(&tar, "kept", "key");
		end_layer(&image, &tar);
		tb_file(&tar, "key", 0600, 0, 0, "new");
		end_layer(&image, &tar);
		emitted_open_built(&emitted, &image);
		emitted_want(&emitted, &(struct tree_want){ .path = "key", .remove = true });
		emitted_preview(&emitted);
		assert_int_equal(emit_rewrite_count(&emitted.input, 1, &count, NULL),
				 -ERR_UNSUPPORTED);
		emitted_check(&emitted, EMIT_APPEND);
		emitted_done(&emitted);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_removed_is_in_no_layer),
		cmocka_unit_test(what_others_need_is_not_taken_out),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
