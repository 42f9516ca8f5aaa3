/* The header editor: the new values are read back, and all other bytes are the old ones. */
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
#include "tar/tar_edit.h"
#include "tar/tar_reader.h"

static struct tb tar;
static unsigned char *edited;
static size_t edited_len;

static int done(void **state)
{
	(void)state;
	tb_free(&tar);
	free(edited);
	edited = NULL;
	return 0;
}

static int edit(const struct tar_change *change)
{
	struct err err = { 0 };

	free(edited);
	edited = NULL;
	return tar_edit(tar.bytes, tar.len, change, &edited, &edited_len, &err);
}

#define EDIT(...) edit(&(struct tar_change){ __VA_ARGS__ })
#define PAX(...) ((const char *const[]){ __VA_ARGS__, NULL })

/* Whether bytes [at, at + len) of the edited block hold this text. */
static void assert_field(size_t block, enum tar__field field, const char *text, size_t len)
{
	assert_memory_equal(tar__field_const(edited + block, field), text, len);
}

/* Two blocks differ in these fields and the checksum at most. */
static void assert_only(const unsigned char *old, const unsigned char *new,
			const enum tar__field *fields, size_t count)
{
	bool may_differ[TAR_BLOCK] = { false };

	for (size_t i = 0; i <= count; i++) {
		const struct tar__place *place = &TAR__PLACES[i < count ? fields[i] : FIELD_SUM];

		memset(may_differ + place->at, true, place->len);
	}
	for (size_t i = 0; i < TAR_BLOCK; i++)
		if (!may_differ[i])
			assert_int_equal(old[i], new[i]);
	assert_true(tar_is_header(new));
}

static void owner_and_mode_change_and_nothing_else(void **state)
{
	static const enum tar__field FIELDS[] = { FIELD_MODE, FIELD_UID, FIELD_GID };

	(void)state;
	tb_file(&tar, "etc/passwd", 0644, 0, 0, NULL);
	assert_int_equal(EDIT(.set_mode = true, .mode = 0755, .set_uid = true, .uid = 1000,
			      .set_gid = true, .gid = 100),
			 0);
	assert_int_equal(edited_len, 512);
	assert_only(tar.bytes, edited, FIELDS, 3);
	assert_field(0, FIELD_MODE, "0000755", 8);
	assert_field(0, FIELD_UID, "0001750", 8);
	assert_field(0, FIELD_GID, "0000144", 8);
}

static void the_same_values_change_no_byte(void **state)
{
	(void)state;
	tb_add(&tar,
	       &(struct tb_entry){
		       .path = "a", .type = '0', .mode = 0644, .uid = 7, .pax = PAX("uid=7") });
	assert_int_equal(EDIT(.set_mode = true, .mode = 0644, .set_uid = true, .uid = 7), 0);
	assert_int_equal(edited_len, tar.len);
	assert_memory_equal(edited, tar.bytes, tar.len);
}

static void type_bits_and_style_of_a_mode_are_kept(void **state)
{
	(void)state;
	tb_file(&tar, "a", 0644, 0, 0, NULL);
	memcpy(tar__field(tar.bytes, FIELD_MODE), "100644 \0", 8);
	tar__seal(tar.bytes);
	assert_int_equal(EDIT(.set_mode = true, .mode = 0600), 0);
	assert_field(0, FIELD_MODE, "100600 \0", 8);
}

static void a_checksum_keeps_its_style(void **state)
{
	(void)state;
	tb_file(&tar, "a", 0644, 0, 0, NULL);
	/* As the oldest tars wrote it: spaces before the digits. */
	memcpy(tar__field(tar.bytes, FIELD_SUM), "        ", 8);
	unsigned sum = 0;
	for (size_t i = 0; i < TAR_BLOCK; i++)
		sum += tar.bytes[i];
	snprintf((char *)tar__field(tar.bytes, FIELD_SUM), 8, "%6o", sum);
	assert_int_equal(EDIT(.set_uid = true, .uid = 1), 0);
	assert_true(tar_is_header(edited));
	assert_int_equal(*tar__field_const(edited, FIELD_SUM), ' ');
	assert_memory_equal(tar__field_const(edited, FIELD_SUM) + 6, "\0 ", 2);
}

