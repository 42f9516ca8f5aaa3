/* The layer for the top: what is in it, and that it shows what was planned. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <archive.h>
#include <archive_entry.h>
#include <inttypes.h>

#include "lib/emitted.h"

static void end_layer(struct ib *image, struct tb *tar, const char *compression)
{
	tb_end(tar);
	ib_layer(image, tar, compression, "RUN x");
	tb_free(tar);
}

/* One line per entry as libarchive reads it: type, mode, owner, path, link, xattrs, contents. */
static char *entries_of(const struct tb *tar)
{
	struct archive *archive = archive_read_new();
	struct archive_entry *entry;
	char *text = NULL, body[200];
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_int_equal(archive_read_support_format_tar(archive), ARCHIVE_OK);
	assert_int_equal(archive_read_open_memory(archive, tar->bytes, tar->len), ARCHIVE_OK);
	while (archive_read_next_header(archive, &entry) == ARCHIVE_OK) {
		const char *link = archive_entry_hardlink(entry), *name;
		const void *value;
		size_t value_len;
		la_ssize_t n;

		fprintf(out, "%04o %" PRId64 ":%" PRId64 " %s", (unsigned)archive_entry_perm(entry),
			(int64_t)archive_entry_uid(entry), (int64_t)archive_entry_gid(entry),
			archive_entry_pathname(entry));
		if (link)
			fprintf(out, " x %s", link);
		if (archive_entry_symlink(entry))
			fprintf(out, " -> %s", archive_entry_symlink(entry));
		archive_entry_xattr_reset(entry);
		while (archive_entry_xattr_next(entry, &name, &value, &value_len) == ARCHIVE_OK)
			fprintf(out, " [%s %zu]", name, value_len);
		n = archive_read_data(archive, body, sizeof(body));
		if (n > 0)
			fprintf(out, " = %.*s", (int)n, body);
		fputc('\n', out);
	}
	archive_read_free(archive);
	fclose(out);
	return text;
}

static void assert_layer(struct emitted *emitted, const char *expected)
{
	struct tb tar, again;
	char *text;
	uint64_t size;

	emitted_preview(emitted);
	tar = emitted_layer(emitted, 0);
	again = emitted_layer(emitted, 0);
	text = entries_of(&tar);
	assert_string_equal(text, expected);
	assert_int_equal(emit_append_size(&emitted->input, &size, NULL), 0);
	assert_int_equal(size, tar.len);
	assert_int_equal(again.len, tar.len);
	assert_memory_equal(again.bytes, tar.bytes, tar.len);
	emitted_check(emitted, EMIT_APPEND);
	free(text);
	tb_free(&tar);
	tb_free(&again);
}

static void parents_are_explicit_with_their_attributes(void **state)
{
	struct emitted emitted;
	struct ib image = { 0 };
	struct tb tar = { 0 };

	(void)state;
	tb_dir(&tar, "a", 0700, 5, 6);
	tb_dir(&tar, "a/b", 01777, 0, 0);
	tb_file(&tar, "a/b/implied/x", 0600, 0, 0, "body");
	end_layer(&image, &tar, "none");
	tb_dir(&tar, "a", 0711, 7, 8);
	end_layer(&image, &tar, "none");
	emitted_open_built(&emitted, &image);
	emitted_want(&emitted,
		     &(struct tree_want){ .path = "a/b/implied/x", .set_uid = true, .uid = 9 });
	assert_layer(&emitted, "0711 7:8 a/\n1777 0:0 a/b/\n0755 0:0 a/b/implied/\n"
			       "0600 9:0 a/b/implied/x = body\n");
	emitted_done(&emitted);
}

static void a_root_with_a_header_is_repeated(void **state)
{
	struct emitted emitted;
	struct ib image = { 0 };
	struct tb tar = { 0 };

	(void)state;
	tb_dir(&tar, "./", 0711, 5, 6);
	tb_file(&tar, "./x", 0600, 0, 0, "x");
	end_layer(&image, &tar, "none");
	emitted_open_built(&emitted, &image);
	emitted_want(&emitted, &(struct tree_want){ .path = "x", .set_uid = true, .uid = 9 });
	assert_layer(&emitted, "0711 5:6 ./\n0600 9:0 x = x\n");
	emitted_done(&emitted);
}

static void what_is_removed_gets_a_whiteout(void **state)
{
	struct emitted emitted;
	struct ib image = { 0 };
	struct tb tar = { 0 };

	(void)state;
	tb_dir(&tar, "a", 0700, 5, 6);
	tb_file(&tar, "a/key", 0600, 5, 6, "body");
	tb_file(&tar, "x", 0600, 0, 0, "x");
	end_layer(&image, &tar, "gzip");
	emitted_open_built(&emitted, &image);
	emitted_want(&emitted, &(struct tree_want){ .path = "x", .set_uid = true, .uid = 9 });
	emitted_want(&emitted, &(struct tree_want){ .path = "x", .remove = true });
	emitted_want(&emitted, &(struct tree_want){ .path = "a/key", .remove = true });
	assert_layer(&emitted, "0700 5:6 a/\n0000 0:0 a/.wh.key\n0000 0:0 .wh.x\n");
	emitted_done(&emitted);
}

