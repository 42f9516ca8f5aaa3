/* A layout folder: links may not leave it, only regular files are read. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/source/source_priv.h"
#include "tests/lib/build.h"

static int try_open(const char *name, uint64_t *length, struct err *err)
{
	CLEANUP(closep) int folder = open(test_path("layout"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	CLEANUP(closep) int fd = -1;

	assert_true(folder >= 0);
	return oci_layout__open(folder, name, &fd, length, err);
}

static int make_layout(void **state)
{
	(void)state;
	test_write(test_path("secret"), "secret", 6);
	if (mkdir(test_path("layout"), 0755) < 0 || mkdir(test_path("layout/blobs"), 0755) < 0)
		return -1;
	test_write(test_path("layout/rootfs.tar"), "rootfs", 6);
	if (symlink("../rootfs.tar", test_path("layout/blobs/inside")) < 0 ||
	    symlink("../../secret", test_path("layout/blobs/outside")) < 0 ||
	    symlink(test_path("secret"), test_path("layout/blobs/absolute")) < 0 ||
	    symlink("circle", test_path("layout/blobs/circle")) < 0 ||
	    symlink("..", test_path("layout/up")) < 0 ||
	    mkfifo(test_path("layout/blobs/fifo"), 0644) < 0)
		return -1;
	return 0;
}

static void files_and_links_inside_are_opened(void **state)
{
	uint64_t length = 0;

	(void)state;
	assert_int_equal(try_open("rootfs.tar", &length, NULL), 0);
	assert_int_equal(length, 6);
	assert_int_equal(try_open("blobs/inside", &length, NULL), 0);
	assert_int_equal(length, 6);
}

static void no_link_leaves_the_folder(void **state)
{
	static const char *const NAMES[] = {
		"blobs/outside", "blobs/absolute", "up/secret", "blobs/circle", "../secret",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++) {
		struct err err = { 0 };
		uint64_t length;

		assert_int_equal(try_open(NAMES[i], &length, &err), -ERR_FORMAT);
		assert_non_null(strstr(err.text, "leaves the folder"));
	}
}

static void what_is_no_regular_file_is_refused_without_waiting(void **state)
{
	static const char *const NAMES[] = { "blobs/fifo", "blobs", "." };

	(void)state;
	for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++) {
		struct err err = { 0 };
		uint64_t length;

		assert_int_equal(try_open(NAMES[i], &length, &err), -ERR_FORMAT);
		assert_non_null(strstr(err.text, "not a regular file"));
	}
}

static void what_is_missing_is_not_found(void **state)
{
	uint64_t length;

	(void)state;
	assert_int_equal(try_open("blobs/nothing", &length, NULL), -ERR_NOT_FOUND);
	assert_int_equal(try_open("rootfs.tar/x", &length, NULL), -ERR_NOT_FOUND);
}

static int check_version(const char *text, struct err *err)
{
	CLEANUP(source_closep) struct source *source = calloc(1, sizeof(*source));

	assert_non_null(source);
	source->format = SOURCE_OCI_LAYOUT;
	source->limits = *limits_default();
	source->fd = open(test_path("layout"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (text)
		test_write(test_path("layout/oci-layout"), text, strlen(text));
	else
		unlink(test_path("layout/oci-layout"));
	int r = oci_layout__check(source, err);

	assert_int_equal(source->problems.all.count, text ? 0 : 1);
	return r;
}

static void only_version_one_is_read(void **state)
{
	struct err err = { 0 };

	(void)state;
	assert_int_equal(check_version("{\"imageLayoutVersion\":\"1.0.0\"}", NULL), 0);
	assert_int_equal(check_version(NULL, NULL), 0);
	assert_int_equal(check_version("{}", NULL), -ERR_FORMAT);
	assert_int_equal(check_version("x", NULL), -ERR_FORMAT);
	assert_int_equal(check_version("{\"imageLayoutVersion\":\"2.0.0\"}", &err),
			 -ERR_UNSUPPORTED);
	assert_non_null(strstr(err.text, "2.0.0"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_and_links_inside_are_opened),
		cmocka_unit_test(no_link_leaves_the_folder),
		cmocka_unit_test(what_is_no_regular_file_is_refused_without_waiting),
		cmocka_unit_test(what_is_missing_is_not_found),
		cmocka_unit_test(only_version_one_is_read),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_layout, NULL);
}
