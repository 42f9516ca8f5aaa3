/*
 * Tars that others made, where $IMGTUI_CORPUS names their folder: none may
 * crash the reader, and what differs from libarchive is told on stderr.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <glob.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "stream/stream_file.h"
#include "tar/tar_edit.h"
#include "tar/tar_reader.h"

struct pair {
	const char *file;
	struct archive *theirs;
	struct tar_reader *ours;
};

static void differ(const struct pair *pair, const char *path, const char *what, long long ours,
		   long long theirs)
{
	fprintf(stderr, "# %s: '%s': %s is %lld, libarchive says %lld\n", pair->file, path, what,
		ours, theirs);
}

static void compare_entry(const struct pair *pair, const struct tar_entry *our,
			  struct archive_entry *their)
{
	const char *path = archive_entry_pathname(their);
	const struct {
		const char *what;
		long long ours, theirs;
	} rows[] = {
		{ "uid", our->uid, archive_entry_uid(their) },
		{ "gid", our->gid, archive_entry_gid(their) },
		{ "mode", our->mode, archive_entry_perm(their) },
		{ "size", (long long)our->size, archive_entry_size(their) },
	};

	if (!path || strcmp(path, our->path) != 0)
		fprintf(stderr, "# %s: path '%s', libarchive says '%s'\n", pair->file, our->path,
			path ? path : "(none)");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].ours != rows[i].theirs)
			differ(pair, our->path, rows[i].what, rows[i].ours, rows[i].theirs);
}

static void compare_all(const struct pair *pair)
{
	for (;;) {
		const struct tar_entry *our;
		struct archive_entry *their;
		struct err err = { 0 };
		int more = tar_reader_next(pair->ours, &our, &err);
		int code = archive_read_next_header(pair->theirs, &their);

		if (more < 0)
			fprintf(stderr, "# %s: %s\n", pair->file, err.text);
		if ((more > 0) != (code == ARCHIVE_OK || code == ARCHIVE_WARN))
			fprintf(stderr, "# %s: %s, libarchive %s\n", pair->file,
				more > 0 ? our->path : "the end",
				code == ARCHIVE_EOF ? "ends"
				: archive_error_string(pair->theirs)
					? archive_error_string(pair->theirs)
					: "goes on");
		if (more <= 0 || (code != ARCHIVE_OK && code != ARCHIVE_WARN))
			break;
		compare_entry(pair, our, their);
	}
}

/* All entries to the end; each is edited, too. */
static void read_all(int fd, struct tar_reader *reader)
{
	const struct tar_entry *entry;
	const struct tar_change change = { .set_uid = true, .uid = 1000, .set_mode = true };

	while (tar_reader_next(reader, &entry, NULL) > 0) {
		size_t len = (size_t)(entry->data_offset - entry->header_offset), new_len;
		unsigned char *blocks = malloc(len), *edited = NULL;

		assert_int_equal(pread(fd, blocks, len, (off_t)entry->header_offset), len);
		if (tar_edit(blocks, len, &change, &edited, &new_len, NULL) == 0)
			free(edited);
		free(blocks);
	}
	tar_reader_drain(reader, NULL);
}

static void replay(const char *file)
{
	struct problem_list problems = { 0 };
	const struct tar_reader_options options = { .problems = &problems };
	CLEANUP(closep) int fd = open(file, O_RDONLY | O_CLOEXEC);
	struct stat status;

	assert_true(fd >= 0 && fstat(fd, &status) == 0);

	const struct stream_span span = { .fd = fd, .length = (uint64_t)status.st_size };

	for (int pass = 0; pass < 2; pass++) {
		CLEANUP(tar_reader_freep) struct tar_reader *reader = NULL;
		CLEANUP(stream_closep) struct stream *in = NULL;
		struct archive *theirs = archive_read_new();

		assert_int_equal(stream_file_open(&span, NULL, NULL, &in, NULL), 0);
		assert_int_equal(tar_reader_new(in, pass ? &options : NULL, &reader, NULL), 0);
		archive_read_support_format_tar(theirs);
		if (pass)
			read_all(fd, reader);
		else if (archive_read_open_filename(theirs, file, 65536) == ARCHIVE_OK)
			compare_all(&(struct pair){ strrchr(file, '/') + 1, theirs, reader });
		archive_read_free(theirs);
	}
	for (size_t i = 0; i < problems.all.count; i++)
		fprintf(stderr, "# %s: %s at %" PRIu64 ": %.200s\n", strrchr(file, '/') + 1,
			problem_name(problems.all.items[i].kind), problems.all.items[i].offset,
			problems.all.items[i].text);
	problem_list_done(&problems);
}

static void replay_folder(const char *name)
{
	const char *corpus = getenv("IMGTUI_CORPUS");
	char pattern[4096];
	glob_t found;

	if (!corpus)
		return;
	snprintf(pattern, sizeof(pattern), "%s/%s/*.tar", corpus, name);
	if (glob(pattern, 0, NULL, &found) != 0)
		return;
	for (size_t i = 0; i < found.gl_pathc; i++)
		replay(found.gl_pathv[i]);
	globfree(&found);
}

static void crafted_tars_do_not_crash(void **state)
{
	(void)state;
	replay_folder("crafted");
}

static void tars_of_libarchive_do_not_crash(void **state)
{
	(void)state;
	replay_folder("libarchive-libarchive");
}

static void tars_of_others_do_not_crash(void **state)
{
	(void)state;
	replay_folder("alexcrichton-tar-rs/tests/archives");
	replay_folder("vbatts-tar-split/archive/tar/testdata");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(crafted_tars_do_not_crash),
		cmocka_unit_test(tars_of_libarchive_do_not_crash),
		cmocka_unit_test(tars_of_others_do_not_crash),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
