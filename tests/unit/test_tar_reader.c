/* The reader on tars that are well, odd and damaged. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "core/tar/tar_priv.h"
#include "lib/build.h"
#include "stream/stream_file.h"
#include "tar/tar_reader.h"

static struct tb tar;
static struct stream *in;
static struct tar_reader *reader;
static struct problem_list problems;
static const struct tar_entry *entry;

static void open_reader(const struct limits *limits, const struct cancel *cancel)
{
	const struct tar_reader_options options = { .limits = limits,
						    .cancel = cancel,
						    .problems = &problems };

	assert_int_equal(stream_memory_open(tar.bytes, tar.len, &in, NULL), 0);
	assert_int_equal(tar_reader_new(in, &options, &reader, NULL), 0);
}

static int done(void **state)
{
	(void)state;
	tar_reader_free(reader);
	stream_close(in);
	tb_free(&tar);
	problem_list_done(&problems);
	reader = NULL;
	in = NULL;
	problems = (struct problem_list){ 0 };
	return 0;
}

static int next(void)
{
	struct err err = { 0 };

	if (!reader)
		open_reader(NULL, NULL);
	return tar_reader_next(reader, &entry, &err);
}

static void assert_problem(enum problem_kind kind)
{
	assert_int_equal(problems.all.count, 1);
	assert_string_equal(problem_name(problems.all.items[0].kind), problem_name(kind));
}

static void add(const char *path, char type, const char *const *pax)
{
	tb_add(&tar, &(struct tb_entry){
			     .path = path, .type = type, .mode = 0644, .pax = pax, .link = "to" });
}

#define PAX(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void an_entry_has_all_its_fields(void **state)
{
	(void)state;
	tb_add(&tar, &(struct tb_entry){ .path = "etc/passwd",
					 .type = '0',
					 .mode = 04755,
					 .uid = 1000,
					 .gid = 3000000000LL,
					 .body = "root",
					 .size = 4,
					 .mtime = 77 });
	tb_end(&tar);
	assert_int_equal(next(), 1);
	assert_int_equal(entry->type, TAR_FILE);
	assert_string_equal(entry->path, "etc/passwd");
	assert_int_equal(entry->path_len, 10);
	assert_string_equal(entry->link, "");
	assert_int_equal(entry->mode, 04755);
	assert_int_equal(entry->uid, 1000);
	assert_int_equal(entry->gid, 3000000000);
	assert_int_equal(entry->size, 4);
	assert_int_equal(entry->stored, 4);
	assert_int_equal(entry->mtime, 77);
	assert_int_equal(entry->header_offset, 0);
	assert_int_equal(entry->data_offset, 512);
	assert_int_equal(entry->oddities, 0);
	assert_int_equal(next(), 0);
	assert_int_equal(problems.all.count, 0);
}

static void each_type_flag_has_its_type(void **state)
{
	static const struct {
		char flag;
		enum tar_type type;
	} ROWS[] = {
		{ '0', TAR_FILE },         { '\0', TAR_FILE },   { '7', TAR_FILE },
		{ '1', TAR_HARDLINK },     { '2', TAR_SYMLINK }, { '3', TAR_CHAR },
		{ '4', TAR_BLOCK_DEVICE }, { '5', TAR_DIR },     { '6', TAR_FIFO },
		{ 'Z', TAR_OTHER },        { 'V', TAR_OTHER },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(ROWS) / sizeof(ROWS[0]); i++)
		add("x", ROWS[i].flag, NULL);
	for (size_t i = 0; i < sizeof(ROWS) / sizeof(ROWS[0]); i++) {
		assert_int_equal(next(), 1);
		assert_int_equal(entry->type, ROWS[i].type);
		assert_int_equal(entry->typeflag, ROWS[i].flag);
		assert_string_equal(entry->link,
				    ROWS[i].flag == '1' || ROWS[i].flag == '2' ? "to" : "");
	}
	assert_int_equal(next(), 0);
}

static void an_old_file_with_a_slash_is_a_directory(void **state)
{
	(void)state;
	add("d/", '\0', NULL);
	assert_int_equal(next(), 1);
	assert_int_equal(entry->type, TAR_DIR);
	assert_int_equal(problems.all.count, 0);
}

static void a_plain_file_with_a_slash_stays_a_file(void **state)
{
	(void)state;
	add("d/", '0', NULL);
	assert_int_equal(next(), 1);
	assert_int_equal(entry->type, TAR_FILE);
	assert_problem(PROBLEM_ODD_VALUE);
}

static void pax_wins_over_the_block(void **state)
{
	char long_path[301];

	(void)state;
	memset(long_path, 'p', 300);
	long_path[300] = '\0';
	add(long_path, '0',
	    PAX("uid=4294967000", "gid=7", "mtime=12.5", "linkpath=other", "SCHILY.xattr.a=b"));
	assert_int_equal(next(), 1);
	assert_string_equal(entry->path, long_path);
	assert_int_equal(entry->uid, 4294967000);
	assert_int_equal(entry->gid, 7);
	assert_int_equal(entry->mtime, 12);
	assert_int_equal(entry->mtime_ns, 500000000);
	assert_int_equal(entry->xattr_count, 1);
	assert_string_equal(entry->xattrs[0].name, "a");
	assert_int_equal(entry->header_offset, 0);
	assert_int_equal(entry->data_offset, 512 * 3);
	assert_int_equal(problems.all.count, 0);
}

static void pax_ends_with_its_entry(void **state)
{
	(void)state;
	add("a", '0', PAX("uid=9", "SCHILY.xattr.a=b"));
	add("b", '0', NULL);
	assert_int_equal(next(), 1);
	assert_int_equal(next(), 1);
	assert_int_equal(entry->uid, 0);
	assert_int_equal(entry->xattr_count, 0);
	assert_int_equal(entry->header_offset, 512 * 3);
}

static void the_pax_size_counts(void **state)
{
	(void)state;
	tb_add(&tar, &(struct tb_entry){ .path = "a", .type = '0', .pax = PAX("size=512") });
	tb_file(&tar, "hidden", 0644, 0, 0, NULL);
	tb_file(&tar, "b", 0644, 0, 0, NULL);
	tb_end(&tar);
	assert_int_equal(next(), 1);
	assert_int_equal(entry->size, 512);
	assert_int_equal(entry->oddities, TAR_ODD_SIZE);
	assert_problem(PROBLEM_ODD_VALUE);
	assert_int_equal(next(), 1);
	assert_string_equal(entry->path, "b");
	assert_int_equal(next(), 0);
}

static void gnu_long_names_are_read(void **state)
{
	char name[200], link[150];

	(void)state;
	memset(name, 'n', sizeof(name) - 1);
	memset(link, 'l', sizeof(link) - 1);
	name[199] = link[149] = '\0';
	tb_add(&tar,
	       &(struct tb_entry){
		       .path = "././@LongLink", .type = 'K', .body = link, .size = sizeof(link) });
	tb_add(&tar,
	       &(struct tb_entry){
		       .path = "././@LongLink", .type = 'L', .body = name, .size = sizeof(name) });
	add("short", '2', NULL);
	assert_int_equal(next(), 1);
	assert_string_equal(entry->path, name);
	assert_string_equal(entry->link, link);
	assert_int_equal(entry->header_offset, 0);
	assert_int_equal(entry->data_offset, 512 * 5);
	assert_int_equal(problems.all.count, 0);
}

static void pax_and_gnu_together_are_odd(void **state)
{
	(void)state;
	tb_add(&tar, &(struct tb_entry){ .path = "L", .type = 'L', .body = "gnu", .size = 4 });
	add("short", '0', PAX("path=pax"));
	assert_int_equal(next(), 1);
	assert_string_equal(entry->path, "gnu");
	assert_int_equal(entry->oddities, TAR_ODD_MIXED);
}

static void a_global_header_is_no_entry_and_sets_nothing(void **state)
{
	static const char RECORDS[] = "10 uid=55\n";

	(void)state;
	tb_add(&tar,
	       &(struct tb_entry){
		       .path = "g", .type = 'g', .body = RECORDS, .size = sizeof(RECORDS) - 1 });
	add("a", '0', NULL);
	assert_int_equal(next(), 1);
	assert_string_equal(entry->path, "a");
	assert_int_equal(entry->uid, 0);
	assert_int_equal(entry->header_offset, 1024);
	assert_problem(PROBLEM_ODD_VALUE);
}

static void a_link_never_has_data(void **state)
{
	(void)state;
	tb_add(&tar, &(struct tb_entry){ .path = "h", .type = '1', .link = "a", .size = 5 });
	tb_file(&tar, "b", 0644, 0, 0, NULL);
	assert_int_equal(next(), 1);
	assert_int_equal(entry->size, 0);
	assert_int_equal(entry->stored, 0);
	assert_int_equal(entry->oddities, TAR_ODD_BODY);
	assert_int_equal(next(), 1);
	assert_string_equal(entry->path, "b");
}

static void ids_are_never_cut(void **state)
{
	(void)state;
	add("a", '0', PAX("uid=4294968296"));
	tb_file(&tar, "b", 0644, -1, 0, NULL);
	assert_int_equal(next(), 1);
	assert_int_equal(entry->uid, 4294968296);
	assert_int_equal(entry->oddities, TAR_ODD_ID);
	assert_problem(PROBLEM_HUGE_ID);
	assert_int_equal(next(), 1);
	assert_int_equal(entry->uid, -1);
	assert_int_equal(entry->oddities, TAR_ODD_ID);
}

static void a_bad_pax_number_leaves_the_one_of_the_block(void **state)
{
	(void)state;
	tb_add(&tar, &(struct tb_entry){ .path = "a", .type = '0', .uid = 5, .pax = PAX("uid=x") });
	assert_int_equal(next(), 1);
	assert_int_equal(entry->uid, 5);
	assert_problem(PROBLEM_BAD_EXTENSION);
	assert_true(problems.damaged);
}

static void a_bad_pax_size_is_the_end(void **state)
{
	(void)state;
	add("a", '0', PAX("size=-1"));
	assert_int_equal(next(), 0);
	assert_problem(PROBLEM_BAD_HEADER);
}

static void a_time_beyond_its_range_is_odd(void **state)
{
	(void)state;
	add("a", '0', PAX("mtime=-5"));
	assert_int_equal(next(), 1);
	assert_int_equal(entry->mtime, -5);
	assert_int_equal(entry->oddities, TAR_ODD_TIME);
}

static void data_is_read_and_the_rest_skipped(void **state)
{
	char buffer[100];

	(void)state;
	tb_file(&tar, "a", 0644, 0, 0, "hello world");
	tb_file(&tar, "b", 0644, 0, 0, "next");
	tb_end(&tar);
	assert_int_equal(next(), 1);
	assert_int_equal(tar_reader_data(reader, buffer, 5, NULL), 5);
	assert_memory_equal(buffer, "hello", 5);
	assert_int_equal(next(), 1);
	assert_int_equal(tar_reader_data(reader, buffer, sizeof(buffer), NULL), 4);
	assert_memory_equal(buffer, "next", 4);
	assert_int_equal(tar_reader_data(reader, buffer, sizeof(buffer), NULL), 0);
	assert_int_equal(next(), 0);
}

static void large_bodies_are_passed_over(void **state)
{
	static const char BODY[300 * 1000];

	(void)state;
	for (size_t size = 65000; size < sizeof(BODY); size += 40001)
		tb_add(&tar,
		       &(struct tb_entry){ .path = "a", .type = '0', .body = BODY, .size = size });
	tb_end(&tar);
	for (size_t size = 65000; size < sizeof(BODY); size += 40001) {
		assert_int_equal(next(), 1);
		assert_int_equal(entry->size, size);
	}
	assert_int_equal(next(), 0);
	assert_int_equal(problems.all.count, 0);
}

static void an_old_sparse_file_has_its_logical_size(void **state)
{
	unsigned char more[TAR_BLOCK] = { 0 };

	(void)state;
	tb_add(&tar, &(struct tb_entry){ .path = "s", .type = 'S', .size = 512 });
	memcpy(tar.bytes + 257, "ustar  ", 8);
	tar.bytes[482] = 1;
	memcpy(tar.bytes + 483, "00000100000", 12);
	tar__seal(tar.bytes);
	tb_raw(&tar, more, sizeof(more));
	tb_raw(&tar, more, sizeof(more));
	tb_file(&tar, "b", 0644, 0, 0, NULL);
	assert_int_equal(next(), 1);
	assert_int_equal(entry->type, TAR_FILE);
	assert_int_equal(entry->size, 0100000);
	assert_int_equal(entry->stored, 512);
	assert_int_equal(entry->data_offset, 1024);
	assert_int_equal(next(), 1);
	assert_string_equal(entry->path, "b");
}

static void a_pax_sparse_file_has_its_name_and_size(void **state)
{
	(void)state;
	tb_add(&tar,
	       &(struct tb_entry){ .path = "GNUSparseFile.1/s",
				   .type = '0',
				   .body = "1\n0\n1\n",
				   .size = 6,
				   .pax = PAX("GNU.sparse.major=1", "GNU.sparse.minor=0",
					      "GNU.sparse.name=s", "GNU.sparse.realsize=123456") });
	assert_int_equal(next(), 1);
	assert_string_equal(entry->path, "s");
	assert_int_equal(entry->size, 123456);
	assert_int_equal(entry->stored, 6);
}

static void nothing_and_zeros_are_a_clean_end(void **state)
{
	static const unsigned char ZEROS[1024];

	(void)state;
	tb_raw(&tar, "", 0);
	tar.bytes = tar.bytes ? tar.bytes : malloc(1);
	assert_int_equal(next(), 0);
	done(NULL);
	tb_raw(&tar, ZEROS, 512);
	assert_int_equal(next(), 0);
	done(NULL);
	tb_raw(&tar, ZEROS, 1024);
	assert_int_equal(next(), 0);
	assert_int_equal(problems.all.count, 0);
}

static void what_is_no_tar_is_an_error(void **state)
{
	(void)state;
	for (int i = 0; i < 100; i++)
		tb_raw(&tar, "{\"a\": 1}", 8);
	assert_int_equal(next(), -ERR_FORMAT);
	done(NULL);
	tb_raw(&tar, "short", 5);
	assert_int_equal(next(), -ERR_FORMAT);
}

static void a_bad_checksum_is_the_end(void **state)
{
	(void)state;
	tb_file(&tar, "a", 0644, 0, 0, NULL);
	tb_file(&tar, "b", 0644, 0, 0, NULL);
	tar.bytes[512] = 'c';
	assert_int_equal(next(), 1);
	assert_int_equal(next(), 0);
	assert_problem(PROBLEM_BAD_HEADER);
	assert_int_equal(problems.all.items[0].offset, 512);
	assert_int_equal(next(), 0);
	assert_int_equal(tar_reader_drain(reader, NULL), 0);
	assert_int_equal(problems.all.count, 1);
}

static void one_zero_block_amid_headers_is_damage(void **state)
{
	static const unsigned char ZEROS[512];

	(void)state;
	tb_file(&tar, "a", 0644, 0, 0, NULL);
	tb_raw(&tar, ZEROS, sizeof(ZEROS));
	tb_file(&tar, "b", 0644, 0, 0, NULL);
	assert_int_equal(next(), 1);
	assert_int_equal(next(), 0);
	assert_problem(PROBLEM_BAD_HEADER);
}

static void a_missing_end_is_accepted(void **state)
{
	(void)state;
	tb_file(&tar, "a", 0644, 0, 0, "text");
	tar.len = 512 + 4;
	assert_int_equal(next(), 1);
	assert_int_equal(next(), 0);
	assert_int_equal(problems.all.count, 0);
}

/* Blocks 2 and 4 are headers; padding may be missing, as engines allow it. */
static void a_tar_may_be_cut_anywhere(void **state)
{
	size_t whole;

	(void)state;
	tb_file(&tar, "a", 0644, 0, 0, "text");
	add("b", '0', PAX("path=c"));
	whole = tar.len;
	for (size_t len = 0; len < whole; len += 37) {
		tar.len = len;
		while (next() > 0)
			;
		if (len % 512 != 0 && (len / 512 == 2 || len / 512 == 4))
			assert_problem(PROBLEM_TRUNCATED);
		assert_int_equal(tar_reader_drain(reader, NULL), 0);
		tar_reader_free(reader);
		stream_close(in);
		problem_list_done(&problems);
		problems = (struct problem_list){ 0 };
		reader = NULL;
		in = NULL;
	}
}

