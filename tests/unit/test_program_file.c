/* A file that is executed or loaded is read once. */
#include "lib/started.h"

#include "core/access/access_priv.h"

struct opened {
	struct started started;
	struct start start;
	struct start_input input;
	struct start_walk walk;
	struct err err;
};

static int open_image(void **state)
{
	static const struct identity USER = { .uid = 1000, .gid = 100 };
	static struct opened opened;
	struct tb tar = { 0 };

	tb_elf(&tar, "elf", 0755, &(struct elf_spec){ .loader = "/lib/ld.so" });
	tb_hardlink(&tar, "same", "elf");
	tb_file(&tar, "script", 0755, 0, 0, "#!/bin/sh -e\n");
	tb_file(&tar, "empty", 0755, 0, 0, "");
	tb_add(&tar, &(struct tb_entry){
			     .path = "sparse", .type = '0', .mode = 0755, .body = "x", .size = 1,
			     .pax = (const char *const[]){ "GNU.sparse.major=0", "GNU.sparse.minor=1",
							   "GNU.sparse.size=9",
							   "GNU.sparse.map=0,2", NULL } });
	started_open(&opened.started, &tar);
	opened.input = (struct start_input){ &opened.started.kept.content, &opened.started.config,
					     &USER, NULL };
	opened.walk = (struct start_walk){
		.input = &opened.input, .start = &opened.start, .folder = "/", .err = &opened.err
	};
	*state = &opened;
	return 0;
}

static int close_image(void **state)
{
	struct opened *opened = *state;

	VEC_DONE(&opened->walk.files);
	content_reader_free(opened->walk.reader);
	arena_done(&opened->start.arena);
	started_done(&opened->started);
	return 0;
}

static int read_file(struct opened *opened, const char *path, const struct program_file **ret_file)
{
	return access__program_read(&opened->walk, tree_find(opened->started.kept.tree, path),
				    ret_file);
}

static void the_head_tells_what_it_is(void **state)
{
	const struct program_file *file;

	assert_int_equal(read_file(*state, "elf", &file), START_GO_ON);
	assert_int_equal(file->head.format, EXEC_ELF);
	assert_string_equal(file->elf->loader, "/lib/ld.so");
	assert_int_equal(read_file(*state, "script", &file), START_GO_ON);
	assert_string_equal(file->head.interpreter, "/bin/sh");
	assert_null(file->elf);
	assert_int_equal(read_file(*state, "empty", &file), START_GO_ON);
	assert_int_equal(file->head.format, EXEC_NONE);
}

static void names_of_one_inode_share_what_was_read(void **state)
{
	const struct program_file *first, *second;

	assert_int_equal(read_file(*state, "elf", &first), START_GO_ON);
	assert_int_equal(read_file(*state, "same", &second), START_GO_ON);
	assert_ptr_equal(first, second);
}

static void what_cannot_be_read_has_no_verdict(void **state)
{
	struct opened *opened = *state;
	const struct program_file *file;

	assert_int_equal(read_file(opened, "sparse", &file), START_STOP);
	assert_int_equal(opened->start.obstacle, START_UNKNOWN);
	assert_non_null(opened->start.detail);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_head_tells_what_it_is),
		cmocka_unit_test(names_of_one_inode_share_what_was_read),
		cmocka_unit_test(what_cannot_be_read_has_no_verdict),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, open_image, close_image);
}
