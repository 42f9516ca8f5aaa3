/* Rewritten layers: what changes, and that nothing else does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/emitted.h"

enum {
	BLOCK = 512,
	MODE_AT = 100,
	UID_AT = 108,
	GID_AT = 116,
	SIZE_AT = 124,
	SUM_AT = 148,
	TYPE_AT = 156
};

static void end_layer(struct ib *image, struct tb *tar)
{
	tb_end(tar);
	ib_layer(image, tar, "none", "RUN x");
	tb_free(tar);
}

/* ---- Comparing two layers without the product's own reader ---- */

static size_t octal(const unsigned char *block, size_t at)
{
	return (size_t)strtoul((const char *)block + at, NULL, 8);
}

/* The records of a pax header but for uid and gid, in one string. */
static char *other_records(const unsigned char *bytes, size_t len)
{
	char *kept = calloc(1, len + 1);
	size_t used = 0;

	for (size_t at = 0; at < len;) {
		char *rest;
		size_t record = strtoul((const char *)bytes + at, &rest, 10);

		assert_true(record > 0 && record <= len - at);
		if (strncmp(rest, " uid=", 5) != 0 && strncmp(rest, " gid=", 5) != 0) {
			memcpy(kept + used, bytes + at, record);
			used += record;
		}
		at += record;
	}
	return kept;
}

static void compare_blocks(const unsigned char *old, const unsigned char *new, size_t at,
			   bool is_pax)
{
	for (size_t i = 0; i < BLOCK; i++) {
		bool is_allowed = (i >= MODE_AT && i < SIZE_AT) || (i >= SUM_AT && i < TYPE_AT) ||
				  (is_pax && i >= SIZE_AT && i < SIZE_AT + 12);

		if (old[i] != new[i] && !is_allowed)
			fail_msg("byte %zu of the header at %zu differs", i, at);
	}
}

/* Only uid, gid, mode and checksum bytes and the pax records uid and gid may differ. */
static void only_attributes_differ(const struct tb *old, const struct tb *new)
{
	size_t a = 0, b = 0;

	while (a + BLOCK <= old->len && old->bytes[a]) {
		const unsigned char *x = old->bytes + a, *y = new->bytes + b;
		bool is_pax = x[TYPE_AT] == 'x';
		size_t size = x[TYPE_AT] == '5' ? 0 : octal(x, SIZE_AT);
		size_t new_size = x[TYPE_AT] == '5' ? 0 : octal(y, SIZE_AT);

		assert_true(b + BLOCK <= new->len);
		compare_blocks(x, y, a, is_pax);
		if (is_pax) {
			char *left = other_records(x + BLOCK, size);
			char *right = other_records(y + BLOCK, new_size);

			assert_string_equal(left, right);
			free(left);
			free(right);
		} else {
			assert_int_equal(size, new_size);
			assert_memory_equal(x + BLOCK, y + BLOCK,
					    (size + BLOCK - 1) / BLOCK * BLOCK);
		}
		a += BLOCK + (size + BLOCK - 1) / BLOCK * BLOCK;
		b += BLOCK + (new_size + BLOCK - 1) / BLOCK * BLOCK;
	}
	assert_int_equal(old->len - a, new->len - b);
	assert_memory_equal(old->bytes + a, new->bytes + b, old->len - a);
}

/* ---- Layers ---- */

static void add_gnu_long(struct tb *tar, const char *path, const char *body)
{
	char cut[101];

	tb_add(tar, &(struct tb_entry){ .path = "././@LongLink",
					.type = 'L',
					.body = path,
					.size = strlen(path) + 1 });
	snprintf(cut, sizeof(cut), "%.100s", path);
	tb_file(tar, cut, 0640, 5, 6, body);
}

#define LONG_40 "0123456789012345678901234567890123456789"
#define LONG_NAME "d/" LONG_40 LONG_40 LONG_40
#define PAX_NAME "d/p" LONG_40 LONG_40 LONG_40

