/* Sparse files of GNU tar's four formats, and maps that lie. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/build.h"
#include "stream/stream_file.h"
#include "tar/tar_reader.h"
#include "tar/tar_sparse.h"

/* The first entry of a tar, opened; 0 or an error. */
static int open_first(const unsigned char *bytes, size_t len, struct tar_entry *ret_entry,
		      struct stream **ret_stream, struct err *err)
{
	CLEANUP(stream_closep) struct stream *in = NULL;
	CLEANUP(tar_reader_freep) struct tar_reader *reader = NULL;
	const struct tar_entry *entry;

	assert_int_equal(stream_memory_open(bytes, len, &in, NULL), 0);
	assert_int_equal(tar_reader_new(in, NULL, &reader, NULL), 0);
	assert_int_equal(tar_reader_next(reader, &entry, err), 1);
	*ret_entry = *entry;
	assert_true(entry->is_sparse);
	stream_close(STEAL(in));
	assert_int_equal(stream_memory_open(bytes + entry->header_offset,
					    entry->data_offset - entry->header_offset +
						    entry->stored,
					    &in, NULL),
			 0);
	return tar_sparse_open(STEAL(in), (uint32_t)(entry->data_offset - entry->header_offset),
			       entry->size, ret_stream, err);
}

/* A file with many holes, as written and as it comes out of a tar. */
static void write_holes(const char *path, size_t pieces, size_t size)
{
	int fd = open(path, O_CREAT | O_WRONLY | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, (off_t)size), 0);
	for (size_t i = 0; i < pieces; i++)
		assert_int_equal(pwrite(fd, "piece", 5, (off_t)(8192 + i * 16384)), 5);
	close(fd);
}

static void assert_same(const char *tar_path, const char *file_path)
{
	CLEANUP(stream_closep) struct stream *stream = NULL;
	size_t tar_len, len;
	unsigned char *tar = test_read(tar_path, &tar_len), *wanted = test_read(file_path, &len);
	unsigned char *have = malloc(len + 1);
	struct tar_entry entry;
	struct err err = { 0 };

	if (open_first(tar, tar_len, &entry, &stream, &err) < 0)
		fail_msg("%s: %s", tar_path, err.text);
	assert_int_equal(entry.size, len);
	assert_true(entry.stored < len);
	assert_int_equal(stream_read(stream, have, len + 1, &err), len);
	assert_memory_equal(have, wanted, len);
	assert_int_equal(stream_read(stream, have, 1, &err), 0);
	free(tar);
	free(wanted);
	free(have);
}

/* Few pieces, and more than a header block has room for; the end data or a hole. */
static void what_gnu_tar_writes_is_read(void **state)
{
	static const char *const FORMATS[] = {
		"gnu",
		"posix --sparse-version=0.0",
		"posix --sparse-version=0.1",
		"posix --sparse-version=1.0",
	};
	static const struct {
		size_t pieces, size;
	} FILES[] = { { 1, 1 << 20 }, { 0, 1 << 20 }, { 60, 1 << 20 }, { 1, 8197 }, { 400, 7000000 } };
	char command[600];

	(void)state;
	if (system("tar --version 2>/dev/null | grep -q GNU") != 0)
		skip();
	for (size_t f = 0; f < sizeof(FILES) / sizeof(*FILES); f++) {
		write_holes(test_path("holes"), FILES[f].pieces, FILES[f].size);
		for (size_t i = 0; i < sizeof(FORMATS) / sizeof(*FORMATS); i++) {
			snprintf(command, sizeof(command),
				 "tar -C %s --format=%s -S -cf %s/sparse.tar holes", test_dir(),
				 FORMATS[i], test_dir());
			assert_int_equal(system(command), 0);
			assert_same(test_path("sparse.tar"), test_path("holes"));
		}
	}
}

