/* The writer: what it writes is read back alike by our reader, libarchive and GNU tar. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <archive.h>
#include <archive_entry.h>
#include <stdio.h>
#include <string.h>

#include "lib/build.h"
#include "stream/stream_file.h"
#include "tar/tar_reader.h"
#include "tar/tar_writer.h"

static char deep[181], longer[301], link_text[151];
static const struct tar_xattr XATTRS[] = { { "security.capability", "\1\0\0\2", 4 },
					   { "user.empty-ish", " ", 1 } };

#define PATH(text) .path = (text), .path_len = sizeof(text) - 1, .link = ""

static struct tar_entry entries[] = {
	{ .type = TAR_DIR, PATH(""), .mode = 0755 },
	{ .type = TAR_DIR, PATH("opt/app"), .mode = 01777, .uid = 1000, .gid = 100 },
	{ .type = TAR_FILE, PATH("opt/app/run.sh"), .mode = 04755, .size = 5, .mtime = 1700000000 },
	{ .type = TAR_FILE, PATH("big-ids"), .uid = 4294967294, .gid = 07777777, .size = 512 },
	{ .type = TAR_FILE, PATH("caf\xc3\xa9"), .mtime = 12, .mtime_ns = 30 },
	{ .type = TAR_FILE, PATH("bytes\xff"), .mtime = -2, .mtime_ns = 750000000 },
	{ .type = TAR_FILE, PATH("before"), .mtime = -1, .mtime_ns = 500000000 },
	{ .type = TAR_FILE, PATH("xattrs"), .xattrs = XATTRS, .xattr_count = 2 },
	{ .type = TAR_CHAR, PATH("dev/null"), .mode = 0666, .dev_major = 1, .dev_minor = 3 },
	{ .type = TAR_BLOCK_DEVICE, PATH("dev/sda"), .dev_major = 8, .dev_minor = 16 },
	{ .type = TAR_FIFO, PATH("fifo"), .mode = 0600 },
	{ .type = TAR_SYMLINK, PATH("link"), .mode = 0777 },
	{ .type = TAR_HARDLINK, PATH("hard") },
	{ .type = TAR_FILE, .link = "" }, /* deep: fits a prefix */
	{ .type = TAR_DIR, .link = "" },  /* longer: does not */
};
enum { COUNT = sizeof(entries) / sizeof(entries[0]) };

static struct sink *out;
static const unsigned char *bytes;
static size_t len;

static void fill_names(void)
{
	memset(deep, 'd', sizeof(deep) - 1);
	deep[90] = '/';
	memset(longer, 'e', sizeof(longer) - 1);
	memset(link_text, 'l', sizeof(link_text) - 1);
	entries[COUNT - 4].link = link_text;
	entries[COUNT - 4].link_len = sizeof(link_text) - 1;
	entries[COUNT - 3].link = "opt/app/run.sh";
	entries[COUNT - 3].link_len = 14;
	entries[COUNT - 2].path = deep;
	entries[COUNT - 2].path_len = sizeof(deep) - 1;
	entries[COUNT - 1].path = longer;
	entries[COUNT - 1].path_len = sizeof(longer) - 1;
}

static void write_all(struct sink *sink)
{
	static const char BODY[512] = "body";
	CLEANUP(tar_writer_freep) struct tar_writer *writer = NULL;

	assert_int_equal(tar_writer_new(sink, &writer, NULL), 0);
	for (size_t i = 0; i < COUNT; i++) {
		uint64_t before = sink->written;

		assert_int_equal(tar_writer_entry(writer, &entries[i], NULL), 0);
		if (entries[i].type == TAR_FILE)
			assert_int_equal(tar_writer_data(writer, BODY, entries[i].size, NULL), 0);
		assert_int_equal(sink->written - before, tar_writer_cost(&entries[i]));
	}
	assert_int_equal(tar_writer_finish(writer, NULL), 0);
}

static int begin(void **state)
{
	(void)state;
	fill_names();
	assert_int_equal(sink_memory_open(&out, NULL), 0);
	write_all(out);
	bytes = sink_memory_bytes(out, &len);
	return 0;
}

static int done(void **state)
{
	(void)state;
	sink_close(out);
	return 0;
}

/* The path as it comes back. */
static const char *read_path(const struct tar_entry *entry)
{
	static char path[400];

	snprintf(path, sizeof(path), "%s%s", entry->path_len ? entry->path : ".",
		 entry->type == TAR_DIR ? "/" : "");
	return path;
}

static void assert_same(const struct tar_entry *got, const struct tar_entry *want)
{
	assert_string_equal(got->path, read_path(want));
	assert_string_equal(got->link, want->link);
	assert_int_equal(got->type, want->type);
	assert_int_equal(got->mode, want->mode);
	assert_int_equal(got->uid, want->uid);
	assert_int_equal(got->gid, want->gid);
	assert_int_equal(got->size, want->size);
	assert_int_equal(got->mtime, want->mtime);
	assert_int_equal(got->mtime_ns, want->mtime_ns);
	assert_int_equal(got->dev_major, want->dev_major);
	assert_int_equal(got->dev_minor, want->dev_minor);
	assert_int_equal(got->xattr_count, want->xattr_count);
	for (size_t i = 0; i < want->xattr_count; i++) {
		assert_string_equal(got->xattrs[i].name, want->xattrs[i].name);
		assert_int_equal(got->xattrs[i].len, want->xattrs[i].len);
		assert_memory_equal(got->xattrs[i].value, want->xattrs[i].value,
				    want->xattrs[i].len);
	}
}