static void add_every_kind(struct tb *tar)
{
	static const char *const ids[] = { "uid=3000000", "mtime=12.5", "gid=4000000", "comment=x",
					   NULL };
	static const char *const caps[] = { "SCHILY.xattr.security.capability=\1\2\3", NULL };

	tb_dir(tar, "d", 0700, 0, 0);
	tb_file(tar, "d/plain", 0600, 1, 2, "plain");
	add_gnu_long(tar, LONG_NAME, "long");
	tb_file(tar, PAX_NAME, 0600, 1, 2, "pax");
	tb_add(tar, &(struct tb_entry){ .path = "d/ids",
					.type = '0',
					.mode = 0600,
					.uid = 3000000,
					.gid = 4000000,
					.pax = ids,
					.body = "ids",
					.size = 3 });
	tb_add(tar, &(struct tb_entry){ .path = "d/caps",
					.type = '0',
					.mode = 0755,
					.pax = caps,
					.body = "caps",
					.size = 4 });
	tb_symlink(tar, "d/link", "plain");
	tb_add(tar, &(struct tb_entry){ .path = "d/dev",
					.type = '3',
					.mode = 0600,
					.dev_major = 1,
					.dev_minor = 3 });
	tb_add(tar, &(struct tb_entry){ .path = "d/fifo", .type = '6', .mode = 0600 });
	tb_add(tar, &(struct tb_entry){ .path = "d/huge",
					.type = '0',
					.mode = 0600,
					.uid = 1LL << 33,
					.body = "h",
					.size = 1 });
	tb_hardlink(tar, "d/name", "d/plain");
	tb_file(tar, "other", 0644, 0, 0, "not touched");
}

/* Everything below "d" but the huge one gets this owner, and this mode where it is no link. */
static void want_all(struct emitted *emitted, int64_t uid, int64_t gid, uint32_t mode)
{
	static const char *const paths[] = { "d",      "d/plain", LONG_NAME, PAX_NAME, "d/ids",
					     "d/caps", "d/link",  "d/dev",   "d/fifo" };

	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++)
		emitted_want(emitted,
			     &(struct tree_want){ .path = paths[i],
						  .set_uid = true,
						  .set_gid = true,
						  .uid = uid,
						  .gid = gid,
						  .set_mode = strcmp(paths[i], "d/link") != 0,
						  .mode = mode });
}

static void mend_every_kind(int64_t uid, int64_t gid, uint32_t mode)
{
	struct emitted emitted;
	struct ib image = { 0 };
	struct tb tar = { 0 }, old, new;

	add_every_kind(&tar);
	old = (struct tb){ 0 };
	tb_raw(&old, tar.bytes, tar.len);
	tb_end(&old);
	end_layer(&image, &tar);
	emitted_open_built(&emitted, &image);
	want_all(&emitted, uid, gid, mode);
	emitted_preview(&emitted);
	new = emitted_layer(&emitted, 1);
	only_attributes_differ(&old, &new);
	emitted_check(&emitted, EMIT_REWRITE);
	tb_free(&old);
	tb_free(&new);
	emitted_done(&emitted);
}

static void only_owner_and_mode_bytes_differ(void **state)
{
	static const int64_t ids[] = { 0,       1,       100,     1000,          65534,
				       2097151, 2097152, 3000000, UINT32_MAX - 1 };
	static const uint32_t modes[] = { 0, 0644, 0755, 04755, 01777 };

	(void)state;
	for (size_t i = 0; i < sizeof(ids) / sizeof(*ids); i++)
		mend_every_kind(ids[i], ids[sizeof(ids) / sizeof(*ids) - 1 - i],
				modes[i % (sizeof(modes) / sizeof(*modes))]);
}

static void a_huge_number_stays_when_the_mode_changes(void **state)
{
	struct emitted emitted;
	struct ib image = { 0 };
	struct tb tar = { 0 }, old = { 0 }, new;

	(void)state;
	add_every_kind(&tar);
	tb_raw(&old, tar.bytes, tar.len);
	tb_end(&old);
	end_layer(&image, &tar);
	emitted_open_built(&emitted, &image);
	emitted_want(&emitted,
		     &(struct tree_want){ .path = "d/huge", .set_mode = true, .mode = 0644 });
	emitted_preview(&emitted);
	new = emitted_layer(&emitted, 1);
	only_attributes_differ(&old, &new);
	emitted_check(&emitted, EMIT_REWRITE);
	tb_free(&old);
	tb_free(&new);
	emitted_done(&emitted);
}

