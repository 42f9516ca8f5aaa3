/* What one layer's index tells of its entries, and how damage is survived. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "lib/trees.h"

static int build(const void *bytes, size_t len, const struct layer_options *options,
		 struct layer_index **ret_index, struct err *err)
{
	int fd = tf_memory_file(bytes, len);
	const struct stream_span span = { fd, 0, len };
	int r = layer_index_build(&span, options, ret_index, err);

	close(fd);
	return r;
}

static struct layer_index *index_of(struct tb *tar, const struct layer_options *options)
{
	struct layer_index *index = NULL;
	struct err err = { 0 };

	tb_end(tar);
	if (build(tar->bytes, tar->len, options, &index, &err) < 0)
		fail_msg("%s", err.text);
	tb_free(tar);
	return index;
}

static bool has_problem(const struct layer_index *index, enum problem_kind kind)
{
	const struct problem_list *list = layer_problems(index);

	for (size_t i = 0; i < list->all.count; i++)
		if (list->all.items[i].kind == kind)
			return true;
	return false;
}

static void assert_path(const struct layer_index *index, size_t i, const char *folder,
			const char *name)
{
	const struct layer_entry *entry = layer_entry(index, i);

	assert_string_equal(layer_string(index, entry->folder), folder);
	assert_string_equal(layer_string(index, entry->name), name);
}

static void entries_are_normalised_and_in_order(void **state)
{
	struct tb tar = { 0 };

	(void)state;
	tb_dir(&tar, "./", 0755, 0, 0);
	tb_dir(&tar, "./usr/", 0755, 0, 0);
	tb_file(&tar, "/usr//bin/./x", 04755, 1000, 100, "body");
	tb_file(&tar, "usr/bin/y", 0644, 0, 0, "");
	tb_symlink(&tar, "l", "../raw//target");
	tb_hardlink(&tar, "h", "./usr/bin/x");
	tb_whiteout(&tar, "usr/gone");
	tb_opaque(&tar, "usr/share");

	struct layer_index *index = index_of(&tar, NULL);

	assert_int_equal(layer_entry_count(index), 8);
	assert_path(index, 0, "", "");
	assert_path(index, 1, "", "usr");
	assert_path(index, 2, "usr/bin", "x");
	assert_path(index, 3, "usr/bin", "y");
	assert_int_equal(layer_entry(index, 2)->folder.v, layer_entry(index, 3)->folder.v);
	assert_true(layer_entry(index, 3)->folder.v < layer_string_end(index));
	assert_string_equal(layer_string(index, layer_entry(index, 4)->link), "../raw//target");
	assert_string_equal(layer_string(index, layer_entry(index, 5)->link), "usr/bin/x");
	assert_path(index, 6, "usr", "gone");
	assert_int_equal(layer_entry(index, 6)->kind, ENTRY_WHITEOUT);
	assert_path(index, 7, "usr", "share");
	assert_int_equal(layer_entry(index, 7)->kind, ENTRY_OPAQUE);
	assert_true(has_problem(index, PROBLEM_ODD_PATH)); /* the absolute one */
	layer_index_free(index);
}

static void a_name_or_path_that_no_engine_unpacks_is_told_once(void **state)
{
	struct tb tar = { 0 };
	char name[300], path[4200];

	(void)state;
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	for (size_t i = 0; i < sizeof(path) - 1; i++)
		path[i] = i % 2 ? '/' : 'p';
	path[sizeof(path) - 1] = '\0';
	tb_file(&tar, name, 0644, 0, 0, "");
	name[0] = 'm';
	tb_file(&tar, name, 0644, 0, 0, "");

	struct layer_index *index = index_of(&tar, NULL);

	assert_true(has_problem(index, PROBLEM_ODD_PATH));
	assert_int_equal(layer_problems(index)->all.count, 1);
	assert_non_null(strstr(layer_problems(index)->all.items[0].text, "a name of more than"));
	layer_index_free(index);
	tar = (struct tb){ 0 };
	name[255] = '\0';
	path[4095] = '\0';
	tb_file(&tar, name, 0644, 0, 0, "");
	tb_file(&tar, path, 0644, 0, 0, "");
	index = index_of(&tar, NULL);
	assert_false(has_problem(index, PROBLEM_ODD_PATH));
	layer_index_free(index);
	tar = (struct tb){ 0 };
	path[4095] = '/';
	path[4097] = '\0';
	tb_file(&tar, path, 0644, 0, 0, "");
	index = index_of(&tar, NULL);
	assert_non_null(strstr(layer_problems(index)->all.items[0].text, "a path of more than"));
	layer_index_free(index);
}