static void cut_data_is_an_error_of_the_read(void **state)
{
	static const char BODY[1000];
	char buffer[1000];
	struct err err = { 0 };

	(void)state;
	tb_add(&tar, &(struct tb_entry){ .path = "a", .type = '0', .body = BODY, .size = 1000 });
	tar.len = 600;
	assert_int_equal(next(), 1);
	assert_int_equal(tar_reader_data(reader, buffer, sizeof(buffer), &err), -ERR_FORMAT);
	assert_problem(PROBLEM_TRUNCATED);
	assert_int_equal(next(), 0);
}

static void a_huge_extension_is_refused(void **state)
{
	(void)state;
	tb_add(&tar, &(struct tb_entry){ .path = "x", .type = 'x', .size = (size_t)1 << 40 });
	assert_int_equal(next(), -ERR_LIMIT);
}

static void endless_extensions_are_refused(void **state)
{
	(void)state;
	for (int i = 0; i < 20; i++)
		tb_add(&tar,
		       &(struct tb_entry){ .path = "L", .type = 'L', .body = "n", .size = 1 });
	add("a", '0', NULL);
	open_reader(&(struct limits){ .tar_extension = 1024 }, NULL);
	assert_int_equal(next(), -ERR_LIMIT);
}

static void what_follows_the_end_is_told(void **state)
{
	(void)state;
	tb_file(&tar, "a", 0644, 0, 0, NULL);
	tb_end(&tar);
	tb_end(&tar);
	tb_file(&tar, "b", 0644, 0, 0, NULL);
	tb_end(&tar);
	assert_int_equal(next(), 1);
	assert_int_equal(next(), 0);
	assert_int_equal(tar_reader_drain(reader, NULL), 0);
	assert_problem(PROBLEM_TRAILING_DATA);
	assert_int_equal(problems.all.items[0].offset, 512 + 2048);
	assert_non_null(strstr(problems.all.items[0].text, "another tar"));
}

