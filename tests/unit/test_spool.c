/* A stream over a pipe, and the unlinked copy of a stream. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "stream/spool.h"
#include "stream/stream_file.h"

static void a_pipe_is_read_to_its_end(void **state)
{
	CLEANUP(stream_closep) struct stream *stream = NULL;
	char buffer[16];
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(write(fds[1], "hello", 5), 5);
	close(fds[1]);
	assert_int_equal(stream_pipe_open(fds[0], NULL, &stream, NULL), 0);
	assert_int_equal(stream_read(stream, buffer, sizeof(buffer), NULL), 5);
	assert_memory_equal(buffer, "hello", 5);
	close(fds[0]);
}

static void a_pipe_that_gives_nothing_can_be_cancelled(void **state)
{
	CLEANUP(stream_closep) struct stream *stream = NULL;
	struct cancel cancel = { 0 };
	char byte;
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	cancel_request(&cancel);
	assert_int_equal(stream_pipe_open(fds[0], &cancel, &stream, NULL), 0);
	assert_int_equal(stream_read(stream, &byte, 1, NULL), -ERR_CANCELLED);
	close(fds[0]);
	close(fds[1]);
}

static void a_closed_descriptor_is_an_io_error(void **state)
{
	CLEANUP(stream_closep) struct stream *stream = NULL;
	char byte;

	(void)state;
	assert_int_equal(stream_pipe_open(1000, NULL, &stream, NULL), 0);
	assert_int_equal(stream_read(stream, &byte, 1, NULL), -ERR_IO);
}

static void the_copy_has_all_bytes_and_no_name(void **state)
{
	CLEANUP(freep) char *bytes = malloc(3000000);
	CLEANUP(freep) char *back = malloc(3000000);
	CLEANUP(stream_closep) struct stream *in = NULL;
	CLEANUP(closep) int fd = -1;
	struct progress progress = { 0 };
	const struct spool_options options = { .progress = &progress };
	struct stat st;
	uint64_t length;

	(void)state;
	for (size_t i = 0; i < 3000000; i++)
		bytes[i] = (char)(i * 7 / 5);
	assert_int_equal(stream_memory_open(bytes, 3000000, &in, NULL), 0);
	assert_int_equal(spool_stream(in, &options, &fd, &length, NULL), 0);
	assert_int_equal(length, 3000000);
	assert_int_equal(progress.done, 3000000);
	assert_int_equal(pread(fd, back, 3000000, 0), 3000000);
	assert_memory_equal(back, bytes, 3000000);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_nlink, 0);
}

static void the_limit_holds(void **state)
{
	const struct limits limits = { .spool_bytes = 4 };
	const struct spool_options options = { .limits = &limits };
	CLEANUP(stream_closep) struct stream *in = NULL;
	struct err err = { 0 };
	uint64_t length;
	int fd = -1;

	(void)state;
	assert_int_equal(stream_memory_open("hello", 5, &in, NULL), 0);
	assert_int_equal(spool_stream(in, &options, &fd, &length, &err), -ERR_LIMIT);
	assert_string_equal(err.text, "decoded input: 5 is above the limit of 4");
	assert_int_equal(fd, -1);
}

static void a_cancel_is_heard(void **state)
{
	struct cancel cancel = { 0 };
	const struct spool_options options = { .cancel = &cancel };
	CLEANUP(stream_closep) struct stream *in = NULL;
	uint64_t length;
	int fd;

	(void)state;
	cancel_request(&cancel);
	assert_int_equal(stream_memory_open("hello", 5, &in, NULL), 0);
	assert_int_equal(spool_stream(in, &options, &fd, &length, NULL), -ERR_CANCELLED);
}

static void a_folder_that_is_not_there_is_named(void **state)
{
	const struct spool_options options = { .folder = "/nonexistent/folder" };
	CLEANUP(stream_closep) struct stream *in = NULL;
	struct err err = { 0 };
	uint64_t length;
	int fd;

	(void)state;
	assert_int_equal(stream_memory_open("hello", 5, &in, NULL), 0);
	assert_int_equal(spool_stream(in, &options, &fd, &length, &err), -ERR_IO);
	assert_non_null(strstr(err.text, "/nonexistent/folder"));
	assert_non_null(strstr(err.text, "TMPDIR"));
}

static void a_failure_of_the_input_is_the_failure(void **state)
{
	const struct stream_span span = { .fd = -1, .length = 1 };
	const struct spool_options options = { .folder = NULL };
	CLEANUP(stream_closep) struct stream *in = NULL;
	uint64_t length;
	int fd;

	(void)state;
	assert_int_equal(stream_file_open(&span, NULL, NULL, &in, NULL), 0);
	assert_int_equal(spool_stream(in, &options, &fd, &length, NULL), -ERR_IO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pipe_is_read_to_its_end),
		cmocka_unit_test(a_pipe_that_gives_nothing_can_be_cancelled),
		cmocka_unit_test(a_closed_descriptor_is_an_io_error),
		cmocka_unit_test(the_copy_has_all_bytes_and_no_name),
		cmocka_unit_test(the_limit_holds),
		cmocka_unit_test(a_cancel_is_heard),
		cmocka_unit_test(a_folder_that_is_not_there_is_named),
		cmocka_unit_test(a_failure_of_the_input_is_the_failure),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
