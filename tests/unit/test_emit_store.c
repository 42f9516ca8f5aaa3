/* Named blobs in an archive, and in a folder. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/emit/emit_priv.h"
#include "lib/build.h"

static struct emit_store *open_store(int fd, bool is_folder)
{
	struct emit_store *store;
	struct err err = { 0 };

	if (emit__store_new(fd, is_folder, 7, &store, &err) < 0)
		fail_msg("%s", err.text);
	return store;
}

static int open_file(const char *name)
{
	int fd = open(test_path(name), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	assert_true(fd >= 0);
	return fd;
}

static int open_folder(const char *name)
{
	const char *path = test_path(name);

	assert_int_equal(mkdir(path, 0755), 0);
	return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* "name=contents" lines as libarchive reads them. */
static char *members_of(const char *name)
{
	struct archive *archive = archive_read_new();
	struct archive_entry *entry;
	char *text = NULL, body[2000];
	size_t len;
	FILE *out = open_memstream(&text, &len);

	archive_read_support_format_tar(archive);
	assert_int_equal(archive_read_open_filename(archive, test_path(name), 512), ARCHIVE_OK);
	while (archive_read_next_header(archive, &entry) == ARCHIVE_OK) {
		la_ssize_t n = archive_read_data(archive, body, sizeof(body));

		assert_true(n >= 0);
		fprintf(out, "%s=%.*s\n", archive_entry_pathname(entry), (int)n, body);
		assert_int_equal(archive_entry_mtime(entry), 7);
	}
	archive_read_free(archive);
	fclose(out);
	return text;
}

static void begin_and_end(struct emit_store *store, const char *bytes, const char *name)
{
	struct sink *sink;

	assert_int_equal(emit__store_begin(store, &sink, NULL), 0);
	assert_int_equal(sink_write(sink, bytes, strlen(bytes), NULL), 0);
	assert_int_equal(sink_finish(sink, NULL), 0);
	sink_close(sink);
	assert_int_equal(emit__store_end(store, name, strlen(bytes), NULL), 0);
}

static void fill(struct emit_store *store)
{
	test_write(test_path("span"), "__copied__", 10);

	int fd = open(test_path("span"), O_RDONLY | O_CLOEXEC);
	const struct stream_span span = { .fd = fd, .offset = 2, .length = 6 };
	struct progress progress = { 0 };

	begin_and_end(store, "first", "blobs/sha256/one");
	begin_and_end(store, "first, but longer than a block: it is dropped", "blobs/sha256/one");
	assert_int_equal(emit__store_copy(store, &span, "blobs/sha256/two", &progress, NULL, NULL),
			 0);
	assert_int_equal(emit__store_copy(store, &span, "blobs/sha256/two", &progress, NULL, NULL),
			 0);
	assert_int_equal(progress.done, 6);
	assert_int_equal(emit__store_put(store, "index.json", "{}", 2, NULL), 0);
	begin_and_end(store, "dropped at the end", "blobs/sha256/one");
	assert_int_equal(emit__store_finish(store, NULL), 0);
	close(fd);
}

static void an_archive_holds_each_name_once(void **state)
{
	int fd = open_file("a.tar");
	struct emit_store *store = open_store(fd, false);
	struct stat status;
	char *text;

	(void)state;
	fill(store);
	emit__store_free(store);
	text = members_of("a.tar");
	assert_string_equal(text,
			    "blobs/sha256/one=first\nblobs/sha256/two=copied\nindex.json={}\n");
	free(text);
	assert_int_equal(fstat(fd, &status), 0);
	assert_int_equal(status.st_size, 8 * 512);
	close(fd);
}

static void a_folder_holds_each_name_once(void **state)
{
	int fd = open_folder("layout");
	struct emit_store *store = open_store(fd, true);
	unsigned char *bytes;
	size_t len;

	(void)state;
	fill(store);
	emit__store_free(store);
	bytes = test_read(test_path("layout/blobs/sha256/one"), &len);
	assert_string_equal((char *)bytes, "first");
	free(bytes);
	bytes = test_read(test_path("layout/blobs/sha256/two"), &len);
	assert_string_equal((char *)bytes, "copied");
	free(bytes);
	bytes = test_read(test_path("layout/index.json"), &len);
	assert_string_equal((char *)bytes, "{}");
	free(bytes);
	assert_int_equal(faccessat(fd, "blobs/.part", F_OK, 0), -1);
	close(fd);
}

static void a_copy_stops_when_cancelled(void **state)
{
	int fd = open_file("c.tar");
	struct emit_store *store = open_store(fd, false);
	const struct stream_span span = { .fd = fd, .offset = 0, .length = 10 };
	struct cancel cancel = { 0 };

	(void)state;
	cancel_request(&cancel);
	assert_int_equal(emit__store_copy(store, &span, "x", NULL, &cancel, NULL), -ERR_CANCELLED);
	emit__store_free(store);
	close(fd);
}

static void a_span_that_is_too_short_is_an_error(void **state)
{
	int fd = open_file("s.tar"), from;
	struct emit_store *store = open_store(fd, false);
	struct err err = { 0 };

	(void)state;
	test_write(test_path("short"), "abc", 3);
	from = open(test_path("short"), O_RDONLY | O_CLOEXEC);
	const struct stream_span span = { .fd = from, .offset = 0, .length = 10 };
	assert_true(emit__store_copy(store, &span, "x", NULL, NULL, &err) < 0);
	assert_true(strlen(err.text) > 0);
	emit__store_free(store);
	close(from);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_archive_holds_each_name_once),
		cmocka_unit_test(a_folder_holds_each_name_once),
		cmocka_unit_test(a_copy_stops_when_cancelled),
		cmocka_unit_test(a_span_that_is_too_short_is_an_error),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
