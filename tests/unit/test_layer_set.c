/* All layers of an image at once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "core/session/session_priv.h"
#include "lib/build.h"

struct opened_set {
	struct source *source;
	struct image *image;
	struct layer_set set;
};

static void open_set(struct opened_set *opened, const char *path)
{
	struct err err = { 0 };

	if (source_open(path, NULL, &opened->source, &err) < 0 ||
	    image_open(opened->source, 0, NULL, &opened->image, &err) < 0 ||
	    layer_set_init(&opened->set, opened->image, &err) < 0)
		fail_msg("%s", err.text);
}

static void close_set(struct opened_set *opened)
{
	layer_set_done(&opened->set);
	image_close(opened->image);
	source_close(opened->source);
}

static void add_layer(struct ib *image, const char *compression, const char *path)
{
	struct tb tar = { 0 };

	tb_file(&tar, path, 0644, 0, 0, "text");
	tb_end(&tar);
	ib_layer(image, &tar, compression, "RUN x");
	tb_free(&tar);
}

/* Five layers; the second and the last are the same blob. */
static const char *build(void)
{
	static const char *const compressions[] = { "none", "gzip", "zstd", "xz", "gzip" };
	const char *path = test_path("set.tar");
	struct ib image = { 0 };

	for (size_t i = 0; i < 5; i++) {
		char name[] = { (char)('a' + (i == 4 ? 1 : i)), '\0' };

		add_layer(&image, compressions[i], name);
	}
	ib_oci_archive(&image, path, "tag");
	ib_free(&image);
	return path;
}

static void note(void *context, size_t layer)
{
	atomic_uint *seen = context;

	atomic_fetch_or(seen, 1u << layer);
}

static void all_layers_are_indexed_and_told(void **state)
{
	struct opened_set opened;
	struct progress progress = { 0 };
	pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	atomic_uint seen = 0;
	const struct layer_set_options options = {
		.progress = &progress, .ready = note, .context = &seen, .lock = &lock
	};
	struct err err = { 0 };

	(void)state;
	open_set(&opened, build());
	assert_int_equal(opened.set.count, 5);
	assert_int_equal(opened.set.states[0], LAYER_WAITING);
	if (layer_set_index(&opened.set, &options, &err) < 0)
		fail_msg("%s", err.text);
	for (size_t i = 0; i < 5; i++) {
		assert_int_equal(opened.set.states[i], LAYER_READY);
		assert_int_equal(layer_entry_count(opened.set.indexes[i]), 1);
	}
	assert_int_equal(seen, 0xf);
	assert_true(progress.total > 0);
	assert_int_equal(progress.done, progress.total);
	assert_int_equal(opened.set.problems.all.count, 0);
	close_set(&opened);
}

static void a_blob_that_is_used_twice_is_indexed_once(void **state)
{
	struct opened_set opened;

	(void)state;
	open_set(&opened, build());
	assert_int_equal(layer_set_index(&opened.set, &(struct layer_set_options){ 0 }, NULL), 0);
	assert_ptr_equal(opened.set.indexes[1], opened.set.indexes[4]);
	assert_ptr_not_equal(opened.set.indexes[0], opened.set.indexes[1]);
	close_set(&opened);
}