static void nothing_changes_without_a_plan(void **state)
{
	struct emitted emitted;
	struct ib image = { 0 };
	struct tb tar = { 0 }, old = { 0 }, new;
	struct emit_rewrite_count count;

	(void)state;
	add_every_kind(&tar);
	tb_raw(&old, tar.bytes, tar.len);
	tb_end(&old);
	end_layer(&image, &tar);
	emitted_open_built(&emitted, &image);
	emitted_preview(&emitted);
	new = emitted_layer(&emitted, 1);
	assert_int_equal(new.len, old.len);
	assert_memory_equal(new.bytes, old.bytes, old.len);
	assert_int_equal(emit_rewrite_count(&emitted.input, 1, &count, NULL), 0);
	assert_int_equal(count.mended + count.replaced + count.added, 0);
	tb_free(&old);
	tb_free(&new);
	emitted_done(&emitted);
}

static void assert_count(const struct emitted *emitted, unsigned layer, size_t mended,
			 size_t replaced, size_t added)
{
	struct emit_rewrite_count count;

	assert_int_equal(emit_rewrite_count(&emitted->input, layer, &count, NULL), 0);
	assert_int_equal(count.mended, mended);
	assert_int_equal(count.replaced, replaced);
	assert_int_equal(count.added, added);
}

static void every_duplicate_is_mended(void **state)
{
	struct emitted emitted;
	struct ib image = { 0 };
	struct tb tar = { 0 };

	(void)state;
	tb_file(&tar, "x", 0600, 0, 0, "one");
	tb_file(&tar, "y", 0600, 0, 0, "y");
	tb_file(&tar, "./x", 0640, 0, 0, "two");
	end_layer(&image, &tar);
	emitted_open_built(&emitted, &image);
	emitted_want(&emitted, &(struct tree_want){ .path = "x", .set_uid = true, .uid = 7 });
	emitted_preview(&emitted);
	assert_count(&emitted, 1, 2, 0, 0);
	emitted_check(&emitted, EMIT_REWRITE);
	emitted_done(&emitted);
}

static void all_names_of_one_layer_are_mended(void **state)
{
	struct emitted emitted;
	struct ib image = { 0 };
	struct tb tar = { 0 };

	(void)state;
	tb_file(&tar, "a", 0600, 0, 0, "body");
	tb_hardlink(&tar, "b", "a");
	tb_hardlink(&tar, "c", "b");
	end_layer(&image, &tar);
	emitted_open_built(&emitted, &image);
	emitted_want(&emitted, &(struct tree_want){ .path = "b", .set_uid = true, .uid = 7 });
	emitted_preview(&emitted);
	assert_count(&emitted, 1, 3, 0, 0);
	emitted_check(&emitted, EMIT_REWRITE);
	emitted_done(&emitted);
}

/* Engines take owner and mode from the entry that made the file, whatever became of its name. */
static void the_entry_of_a_name_that_is_gone_is_mended(void **state)
{
	static const struct tree_want want = { .path = "f", .set_uid = true, .uid = 1000 };
	struct emitted emitted;
	struct ib image = { 0 };
	struct tb tar = { 0 };
	struct tb layer;

	(void)state;
	tb_file(&tar, "src", 0644, 0, 0, "body");
	tb_hardlink(&tar, "mid", "src");
	tb_hardlink(&tar, "f", "mid");
	end_layer(&image, &tar);
	tb_whiteout(&tar, "src");
	tb_file(&tar, "mid", 0600, 0, 0, "another");
	end_layer(&image, &tar);
	emitted_open_built(&emitted, &image);
	emitted_want(&emitted, &want);
	emitted_preview(&emitted);
	assert_count(&emitted, 1, 3, 0, 0);
	assert_count(&emitted, 2, 0, 0, 0);
	layer = emitted_layer(&emitted, 1);
	assert_int_equal(octal(layer.bytes, UID_AT), 1000);
	tb_free(&layer);
	emitted_check(&emitted, EMIT_REWRITE);
	emitted_done(&emitted);
}

