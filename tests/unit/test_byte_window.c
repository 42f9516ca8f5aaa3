/* Any bytes of a file that is read forwards. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/access/byte_window.h"
#include "stream/stream_file.h"

enum { SIZE = 9 << 20 };

struct file {
	unsigned char *bytes;
	unsigned opened;
};

static int open_file(void *context, struct stream **ret_stream, struct err *err)
{
	struct file *file = context;

	file->opened++;
	return stream_memory_open(file->bytes, SIZE, ret_stream, err);
}

static int make_file(void **state)
{
	static struct file file;

	file.bytes = malloc(SIZE);
	for (size_t i = 0; i < SIZE; i++)
		file.bytes[i] = (unsigned char)(i * 2654435761u >> 24);
	*state = &file;
	return 0;
}

static int free_file(void **state)
{
	free(((struct file *)*state)->bytes);
	return 0;
}

static void assert_bytes(struct byte_window *window, uint64_t at, uint64_t len)
{
	const struct file *file = window->context;
	const char *bytes;
	struct err err = { 0 };

	assert_int_equal(access__window_get(window, at, len, &bytes, &err), 0);
	assert_memory_equal(bytes, file->bytes + at, (size_t)len);
}

static void bytes_come_from_anywhere(void **state)
{
	struct file *file = *state;
	struct byte_window window = { .open = open_file, .context = file, .size = SIZE };

	file->opened = 0;
	assert_bytes(&window, 0, 64);
	assert_bytes(&window, 100000, 64);
	assert_bytes(&window, 8 << 20, 5000);
	assert_bytes(&window, 3 << 20, 1 << 20);
	assert_int_equal(file->opened, 1);
	assert_bytes(&window, 5 << 20, 1);
	assert_int_equal(file->opened, 2);
	access__window_done(&window);
}

static void what_is_outside_is_told(void **state)
{
	struct byte_window window = { .open = open_file, .context = *state, .size = SIZE };
	const char *bytes;

	assert_int_equal(access__window_get(&window, SIZE, 1, &bytes, NULL), WINDOW_OUTSIDE);
	assert_int_equal(access__window_get(&window, UINT64_MAX, 2, &bytes, NULL), WINDOW_OUTSIDE);
	assert_int_equal(access__window_get(&window, 0, UINT64_MAX, &bytes, NULL), WINDOW_OUTSIDE);
	assert_bytes(&window, SIZE - 1, 1);
	access__window_done(&window);
}

static void a_file_that_is_shorter_than_it_says_ends(void **state)
{
	struct byte_window window = { .open = open_file, .context = *state, .size = SIZE + 10 };
	const char *bytes;

	assert_int_equal(access__window_get(&window, SIZE, 5, &bytes, NULL), WINDOW_OUTSIDE);
	access__window_done(&window);
}

static void going_back_again_and_again_is_refused(void **state)
{
	struct byte_window window = { .open = open_file, .context = *state, .size = SIZE };
	const char *bytes;
	int r = 0;

	for (unsigned i = 0; r == 0 && i < 10; i++)
		r = access__window_get(&window, (8u << 20) - i * 1000, 10, &bytes, NULL);
	assert_int_equal(r, -ERR_LIMIT);
	access__window_done(&window);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_come_from_anywhere),
		cmocka_unit_test(what_is_outside_is_told),
		cmocka_unit_test(a_file_that_is_shorter_than_it_says_ends),
		cmocka_unit_test(going_back_again_and_again_is_refused),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_file, free_file);
}