static void right_digests_are_no_problem(void **state)
{
	struct opened_set opened;
	struct problem_list problems = { 0 };
	struct progress progress = { 0 };
	struct err err = { 0 };

	(void)state;
	open_set(&opened, build());
	assert_int_equal(layer_set_index(&opened.set, &(struct layer_set_options){ 0 }, NULL), 0);
	if (layer_set_verify(&opened.set, &(struct layer_set_options){ .progress = &progress },
			     &problems, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(problems.all.count, 0);
	/* Only the uncompressed one was not hashed while it was indexed. */
	assert_int_equal(progress.done, 2048);
	problem_list_done(&problems);
	close_set(&opened);
}

static void a_wrong_digest_is_a_problem_that_names_the_layer(void **state)
{
	const char *path = build();
	struct opened_set opened;
	struct problem_list problems = { 0 };
	unsigned char *bytes, *body;
	size_t len;

	(void)state;
	bytes = test_read(path, &len);
	/* The contents of the uncompressed layer. */
	body = memmem(bytes, len, "text\0\0\0", 7);
	assert_non_null(body);
	*body = 'T';
	test_write(path, bytes, len);
	free(bytes);
	open_set(&opened, path);
	assert_int_equal(layer_set_index(&opened.set, &(struct layer_set_options){ 0 }, NULL), 0);
	assert_int_equal(layer_set_verify(&opened.set, &(struct layer_set_options){ 0 }, &problems,
					  NULL),
			 0);
	assert_true(problems.damaged);
	assert_int_equal(problems.all.count, 2);
	assert_int_equal(problems.all.items[0].kind, PROBLEM_DIGEST_MISMATCH);
	assert_non_null(strstr(problems.all.items[0].text, "layer 1: digest should be sha256:"));
	assert_int_equal(problems.all.items[1].kind, PROBLEM_DIFF_ID_MISMATCH);
	problem_list_done(&problems);
	close_set(&opened);
}

static void a_layer_that_is_no_tar_is_a_problem(void **state)
{
	const char *path = test_path("junk.tar");
	struct opened_set opened;
	struct ib image = { 0 };
	struct tb junk = { 0 };
	char noise[1024];

	(void)state;
	memset(noise, 'j', sizeof(noise));
	add_layer(&image, "none", "a");
	tb_raw(&junk, noise, sizeof(noise));
	ib_layer(&image, &junk, "none", "RUN junk");
	add_layer(&image, "none", "b");
	ib_docker(&image, path, "x:1");
	ib_free(&image);
	tb_free(&junk);
	open_set(&opened, path);
	assert_int_equal(layer_set_index(&opened.set, &(struct layer_set_options){ 0 }, NULL), 0);
	assert_int_equal(opened.set.states[0], LAYER_READY);
	assert_int_equal(opened.set.states[1], LAYER_UNREADABLE);
	assert_null(opened.set.indexes[1]);
	assert_int_equal(opened.set.states[2], LAYER_READY);
	assert_int_equal(opened.set.problems.all.count, 1);
	assert_true(opened.set.problems.damaged);
	assert_non_null(strstr(opened.set.problems.all.items[0].text, "layer 2 cannot be read"));
	close_set(&opened);
}

static void cancelled_it_stops(void **state)
{
	struct opened_set opened;
	struct cancel cancel = { 0 };
	struct problem_list problems = { 0 };

	(void)state;
	open_set(&opened, build());
	cancel_request(&cancel);
	assert_int_equal(layer_set_index(&opened.set,
					 &(struct layer_set_options){ .cancel = &cancel }, NULL),
			 -ERR_CANCELLED);
	close_set(&opened);
	open_set(&opened, build());
	assert_int_equal(layer_set_index(&opened.set, &(struct layer_set_options){ 0 }, NULL), 0);
	assert_int_equal(layer_set_verify(&opened.set, &(struct layer_set_options){ .cancel = &cancel },
					  &problems, NULL),
			 -ERR_CANCELLED);
	problem_list_done(&problems);
	close_set(&opened);
}

static void an_image_without_layers_is_an_empty_set(void **state)
{
	const char *path = test_path("empty.tar");
	struct opened_set opened;
	struct problem_list problems = { 0 };
	struct ib image = { 0 };

	(void)state;
	ib_docker(&image, path, "x:1");
	ib_free(&image);
	open_set(&opened, path);
	assert_int_equal(layer_set_index(&opened.set, &(struct layer_set_options){ 0 }, NULL), 0);
	assert_int_equal(layer_set_verify(&opened.set, &(struct layer_set_options){ 0 }, &problems,
					  NULL),
			 0);
	close_set(&opened);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_layers_are_indexed_and_told),
		cmocka_unit_test(a_blob_that_is_used_twice_is_indexed_once),
		cmocka_unit_test(right_digests_are_no_problem),
		cmocka_unit_test(a_wrong_digest_is_a_problem_that_names_the_layer),
		cmocka_unit_test(a_layer_that_is_no_tar_is_a_problem),
		cmocka_unit_test(cancelled_it_stops),
		cmocka_unit_test(an_image_without_layers_is_an_empty_set),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
