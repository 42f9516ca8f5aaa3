/* What becomes of one tar entry in a layer's index. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "lib/trees.h"

static const struct layer_entry *only_entry(struct tf *tf, const struct tb_entry *entry)
{
	struct tb tar = { 0 };

	tb_add(&tar, entry);
	tf_layer(tf, &tar);
	assert_int_equal(layer_entry_count(tf->layers[0]), 1);
	return layer_entry(tf->layers[0], 0);
}

static void assert_path(const struct tf *tf, const struct layer_entry *entry, const char *folder,
			const char *name)
{
	assert_string_equal(layer_string(tf->layers[0], entry->folder), folder);
	assert_string_equal(layer_string(tf->layers[0], entry->name), name);
}

static void a_path_is_a_folder_and_a_name(void **state)
{
	struct tf tf = { 0 };
	const struct layer_entry *entry = only_entry(
		&tf, &(struct tb_entry){ .path = "./a//b/../c/d", .type = '0', .mode = 0640 });

	(void)state;
	assert_path(&tf, entry, "a/c", "d");
	assert_int_equal(entry->kind, ENTRY_NODE);
	assert_int_equal(entry->mode, 0640);
	tf_done(&tf);
}

static void a_whiteout_names_what_it_removes(void **state)
{
	struct tf tf = { 0 };
	const struct layer_entry *entry =
		only_entry(&tf, &(struct tb_entry){ .path = "a/.wh.b", .type = '0' });

	(void)state;
	assert_int_equal(entry->kind, ENTRY_WHITEOUT);
	assert_path(&tf, entry, "a", "b");
	tf_done(&tf);
}

static void an_opaque_mark_names_its_directory(void **state)
{
	struct tf tf = { 0 };
	const struct layer_entry *entry =
		only_entry(&tf, &(struct tb_entry){ .path = "a/b/.wh..wh..opq", .type = '0' });

	(void)state;
	assert_int_equal(entry->kind, ENTRY_OPAQUE);
	assert_path(&tf, entry, "a", "b");
	tf_done(&tf);
}

static void a_hard_link_names_a_normalised_path(void **state)
{
	struct tf tf = { 0 };
	const struct layer_entry *entry = only_entry(
		&tf, &(struct tb_entry){ .path = "x", .type = '1', .link = "./a/../b" });

	(void)state;
	assert_int_equal(entry->type, TAR_HARDLINK);
	assert_string_equal(layer_string(tf.layers[0], entry->link), "b");
	tf_done(&tf);
}

static void owners_are_never_truncated(void **state)
{
	struct tf tf = { 0 };
	const struct layer_entry *entry = only_entry(
		&tf, &(struct tb_entry){ .path = "x", .type = '0', .uid = 4294968296, .gid = 7 });

	(void)state;
	assert_int_equal(entry->uid, 4294968296);
	assert_int_equal(entry->gid, 7);
	tf_done(&tf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_path_is_a_folder_and_a_name),
		cmocka_unit_test(a_whiteout_names_what_it_removes),
		cmocka_unit_test(an_opaque_mark_names_its_directory),
		cmocka_unit_test(a_hard_link_names_a_normalised_path),
		cmocka_unit_test(owners_are_never_truncated),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