/* The same within one layer: the path is another file in the end, the first entry is still 'f'. */
static void an_entry_whose_path_is_written_again_is_mended_for_its_links(void **state)
{
	static const struct tree_want want = { .path = "f", .set_uid = true, .uid = 1000 };
	struct emitted emitted;
	struct ib image = { 0 };
	struct tb tar = { 0 };
	struct tb layer;

	(void)state;
	tb_file(&tar, "src", 0644, 0, 0, "");
	tb_hardlink(&tar, "f", "src");
	tb_file(&tar, "src", 0600, 5, 0, "");
	end_layer(&image, &tar);
	emitted_open_built(&emitted, &image);
	emitted_want(&emitted, &want);
	emitted_preview(&emitted);
	layer = emitted_layer(&emitted, 1);
	assert_int_equal(octal(layer.bytes, UID_AT), 1000);
	assert_int_equal(octal(layer.bytes + BLOCK, UID_AT), 1000);
	assert_int_equal(octal(layer.bytes + 2 * BLOCK, UID_AT), 5);
	tb_free(&layer);
	emitted_check(&emitted, EMIT_REWRITE);
	emitted_done(&emitted);
}

static void names_in_two_layers_are_mended_in_both(void **state)
{
	struct emitted emitted;
	struct ib image = { 0 };
	struct tb tar = { 0 };

	(void)state;
	tb_file(&tar, "a", 0600, 0, 0, "body");
	tb_hardlink(&tar, "b", "a");
	end_layer(&image, &tar);
	tb_hardlink(&tar, "c", "a");
	end_layer(&image, &tar);
	emitted_open_built(&emitted, &image);
	emitted_want(
		&emitted,
		&(struct tree_want){
			.path = "a", .set_uid = true, .uid = 7, .set_mode = true, .mode = 0640 });
	emitted_preview(&emitted);
	assert_count(&emitted, 1, 2, 0, 0);
	assert_count(&emitted, 2, 1, 0, 0);
	emitted_check(&emitted, EMIT_REWRITE);
	emitted_done(&emitted);
}

static void contents_are_replaced_behind_a_name_that_is_gone(void **state)
{
	struct emitted emitted;
	struct ib image = { 0 };
	struct tb tar = { 0 };

	(void)state;
	tb_file(&tar, "a", 0600, 0, 0, "body");
	tb_hardlink(&tar, "b", "a");
	end_layer(&image, &tar);
	tb_whiteout(&tar, "a");
	end_layer(&image, &tar);
	emitted_open_built(&emitted, &image);
	emitted_want(&emitted,
		     &(struct tree_want){ .path = "b", .body = "other body", .body_len = 10 });
	emitted_preview(&emitted);
	assert_count(&emitted, 1, 0, 1, 0);
	emitted_check(&emitted, EMIT_REWRITE);
	emitted_done(&emitted);
}

static void a_blob_that_is_used_twice_is_split(void **state)
{
	struct emitted emitted;
	struct ib image = { 0 };
	struct tb tar = { 0 }, again = { 0 };

	(void)state;
	tb_dir(&tar, "d", 0700, 0, 0);
	tb_file(&tar, "d/x", 0600, 0, 0, "x");
	tb_raw(&again, tar.bytes, tar.len);
	end_layer(&image, &tar);
	tb_whiteout(&tar, "d");
	end_layer(&image, &tar);
	end_layer(&image, &again);
	emitted_open_built(&emitted, &image);
	emitted_want(&emitted, &(struct tree_want){ .path = "d/x", .set_uid = true, .uid = 7 });
	emitted_preview(&emitted);
	assert_count(&emitted, 1, 0, 0, 0);
	assert_count(&emitted, 3, 1, 0, 0);
	emitted_check(&emitted, EMIT_REWRITE);
	emitted_done(&emitted);
}

/* The names of the entries of a layer, from its own index. */
static char *entries_of(const struct tb *tar)
{
	struct tf tf = { 0 };
	struct tb copy = { 0 };
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	tb_raw(&copy, tar->bytes, tar->len);
	emitted_index(&tf, &copy);
	for (size_t i = 0; i < layer_entry_count(tf.layers[0]); i++) {
		const struct layer_entry *entry = layer_entry(tf.layers[0], i);
		const char *folder = layer_string(tf.layers[0], entry->folder);

		fprintf(out, "%s%s%s %04o %lld:%lld\n", folder, *folder ? "/" : "",
			layer_string(tf.layers[0], entry->name), entry->mode, (long long)entry->uid,
			(long long)entry->gid);
	}
	fclose(out);
	tf_done(&tf);
	return text;
}