static void an_entry_says_where_its_header_and_data_are(void **state)
{
	struct tb tar = { 0 };

	(void)state;
	tb_file(&tar, "first", 0644, 0, 0, "1234567");
	tb_file(&tar, "second", 04755, 3000000000, 100, "x");

	struct layer_index *index = index_of(&tar, NULL);
	const struct layer_entry *entry = layer_entry(index, 1);

	assert_int_equal(entry->header_offset, 1024);
	assert_int_equal(entry->size, 1);
	assert_int_equal(entry->mode, 04755);
	assert_int_equal(entry->uid, 3000000000);
	assert_int_equal(entry->gid, 100);
	assert_int_equal(entry->kind, ENTRY_NODE);
	assert_int_equal(layer_compression(index), COMPRESSION_NONE);
	assert_int_equal(layer_decoded_size(index), layer_stored_size(index));
	layer_index_free(index);
}

static bool wants_passwd(const void *context, const char *folder, const char *name)
{
	(void)context;
	return strcmp(folder, "etc") == 0 && strcmp(name, "passwd") == 0;
}

static void wanted_small_bodies_are_kept(void **state)
{
	const struct layer_keep keep = { .wanted = wants_passwd };
	const struct layer_options options = { .keep = &keep };
	struct tb tar = { 0 };

	(void)state;
	tb_file(&tar, "etc/passwd", 0644, 0, 0, "root:x:0:0");
	tb_file(&tar, "etc/group", 0644, 0, 0, "root:x:0:");

	struct layer_index *index = index_of(&tar, &options);
	const struct layer_entry *entry = layer_entry(index, 0);

	assert_true(entry->flags & ENTRY_HAS_BODY);
	assert_memory_equal(layer_entry_extra(index, entry)->body, "root:x:0:0", 10);
	assert_false(layer_entry(index, 1)->flags & ENTRY_HAS_BODY);
	assert_null(layer_entry_extra(index, layer_entry(index, 1)));
	layer_index_free(index);
}

static void large_bodies_are_not_kept(void **state)
{
	struct limits limits = *limits_default();
	const struct layer_keep keep = { .wanted = wants_passwd };
	const struct layer_options options = { .keep = &keep, .limits = &limits };
	struct tb tar = { 0 };

	(void)state;
	limits.kept_body = 9;
	tb_file(&tar, "etc/passwd", 0644, 0, 0, "root:x:0:0");

	struct layer_index *index = index_of(&tar, &options);

	assert_false(layer_entry(index, 0)->flags & ENTRY_HAS_BODY);
	layer_index_free(index);
}

static void the_earlier_of_two_equal_paths_is_a_duplicate(void **state)
{
	struct tb tar = { 0 };

	(void)state;
	tb_file(&tar, "d/f", 0644, 0, 0, "1");
	tb_file(&tar, "./d/f", 0644, 0, 0, "2");
	tb_file(&tar, "d/f", 0644, 0, 0, "3");
	tb_whiteout(&tar, "d/f");

	struct layer_index *index = index_of(&tar, NULL);

	assert_true(layer_entry(index, 0)->flags & ENTRY_DUPLICATE);
	assert_true(layer_entry(index, 1)->flags & ENTRY_DUPLICATE);
	assert_false(layer_entry(index, 2)->flags & ENTRY_DUPLICATE);
	assert_false(layer_entry(index, 3)->flags & ENTRY_DUPLICATE);
	assert_true(has_problem(index, PROBLEM_DUPLICATE_PATH));
	layer_index_free(index);
}

static void what_no_engine_unpacks_is_ignored(void **state)
{
	struct tb tar = { 0 };

	(void)state;
	tb_file(&tar, "d/.wh..", 0644, 0, 0, "");
	tb_add(&tar, &(struct tb_entry){ .path = "odd", .type = 'Z', .mode = 0644 });
	tb_file(&tar, ".wh..wh.plnk/1.2", 0644, 0, 0, "");

	struct layer_index *index = index_of(&tar, NULL);

	for (size_t i = 0; i < layer_entry_count(index); i++)
		assert_int_equal(layer_entry(index, i)->kind, ENTRY_IGNORED);
	assert_true(has_problem(index, PROBLEM_INVALID_WHITEOUT));
	layer_index_free(index);
}