static void an_owner_beyond_octal_is_base_256(void **state)
{
	(void)state;
	tb_file(&tar, "a", 0644, 0, 0, NULL);
	assert_int_equal(EDIT(.set_uid = true, .uid = 3000000000u), 0);
	assert_field(0, FIELD_UID, "\x80\0\0\0\xb2\xd0\x5e\0", 8);
	assert_true(tar_is_header(edited));
}

static void pax_owners_change_in_place(void **state)
{
	(void)state;
	tb_add(&tar, &(struct tb_entry){ .path = "a",
					 .type = '0',
					 .uid = 5000,
					 .pax = PAX("path=b", "uid=5000", "mtime=1.5") });
	assert_int_equal(EDIT(.set_uid = true, .uid = 1000), 0);
	assert_int_equal(edited_len, tar.len);
	assert_memory_equal(edited, tar.bytes, 512);
	assert_string_equal((char *)edited + 512, "9 path=b\n12 uid=1000\n13 mtime=1.5\n");
}

static void pax_owners_of_another_length_change_the_size(void **state)
{
	static const enum tar__field FIELDS[] = { FIELD_SIZE };

	(void)state;
	tb_add(&tar, &(struct tb_entry){ .path = "a",
					 .type = '0',
					 .pax = PAX("uid=4000000000", "gid=1", "uid=5") });
	assert_int_equal(EDIT(.set_uid = true, .uid = 1000, .set_gid = true, .gid = 100), 0);
	assert_int_equal(edited_len, tar.len);
	assert_only(tar.bytes, edited, FIELDS, 1);
	assert_string_equal((char *)edited + 512, "12 uid=1000\n11 gid=100\n12 uid=1000\n");
	assert_true(tar_is_header(edited + 1024));
}

static void a_pax_header_grows_by_a_block(void **state)
{
	char comment[600];
	size_t before;

	(void)state;
	/* "uid=9" is 8 bytes, "uid=1000" 12: four more than the block has room for. */
	memset(comment, 'c', sizeof(comment));
	memcpy(comment, "comment=", 8);
	comment[512 - 8 - 4 - 3] = '\0';
	tb_add(&tar, &(struct tb_entry){ .path = "a", .type = '0', .pax = PAX(comment, "uid=9") });
	before = tar.len;
	assert_int_equal(before, 3 * 512);
	assert_int_equal(EDIT(.set_uid = true, .uid = 1000), 0);
	assert_int_equal(edited_len, before + 512);
	assert_true(tar_is_header(edited + edited_len - 512));
}

static void gnu_long_names_stay(void **state)
{
	(void)state;
	tb_add(&tar, &(struct tb_entry){ .path = "L", .type = 'L', .body = "name", .size = 5 });
	tb_file(&tar, "a", 0644, 0, 0, NULL);
	assert_int_equal(EDIT(.set_uid = true, .uid = 1000), 0);
	assert_int_equal(edited_len, tar.len);
	assert_memory_equal(edited, tar.bytes, 1024);
	assert_field(1024, FIELD_UID, "0001750", 8);
}

static void sparse_blocks_behind_the_header_stay(void **state)
{
	static const unsigned char MAP[512] = "any bytes";

	(void)state;
	tb_add(&tar, &(struct tb_entry){ .path = "s", .type = 'S' });
	tb_raw(&tar, MAP, sizeof(MAP));
	assert_int_equal(EDIT(.set_uid = true, .uid = 1000), 0);
	assert_int_equal(edited_len, 1024);
	assert_field(0, FIELD_UID, "0001750", 8);
	assert_memory_equal(edited + 512, MAP, 512);
}

static void what_is_no_header_is_refused(void **state)
{
	(void)state;
	tb_file(&tar, "a", 0644, 0, 0, NULL);
	tar.bytes[0] = 'b';
	assert_int_equal(EDIT(.set_uid = true), -ERR_FORMAT);
	tar.bytes[0] = 'a';
	tar.len = 500;
	assert_int_equal(EDIT(.set_uid = true), -ERR_FORMAT);
	tar.len = 0;
	assert_int_equal(EDIT(.set_uid = true), -ERR_FORMAT);
	tar.len = 512;
	tb_file(&tar, "b", 0644, 0, 0, NULL);
	assert_int_equal(EDIT(.set_uid = true), -ERR_FORMAT);
}