static void every_name_of_a_file_comes_once(void **state)
{
	struct emitted emitted;
	struct ib image = { 0 };
	struct tb tar = { 0 };

	(void)state;
	tb_file(&tar, "a", 0600, 0, 0, "body");
	tb_hardlink(&tar, "b", "a");
	tb_file(&tar, "other", 0600, 0, 0, "z");
	end_layer(&image, &tar, "gzip");
	tb_hardlink(&tar, "c", "a");
	end_layer(&image, &tar, "gzip");
	emitted_open_built(&emitted, &image);
	emitted_want(&emitted, &(struct tree_want){ .path = "b", .set_uid = true, .uid = 9 });
	assert_layer(&emitted, "0644 9:0 a = body\n0644 9:0 b x a\n0644 9:0 c x a\n");
	emitted_done(&emitted);
}

/* Without stored bytes: an empty file, a new body, links and devices. */
static void names_without_bytes_stay_together_too(void **state)
{
	struct emitted emitted;
	struct ib image = { 0 };
	struct tb tar = { 0 };

	(void)state;
	tb_file(&tar, "empty", 0600, 0, 0, "");
	tb_hardlink(&tar, "empty2", "empty");
	tb_file(&tar, "edited", 0600, 0, 0, "old");
	tb_hardlink(&tar, "edited2", "edited");
	tb_symlink(&tar, "link", "empty");
	tb_hardlink(&tar, "link2", "link");
	end_layer(&image, &tar, "none");
	emitted_open_built(&emitted, &image);
	emitted_want(&emitted, &(struct tree_want){ .path = "empty", .set_uid = true, .uid = 9 });
	emitted_want(&emitted,
		     &(struct tree_want){ .path = "edited", .body = "newer", .body_len = 5 });
	emitted_want(&emitted, &(struct tree_want){ .path = "link", .set_uid = true, .uid = 9 });
	assert_layer(&emitted,
		     "0644 9:0 empty\n0644 9:0 empty2 x empty\n0644 0:0 edited = newer\n"
		     "0644 0:0 edited2 x edited\n0777 9:0 link -> empty\n0777 9:0 link2 x link\n");
	emitted_done(&emitted);
}

static void xattrs_and_setuid_are_carried(void **state)
{
	static const char *const caps[] = { "SCHILY.xattr.security.capability=\1\2\3", NULL };
	struct emitted emitted;
	struct ib image = { 0 };
	struct tb tar = { 0 };

	(void)state;
	tb_add(&tar, &(struct tb_entry){ .path = "ping",
					 .type = '0',
					 .mode = 0755,
					 .pax = caps,
					 .body = "ping",
					 .size = 4 });
	tb_hardlink(&tar, "ping6", "ping");
	tb_file(&tar, "su", 04755, 0, 0, "su");
	tb_add(&tar,
	       &(struct tb_entry){
		       .path = "null", .type = '3', .mode = 0666, .dev_major = 1, .dev_minor = 3 });
	end_layer(&image, &tar, "none");
	emitted_open_built(&emitted, &image);
	emitted_want(&emitted, &(struct tree_want){ .path = "ping", .set_gid = true, .gid = 9 });
	emitted_want(&emitted, &(struct tree_want){ .path = "su", .set_gid = true, .gid = 9 });
	emitted_want(&emitted, &(struct tree_want){ .path = "null", .set_gid = true, .gid = 9 });
	assert_layer(&emitted, "0666 0:9 null\n0644 0:9 ping [security.capability 3] = ping\n"
			       "0644 0:9 ping6 x ping\n4755 0:9 su = su\n");
	emitted_done(&emitted);
}

static void each_layer_gives_its_files_in_its_own_order(void **state)
{
	struct emitted emitted;
	struct ib image = { 0 };
	struct tb tar = { 0 };
	static const char *const paths[] = { "z", "y", "x", "b", "a" };

	(void)state;
	tb_file(&tar, "z", 0600, 0, 0, "zz");
	tb_file(&tar, "a", 0600, 0, 0, "aa");
	end_layer(&image, &tar, "zstd");
	tb_file(&tar, "y", 0600, 0, 0, "yy");
	tb_file(&tar, "b", 0600, 0, 0, "bb");
	tb_file(&tar, "x", 0600, 0, 0, "xx");
	end_layer(&image, &tar, "xz");
	emitted_open_built(&emitted, &image);
	for (size_t i = 0; i < 5; i++)
		emitted_want(&emitted,
			     &(struct tree_want){ .path = paths[i], .set_uid = true, .uid = 9 });
	assert_layer(&emitted,
		     "0600 9:0 z = zz\n0600 9:0 a = aa\n0600 9:0 y = yy\n0600 9:0 b = bb\n"
		     "0600 9:0 x = xx\n");
	emitted_done(&emitted);
}

#define LONG_40 "0123456789012345678901234567890123456789"