static void our_reader_agrees(void **state)
{
	CLEANUP(tar_reader_freep) struct tar_reader *reader = NULL;
	CLEANUP(stream_closep) struct stream *in = NULL;
	const struct tar_entry *entry;

	(void)state;
	assert_int_equal(stream_memory_open(bytes, len, &in, NULL), 0);
	assert_int_equal(tar_reader_new(in, NULL, &reader, NULL), 0);
	for (size_t i = 0; i < COUNT; i++) {
		assert_int_equal(tar_reader_next(reader, &entry, NULL), 1);
		assert_same(entry, &entries[i]);
	}
	assert_int_equal(tar_reader_next(reader, &entry, NULL), 0);
}

static void libarchive_agrees(void **state)
{
	struct archive *in = archive_read_new();
	struct archive_entry *entry;

	(void)state;
	archive_read_support_format_tar(in);
	assert_int_equal(archive_read_open_memory(in, bytes, len), ARCHIVE_OK);
	for (size_t i = 0; i < COUNT; i++) {
		const struct tar_entry *want = &entries[i];

		assert_true(archive_read_next_header(in, &entry) >= ARCHIVE_WARN);
		assert_string_equal(archive_entry_pathname(entry), read_path(want));
		assert_int_equal(archive_entry_uid(entry), want->uid);
		assert_int_equal(archive_entry_gid(entry), want->gid);
		assert_int_equal(archive_entry_perm(entry), want->mode);
		if (want->mtime >= 0) { /* a fraction before the epoch counts the other way there */
			assert_int_equal(archive_entry_mtime(entry), want->mtime);
			assert_int_equal(archive_entry_mtime_nsec(entry), want->mtime_ns);
		}
		if (want->type == TAR_FILE)
			assert_int_equal(archive_entry_size(entry), want->size);
	}
	assert_int_equal(archive_read_next_header(in, &entry), ARCHIVE_EOF);
	archive_read_free(in);
}

/* Owners and paths of 'tar tv'; where there is no GNU tar, nothing is compared. */
static void gnu_tar_agrees(void **state)
{
	char command[512], line[1024];
	FILE *pipe;

	(void)state;
	test_write(test_path("written.tar"), bytes, len);
	snprintf(command, sizeof(command),
		 "LC_ALL=C tar tv --numeric-owner --quoting-style=literal -f '%s' 2>/dev/null",
		 test_path("written.tar"));
	pipe = popen(command, "r");
	assert_non_null(pipe);
	for (size_t i = 0; i < COUNT && fgets(line, sizeof(line), pipe); i++) {
		char owner[64];

		snprintf(owner, sizeof(owner), " %lld/%lld ", (long long)entries[i].uid,
			 (long long)entries[i].gid);
		assert_non_null(strstr(line, owner));
		assert_non_null(strstr(line, read_path(&entries[i])));
	}
	pclose(pipe);
}

static void the_same_entries_give_the_same_bytes(void **state)
{
	CLEANUP(sink_closep) struct sink *again = NULL;
	size_t again_len;

	(void)state;
	assert_int_equal(sink_memory_open(&again, NULL), 0);
	write_all(again);
	assert_memory_equal(sink_memory_bytes(again, &again_len), bytes, len);
	assert_int_equal(again_len, len);
}

static void a_plain_entry_needs_no_pax_header(void **state)
{
	(void)state;
	assert_int_equal(tar_writer_cost(&entries[1]), 512);
	assert_int_equal(tar_writer_cost(&entries[2]), 1024);
	assert_int_equal(tar_writer_cost(&entries[COUNT - 2]), 512);
	assert_int_equal(tar_writer_cost(&entries[3]), 3 * 512 + 512);
}

static void a_wrong_count_of_data_is_refused(void **state)
{
	CLEANUP(tar_writer_freep) struct tar_writer *writer = NULL;
	CLEANUP(sink_closep) struct sink *sink = NULL;

	(void)state;
	assert_int_equal(sink_null_open(&sink, NULL), 0);
	assert_int_equal(tar_writer_new(sink, &writer, NULL), 0);
	assert_int_equal(tar_writer_entry(writer, &entries[2], NULL), 0);
	assert_int_equal(tar_writer_data(writer, "123456", 6, NULL), -ERR_IO);
	assert_int_equal(tar_writer_data(writer, "1234", 4, NULL), 0);
	assert_int_equal(tar_writer_finish(writer, NULL), -ERR_IO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(our_reader_agrees),
		cmocka_unit_test(libarchive_agrees),
		cmocka_unit_test(gnu_tar_agrees),
		cmocka_unit_test(the_same_entries_give_the_same_bytes),
		cmocka_unit_test(a_plain_entry_needs_no_pax_header),
		cmocka_unit_test(a_wrong_count_of_data_is_refused),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, begin, done);
}