static void an_implied_folder_gets_an_entry_with_its_parents(void **state)
{
	struct emitted emitted;
	struct ib image = { 0 };
	struct tb tar = { 0 }, top;
	char *text;

	(void)state;
	tb_dir(&tar, "a", 0750, 1, 2);
	tb_file(&tar, "a/implied/x", 0644, 0, 0, "x");
	end_layer(&image, &tar);
	tb_file(&tar, "y", 0644, 0, 0, "y");
	end_layer(&image, &tar);
	emitted_open_built(&emitted, &image);
	emitted_want(&emitted,
		     &(struct tree_want){ .path = "a/implied", .set_uid = true, .uid = 7 });
	emitted_preview(&emitted);
	assert_count(&emitted, 1, 0, 0, 0);
	assert_count(&emitted, 2, 0, 0, 2);
	top = emitted_layer(&emitted, 2);
	text = entries_of(&top);
	assert_string_equal(text, "y 0644 0:0\na 0750 1:2\na/implied 0755 7:0\n");
	emitted_check(&emitted, EMIT_REWRITE);
	free(text);
	tb_free(&top);
	emitted_done(&emitted);
}

static void what_is_new_goes_into_the_top_layer(void **state)
{
	struct emitted emitted;
	struct ib image = { 0 };
	struct tb tar = { 0 }, top;
	char *text;

	(void)state;
	tb_dir(&tar, "home", 0711, 0, 0);
	end_layer(&image, &tar);
	tb_dir(&tar, "etc", 0755, 0, 0);
	end_layer(&image, &tar);
	emitted_open_built(&emitted, &image);
	emitted_want(&emitted, &(struct tree_want){ .path = "home/me",
						    .create = true,
						    .type = TAR_DIR,
						    .set_mode = true,
						    .mode = 0750,
						    .set_uid = true,
						    .uid = 1000,
						    .set_gid = true,
						    .gid = 100 });
	emitted_want(&emitted, &(struct tree_want){ .path = "etc/new",
						    .create = true,
						    .type = TAR_FILE,
						    .set_mode = true,
						    .mode = 0644,
						    .body = "new",
						    .body_len = 3 });
	emitted_want(&emitted, &(struct tree_want){ .path = "etc/link",
						    .create = true,
						    .type = TAR_SYMLINK,
						    .target = "new" });
	emitted_preview(&emitted);
	assert_count(&emitted, 1, 0, 0, 0);
	assert_count(&emitted, 2, 0, 0, 4);
	top = emitted_layer(&emitted, 2);
	text = entries_of(&top);
	assert_string_equal(text, "etc 0755 0:0\netc/link 0777 0:0\netc/new 0644 0:0\n"
				  "home 0711 0:0\nhome/me 0750 1000:100\n");
	emitted_check(&emitted, EMIT_REWRITE);
	free(text);
	tb_free(&top);
	emitted_done(&emitted);
}

static void an_edited_file_is_replaced_where_it_is(void **state)
{
	static const char passwd[] = "root:x:0:0::/:/bin/sh\nma-user:x:1000:100::/:/bin/sh\n";
	struct emitted emitted;
	struct ib image = { 0 };
	struct tb tar = { 0 }, lower;
	char *text;

	(void)state;
	tb_file(&tar, "before", 0644, 0, 0, "b");
	tb_file(&tar, "etc/passwd", 0644, 3, 4, "root:x:0:0::/:/bin/sh\n");
	tb_file(&tar, "etc/shadow", 0640, 0, 42, "root:*:\n");
	end_layer(&image, &tar);
	tb_file(&tar, "top", 0644, 0, 0, "t");
	end_layer(&image, &tar);
	emitted_open_built(&emitted, &image);
	emitted_want(&emitted, &(struct tree_want){ .path = "etc/passwd",
						    .body = passwd,
						    .body_len = sizeof(passwd) - 1 });
	emitted_preview(&emitted);
	assert_count(&emitted, 1, 0, 1, 0);
	assert_count(&emitted, 2, 0, 0, 0);
	lower = emitted_layer(&emitted, 1);
	text = entries_of(&lower);
	assert_string_equal(text, "before 0644 0:0\netc/passwd 0644 3:4\netc/shadow 0640 0:42\n");
	assert_non_null(memmem(lower.bytes, lower.len, passwd, sizeof(passwd) - 1));
	emitted_check(&emitted, EMIT_REWRITE);
	free(text);
	tb_free(&lower);
	emitted_done(&emitted);
}