static void the_size_is_right_for_long_names(void **state)
{
	static const char long_name[] = LONG_40 LONG_40 LONG_40;
	static const char *const caps[] = { "SCHILY.xattr.user.x=" LONG_40, NULL };
	struct emitted emitted;
	struct ib image = { 0 };
	struct tb tar = { 0 }, layer;
	uint64_t size;

	(void)state;
	tb_add(&tar, &(struct tb_entry){ .path = long_name,
					 .type = '0',
					 .mode = 0600,
					 .pax = caps,
					 .body = "x",
					 .size = 1 });
	tb_hardlink(&tar, "short", long_name);
	tb_hardlink(&tar, "\303\244", long_name);
	end_layer(&image, &tar, "none");
	emitted_open_built(&emitted, &image);
	emitted_want(&emitted,
		     &(struct tree_want){ .path = "short", .set_uid = true, .uid = 3000000 });
	emitted_preview(&emitted);
	layer = emitted_layer(&emitted, 0);
	assert_int_equal(emit_append_size(&emitted.input, &size, NULL), 0);
	assert_int_equal(size, layer.len);
	emitted_check(&emitted, EMIT_APPEND);
	tb_free(&layer);
	emitted_done(&emitted);
}

static void new_paths_are_written_with_the_time_of_the_plan(void **state)
{
	struct emitted emitted;
	struct ib image = { 0 };
	struct tb tar = { 0 };
	struct tree_stat stat;
	struct tf tf = { 0 };

	(void)state;
	tb_add(&tar,
	       &(struct tb_entry){ .path = "old", .type = '0', .mode = 0600, .mtime = 12345 });
	end_layer(&image, &tar, "none");
	emitted_open_built(&emitted, &image);
	emitted_want(&emitted, &(struct tree_want){ .path = "old", .set_uid = true, .uid = 9 });
	emitted_want(&emitted, &(struct tree_want){ .path = "new",
						    .create = true,
						    .type = TAR_DIR,
						    .set_mode = true,
						    .mode = 0755 });
	emitted_preview(&emitted);
	tar = emitted_layer(&emitted, 0);
	emitted_index(&tf, &tar);
	tf_build(&tf);
	assert_true(tree_stat(tf.tree, tree_find(tf.tree, "old"), 1, &stat));
	assert_int_equal(stat.mtime, 12345);
	assert_true(tree_stat(tf.tree, tree_find(tf.tree, "new"), 1, &stat));
	assert_int_equal(stat.mtime, EMITTED_TIME);
	tf_done(&tf);
	emitted_done(&emitted);
}

static void without_a_plan_it_is_empty(void **state)
{
	struct emitted emitted;
	struct ib image = { 0 };
	struct tb tar = { 0 };

	(void)state;
	tb_dir(&tar, "./", 0755, 0, 0);
	tb_file(&tar, "x", 0600, 0, 0, "x");
	end_layer(&image, &tar, "none");
	emitted_open_built(&emitted, &image);
	assert_layer(&emitted, "");
	emitted_done(&emitted);
}

static void a_sparse_file_is_written_with_its_holes_filled(void **state)
{
	static const char *const sparse[] = { "GNU.sparse.major=1", "GNU.sparse.minor=0",
					      "GNU.sparse.name=sparse", "GNU.sparse.realsize=8",
					      NULL };
	char body[516] = "1\n2\n4\n";
	struct emitted emitted;
	struct ib image = { 0 };
	struct tb tar = { 0 };
	size_t size;

	(void)state;
	memcpy(body + 512, "data", 4);
	tb_add(&tar, &(struct tb_entry){ .path = "GNUSparseFile.0/sparse",
					 .type = '0',
					 .mode = 0600,
					 .pax = sparse,
					 .body = body,
					 .size = sizeof(body) });
	end_layer(&image, &tar, "none");
	emitted_open_built(&emitted, &image);
	emitted_want(&emitted, &(struct tree_want){ .path = "sparse", .set_uid = true, .uid = 9 });
	emitted_preview(&emitted);
	tar = emitted_layer(&emitted, 0);
	assert_int_equal(tar.len, 4 * TAR_BLOCK);
	assert_memory_equal(tar.bytes + TAR_BLOCK, "\0\0data\0\0", 8);
	assert_int_equal(emit_append_size(&emitted.input, &size, NULL), 0);
	assert_int_equal(size, tar.len);
	tb_free(&tar);
	emitted_check(&emitted, EMIT_APPEND);
	emitted_check(&emitted, EMIT_REWRITE);
	emitted_done(&emitted);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parents_are_explicit_with_their_attributes),
		cmocka_unit_test(a_root_with_a_header_is_repeated),
		cmocka_unit_test(what_is_removed_gets_a_whiteout),
		cmocka_unit_test(every_name_of_a_file_comes_once),
		cmocka_unit_test(names_without_bytes_stay_together_too),
		cmocka_unit_test(xattrs_and_setuid_are_carried),
		cmocka_unit_test(each_layer_gives_its_files_in_its_own_order),
		cmocka_unit_test(the_size_is_right_for_long_names),
		cmocka_unit_test(new_paths_are_written_with_the_time_of_the_plan),
		cmocka_unit_test(without_a_plan_it_is_empty),
		cmocka_unit_test(a_sparse_file_is_written_with_its_holes_filled),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