static void maps_that_lie_are_errors(void **state)
{
	static const struct {
		const char *map, *text;
		size_t stored;
	} ROWS[] = {
		{ "GNU.sparse.map=0,x", "cannot be read", 4 },
		{ "GNU.sparse.map=0,-4", "cannot be read", 4 },
		{ "GNU.sparse.map=0,4,9", "cannot be read", 4 },
		{ "GNU.sparse.map=0,4,2,2", "does not fit", 4 },
		{ "GNU.sparse.map=98,4", "does not fit", 4 },
		{ "GNU.sparse.map=0,9223372036854775807", "does not fit", 4 },
		{ "GNU.sparse.map=0,8", "ends 4 bytes early", 4 },
		{ "GNU.sparse.map=96,4", "does not name", 5 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(ROWS) / sizeof(*ROWS); i++) {
		const char *const pax[] = { "GNU.sparse.major=0", "GNU.sparse.minor=1",
					    "GNU.sparse.size=100", ROWS[i].map, NULL };
		CLEANUP(stream_closep) struct stream *stream = NULL;
		struct tb tar = { 0 };
		struct tar_entry entry;
		struct err err = { 0 };

		tb_add(&tar, &(struct tb_entry){ .path = "s", .type = '0', .pax = pax,
						 .body = "12345", .size = ROWS[i].stored });
		if (open_first(tar.bytes, tar.len, &entry, &stream, &err) == 0)
			assert_true(stream_drain(stream, NULL, &err) < 0);
		if (!strstr(err.text, ROWS[i].text))
			fail_msg("%s: %s", ROWS[i].map, err.text);
		tb_free(&tar);
	}
}

/* Format 1.0, whose map is data. */
static void maps_before_the_data_that_lie_are_errors(void **state)
{
	static const char *const pax[] = { "GNU.sparse.major=1", "GNU.sparse.minor=0",
					   "GNU.sparse.name=s", "GNU.sparse.realsize=100", NULL };
	static const struct {
		const char *map, *text;
	} ROWS[] = {
		{ "1\n0\n", "cannot be read" },
		{ "1\n\n4\n", "cannot be read" },
		{ "-1\n", "cannot be read" },
		{ "99999999\n", "pieces of a sparse file" },
		{ "1\n0\n4\n", "ends 4 bytes early" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(ROWS) / sizeof(*ROWS); i++) {
		CLEANUP(stream_closep) struct stream *stream = NULL;
		char body[TAR_BLOCK] = { 0 };
		struct tb tar = { 0 };
		struct tar_entry entry;
		struct err err = { 0 };

		memcpy(body, ROWS[i].map, strlen(ROWS[i].map));
		tb_add(&tar, &(struct tb_entry){ .path = "GNUSparseFile.1/s", .type = '0',
						 .pax = pax, .body = body, .size = sizeof(body) });
		if (open_first(tar.bytes, tar.len, &entry, &stream, &err) == 0)
			assert_true(stream_drain(stream, NULL, &err) < 0);
		if (!strstr(err.text, ROWS[i].text))
			fail_msg("%s: %s", ROWS[i].map, err.text);
		tb_free(&tar);
	}
}

/* The map is as long as the hole that it names. */
static void a_sparse_file_may_be_as_long_as_its_data(void **state)
{
	static const char *const pax[] = { "GNU.sparse.major=1", "GNU.sparse.minor=0",
					   "GNU.sparse.name=s", "GNU.sparse.realsize=1024", NULL };
	CLEANUP(stream_closep) struct stream *stream = NULL;
	char body[2 * TAR_BLOCK] = "1\n512\n512\n", have[sizeof(body)] = "x";
	struct tb tar = { 0 };
	struct tar_entry entry;
	struct err err = { 0 };

	(void)state;
	memset(body + TAR_BLOCK, 'd', TAR_BLOCK);
	tb_add(&tar, &(struct tb_entry){ .path = "GNUSparseFile.1/s", .type = '0', .pax = pax,
					 .body = body, .size = sizeof(body) });
	if (open_first(tar.bytes, tar.len, &entry, &stream, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(entry.size, entry.stored);
	assert_int_equal(stream_read(stream, have, sizeof(have), &err), sizeof(have));
	memset(body, 0, TAR_BLOCK);
	assert_memory_equal(have, body, sizeof(have));
	tb_free(&tar);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_gnu_tar_writes_is_read),
		cmocka_unit_test(maps_that_lie_are_errors),
		cmocka_unit_test(maps_before_the_data_that_lie_are_errors),
		cmocka_unit_test(a_sparse_file_may_be_as_long_as_its_data),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