/* 'tail' follows the last entry instead of two zero blocks. */
static void keep_tail(const void *tail, size_t len, bool with_new)
{
	struct emitted emitted;
	struct ib image = { 0 };
	struct tb tar = { 0 }, new;

	tb_file(&tar, "x", 0600, 0, 0, "x");
	tb_raw(&tar, tail, len);
	ib_layer(&image, &tar, "none", "RUN x");
	emitted_open_built(&emitted, &image);
	emitted_want(&emitted, &(struct tree_want){ .path = "x", .set_uid = true, .uid = 7 });
	if (with_new)
		emitted_want(&emitted, &(struct tree_want){ .path = "n",
							    .create = true,
							    .type = TAR_DIR,
							    .set_mode = true,
							    .mode = 0755 });
	emitted_preview(&emitted);
	new = emitted_layer(&emitted, 1);
	assert_int_equal(new.len, tar.len + (with_new ? BLOCK : 0));
	assert_memory_equal(new.bytes + new.len - len, tail, len);
	emitted_check(&emitted, EMIT_REWRITE);
	tb_free(&tar);
	tb_free(&new);
	emitted_done(&emitted);
}

static void the_end_of_the_archive_stays_as_it_is(void **state)
{
	static const char zeros[20 * BLOCK];
	char tail[5 * BLOCK] = { 0 };

	(void)state;
	memcpy(tail + 4 * BLOCK, "signature", 9);
	for (int with_new = 0; with_new < 2; with_new++) {
		keep_tail("", 0, with_new);
		keep_tail(zeros, BLOCK, with_new);
		keep_tail(zeros, sizeof(zeros), with_new);
		keep_tail(tail, sizeof(tail), with_new);
	}
}

static void a_version_below_is_not_touched(void **state)
{
	struct emitted emitted;
	struct ib image = { 0 };
	struct tb tar = { 0 };

	(void)state;
	tb_file(&tar, "x", 0600, 0, 0, "old");
	end_layer(&image, &tar);
	tb_file(&tar, "x", 0600, 0, 0, "new");
	end_layer(&image, &tar);
	emitted_open_built(&emitted, &image);
	emitted_want(&emitted, &(struct tree_want){ .path = "x", .set_uid = true, .uid = 7 });
	emitted_preview(&emitted);
	assert_count(&emitted, 1, 0, 0, 0);
	assert_count(&emitted, 2, 1, 0, 0);
	emitted_check(&emitted, EMIT_REWRITE);
	emitted_done(&emitted);
}

static void cancelled_it_stops(void **state)
{
	struct emitted emitted;
	struct ib image = { 0 };
	struct tb tar = { 0 };
	struct cancel cancel = { 0 };
	struct sink *sink;

	(void)state;
	tb_file(&tar, "x", 0600, 0, 0, "old");
	end_layer(&image, &tar);
	emitted_open_built(&emitted, &image);
	emitted_want(&emitted, &(struct tree_want){ .path = "x", .set_uid = true, .uid = 7 });
	emitted_preview(&emitted);
	cancel_request(&cancel);
	emitted.input.cancel = &cancel;
	assert_int_equal(sink_null_open(&sink, NULL), 0);
	assert_int_equal(emit_rewritten_layer(&emitted.input, 1, sink, NULL), -ERR_CANCELLED);
	sink_close(sink);
	emitted_done(&emitted);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_owner_and_mode_bytes_differ),
		cmocka_unit_test(a_huge_number_stays_when_the_mode_changes),
		cmocka_unit_test(nothing_changes_without_a_plan),
		cmocka_unit_test(every_duplicate_is_mended),
		cmocka_unit_test(all_names_of_one_layer_are_mended),
		cmocka_unit_test(the_entry_of_a_name_that_is_gone_is_mended),
		cmocka_unit_test(an_entry_whose_path_is_written_again_is_mended_for_its_links),
		cmocka_unit_test(names_in_two_layers_are_mended_in_both),
		cmocka_unit_test(contents_are_replaced_behind_a_name_that_is_gone),
		cmocka_unit_test(a_blob_that_is_used_twice_is_split),
		cmocka_unit_test(an_implied_folder_gets_an_entry_with_its_parents),
		cmocka_unit_test(what_is_new_goes_into_the_top_layer),
		cmocka_unit_test(an_edited_file_is_replaced_where_it_is),
		cmocka_unit_test(the_end_of_the_archive_stays_as_it_is),
		cmocka_unit_test(a_version_below_is_not_touched),
		cmocka_unit_test(cancelled_it_stops),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
