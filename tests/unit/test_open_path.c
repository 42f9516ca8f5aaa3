/* What it takes to let the user do something with a path. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/judged.h"
#include "plan/open_path.h"
#include "tree/tree_over.h"

enum { READ_RUN = ACCESS_READ | ACCESS_EXECUTE };

static const struct row {
	const char *files, *path;
	unsigned wanted;
	enum open_outcome outcome;
	const char *words;
	uint64_t bytes;
} ROWS[] = {
	/* clang-format off */
	/* The search bit is enough for what all may read behind it. */
	{ "700 0:0 d/\n755 0:0 d/x = abc\n", "/d/x", READ_RUN, OPEN_BY_MODES, "chmod o+x /d", 512 },
	/* Each directory, then the target with its contents. */
	{ "700 0:0 d/\n700 0:0 d/e/\n700 0:0 d/e/x = abc\n", "/d/e/x", READ_RUN, OPEN_BY_MODES,
	  "chmod o+x /d, o+x /d/e, o+rx /d/e/x", 512 + 512 + 1024 },
	/* The class that decides. */
	{ "700 0:100 d/\n300 1000:0 d/x = abc\n", "/d/x", ACCESS_READ, OPEN_BY_MODES,
	  "chmod g+x /d, u+r /d/x", 512 + 1024 },
	/* Links are followed, and a directory that is met twice is opened once. */
	{ "700 0:0 d/\n644 0:0 d/x = abc\nl d/l -> x\nl l -> d/l\n", "/l", ACCESS_READ, OPEN_BY_MODES,
	  "chmod o+x /d", 512 },
	{ "644 0:0 x = abc\n", "/x", ACCESS_READ, OPEN_NEEDLESS, NULL, 0 },
	{ "600 0:0 etc/shadow = abc\n", "/etc/shadow", ACCESS_READ, OPEN_GUARDED, NULL, 0 },
	{ "4700 0:0 x = abc\n", "/x", ACCESS_EXECUTE, OPEN_GUARDED, NULL, 0 },
	{ "644 0:0 x = abc\n", "/x", ACCESS_WRITE, OPEN_TO_ALL, NULL, 0 },
	{ "644 1000:0 x = abc\n", "/x", ACCESS_WRITE, OPEN_NEEDLESS, NULL, 0 },
	{ "444 1000:0 x = abc\n", "/x", ACCESS_WRITE, OPEN_BY_MODES, "chmod u+w /x", 1024 },
	{ "700 0:0 d/\n", "/d/none", ACCESS_READ, OPEN_IMPOSSIBLE, NULL, 0 },
	{ "1777 4711:0 s/\nl s/l -> ../etc/passwd\n", "/s/l", ACCESS_READ, OPEN_IMPOSSIBLE, NULL, 0 },
	/* clang-format on */
};

static void the_least_change_is_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(ROWS) / sizeof(*ROWS); i++) {
		const struct row *row = &ROWS[i];
		CLEANUP(open_path_done) struct open_path open = { 0 };
		struct judged judged;

		judged_open(&judged, &(struct judged_input){ .files = row->files });
		assert_int_equal(
			open_path_find(judged.judgement, row->path, row->wanted, &open, NULL), 0);
		CLEANUP(freep) char *words = open_path_words(&open);
		if (row->words)
			assert_string_equal(words, row->words);
		assert_int_equal(open.outcome, row->outcome);
		assert_int_equal(open.bytes, row->bytes);
		assert_int_equal(open.changes.count > 0, row->outcome == OPEN_BY_MODES);
		judged_done(&judged);
	}
}

static void a_preview_is_looked_at_as_it_would_be(void **state)
{
	static const struct tree_want WANT = { .path = "d", .set_mode = true, .mode = 0711 };
	CLEANUP(open_path_done) struct open_path open = { 0 };
	CLEANUP(judgement_freep) struct judgement *preview = NULL;
	CLEANUP(tree_freep) struct tree *tree = NULL;
	struct judge_input input;
	struct judged judged;

	(void)state;
	judged_open(&judged, &(struct judged_input){ .files = "700 0:0 d/\n640 0:0 d/x = abc\n" });
	assert_int_equal(tree_over(judged.tree, &WANT, 1, &tree, NULL), 0);
	input = judged.judgement->input;
	input.tree = tree;
	assert_int_equal(judge(&input, &preview, NULL), 0);
	assert_int_equal(open_path_find(preview, "/d/x", ACCESS_READ, &open, NULL), 0);
	assert_int_equal(open.changes.count, 1);
	assert_string_equal(open.changes.items[0].path, "/d/x");
	assert_int_equal(open.changes.items[0].before, 0640);
	assert_int_equal(open.changes.items[0].after, 0644);
	judgement_free(preview);
	preview = NULL;
	judged_done(&judged);
}

static void the_line_says_what_for_and_how_much(void **state)
{
	static const struct {
		const char *files, *path, *line;
	} LINES[] = {
		{ "700 0:0 d/\n644 0:0 d/x = abc\n", "/d/x",
		  "to read it: chmod o+x /d (+512 B as a layer, +0 B rewritten)" },
		{ "700 0:0 d/\n755 0:0 d/x = abc\n", "/d/x",
		  "to read and execute it: chmod o+x /d (+512 B as a layer, +0 B rewritten)" },
		{ "700 0:0 d/\n", "/d",
		  "to read and enter it: chmod o+rx /d (+512 B as a layer, +0 B rewritten)" },
		{ "600 0:0 etc/shadow = abc\n", "/etc/shadow",
		  "to read it: no change: it must stay its owner's" },
		{ "644 0:0 x = abc\n", "/x", NULL },
		{ "644 0:0 x = abc\n", "/none", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(LINES) / sizeof(*LINES); i++) {
		CLEANUP(freep) char *line = NULL;
		struct judged judged;

		judged_open(&judged, &(struct judged_input){ .files = LINES[i].files });
		assert_int_equal(open_path_line(judged.judgement, LINES[i].path, &line, NULL), 0);
		if (LINES[i].line)
			assert_string_equal(line, LINES[i].line);
		else
			assert_null(line);
		judged_done(&judged);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_least_change_is_found),
		cmocka_unit_test(the_line_says_what_for_and_how_much),
		cmocka_unit_test(a_preview_is_looked_at_as_it_would_be),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
