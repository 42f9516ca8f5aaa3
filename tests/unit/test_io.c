/* System calls with loops round short results. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"

static int memory_file(const char *bytes)
{
	int fd = memfd_create("bytes", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(io_write(fd, bytes, strlen(bytes), NULL), 0);
	return fd;
}

static int unlinked_file(void)
{
	int fd = -1;

	assert_int_equal(io_open_unlinked(NULL, &fd, NULL), 0);
	return fd;
}

static void assert_bytes(int fd, uint64_t offset, const char *expected)
{
	char bytes[64];

	assert_int_equal(io_pread(fd, bytes, strlen(expected), offset, NULL), strlen(expected));
	assert_memory_equal(bytes, expected, strlen(expected));
}

static void reading_stops_at_the_end(void **state)
{
	CLEANUP(closep) int fd = memory_file("0123456789");
	char bytes[64];

	(void)state;
	assert_int_equal(io_pread(fd, bytes, 4, 2, NULL), 4);
	assert_memory_equal(bytes, "2345", 4);
	assert_int_equal(io_pread(fd, bytes, sizeof(bytes), 7, NULL), 3);
	assert_int_equal(io_pread(fd, bytes, sizeof(bytes), 100, NULL), 0);
}

static void failures_have_the_reason_of_the_system(void **state)
{
	struct err err = { 0 };
	char byte = 0;

	(void)state;
	assert_int_equal(io_pread(-1, &byte, 1, 0, &err), -ERR_IO);
	assert_string_equal(err.text, "cannot read: Bad file descriptor");
	assert_int_equal(io_write(-1, &byte, 1, NULL), -ERR_IO);
	assert_int_equal(io_pwrite(-1, &byte, 1, 0, NULL), -ERR_IO);
}

static void writing_at_an_offset_leaves_the_rest(void **state)
{
	CLEANUP(closep) int fd = memory_file("0123456789");

	(void)state;
	assert_int_equal(io_pwrite(fd, "ab", 2, 3, NULL), 0);
	assert_bytes(fd, 0, "012ab56789");
}

static void copies_lie_where_they_should(void **state)
{
	CLEANUP(closep) int from = unlinked_file();
	CLEANUP(closep) int to = unlinked_file();

	(void)state;
	assert_int_equal(io_write(from, "0123456789", 10, NULL), 0);
	assert_int_equal(io_write(to, "abcdefghij", 10, NULL), 0);
	assert_int_equal(io_copy(from, 2, to, 5, 4, NULL), 0);
	assert_bytes(to, 0, "abcde2345j");
	assert_int_equal(io_copy(from, 2, to, 5, 0, NULL), 0);
}

static void copies_cross_file_systems(void **state)
{
	CLEANUP(closep) int from = memory_file("0123456789");
	CLEANUP(closep) int to = unlinked_file();

	(void)state;
	assert_int_equal(io_copy(from, 0, to, 0, 10, NULL), 0);
	assert_bytes(to, 0, "0123456789");
}

static void a_copy_within_one_file_goes_by_hand_where_it_overlaps(void **state)
{
	CLEANUP(closep) int fd = unlinked_file();

	(void)state;
	assert_int_equal(io_write(fd, "0123456789", 10, NULL), 0);
	assert_int_equal(io_copy(fd, 4, fd, 2, 6, NULL), 0);
	assert_bytes(fd, 0, "0145678989");
}

static void a_source_that_is_too_short_is_told(void **state)
{
	CLEANUP(closep) int from = memory_file("0123");
	CLEANUP(closep) int to = unlinked_file();

	(void)state;
	assert_int_equal(io_copy(from, 2, to, 0, 4, NULL), -ERR_FORMAT);
}

static void a_copy_larger_than_the_buffer_is_whole(void **state)
{
	enum { LEN = (1 << 20) + 4097 };
	CLEANUP(closep) int from = memfd_create("large", MFD_CLOEXEC);
	CLEANUP(closep) int to = unlinked_file();
	CLEANUP(freep) char *bytes = malloc(LEN);
	CLEANUP(freep) char *copy = malloc(LEN);

	(void)state;
	for (size_t i = 0; i < LEN; i++)
		bytes[i] = (char)(i * 31 >> 3);
	assert_int_equal(io_write(from, bytes, LEN, NULL), 0);
	assert_int_equal(io_copy(from, 0, to, 0, LEN, NULL), 0);
	assert_int_equal(io_pread(to, copy, LEN, 0, NULL), LEN);
	assert_true(memcmp(bytes, copy, LEN) == 0);
}

static void an_unlinked_file_has_no_name_and_is_private(void **state)
{
	CLEANUP(closep) int fd = unlinked_file();
	struct stat there;

	(void)state;
	assert_int_equal(fstat(fd, &there), 0);
	assert_int_equal(there.st_nlink, 0);
	assert_int_equal(there.st_mode & 07777, 0600);
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
}

static void a_folder_that_is_not_there_is_named(void **state)
{
	struct err err = { 0 };
	int fd = -1;

	(void)state;
	assert_int_equal(io_open_unlinked("/nowhere/at/all", &fd, &err), -ERR_IO);
	assert_non_null(strstr(err.text, "'/nowhere/at/all'"));
	assert_int_equal(fd, -1);
}

static void free_space_is_unknown_or_a_number(void **state)
{
	CLEANUP(closep) int fd = unlinked_file();

	(void)state;
	assert_true(io_free_space(fd) > 0);
	assert_true(io_free_space(-1) == UINT64_MAX);
}

static void a_file_is_read_whole_and_up_to_a_limit(void **state)
{
	char path[] = "/tmp/imgtui-io-XXXXXX";
	CLEANUP(closep) int fd = mkstemp(path);
	CLEANUP(freep) char *bytes = NULL;
	struct err err = { 0 };
	size_t len = 0;

	(void)state;
	assert_int_equal(io_write(fd, "a\0b", 3, NULL), 0);
	assert_int_equal(io_read_file(path, 3, &bytes, &len, NULL), 0);
	assert_int_equal(len, 3);
	assert_memory_equal(bytes, "a\0b", 4);
	assert_int_equal(io_read_file(path, 2, &bytes, &len, &err), -ERR_LIMIT);
	unlink(path);
	assert_int_equal(io_read_file(path, 3, &bytes, &len, NULL), -ERR_IO);
}

static void a_folder_or_a_device_is_no_file(void **state)
{
	char *bytes = NULL;
	size_t len;

	(void)state;
	assert_int_equal(io_read_file("/", 100, &bytes, &len, NULL), -ERR_IO);
	assert_int_equal(io_read_file("/dev/null", 100, &bytes, &len, NULL), -ERR_IO);
	assert_null(bytes);
}

static void a_fifo_is_refused_and_not_waited_for(void **state)
{
	char folder[] = "/tmp/imgtui-io-XXXXXX", path[64];
	char *bytes = NULL;
	size_t len;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/fifo", folder);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(io_read_file(path, 100, &bytes, &len, NULL), -ERR_IO);
	assert_null(bytes);
	unlink(path);
	rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reading_stops_at_the_end),
		cmocka_unit_test(failures_have_the_reason_of_the_system),
		cmocka_unit_test(writing_at_an_offset_leaves_the_rest),
		cmocka_unit_test(copies_lie_where_they_should),
		cmocka_unit_test(copies_cross_file_systems),
		cmocka_unit_test(a_copy_within_one_file_goes_by_hand_where_it_overlaps),
		cmocka_unit_test(a_source_that_is_too_short_is_told),
		cmocka_unit_test(a_copy_larger_than_the_buffer_is_whole),
		cmocka_unit_test(an_unlinked_file_has_no_name_and_is_private),
		cmocka_unit_test(a_folder_that_is_not_there_is_named),
		cmocka_unit_test(free_space_is_unknown_or_a_number),
		cmocka_unit_test(a_file_is_read_whole_and_up_to_a_limit),
		cmocka_unit_test(a_folder_or_a_device_is_no_file),
		cmocka_unit_test(a_fifo_is_refused_and_not_waited_for),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