static void a_path_above_the_root_stays_inside(void **state)
{
	struct tb tar = { 0 };

	(void)state;
	tb_file(&tar, "../../etc/passwd", 0644, 0, 0, "");

	struct layer_index *index = index_of(&tar, NULL);

	assert_path(index, 0, "etc", "passwd");
	assert_true(has_problem(index, PROBLEM_ODD_PATH));
	layer_index_free(index);
}

static void empty_layers_are_valid(void **state)
{
	static const unsigned char ZEROS[1024];
	struct layer_index *index = NULL;
	struct err err = { 0 };

	(void)state;
	for (size_t len = 0; len <= sizeof(ZEROS); len += 512) {
		if (build(ZEROS, len, NULL, &index, &err) < 0)
			fail_msg("%zu bytes: %s", len, err.text);
		assert_int_equal(layer_entry_count(index), 0);
		assert_int_equal(layer_string_end(index), 1);
		layer_index_free(index);
	}
}

static void what_is_no_tar_is_an_error(void **state)
{
	char json[2000];
	struct layer_index *index = NULL;
	struct err err = { 0 };

	(void)state;
	memset(json, ' ', sizeof(json));
	memcpy(json, "{\"a\":1}", 7);
	assert_int_equal(build(json, sizeof(json), NULL, &index, &err), -ERR_FORMAT);
	assert_non_null(strstr(err.text, "no tar"));
	assert_null(index);
	assert_int_equal(build("\0asm\1\0\0\0", 8, NULL, &index, NULL), -ERR_FORMAT);
}

static size_t gzip(const struct tb *tar, unsigned char *out, size_t room)
{
	z_stream z = { 0 };

	assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
	z.next_in = tar->bytes;
	z.avail_in = (unsigned)tar->len;
	z.next_out = out;
	z.avail_out = (unsigned)room;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);

	size_t len = z.total_out;

	deflateEnd(&z);
	return len;
}

static void a_compressed_layer_is_hashed_on_the_way(void **state)
{
	unsigned char stored[4096], blob[32], plain[32], expected[32];
	struct layer_index *index = NULL;
	struct err err = { 0 };
	struct hash *hash = NULL;
	struct tb tar = { 0 };

	(void)state;
	tb_file(&tar, "etc/passwd", 0644, 0, 0, "root");
	tb_end(&tar);

	size_t len = gzip(&tar, stored, sizeof(stored));

	assert_int_equal(build(stored, len, NULL, &index, &err), 0);
	assert_int_equal(layer_compression(index), COMPRESSION_GZIP);
	assert_int_equal(layer_decoded_size(index), tar.len);
	assert_int_equal(layer_stored_size(index), len);
	assert_true(layer_hashes(index, blob, plain));
	assert_int_equal(hash_new(HASH_SHA256, &hash, &err), 0);
	hash_update(hash, stored, len);
	hash_value(hash, expected);
	assert_memory_equal(blob, expected, 32);
	hash_free(hash);
	assert_int_equal(hash_new(HASH_SHA256, &hash, &err), 0);
	hash_update(hash, tar.bytes, tar.len);
	hash_value(hash, expected);
	assert_memory_equal(plain, expected, 32);
	hash_free(hash);
	layer_index_free(index);
	tb_free(&tar);
}

static void a_damaged_end_keeps_what_was_read(void **state)
{
	unsigned char stored[8192];
	char noise[2048];
	struct layer_index *index = NULL;
	struct err err = { 0 };
	struct tb tar = { 0 };

	(void)state;
	srandom(1);
	for (size_t i = 0; i < sizeof(noise); i++)
		noise[i] = (char)(1 + random() % 255);
	tb_file(&tar, "first", 0644, 0, 0, "");
	tb_add(&tar, &(struct tb_entry){
			     .path = "noise", .type = '0', .body = noise, .size = sizeof(noise) });
	tb_end(&tar);

	size_t len = gzip(&tar, stored, sizeof(stored));

	if (build(stored, len / 2, NULL, &index, &err) < 0)
		fail_msg("%s", err.text);
	assert_true(layer_entry_count(index) >= 1);
	assert_true(layer_problems(index)->damaged);
	assert_false(layer_hashes(index, stored, stored + 32));
	layer_index_free(index);

	if (build(tar.bytes, 1024 + 100, NULL, &index, &err) < 0)
		fail_msg("%s", err.text);
	assert_true(layer_problems(index)->damaged);
	layer_index_free(index);
	tb_free(&tar);
}