static void cut_or_broken_records_are_refused(void **state)
{
	(void)state;
	tb_add(&tar, &(struct tb_entry){ .path = "x", .type = 'x', .body = "rubbish", .size = 7 });
	tb_file(&tar, "a", 0644, 0, 0, NULL);
	assert_int_equal(EDIT(.set_uid = true), -ERR_FORMAT);
	tar.len = 600;
	assert_int_equal(EDIT(.set_uid = true), -ERR_FORMAT);
	tar.len = 1024;
	assert_int_equal(EDIT(.set_uid = true), -ERR_FORMAT);
}

/* Read the first entry of some blocks. */
static void read_first(const void *bytes, size_t len, struct tar_reader **reader,
		       struct stream **in, const struct tar_entry **entry)
{
	assert_int_equal(stream_memory_open(bytes, len, in, NULL), 0);
	assert_int_equal(tar_reader_new(*in, NULL, reader, NULL), 0);
	assert_int_equal(tar_reader_next(*reader, entry, NULL), 1);
}

static void assert_reads_alike(const struct tar_change *change)
{
	CLEANUP(tar_reader_freep) struct tar_reader *old_reader = NULL, *new_reader = NULL;
	CLEANUP(stream_closep) struct stream *old_in = NULL, *new_in = NULL;
	const struct tar_entry *old, *new;

	read_first(tar.bytes, tar.len, &old_reader, &old_in, &old);
	read_first(edited, edited_len, &new_reader, &new_in, &new);
	assert_int_equal(new->mode, change->set_mode ? change->mode : old->mode);
	assert_int_equal(new->uid, change->set_uid ? change->uid : old->uid);
	assert_int_equal(new->gid, change->set_gid ? change->gid : old->gid);
	assert_string_equal(new->path, old->path);
	assert_string_equal(new->link, old->link);
	assert_int_equal(new->type, old->type);
	assert_int_equal(new->size, old->size);
	assert_int_equal(new->stored, old->stored);
	assert_int_equal(new->mtime, old->mtime);
	assert_int_equal(new->mtime_ns, old->mtime_ns);
	assert_int_equal(new->xattr_count, old->xattr_count);
	assert_int_equal(new->data_offset, edited_len);
}

/* Every kind of header with every kind of owner. */
static void an_edited_entry_reads_as_changed(void **state)
{
	static const long long OLD[] = { 0, 1000, 07777777, 010000000, 4294967295LL, -1 };
	static const uint32_t NEW[] = { 0, 100, 1000, 65534, 07777777, 010000000, 4294967294u };
	static const char *const SETS[][4] = {
		{ NULL },
		{ "mtime=1.5", "SCHILY.xattr.user.a=b", NULL },
		{ "uid=9", "path=other/name", "gid=1234567890", NULL },
	};

	(void)state;
	for (unsigned i = 0; i < 6 * 7 * 3 * 8; i++) {
		const struct tar_change change = { .set_mode = i & 1,
						   .set_uid = i & 2,
						   .set_gid = i & 4,
						   .mode = 0101 * (i % 7),
						   .uid = NEW[i / 8 % 7],
						   .gid = NEW[(i / 8 + 3) % 7] };

		tb_free(&tar);
		tb_add(&tar, &(struct tb_entry){ .path = "name",
						 .type = "0125"[i % 4],
						 .mode = 04755,
						 .uid = OLD[i / 56 % 6],
						 .gid = OLD[(i / 56 + 1) % 6],
						 .link = "target",
						 .pax = SETS[i / 336] });
		assert_int_equal(edit(&change), 0);
		assert_reads_alike(&change);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(owner_and_mode_change_and_nothing_else, done),
		cmocka_unit_test_teardown(the_same_values_change_no_byte, done),
		cmocka_unit_test_teardown(type_bits_and_style_of_a_mode_are_kept, done),
		cmocka_unit_test_teardown(a_checksum_keeps_its_style, done),
		cmocka_unit_test_teardown(an_owner_beyond_octal_is_base_256, done),
		cmocka_unit_test_teardown(pax_owners_change_in_place, done),
		cmocka_unit_test_teardown(pax_owners_of_another_length_change_the_size, done),
		cmocka_unit_test_teardown(a_pax_header_grows_by_a_block, done),
		cmocka_unit_test_teardown(gnu_long_names_stay, done),
		cmocka_unit_test_teardown(sparse_blocks_behind_the_header_stay, done),
		cmocka_unit_test_teardown(what_is_no_header_is_refused, done),
		cmocka_unit_test_teardown(cut_or_broken_records_are_refused, done),
		cmocka_unit_test_teardown(an_edited_entry_reads_as_changed, done),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
