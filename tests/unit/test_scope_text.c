/* Text files of the folders that the user works in: which they are, and what is left out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/rule/scope_text.h"
#include "lib/judged.h"

#define HOME "home/ma-user"

struct fixture {
	struct judged judged;
	struct content content;
	json_t *arguments;
	struct rule rule;
	struct rule_run run;
	struct scope_text text;
};

static void open_fixture(struct fixture *f, const char *files, const char *in_chain)
{
	struct start_file item = { 0 };
	struct start_files chain = { .items = &item, .count = in_chain ? 1 : 0 };

	judged_open(&f->judged, &(struct judged_input){ .files = files });
	f->content = (struct content){ f->judged.image, f->judged.tree, 2, NULL };
	f->arguments = json_pack("{s:[s,s], s:[s]}", "names", "*.sh", "*.py", "skipped", "lib*");
	f->rule = (struct rule){ .arguments = f->arguments };
	f->run = (struct rule_run){ .tree = f->judged.tree,
				    .at = 2,
				    .rule = &f->rule,
				    .profile = f->judged.profile,
				    .config = f->judged.judgement->input.config,
				    .identity = &f->judged.judgement->identity,
				    .content = &f->content };
	if (in_chain)
		item.node = tree_find(f->judged.tree, in_chain);
	assert_int_equal(rule__scope_text_init(&f->text, &f->run, &chain, NULL), 0);
}

static void close_fixture(struct fixture *f)
{
	rule__scope_text_done(&f->text);
	json_decref(f->arguments);
	judged_done(&f->judged);
}

/* "a.sh=bytes b.py=bytes ", and how many were not read. */
static void check(const char *files, const char *in_chain, const char *expected, uint64_t unread)
{
	struct start_file file;
	struct fixture f;
	char text[200] = "";
	size_t len = 0;

	open_fixture(&f, files, in_chain);
	while (rule__scope_text_next(&f.text, &file, NULL) > 0)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s=%s ",
					tree_name(f.judged.tree, file.node), file.bytes);
	assert_string_equal(text, expected);
	assert_int_equal(f.text.unread, unread);
	close_fixture(&f);
}

static void files_are_taken_by_their_names(void **state)
{
	(void)state;
	check("644 0:0 " HOME "/b.py = 2\n644 0:0 " HOME "/a.sh = 1\n644 0:0 " HOME "/c = 3\n"
	      "l " HOME "/d.sh -> a.sh\n644 0:0 " HOME "/empty.sh =\n644 0:0 home/x.sh = 4\n",
	      NULL, "b.py=2 a.sh=1 ", 0);
}

static void what_the_chain_has_and_skipped_folders_are_left_out(void **state)
{
	(void)state;
	check("644 0:0 " HOME "/a.sh = 1\n644 0:0 " HOME "/b.sh = 2\n755 0:0 " HOME "/lib3/\n"
	      "644 0:0 " HOME "/lib3/c.sh = 3\n",
	      HOME "/a.sh", "b.sh=2 ", 0);
}

static void programs_are_no_text(void **state)
{
	(void)state;
	check("755 0:0 " HOME "/a.sh = \177ELF\n644 0:0 " HOME "/b.sh = 2\n", NULL, "b.sh=2 ", 0);
}

static void what_costs_too_much_is_counted(void **state)
{
	struct start_file file;
	struct fixture f;

	(void)state;
	open_fixture(&f, "644 0:0 " HOME "/a.sh = 1\n644 0:0 " HOME "/b.sh = 2\n", NULL);
	f.text.budget.read_left = 1;
	assert_int_equal(rule__scope_text_next(&f.text, &file, NULL), 1);
	assert_int_equal(rule__scope_text_next(&f.text, &file, NULL), 0);
	assert_int_equal(f.text.unread, 1);
	close_fixture(&f);
}

static void a_large_file_is_counted(void **state)
{
	static const char HEAD[] = "644 0:0 " HOME "/a.sh = ";
	size_t size = (1 << 20) + 1;
	char *files = malloc(sizeof(HEAD) + size + 1);

	(void)state;
	memcpy(files, HEAD, sizeof(HEAD) - 1);
	memset(files + sizeof(HEAD) - 1, 'x', size);
	memcpy(files + sizeof(HEAD) - 1 + size, "\n", 2);
	check(files, NULL, "", 1);
	free(files);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_are_taken_by_their_names),
		cmocka_unit_test(what_the_chain_has_and_skipped_folders_are_left_out),
		cmocka_unit_test(programs_are_no_text),
		cmocka_unit_test(what_costs_too_much_is_counted),
		cmocka_unit_test(a_large_file_is_counted),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