static void too_many_entries_are_refused(void **state)
{
	struct limits limits = *limits_default();
	const struct layer_options options = { .limits = &limits };
	struct layer_index *index = NULL;
	struct err err = { 0 };
	struct tb tar = { 0 };

	(void)state;
	limits.entries = 1;
	tb_file(&tar, "a", 0644, 0, 0, "");
	tb_file(&tar, "b", 0644, 0, 0, "");
	tb_end(&tar);
	assert_int_equal(build(tar.bytes, tar.len, &options, &index, &err), -ERR_LIMIT);
	tb_free(&tar);
}

static void attributes_are_kept(void **state)
{
	static const char *const TEXT[] = { "SCHILY.acl.access=user::rwx", NULL };
	static const unsigned char VALUE[20] = { 1, 0, 0, 2 };
	static const struct tb_xattr GOOD[] = { { "security.capability", VALUE, sizeof(VALUE) },
						{ NULL, NULL, 0 } };
	struct tb tar = { 0 };

	(void)state;
	tb_add(&tar, &(struct tb_entry){ .path = "good", .type = '0', .xattrs = GOOD });
	tb_add(&tar, &(struct tb_entry){ .path = "text", .type = '0', .pax = TEXT });

	struct layer_index *index = index_of(&tar, NULL);

	assert_false(has_problem(index, PROBLEM_ATTRIBUTE));
	const struct layer_extra *extra = layer_entry_extra(index, layer_entry(index, 0));

	assert_int_equal(extra->xattr_count, 1);
	assert_int_equal(layer_extra_xattr(extra, "security.capability")->len, sizeof(VALUE));
	assert_null(layer_extra_xattr(extra, "user.x"));
	assert_null(layer_extra_xattr(NULL, "user.x"));
	assert_string_equal(layer_entry_extra(index, layer_entry(index, 1))->acl_access,
			    "user::rwx");
	assert_null(layer_entry_extra(index, layer_entry(index, 1))->acl_default);
	layer_index_free(index);
	tb_free(&tar);
}

static void malformed_attributes_are_problems(void **state)
{
	static const struct tb_xattr BAD[] = {
		{ "system.posix_acl_access", "\2\0\0\0x", 5 },
		{ "system.posix_acl_default", "\3\0\0\0", 4 },
		{ "security.capability", "\1\0\0\2", 4 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(BAD) / sizeof(*BAD); i++) {
		const struct tb_xattr xattrs[] = { BAD[i], { NULL, NULL, 0 } };
		struct tb tar = { 0 };

		tb_add(&tar, &(struct tb_entry){ .path = "bad", .type = '0', .xattrs = xattrs });

		struct layer_index *index = index_of(&tar, NULL);

		assert_true(has_problem(index, PROBLEM_ATTRIBUTE));
		assert_int_equal(layer_entry_count(index), 1);
		layer_index_free(index);
		tb_free(&tar);
	}
}

static void an_entry_stays_small(void **state)
{
	(void)state;
	assert_true(sizeof(struct layer_entry) <= 80);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entries_are_normalised_and_in_order),
		cmocka_unit_test(a_name_or_path_that_no_engine_unpacks_is_told_once),
		cmocka_unit_test(an_entry_says_where_its_header_and_data_are),
		cmocka_unit_test(wanted_small_bodies_are_kept),
		cmocka_unit_test(large_bodies_are_not_kept),
		cmocka_unit_test(the_earlier_of_two_equal_paths_is_a_duplicate),
		cmocka_unit_test(what_no_engine_unpacks_is_ignored),
		cmocka_unit_test(a_path_above_the_root_stays_inside),
		cmocka_unit_test(empty_layers_are_valid),
		cmocka_unit_test(what_is_no_tar_is_an_error),
		cmocka_unit_test(a_compressed_layer_is_hashed_on_the_way),
		cmocka_unit_test(a_damaged_end_keeps_what_was_read),
		cmocka_unit_test(too_many_entries_are_refused),
		cmocka_unit_test(attributes_are_kept),
		cmocka_unit_test(malformed_attributes_are_problems),
		cmocka_unit_test(an_entry_stays_small),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
