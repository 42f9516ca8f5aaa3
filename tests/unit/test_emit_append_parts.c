/* What is appended, cut into layers of a limited size. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "core/emit/emit_append_priv.h"
#include "lib/emitted.h"
#include "tree/tree_iter.h"

enum { FILES = 20 };

/* /a/b/0 to 19 with two kilobytes each, two of them with another name, and one of 20 kilobytes. */
static void open_image(struct emitted *emitted)
{
	static char large[20000];
	struct ib image = { 0 };
	struct tb tar = { 0 };
	char path[32], body[2000];

	memset(body, 'x', sizeof(body));
	tb_dir(&tar, "a", 0711, 1, 2);
	tb_dir(&tar, "a/b", 0700, 3, 4);
	for (unsigned i = 0; i < FILES; i++) {
		snprintf(path, sizeof(path), "a/b/%u", i);
		tb_add(&tar, &(struct tb_entry){ .path = path, .type = '0', .mode = 0600,
						 .body = body, .size = sizeof(body) });
	}
	tb_hardlink(&tar, "a/first", "a/b/0");
	tb_hardlink(&tar, "last", "a/b/19");
	tb_add(&tar, &(struct tb_entry){ .path = "large", .type = '0', .mode = 0600, .body = large,
					 .size = sizeof(large) });
	tb_file(&tar, "a/gone", 0600, 0, 0, "gone");
	tb_end(&tar);
	ib_layer(&image, &tar, "gzip", "RUN x");
	tb_free(&tar);
	emitted_open_built(emitted, &image);
	emitted_want(emitted, &(struct tree_want){ .path = "a", .set_mode = true, .mode = 0755 });
	for (unsigned i = 0; i < FILES; i++) {
		snprintf(path, sizeof(path), "a/b/%u", i);
		emitted_want(emitted, &(struct tree_want){ .path = path, .set_uid = true, .uid = 9 });
	}
	emitted_want(emitted, &(struct tree_want){ .path = "a/gone", .remove = true });
	emitted_preview(emitted);
}

static size_t count_of(const struct emitted *emitted, struct problem_list *notes)
{
	size_t count;

	assert_int_equal(emit_append_count(&emitted->input, notes, &count, NULL), 0);
	return count;
}

static void without_a_limit_there_is_one_layer(void **state)
{
	struct emitted emitted;

	(void)state;
	open_image(&emitted);
	assert_int_equal(count_of(&emitted, NULL), 1);
	emitted.input.layer_limit = 1000 * 1000;
	assert_int_equal(count_of(&emitted, NULL), 1);
	emitted_done(&emitted);
}

static void every_layer_is_below_the_limit_and_all_show_the_plan(void **state)
{
	struct emitted emitted;
	struct problem_list notes = { 0 };
	uint64_t size, sum = 0;
	size_t count;

	(void)state;
	open_image(&emitted);
	emitted.input.layer_limit = 12000;
	count = count_of(&emitted, &notes);
	assert_int_equal(count, 7); /* three files of 2,560 bytes with two folders and the end */
	assert_int_equal(notes.all.count, 0);
	for (size_t part = 0; part < count; part++) {
		struct tb tar = emitted_part(&emitted, part), again = emitted_part(&emitted, part);

		assert_true(tar.len <= 12000);
		assert_int_equal(tar.len, again.len);
		assert_memory_equal(tar.bytes, again.bytes, tar.len);
		sum += tar.len;
		tb_free(&tar);
		tb_free(&again);
	}
	assert_int_equal(emit_append_size(&emitted.input, &size, NULL), 0);
	assert_int_equal(size, sum);
	emitted_check(&emitted, EMIT_APPEND);
	problem_list_done(&notes);
	emitted_done(&emitted);
}

/* Engines give a folder without a header 0755 root:root. */
static void every_layer_has_headers_for_the_folders_above(void **state)
{
	struct emitted emitted;

	(void)state;
	open_image(&emitted);
	emitted.input.layer_limit = 12000;
	for (size_t part = 0; part < count_of(&emitted, NULL); part++) {
		struct tb tar = emitted_part(&emitted, part);
		struct tree_stat stat;
		struct tf tf = { 0 };
		struct tree_iter it;
		node_id node;

		emitted_index(&tf, &tar);
		tf_build(&tf);
		tree_iter_init(&it, tf.tree, NODE_ROOT, 1);
		while (tree_iter_next(&it, &node)) {
			assert_true(tree_stat(tf.tree, node, 1, &stat));
			assert_true(node.v == NODE_ROOT.v || !(stat.flags & TREE_IMPLIED));
		}
		assert_true(tree_stat(tf.tree, tree_find(tf.tree, "a"), 1, &stat));
		assert_int_equal(stat.mode, 0755);
		assert_int_equal(stat.uid, 1);
		tf_done(&tf);
	}
	emitted_done(&emitted);
}

static void a_file_above_the_limit_is_alone_and_noted(void **state)
{
	struct emitted emitted;
	struct problem_list notes = { 0 };

	(void)state;
	open_image(&emitted);
	emitted_want(&emitted, &(struct tree_want){ .path = "large", .set_uid = true, .uid = 9 });
	tree_free(emitted.preview);
	config_free(emitted.config);
	emitted_preview(&emitted);
	emitted.input.layer_limit = 12000;
	assert_int_equal(count_of(&emitted, &notes), 9); /* the whiteout comes behind it */
	assert_int_equal(notes.all.count, 1);
	assert_int_equal(notes.all.items[0].kind, PROBLEM_TOO_LARGE);
	assert_non_null(strstr(notes.all.items[0].text, "'/large'"));
	emitted_check(&emitted, EMIT_APPEND);
	problem_list_done(&notes);
	emitted_done(&emitted);
}

static void all_names_of_a_file_are_in_one_layer(void **state)
{
	struct append append = { 0 };
	struct emitted emitted;

	(void)state;
	open_image(&emitted);
	emitted.input.layer_limit = 1;
	append.input = &emitted.input;
	assert_int_equal(emit__append_prepare(&append, NULL, NULL), 0);
	assert_int_equal(append.part_count, FILES + 2);
	for (size_t i = 1; i < append.items.count; i++) {
		const struct append_item *item = &append.items.items[i];

		assert_int_equal(item->part - item[-1].part, !item->is_link);
	}
	emit__append_done(&append);
	emitted_done(&emitted);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_limit_there_is_one_layer),
		cmocka_unit_test(every_layer_is_below_the_limit_and_all_show_the_plan),
		cmocka_unit_test(every_layer_has_headers_for_the_folders_above),
		cmocka_unit_test(a_file_above_the_limit_is_alone_and_noted),
		cmocka_unit_test(all_names_of_a_file_are_in_one_layer),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