static void zeros_behind_the_end_are_fine(void **state)
{
	(void)state;
	tb_file(&tar, "a", 0644, 0, 0, NULL);
	for (int i = 0; i < 10; i++)
		tb_end(&tar);
	assert_int_equal(next(), 1);
	assert_int_equal(next(), 0);
	assert_int_equal(tar_reader_drain(reader, NULL), 0);
	assert_int_equal(in->position, tar.len);
	assert_int_equal(problems.all.count, 0);
}

static void a_cancel_is_heard(void **state)
{
	struct cancel cancel = { 0 };

	(void)state;
	tb_file(&tar, "a", 0644, 0, 0, NULL);
	tb_file(&tar, "b", 0644, 0, 0, NULL);
	open_reader(NULL, &cancel);
	assert_int_equal(next(), 1);
	cancel_request(&cancel);
	assert_int_equal(next(), -ERR_CANCELLED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(an_entry_has_all_its_fields, done),
		cmocka_unit_test_teardown(each_type_flag_has_its_type, done),
		cmocka_unit_test_teardown(an_old_file_with_a_slash_is_a_directory, done),
		cmocka_unit_test_teardown(a_plain_file_with_a_slash_stays_a_file, done),
		cmocka_unit_test_teardown(pax_wins_over_the_block, done),
		cmocka_unit_test_teardown(pax_ends_with_its_entry, done),
		cmocka_unit_test_teardown(the_pax_size_counts, done),
		cmocka_unit_test_teardown(gnu_long_names_are_read, done),
		cmocka_unit_test_teardown(pax_and_gnu_together_are_odd, done),
		cmocka_unit_test_teardown(a_global_header_is_no_entry_and_sets_nothing, done),
		cmocka_unit_test_teardown(a_link_never_has_data, done),
		cmocka_unit_test_teardown(ids_are_never_cut, done),
		cmocka_unit_test_teardown(a_bad_pax_number_leaves_the_one_of_the_block, done),
		cmocka_unit_test_teardown(a_bad_pax_size_is_the_end, done),
		cmocka_unit_test_teardown(a_time_beyond_its_range_is_odd, done),
		cmocka_unit_test_teardown(data_is_read_and_the_rest_skipped, done),
		cmocka_unit_test_teardown(large_bodies_are_passed_over, done),
		cmocka_unit_test_teardown(an_old_sparse_file_has_its_logical_size, done),
		cmocka_unit_test_teardown(a_pax_sparse_file_has_its_name_and_size, done),
		cmocka_unit_test_teardown(nothing_and_zeros_are_a_clean_end, done),
		cmocka_unit_test_teardown(what_is_no_tar_is_an_error, done),
		cmocka_unit_test_teardown(a_bad_checksum_is_the_end, done),
		cmocka_unit_test_teardown(one_zero_block_amid_headers_is_damage, done),
		cmocka_unit_test_teardown(a_missing_end_is_accepted, done),
		cmocka_unit_test_teardown(a_tar_may_be_cut_anywhere, done),
		cmocka_unit_test_teardown(cut_data_is_an_error_of_the_read, done),
		cmocka_unit_test_teardown(a_huge_extension_is_refused, done),
		cmocka_unit_test_teardown(endless_extensions_are_refused, done),
		cmocka_unit_test_teardown(what_follows_the_end_is_told, done),
		cmocka_unit_test_teardown(zeros_behind_the_end_are_fine, done),
		cmocka_unit_test_teardown(a_cancel_is_heard, done),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
