/* History: which instruction made which layer, and how it is shown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/image/image_priv.h"
#include "tests/lib/build.h"

static void instructions_read_as_in_a_dockerfile(void **state)
{
	static const struct {
		const char *created_by, *clean;
	} CASES[] = {
		{ "/bin/sh -c #(nop) COPY file:1 in /", "COPY file:1 in /" },
		{ "/bin/sh -c #(nop)  CMD [\"sh\"]", "CMD [\"sh\"]" },
		{ "/bin/sh -c apt-get update", "RUN apt-get update" },
		{ "RUN /bin/sh -c apt-get update # buildkit", "RUN apt-get update" },
		{ "COPY app /opt # buildkit", "COPY app /opt" },
		{ "|2 A=1 B=2 /bin/sh -c make", "RUN make" },
		{ "RUN |1 A=1 /bin/sh -c make # buildkit", "RUN make" },
		{ "|not arguments", "|not arguments" },
		{ "bazel build ...", "bazel build ..." },
		{ "  RUN x \n", "RUN x" },
		{ "# buildkit", "" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct arena arena = { 0 };
		const char *clean = image_history__clean(&arena, CASES[i].created_by);

		assert_string_equal(clean, CASES[i].clean);
		arena_done(&arena);
	}
}

static struct image *image_with(const char *config, size_t layers)
{
	struct image *image = calloc(1, sizeof(*image));

	assert_non_null(image);
	assert_int_equal(
		config_parse(config, strlen(config), "config", NULL, NULL, &image->config, NULL),
		0);
	image->layer_count = layers;
	image->layers = arena_alloc(&image->arena, layers * sizeof(*image->layers));
	for (size_t i = 0; i < layers; i++)
		image->layers[i] = (struct image_layer){ .created_by = "", .history = SIZE_MAX };
	return image;
}

static void empty_entries_are_passed_over(void **state)
{
	CLEANUP(image_closep)
	struct image *image =
		image_with("{\"history\":[{\"created_by\":\"ADD a\"},{\"empty_layer\":true},"
			   "{\"created_by\":\"/bin/sh -c b\"},{\"empty_layer\":true}]}",
			   2);

	(void)state;
	assert_int_equal(image_history__match(image, NULL), 0);
	assert_string_equal(image->layers[0].created_by, "ADD a");
	assert_int_equal(image->layers[0].history, 0);
	assert_string_equal(image->layers[1].created_by, "RUN b");
	assert_int_equal(image->layers[1].history, 2);
	assert_int_equal(image->problems.all.count, 0);
}

static void nothing_is_guessed_where_numbers_differ(void **state)
{
	CLEANUP(image_closep)
	struct image *image = image_with("{\"history\":[{\"created_by\":\"ADD a\"}]}", 2);

	(void)state;
	assert_int_equal(image_history__match(image, NULL), 0);
	assert_string_equal(image->layers[0].created_by, "");
	assert_true(image->layers[0].history == SIZE_MAX);
	assert_int_equal(image->problems.all.count, 1);
	assert_int_equal(image->problems.all.items[0].kind, PROBLEM_HISTORY);
}

static void no_history_is_no_problem(void **state)
{
	CLEANUP(image_closep) struct image *image = image_with("{}", 2);

	(void)state;
	assert_int_equal(image_history__match(image, NULL), 0);
	assert_int_equal(image->problems.all.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(instructions_read_as_in_a_dockerfile),
		cmocka_unit_test(empty_entries_are_passed_over),
		cmocka_unit_test(nothing_is_guessed_where_numbers_differ),
		cmocka_unit_test(no_history_is_no_problem),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
