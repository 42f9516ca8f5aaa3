/* Outputs appear whole or not at all; see include/emit/output.h. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/io.h"
#include "emit/output.h"
#include "lib/blobs.h"

static size_t files_in(const char *folder)
{
	DIR *list = opendir(folder);
	size_t count = 0;

	assert_non_null(list);
	while (readdir(list))
		count++;
	closedir(list);
	return count - 2;
}

static const char *fresh_folder(const char *name)
{
	const char *path = test_path(name);

	assert_int_equal(mkdir(path, 0755), 0);
	return path;
}

static struct output *open_output(const char *path, const struct output_options *options)
{
	struct output *output = NULL;
	struct err err = { 0 };

	if (output_open(path, options, &output, &err) < 0)
		fail_msg("%s", err.text);
	return output;
}

static void refused(const char *path, const struct output_options *options, enum err_code code)
{
	struct output *output = NULL;
	struct err err = { 0 };

	assert_true(output_open(path, options, &output, &err) < 0);
	assert_int_equal(err.code, code);
	assert_true(strlen(err.text) > 0);
}

static void nothing_is_left_without_publish(void **state)
{
	const char *folder = fresh_folder("left");
	struct output_options options = { 0 };
	struct output *output = open_output(test_path("left/x"), &options);

	(void)state;
	assert_int_equal(io_write(output_fd(output), "half", 4, NULL), 0);
	output_close(output);
	assert_int_equal(files_in(folder), 0);
}

static void appears_with_publish(void **state)
{
	const char *folder = fresh_folder("whole");
	struct output_options options = { 0 };
	struct output *output = open_output(test_path("whole/x"), &options);
	unsigned char *bytes;
	size_t len;

	(void)state;
	assert_int_equal(io_write(output_fd(output), "whole", 5, NULL), 0);
	assert_int_equal(access(output_reopen_path(output), R_OK), 0);
	assert_int_equal(output_publish(output, NULL), 0);
	output_close(output);
	bytes = test_read(test_path("whole/x"), &len);
	assert_int_equal(len, 5);
	assert_memory_equal(bytes, "whole", 5);
	free(bytes);
	assert_int_equal(files_in(folder), 1);
}

static void existing_file_needs_force(void **state)
{
	struct output_options options = { 0 };
	struct output *output;
	unsigned char *bytes;
	size_t len;

	(void)state;
	test_write(test_path("there"), "old", 3);
	refused(test_path("there"), &options, ERR_EXISTS);
	options.replace = true;
	output = open_output(test_path("there"), &options);
	assert_int_equal(io_write(output_fd(output), "new!", 4, NULL), 0);
	assert_int_equal(output_publish(output, NULL), 0);
	output_close(output);
	bytes = test_read(test_path("there"), &len);
	assert_int_equal(len, 4);
	free(bytes);
}

static struct source *open_source(const char *argument)
{
	struct source *source = NULL;
	struct err err = { 0 };

	if (source_open(argument, NULL, &source, &err) < 0)
		fail_msg("%s", err.text);
	return source;
}

static void make_images(void)
{
	struct tb tar = { 0 };
	struct ib image = { 0 };

	tb_end(&tar);
	ib_config(&image, "{}");
	ib_layer(&image, &tar, "none", "COPY a");
	ib_docker(&image, test_path("input"), "name:tag");
	ib_oci_layout(&image, test_path("layout"), "tag");
	ib_free(&image);
	tb_free(&tar);
}

static void input_is_never_written_over(void **state)
{
	struct output_options options = { .replace = true };
	CLEANUP(source_closep) struct source *source = NULL;
	int stdin_copy = dup(STDIN_FILENO), fd;

	(void)state;
	make_images();
	options.input = source = open_source(test_path("input"));
	refused(test_path("input"), &options, ERR_INVALID);
	assert_int_equal(link(test_path("input"), test_path("second-name")), 0);
	refused(test_path("second-name"), &options, ERR_INVALID);
	source_close(STEAL(source));

	fd = open(test_path("input"), O_RDONLY | O_CLOEXEC);
	assert_int_equal(dup2(fd, STDIN_FILENO), STDIN_FILENO);
	options.input = source = open_source("-");
	assert_int_equal(dup2(stdin_copy, STDIN_FILENO), STDIN_FILENO);
	refused(test_path("input"), &options, ERR_INVALID);
	close(fd);
	close(stdin_copy);
}

static void what_takes_the_place_of_the_input_is_the_input(void **state)
{
	struct output_options options = { .replace = true };
	CLEANUP(source_closep) struct source *source = open_source(test_path("input"));

	(void)state;
	options.input = source;
	assert_int_equal(rename(test_path("input"), test_path("moved")), 0);
	test_write(test_path("input"), "newer", 5);
	refused(test_path("input"), &options, ERR_INVALID);
	refused(test_path("moved"), &options, ERR_INVALID);
}

static void nothing_goes_into_the_input_folder(void **state)
{
	static const char *const INSIDE[] = { "layout", "layout/new", "layout/index.json",
					      "layout/blobs/new", "aside/new" };
	struct output_options options = { 0 };
	CLEANUP(source_closep) struct source *source = open_source(test_path("layout"));

	(void)state;
	options.input = source;
	assert_int_equal(symlink("layout/blobs/sha256", test_path("aside")), 0);
	for (size_t i = 0; i < sizeof(INSIDE) / sizeof(*INSIDE); i++) {
		options.replace = i % 2;
		refused(test_path(INSIDE[i]), &options, ERR_INVALID);
		options.folder = true;
		refused(test_path(INSIDE[i]), &options, ERR_INVALID);
		options.folder = false;
	}
	output_close(open_output(test_path("layout-2"), &options));
}

static void links_are_not_replaced(void **state)
{
	struct output_options options = { 0 };

	(void)state;
	test_write(test_path("aim"), "aim", 3);
	assert_int_equal(symlink("aim", test_path("link")), 0);
	assert_int_equal(symlink("nothing", test_path("dangling")), 0);
	for (int i = 0; i < 4; i++) {
		options.replace = i & 1;
		options.folder = i & 2;
		refused(test_path("link"), &options, ERR_INVALID);
		refused(test_path("dangling"), &options, ERR_INVALID);
	}
}

static void folders_and_devices_are_refused(void **state)
{
	struct output_options options = { .replace = true };

	(void)state;
	fresh_folder("folder");
	refused(test_path("folder"), &options, ERR_INVALID);
	refused("/dev/null", &options, ERR_INVALID);
	refused(test_path("no/such/folder"), &options, ERR_IO);
}

static void space_is_checked_first(void **state)
{
	struct output_options options = { .expected = UINT64_MAX / 2 };

	(void)state;
	refused(test_path("large"), &options, ERR_IO);
}

static void folder_appears_whole_or_not_at_all(void **state)
{
	const char *parent = fresh_folder("layouts");
	struct output_options options = { .folder = true };
	struct output *output = open_output(test_path("layouts/oci"), &options);

	(void)state;
	assert_int_equal(mkdirat(output_fd(output), "blobs", 0755), 0);
	assert_int_equal(mkdirat(output_fd(output), "blobs/sha256", 0755), 0);
	assert_int_equal(mkdirat(output_fd(output), "blobs/sha256/x", 0755), 0);
	output_close(output);
	assert_int_equal(files_in(parent), 0);

	output = open_output(test_path("layouts/oci"), &options);
	assert_int_equal(mkdirat(output_fd(output), "blobs", 0755), 0);
	assert_int_equal(output_publish(output, NULL), 0);
	output_close(output);
	assert_int_equal(access(test_path("layouts/oci/blobs"), F_OK), 0);
	refused(test_path("layouts/oci"), &options, ERR_EXISTS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_left_without_publish),
		cmocka_unit_test(appears_with_publish),
		cmocka_unit_test(existing_file_needs_force),
		cmocka_unit_test(input_is_never_written_over),
		cmocka_unit_test(what_takes_the_place_of_the_input_is_the_input),
		cmocka_unit_test(nothing_goes_into_the_input_folder),
		cmocka_unit_test(links_are_not_replaced),
		cmocka_unit_test(folders_and_devices_are_refused),
		cmocka_unit_test(space_is_checked_first),
		cmocka_unit_test(folder_appears_whole_or_not_at_all),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
